"""Allocation of intervention places: the reading of a gap, eligibility, order of priority; what a place gives."""

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import ANY_EXAM, YEAR_DAYS, Critical, SeatOrder
from pipeline_sim.rules.random_numbers import uniform_index

GAP_BITS = 32
MOST_GAP = (1 << GAP_BITS) - 1
AHEAD_BITS = 21
LONGEST_DAYS = 1 << 20  # no doctor of the first day began earlier: keys are never below 0
MOST_RANK = 255  # so that a key has less than 62 bits


@rule
def reading_error(word: int, most: int) -> int:
    """Error of an office's reading of a gap, in thousandths of a day; uniform from -most to most."""
    return uniform_index(word, 2 * most + 1) - most


@rule
def read_balance(balance: int, error: int, found: int) -> int:
    """Balance of a domain as the office reads it; exact once a conversation has found the gap."""
    return balance if found else balance - error


@rule
def needs_place(gap: int, least_gap: int, lacks_gate: bool) -> bool:
    """Eligibility for a place: far enough behind as the office reads it, or without the gate that the place is for."""
    return gap >= least_gap or lacks_gate


@rule
def worth_going(given: int, lost: int) -> bool:
    """Whether a place teaches more than the days attended cost in post; nobody is sent to one that does not."""
    return given > lost or lost == 0


@rule
def is_meant(exam: int, gate: int, is_course: int) -> bool:
    """Whether a place for an exam, or ANY_EXAM, is for a gate of a programme."""
    return exam == gate or (exam == ANY_EXAM and is_course == 0)


@rule
def taught(dose: int, time: int) -> int:
    """Learning that a place gives: its dose, and never more than the days attended allow."""
    return min(dose, time)


@rule
def displaced(thousandths: int, weight: int) -> int:
    """Learning in post that is lost in one domain, of parts per thousand `weight`, while a place is attended."""
    return thousandths * weight // 1000


@rule
def before_critical_review(critical: int, outcome: int, days_left: int) -> int:
    """Whether a critical or final point is within a year, and no review has decided yet that it is passed: 1 or 0."""
    return int(critical != Critical.ORDINARY and outcome == 0 and days_left <= YEAR_DAYS)


@rule
def place_key(order: int, rank: int, critical: int, since: int, gap: int) -> int:
    """Sort key for a place, lowest first; ties fall to the lower trainee number.

    First the rank of the programme; then, by the order of the places, nothing, or a critical point, or the day on which
    the programme began; then the larger gap as the office reads it, in thousandths of a day.
    """
    ahead = 0
    if order == SeatOrder.CRITICAL_FIRST:
        ahead = 2 - critical
    elif order == SeatOrder.FIRST_COME:
        ahead = since + LONGEST_DAYS
    return ((rank << AHEAD_BITS | ahead) + 1 << GAP_BITS) - min(gap, MOST_GAP)


@rule
def nearest_key(rank: int, critical_soon: int, gate_due: int, behind: int, line: int, gap: int) -> int:
    """Sort key of the order NEAREST_TO_LINE, lowest first; ties fall to the lower trainee number.

    Ahead, in a programme of the same rank, are those before a critical review who lack the gate that the place is for
    (`gate_due` 1), or, for places that are for none (-1), whose gap in all domains, `behind`, is not below the `line`
    at which a panel names competences; of them the one with the smallest gap. All others follow by the larger gap.
    """
    rescued = critical_soon and (gate_due == 1 or (gate_due < 0 and behind >= line))
    if rescued:
        return (rank << AHEAD_BITS << GAP_BITS) + min(behind, MOST_GAP)
    return ((rank << AHEAD_BITS | 1) + 1 << GAP_BITS) - min(gap, MOST_GAP)
