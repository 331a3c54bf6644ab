"""The total order of the model: day, then phase, then trainee.

Within a phase trainees commute; whatever is scarce is handed out by an office at the phase's end.
Offices and the nation act as trainee numbers below all doctors (0 to 2**20 - 1).
"""

from pipeline_sim.base.compiler.jit import rule

COHORT_SHIFT = 23
ORIGIN_SHIFT = 20


@rule
def trainee_number(cohort: int, origin: int, number: int) -> int:
    """Number of a doctor: cohort + 1 (training year of entry), origin, place in the cohort. Below 2**31."""
    return (cohort + 1) << COHORT_SHIFT | origin << ORIGIN_SHIFT | number


@rule
def origin_of(trainee: int) -> int:
    """Origin code of a doctor."""
    return (trainee >> ORIGIN_SHIFT) & 7


@rule
def turn_key(phase: int, trainee: int) -> int:
    """Order within a day: phase first, then trainee."""
    return phase << 31 | trainee
