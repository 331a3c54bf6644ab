"""Allocation of intervention places: the office's reading of a gap, eligibility, and order of priority."""

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import SeatOrder
from pipeline_sim.rules.random_numbers import uniform_index

GAP_BITS = 40
LONGEST_DAYS = 1 << 20  # no doctor of the first day began earlier: keys are never below 0


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
    """Eligibility for a place: far enough behind as the office reads it, or without the gate that the place clears."""
    return gap >= least_gap or lacks_gate


@rule
def place_key(order: int, critical: int, since: int, gap: int) -> int:
    """Sort key for a place, lowest first; ties fall to the lower trainee number.

    First, by the order of the places, nothing, or a critical point, or the day on which the programme began; then the
    larger gap as the office reads it, below 2**40 thousandths of a day.
    """
    ahead = 0
    if order == SeatOrder.CRITICAL_FIRST:
        ahead = 2 - critical
    elif order == SeatOrder.FIRST_COME:
        ahead = since + LONGEST_DAYS
    return (ahead + 1 << GAP_BITS) - gap
