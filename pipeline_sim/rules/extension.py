"""Length of extensions, and the dates that follow from working time: grade ends and reviews.

`training_days` are per cent of whole time x days, as kept for a doctor in one grade; all other lengths are days.
"""

from pipeline_sim.base.compiler.jit import rule

MAX_REVIEW_INTERVAL_DAYS = 364  # fifty-two weeks
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
def review_due(day: int, grade_end: int, last_review: int, lead: int) -> int:
    """Day of the next review: `lead` days before the grade ends or 52 weeks after the last, whichever is sooner."""
    return max(day + 1, min(grade_end - lead, last_review + MAX_REVIEW_INTERVAL_DAYS))


@rule
def snapped(end: int, changeover: int) -> int:
    """End of a grade, moved to the changeover if one follows within CARRY_DAYS."""
    return changeover if 0 <= changeover - end <= CARRY_DAYS else end
