"""Exams and mandatory courses: when a part may be sat, probability of a pass, and whether a gate is still missing.

A gate is an exam, of one part or several in order, or a course, which is one part.
"""

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import CERTAIN, GATES, MAX_PARTS, NEVER, YEAR_DAYS

AVERAGE_ABILITY = 32768  # the middle of 0 .. 65535
GAP_UNIT = 10  # days that `gap_step` is stated for
LATEST_DAYS = 243  # put off at most to eight months into the gate's last grade: a date is left before its end
MOST_ATTEMPTS = 32  # random numbers of an attempt are keyed by gate, part and attempts before
NO_RESULT, FAIL, PASS = 0, 1, 2  # the result of a part that is awaited


@rule
def pass_threshold(
    first: int,
    attempt_step: int,
    ability_step: int,
    gap_step: int,
    attempts_before: int,
    ability: int,
    knowledge_gap: int,
) -> int:
    """Threshold (0 .. 2**32) of passing the next attempt; `knowledge_gap` in whole curriculum days.

    `first` is the probability for an average candidate who is on track; it falls with each earlier attempt and with the
    gap, and moves up or down by at most `ability_step` with lasting ability.
    """
    by_ability = ability_step * (ability - AVERAGE_ABILITY) // AVERAGE_ABILITY
    by_gap = gap_step * knowledge_gap // GAP_UNIT
    return min(max(first - attempt_step * attempts_before + by_ability - by_gap, 0), CERTAIN)


@rule
def with_support(threshold: int, raised: int) -> int:
    """Threshold of passing an attempt for which a candidate was supported."""
    return min(threshold + raised, CERTAIN)


@rule
def attempt_index(programme: int, gate: int, parts_before: int, attempts_before: int) -> int:
    """Index of the random numbers of one attempt at a part."""
    return ((programme * GATES + gate) * MAX_PARTS + parts_before) * MOST_ATTEMPTS + attempts_before


@rule
def days_put_off(word: int, spread: int, first: int, last: int, after_grades: int, after_days: int) -> int:
    """Days by which a doctor puts a part off, for a word of 32 bits: evenly from 0 to `spread` days.

    At most until LATEST_DAYS into the gate's last grade: where less time than `spread` is left, evenly over that.
    """
    left = (last - first - after_grades) * YEAR_DAYS + LATEST_DAYS - after_days
    return word * (max(min(spread, left), 0) + 1) >> 32


@rule
def opening_grade(first: int, last: int, after_grades: int, after_days: int) -> int:
    """Grade in which a part is first sat: `after_days`, or years, into a later one than the first; at most the last."""
    return min(first + after_grades + after_days // YEAR_DAYS, last)


@rule
def may_sit_from(grade: int, grade_since: int, first: int, last: int, after_grades: int, after_days: int) -> int:
    """First day on which a doctor may sit a part; NEVER in a grade before it.

    A part is sat from `after_days` into the grade that is `after_grades` after the first of the gate, a year of days
    being a grade; from the start of the gate's last grade if that is sooner.
    """
    opens = first + after_grades + after_days // YEAR_DAYS
    if opens > last:
        return grade_since if grade >= last else NEVER
    if grade != opens:
        return grade_since if grade > opens else NEVER
    return grade_since + after_days % YEAR_DAYS


@rule
def not_yet_held(before: int, held_mask: int) -> int:
    """Bit set of the gates that must be held `before` a gate is sat, and are not."""
    return before & ~held_mask


@rule
def attempts_allowed(is_course: int, max_attempts: int) -> int:
    """Most attempts at a part: a course may be taken until it is passed."""
    return MOST_ATTEMPTS - 1 if is_course else max_attempts


@rule
def cancelled_ahead(next_sitting: int, grade_ends: int, places: int) -> int:
    """Whether the next sitting is before the end of the grade and is known to be cancelled: 1 or 0."""
    return int(next_sitting <= grade_ends and places == 0)


@rule
def held_threshold(held: int, first: int, grade: int, opens: int) -> int:
    """Threshold of holding a part on entry; in a grade after that in which it opens, as after one attempt."""
    return max(held, first) if grade > opens else held


@rule
def still_valid(day: int, passed_on: int, valid_days: int) -> int:
    """Whether the certificate of a course is valid on a day: 1 or 0. `passed_on` is 0 where the day is not known."""
    return int(passed_on > 0 and day - passed_on < valid_days)


@rule
def gate_missing(held_mask: int, gate_index: int, by_grade: int, grade: int) -> int:
    """Whether the gate with bit `gate_index` of `held_mask` is due by the end of `grade` and not passed: 1 or 0.

    A negative `gate_index` means no gate.
    """
    if gate_index < 0 or grade < by_grade:
        return 0
    return 1 - (held_mask >> gate_index & 1)
