"""Exams and mandatory courses: probability of a pass, and whether a gate is still missing."""

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import CERTAIN

AVERAGE_ABILITY = 32768  # the middle of 0 .. 65535
GAP_UNIT = 10  # days that `gap_step` is stated for


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
def gate_missing(held_mask: int, gate_index: int, by_grade: int, grade: int) -> int:
    """Whether the gate with bit `gate_index` of `held_mask` is due by the end of `grade` and not passed: 1 or 0.

    A negative `gate_index` means no gate.
    """
    if gate_index < 0 or grade < by_grade:
        return 0
    return 1 - (held_mask >> gate_index & 1)
