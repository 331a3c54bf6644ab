"""How long extra time lasts, and the dates that follow from working time: grade ends and reviews.

`training_days` are per cent of whole time x days, as kept for a doctor in one grade; all other lengths are days.
"""

from pipeline_sim.base.compiler.jit import rule

YEAR_DAYS = 364  # fifty-two weeks: the longest time between two reviews
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
    """Whole-time days that fit in a term which is not stretched for less than full time."""
    return calendar_days * wte // 100


@rule
def grade_end(day: int, training_days: int, target_days: int, wte: int) -> int:
    """Day when `training_days`, as they stand on `day`, reach 100 x `target_days` at `wte`; `day` if they have."""
    missing = max(0, target_days * 100 - training_days)
    return day + (missing + wte - 1) // wte


@rule
def past_days(earlier_days: int, training_days: int, wte: int, stretch: int) -> int:
    """Days since a programme began, for a doctor who always worked as today.

    `earlier_days` are the whole-time days of the grades before this one; `stretch`, parts per thousand of the time that
    counts, makes room for leave and extensions.
    """
    return (100 * earlier_days + training_days) * stretch // (1000 * wte)


@rule
def review_due(day: int, grade_end: int, last_review: int, lead: int) -> int:
    """Next review: `lead` days before the grade ends or a year after the last one, whichever is sooner."""
    return max(day + 1, min(grade_end - lead, last_review + YEAR_DAYS))


@rule
def snapped(end: int, changeover: int) -> int:
    """End of a grade, carried to a changeover that follows it closely."""
    return changeover if 0 <= changeover - end <= CARRY_DAYS else end
