"""Length of extensions, and the dates that follow from working time: grade ends and reviews.

`training_days` are per cent of whole time x days, as kept for a doctor in one grade; all other lengths are days.
"""

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import NEVER, YEAR_DAYS, Critical, Outcome, Reason

APART_DAYS = 91  # no season's review so soon after another one; nor does one so early in a grade decide its end
CLOSE_DAYS = 56  # two reviews are closer than this only for a reason: outcome 5, an extension, an end that has moved
CARRY_DAYS = 21  # a grade that ends at most this long before a changeover lasts until it
UNSEEN_DAYS = 455  # fifteen months: the most training that waits, after long leave, for the season's panel


@rule
def length_days(gap_days: int, step_days: int, s1: int, s2: int, s3: int, exam_only: int, exam_only_days: int) -> int:
    """Length of an extension: 1 to 4 steps by the gap, in whole-time days (longer in the calendar when LTFT).

    `s1`, `s2`, `s3` are the largest gaps served by one, two and three steps. When only an exam is missing the
    length is fixed in calendar days: pass it through `fixed_term` first.
    """
    if exam_only:
        return exam_only_days
    return step_days * (1 + (gap_days > s1) + (gap_days > s2) + (gap_days > s3))


@rule
def exam_only(reason: int, gates_missing: int, gap_days: int, minor_days: int) -> int:
    """Whether an extension is for an exam or course alone: 1 or 0. It is with code U5, whatever COVID took."""
    return int(reason == Reason.U5 or (gates_missing > 0 and gap_days < minor_days))


@rule
def exam_term(usual_days: int, step_days: int, begins: int, result_day: int, lead_first: int) -> int:
    """Calendar days of an extension for an exam alone, from the day on which it `begins`.

    As usual; if the next result, and a review `lead_first` days before the end, come later, in steps until both fit:
    at most a year.
    """
    needed = result_day + lead_first - begins
    if result_day >= NEVER or needed <= usual_days:
        return usual_days
    return min(step_days * ((needed + step_days - 1) // step_days), YEAR_DAYS)


@rule
def with_extension(extension_days: int, length: int, grade_days: int, training_days: int) -> int:
    """Whole-time days beyond a grade's own once `length` is added: to its end or, if that has passed, to today."""
    return max(extension_days, (training_days + 99) // 100 - grade_days) + length


@rule
def extension_still_needed(extension_days: int, grade_days: int, training_days: int, wte: int, lead_first: int) -> int:
    """Whole-time days beyond a grade's own that are left of an extension once nothing is missing any more.

    What has been served, and `lead_first` days of the calendar, in which the review is held.
    """
    return min(extension_days, max(0, (training_days + lead_first * wte + 99) // 100 - grade_days))


@rule
def fixed_term(calendar_days: int, wte: int) -> int:
    """Whole-time days in a term of calendar days, which is no longer for less than full time."""
    return calendar_days * wte // 100


@rule
def grade_end(day: int, training_days: int, target_days: int, wte: int) -> int:
    """End of a grade: day when `training_days`, as of `day`, reach 100 x `target_days` at `wte`; `day` if they have."""
    missing = max(0, target_days * 100 - training_days)
    return day + (missing + wte - 1) // wte


@rule
def past_days(earlier_days: int, training_days: int, wte: int, stretch: int) -> int:
    """Days since a programme began, for a doctor whose working time never changed.

    `earlier_days` are the whole-time days of the grades before this one; `stretch`, parts per thousand of the time that
    counts, makes room for leave and extensions.
    """
    return (100 * earlier_days + training_days) * stretch // (1000 * wte)


@rule
def season_after(last_review: int, lead: int) -> int:
    """Day from which a first Wednesday of August ends the next season of a doctor's panels.

    The review of the season is `lead` days before that Wednesday, whatever the working time.
    """
    return last_review + APART_DAYS + lead


@rule
def annual_due(season: int, last_review: int, last_outcome: int, sooner: int, not_before: int) -> int:
    """Day of the next review but for the end of a grade: that of the `season`, or one that follows the last outcome.

    An interim review follows outcomes 2, 3 and 10.2 after `sooner` days, after outcome 2 in the season if that comes
    soon after; 10.1 is looked at again within a year. None is held before the first one after a long absence
    (`first_seen`).
    """
    due = season
    if last_outcome == Outcome.O2 and season > last_review + sooner + APART_DAYS:
        due = last_review + sooner
    elif last_outcome in (Outcome.O3, Outcome.O10_2):
        due = min(season, last_review + sooner)
    elif last_outcome == Outcome.O10_1:
        due = min(season, last_review + YEAR_DAYS)
    return max(due, not_before)


@rule
def first_seen(back: int, season: int, last_review: int, days_away: int, last_outcome: int) -> int:
    """Day of the first review after the return from a long absence, if no grade ends before.

    The next `season`'s, at least eight weeks after the return, if no more than UNSEEN_DAYS of training wait for it and
    no interim review is owed; else eight weeks after the return: there is no training to see before.
    """
    owed = last_outcome in (Outcome.O2, Outcome.O3, Outcome.O10_2)
    return season if season - last_review - days_away <= UNSEEN_DAYS and not owed else back + CLOSE_DAYS


@rule
def decides_within(lead_first: int, spread: int, extension_days: int) -> int:
    """Days before the end of a grade within which a review decides it; an extension is left time to serve its end."""
    return lead_first if extension_days > 0 else lead_first + spread


@rule
def grade_review_due(
    grade_end: int, last_review: int, not_before: int, lead: int, lead_first: int, extension_days: int
) -> int:
    """Day of the review for the end of a grade: `lead` days before it, later if the doctor was seen shortly before.

    Later too if it comes before the first one after a long absence (`first_seen`). But it is at least `lead_first` days
    before the end, and exactly so in an extension.
    """
    if extension_days > 0:
        return grade_end - lead_first
    return max(grade_end - lead, min(max(last_review + CLOSE_DAYS, not_before), grade_end - lead_first))


@rule
def one_review_until(annual: int, season: int, lead: int, lead_first: int, extension_days: int) -> int:
    """Last day on which one review serves for the season and for the end of a grade: that of the season's reviews."""
    return season + lead - lead_first if annual == season and extension_days == 0 else NEVER


@rule
def in_season(grade_review: int, grade_end: int, annual: int, until: int, window: int, lead_first: int) -> int:
    """Day of the review for the end of a grade: in the season if the end is so late that it may be.

    The season's reviews are from `window` to `lead_first` days before August, the last of them on the day `until`, and
    the `annual` review is the doctor's own in it; `until` is NEVER where that review is no season's.
    """
    latest = min(annual, grade_end - lead_first)
    return max(grade_review, latest) if latest >= until + lead_first - window else grade_review


@rule
def has_to_decide(critical: int, last_outcome: int, extension_days: int) -> int:
    """Whether the end of a grade needs a review near it: of a programme, in an extension, after outcome 2; 1 or 0."""
    return int(critical == Critical.FINAL or extension_days > 0 or last_outcome == Outcome.O2)


@rule
def review_due(
    day: int, grade_end: int, grade_review: int, annual: int, window: int, until: int, decides: int, settled: int
) -> int:
    """Day of the next review.

    `annual` is that of the season or an interim one, `grade_review` that for the end of the grade, not needed once the
    end is `settled`. Where no review can look ahead (`decides`) one serves for both if they are close: the earlier one
    if the end is within `window` days of it, else it is held as soon as that is so, if that is by the day `until`.
    """
    if settled:
        return max(day + 1, annual) if annual < grade_end else NEVER
    if decides and annual < grade_review < annual + APART_DAYS and annual < grade_end - window <= until:
        return max(day + 1, grade_end - window)
    return max(day + 1, min(annual, grade_review))


@rule
def on_course(
    critical: int,
    outcome: int,
    gates_missing: int,
    gap_days: int,
    minor_days: int,
    major_days: int,
    before_interim: int,
) -> int:
    """Whether a review can look ahead to the end of a grade: 1 or 0.

    It can, whenever that is, with outcome 1, which is subject to the rest of the grade, and nothing missing; at an
    ordinary point with 10.1 too, and with outcome 2 for less than a major gap if the end comes before the interim
    review (`before_interim`). Never to the end of a programme.
    """
    if critical == Critical.FINAL or gates_missing:
        return 0
    if outcome == Outcome.O1:
        return int(gap_days < minor_days)
    if critical != Critical.ORDINARY:
        return 0
    return int(outcome == Outcome.O10_1 or (outcome == Outcome.O2 and gap_days < major_days and before_interim))


@rule
def settles_grade(days_left: int, days_in_grade: int, window: int, ahead: int, extension_days: int) -> int:
    """Whether a review also decides the end of the grade: 1 or 0.

    It does within `window` days of the end, and `ahead` for a doctor who is on course, unless the grade has only begun
    or is being extended. Anyone else is seen again near the end.
    """
    early = ahead and days_in_grade >= APART_DAYS and extension_days == 0
    return int(days_left <= window or early)


@rule
def review_while_away(day: int, due: int, season: int) -> int:
    """Day on which a doctor who goes away is asked about: when a review was due, or in the season if that is ahead."""
    return min(due, season) if season > day else due


@rule
def snapped(end: int, changeover: int) -> int:
    """End of a grade, moved to the changeover if one follows within CARRY_DAYS."""
    return changeover if 0 <= changeover - end <= CARRY_DAYS else end
