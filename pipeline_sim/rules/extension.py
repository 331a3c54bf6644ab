"""Length of extensions, and the dates that follow from working time: grade ends and reviews.

`training_days` are per cent of whole time x days, as kept for a doctor in one grade; all other lengths are days.
"""

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import NEVER, YEAR_DAYS, Critical, Outcome

APART_DAYS = 91  # no season's review so soon after another one; nor does one so early in a grade decide its end
CLOSE_DAYS = 56  # two reviews are closer than this only for a reason: outcome 5, an extension, an end that has moved
CARRY_DAYS = 21  # a grade that ends at most this long before a changeover lasts until it


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
def annual_due(season: int, last_review: int, last_outcome: int, sooner: int) -> int:
    """Day of the next review but for the end of a grade: that of the `season`, or one that follows the last outcome.

    An interim review follows outcome 2 after `sooner` days; 10.1 is looked at again within a year. After 3 and 10.2 the
    next review is that for the end of the extension, but also within a year.
    """
    if last_outcome in (Outcome.O3, Outcome.O10_2):
        return last_review + YEAR_DAYS
    if last_outcome == Outcome.O2:
        return min(season, last_review + sooner)
    return min(season, last_review + YEAR_DAYS) if last_outcome == Outcome.O10_1 else season


@rule
def grade_review_due(grade_end: int, last_review: int, lead: int, lead_first: int) -> int:
    """Day of the review for the end of a grade: `lead` days before it, later if that is close to the last review.

    But it is at least `lead_first` days before the end.
    """
    return max(grade_end - lead, min(last_review + CLOSE_DAYS, grade_end - lead_first))


@rule
def review_due(
    day: int, grade_end: int, grade_review: int, annual: int, window: int, critical: int, settled: int
) -> int:
    """Day of the next review.

    `annual` is that of the season or an interim one, `grade_review` that for the end of the grade, not needed once the
    end is `settled`. At a critical or final point one review serves for both if they are close. It is held on the later
    day unless the end is within `window` days of the earlier one.
    """
    if settled:
        return max(day + 1, annual) if annual < grade_end else NEVER
    if critical and annual < grade_review < annual + APART_DAYS and grade_end - annual > window:
        return max(day + 1, grade_review)
    return max(day + 1, min(annual, grade_review))


@rule
def settles_grade(days_left: int, days_in_grade: int, window: int, critical: int, gates_missing: int) -> int:
    """Whether a review also decides the end of the grade: 1 or 0.

    It does within `window` days of the end. At an ordinary point the season's review does, whenever in the grade it is
    held, unless the grade has only begun or an exam or course due by its end is missing.
    """
    early = critical == Critical.ORDINARY and days_in_grade >= APART_DAYS and gates_missing == 0
    return int(days_left <= window or early)


@rule
def snapped(end: int, changeover: int) -> int:
    """End of a grade, moved to the changeover if one follows within CARRY_DAYS."""
    return changeover if 0 <= changeover - end <= CARRY_DAYS else end
