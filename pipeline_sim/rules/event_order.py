"""Total order of events: day, then phase, then trainee; and the layout of a trainee number.

Within a phase trainees commute; whatever is scarce is allocated by an office at the phase's end. Offices and the
nation act as trainee numbers below all doctors (0 to 2**20 - 1).
"""

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import Origin

COHORT_SHIFT = 23  # bits of a trainee number: cohort + 1, origin, number in the cohort
ORIGIN_SHIFT = 20
ORIGIN_MASK = (1 << COHORT_SHIFT - ORIGIN_SHIFT) - 1
FIRST_TRAINEE = 1 << ORIGIN_SHIFT
EXTERNAL = int(Origin.EXTERNAL)


@rule
def trainee_number(cohort: int, origin: int, number: int) -> int:
    """Trainee number, below 2**31: cohort + 1 (training year of entry), Origin, number in the cohort."""
    return (cohort + 1) << COHORT_SHIFT | origin << ORIGIN_SHIFT | number


@rule
def origin_of(trainee: int) -> int:
    """Origin code in a trainee number."""
    return (trainee >> ORIGIN_SHIFT) & ORIGIN_MASK


@rule
def qualified_abroad(trainee: int) -> int:
    """Applicant from outside who qualified abroad: 1, else 0."""
    return int(origin_of(trainee) == EXTERNAL)


@rule
def turn_key(phase: int, trainee: int) -> int:
    """Sort key within a day: phase first, then trainee."""
    return phase << 31 | trainee
