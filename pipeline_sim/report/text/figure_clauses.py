"""Clauses of the titles and alternative texts of figures; none claims more than its interval supports."""

import math

from pipeline_sim.report.text.number_format import percent, pounds, rounded
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.estimates.ranking import BANDS, MOST_DRAWS, NOT_SETTLED, UNKNOWN, Chance, band

INTERVAL = "95 % credible interval "


def interval_clause(estimate: Estimate, named: bool = True) -> str:
    """Bounds of an interval: `95 % credible interval 240 to 380`, without its name where not `named`."""
    if math.isnan(estimate.low):
        return "one replication, no interval"
    return f"{INTERVAL if named else ''}{rounded(estimate.low)} to {rounded(estimate.high)}"


def clause_with_interval(estimate: Estimate, named: bool = True) -> str:
    """Mean with its interval in brackets."""
    if math.isnan(estimate.mean):
        return "not known"
    return f"{rounded(estimate.mean)} ({interval_clause(estimate, named)})"


def effect_clause(gain: Estimate, what: str = "extensions", named: bool = True, out_of: str = "") -> str:
    """Effect of a mix as the predicate of a sentence; a positive `gain` avoids `what`, a negative one adds it.

    `out_of` is the number of `what` in the baseline: avoids 10 of 40 extensions, adds 10 extensions to 40.
    """
    size = gain if gain.mean >= 0 else gain.negated()
    amount, whole = rounded(size.mean), f"the {out_of} {what}" if out_of else what
    if gain.mean >= 0:
        effect = f"avoids {amount} of {out_of} {what}" if out_of else f"avoids {amount} {what}"
    else:
        effect = f"adds {amount} {what} to {out_of}" if out_of else f"adds {amount} {what}"
    if math.isnan(gain.mean):
        return f"has no known effect on {whole}"
    if math.isnan(gain.low):
        return f"{effect} in one replication, too few for an interval"
    if gain.low == gain.high == 0:
        return f"avoids none of {whole}" if out_of else f"avoids no {what}"
    if not gain.excludes_zero:
        return f"has no clear effect on {whole} ({direction_clause(gain, named)})"
    return f"{effect} ({interval_clause(size, named)})"


def direction_clause(gain: Estimate, named: bool = True) -> str:
    """Bounds of the interval of a gain that may be a loss: `95 % credible interval: 180 more to 1,700 fewer`."""
    ends = f"{_end(gain.low)} to {_end(gain.high)}"
    return f"{INTERVAL.strip()}: {ends}" if named else ends


def _end(gain: float) -> str:
    return f"{rounded(abs(gain))}{' more' if gain < 0 else ' fewer' if gain > 0 else ''}"


def price_clause(price: Ratio, named: bool = True) -> str:
    """Pounds for one unit gained, with the interval; no clear gain where the interval of the gain includes zero."""
    if not price.excludes_zero:
        return "no clear gain"
    mean, low, high = (pounds(value, "-") for value in (price.mean, price.low, price.high))
    return f"{mean} ({INTERVAL if named else ''}{low} to {high})"


def verdict_clause(chance: Chance) -> str:
    """Verdict on a probability: `very likely (98 %)`, or what the draws leave open and how many would settle it."""
    if math.isnan(chance.probability):
        return UNKNOWN
    if chance.verdict != NOT_SETTLED:
        return f"{chance.verdict} ({percent(chance.probability)})"
    most = "more than " if chance.draws_to_settle >= MOST_DRAWS else "about "
    needed = f"{most}{rounded(chance.draws_to_settle)} draws" if chance.draws_to_settle else "draws of two replications"
    ends = band(chance.probability_low), band(chance.probability_high)
    words = [each for _, each in BANDS]
    next_to = abs(words.index(ends[0]) - words.index(ends[1])) == 1
    return (
        f"{' or '.join(ends) + ', ' if next_to else ''}{NOT_SETTLED} ({percent(chance.probability)}, Monte Carlo "
        f"interval {percent(chance.probability_low)} to "
        f"{percent(chance.probability_high)}; {needed} would settle it)"
    )
