"""What is earned, asked for, taken by shocks and still missing, in one domain of competence.

Amounts are thousandths of a curriculum day: what one whole-time day yields in normal times. Shares, weights,
paces and standards are parts per thousand; `wte` is per cent; `wte_days` are per cent of whole time x days.
Every product is rounded down, so an interval told in two parts loses at most one thousandth of a day.
"""

from pipeline_sim.base.compiler.jit import rule


@rule
def whole(amount: int, unit: int) -> int:
    """Whole units in an amount, which is never below 0. Told so, the compiler divides in half as many instructions."""
    return max(0, amount) // unit


@rule
def earned(days_sum: int, weight: int, wte: int, pace: int, post_pace: int, quality: int) -> int:
    """Earned over an interval whose opportunity adds up to `days_sum` thousandths of a normal day.

    Divided in two stages so that 2,000 days at twice the normal pace stay below 2**63.
    """
    own_pace = whole(days_sum * weight * wte * pace, 1_000_000)
    return whole(own_pace * post_pace * quality, 100_000_000)


@rule
def required(weight: int, standard: int, wte_days: int) -> int:
    """Asked for over `wte_days`: an even share of the curriculum for each day of training."""
    return whole(weight * standard * wte_days, 100_000)


@rule
def required_days(before: int, after: int, limit: int) -> int:
    """Part of the training days [before, after) of a grade that lies below its limit; none in an extension."""
    return max(0, min(after, limit) - min(before, limit))


@rule
def taken(days_sum: int, weight: int, wte: int) -> int:
    """What shocks took over an interval whose losses add up to `days_sum` thousandths of a normal day."""
    return whole(days_sum * weight * wte, 100_000)


@rule
def ward(days: int, weight: int, wte: int, share: int) -> int:
    """What `days` on a COVID ward teach."""
    return days * weight * wte * share // 100_000


@rule
def capped(balance: int, surplus_limit: int) -> int:
    """Balance (earned minus required) after the part above the surplus that may be carried is forgotten."""
    return min(balance, surplus_limit)


@rule
def gap_of(balance: int) -> int:
    """What is missing."""
    return max(0, -balance)


@rule
def due_to_covid(gap: int, covid: int) -> int:
    """Part of a gap that shocks took: what has been recovered since is no longer owed to them."""
    return min(gap, covid)


@rule
def ramp_loss(days: int, weight: int, wte: int) -> int:
    """Learning lost on return from a long absence, as if `days` had taught nothing."""
    return days * weight * wte // 100
