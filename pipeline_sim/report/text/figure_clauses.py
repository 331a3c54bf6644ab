"""Clauses of the titles and alternative texts of figures; none claims more than its interval supports."""

import math

from pipeline_sim.report.text.number_format import pounds, rounded
from pipeline_sim.study.estimates.intervals import Estimate, Ratio

INTERVAL = "95 % interval "


def interval_clause(estimate: Estimate, named: bool = True) -> str:
    """Bounds of an interval: `95 % interval 240 to 380`, without its name where not `named`."""
    if math.isnan(estimate.low):
        return "one replication, no interval"
    return f"{INTERVAL if named else ''}{rounded(estimate.low)} to {rounded(estimate.high)}"


def clause_with_interval(estimate: Estimate, named: bool = True) -> str:
    """Mean with its interval in brackets."""
    if math.isnan(estimate.mean):
        return "not known"
    return f"{rounded(estimate.mean)} ({interval_clause(estimate, named)})"


def effect_clause(gain: Estimate, what: str = "extensions", named: bool = True) -> str:
    """Effect of a mix as the predicate of a sentence; a positive `gain` avoids `what`, a negative one adds it."""
    size = gain if gain.mean >= 0 else gain.negated()
    effect = f"{'avoids' if gain.mean >= 0 else 'adds'} {rounded(size.mean)} {what}"
    if math.isnan(gain.mean):
        return f"has no known effect on {what}"
    if math.isnan(gain.low):
        return f"{effect} in one replication, too few for an interval"
    if gain.low == gain.high == 0:
        return f"avoids no {what}"
    if not gain.excludes_zero:
        return f"has no clear effect on {what} ({interval_clause(gain, named)})"
    return f"{effect} ({interval_clause(size, named)})"


def price_clause(price: Ratio, named: bool = True) -> str:
    """Pounds for one unit gained, with the interval; no clear gain where the interval of the gain includes zero."""
    if not price.excludes_zero:
        return "no clear gain"
    mean, low, high = (pounds(value, "-") for value in (price.mean, price.low, price.high))
    return f"{mean} ({INTERVAL if named else ''}{low} to {high})"
