"""Competence in one domain: what is earned, required, lost to shocks and still missing.

Amounts are thousandths of a curriculum day: what one whole-time day yields in normal times. Shares, weights,
paces and standards are parts per thousand; `wte` is per cent; `wte_days` are per cent of whole time x days.
Every product is rounded down, so an interval computed in two parts loses at most one thousandth of a day.
"""

from pipeline_sim.base.compiler.jit import rule


@rule
def whole_units(amount: int, unit: int) -> int:
    """Quotient of an amount, at least 0, rounded down; max() lets the compiler divide in half as many instructions."""
    return max(0, amount) // unit


@rule
def earned(days_sum: int, weight: int, wte: int, pace: int, post_pace: int, quality: int) -> int:
    """Competence earned over an interval whose opportunity adds up to `days_sum` thousandths of a normal day.

    Divided in two stages so that 2,000 days at twice the normal pace stay below 2**63.
    """
    own_pace = whole_units(days_sum * weight * wte * pace, 1_000_000)
    return whole_units(own_pace * post_pace * quality, 100_000_000)


@rule
def required(weight: int, standard: int, wte_days: int) -> int:
    """Competence required over `wte_days`: an even share of the curriculum for each day of training."""
    return whole_units(weight * standard * wte_days, 100_000)


@rule
def required_days(before: int, after: int, limit: int) -> int:
    """Training days of [before, after) in a grade that count towards its requirement; none in an extension."""
    return max(0, min(after, limit) - min(before, limit))


@rule
def lost(days_sum: int, weight: int, wte: int) -> int:
    """Competence lost to shocks over an interval whose losses add up to `days_sum` thousandths of a normal day."""
    return whole_units(days_sum * weight * wte, 100_000)


@rule
def ward_learning(days: int, weight: int, wte: int, share: int) -> int:
    """Competence earned by `days` on a COVID ward."""
    return days * weight * wte * share // 100_000


@rule
def capped(balance: int, surplus_limit: int) -> int:
    """Balance (earned minus required), capped at the surplus that may be carried forward."""
    return min(balance, surplus_limit)


@rule
def gap_of(balance: int) -> int:
    """Gap of a balance: what is missing."""
    return max(0, -balance)


@rule
def due_to_covid(gap: int, covid: int) -> int:
    """Part of a gap that is due to shocks; what has been recovered since is not."""
    return min(gap, covid)


@rule
def ramp_loss(days: int, weight: int, wte: int) -> int:
    """Competence lost on return from a long absence, as if `days` had taught nothing."""
    return days * weight * wte // 100
