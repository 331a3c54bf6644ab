"""Clauses of the titles and alternative texts of figures; none claims more than its interval supports."""

import math
from collections.abc import Iterable

from pipeline_sim.report.text.number_format import format_number, percent, pounds, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.estimates.ranking import BANDS, MOST_DRAWS, NOT_SETTLED, UNKNOWN, Chance, band

INTERVAL = "95 % interval"
CREDIBLE, OF_THE_MEAN = "95 % credible interval", "95 % Monte Carlo interval of the mean"


def interval_name(answer: Answer) -> str:
    """Name of the intervals of an answer: credible where uncertain figures are drawn, else of the mean."""
    return CREDIBLE if len(answer.sampling.weights) > 1 else OF_THE_MEAN


def interval_clause(estimate: Estimate, name: str = INTERVAL) -> str:
    """Bounds of an interval: `95 % interval 240 to 380`, after its `name`, if any."""
    if math.isnan(estimate.low):
        return "one replication, no interval"
    return f"{name} {format_number(estimate.low)} to {format_number(estimate.high)}".lstrip()


def clause_with_interval(estimate: Estimate, name: str = INTERVAL) -> str:
    """Mean with its interval in brackets."""
    if math.isnan(estimate.mean):
        return "not known"
    return f"{format_number(estimate.mean)} ({interval_clause(estimate, name)})"


def effect_clause(gain: Estimate, what: str = "extensions", name: str = INTERVAL, out_of: str = "") -> str:
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
        return f"has no clear effect on {whole} ({direction_clause(gain, name)})"
    return f"{effect} ({interval_clause(size, name)})"


def direction_clause(gain: Estimate, name: str = INTERVAL) -> str:
    """Bounds of the interval of a gain that may be a loss: `95 % interval: 180 more to 1,700 fewer`."""
    ends = f"{_end(gain.low)} to {_end(gain.high)}"
    return f"{name}: {ends}" if name else ends


def _end(gain: float) -> str:
    return f"{rounded(abs(gain))}{' more' if gain < 0 else ' fewer' if gain > 0 else ''}"


def price_clause(price: Ratio, name: str = INTERVAL) -> str:
    """Pounds for one unit gained, with the interval; no clear gain where the interval of the gain includes zero."""
    if not price.excludes_zero:
        return "no clear gain"
    mean, low, high = (pounds(value, "-") for value in (price.mean, price.low, price.high))
    return f"{mean} ({name} {low} to {high})" if name else f"{mean} ({low} to {high})"


def verdict_clause(chance: Chance) -> str:
    """Verdict on a probability: `very likely (98 %)`, or what the draws leave open and how many would settle it."""
    if math.isnan(chance.probability):
        return UNKNOWN
    if chance.verdict != NOT_SETTLED:
        return f"{chance.verdict} ({percent(chance.probability)})"
    ends = band(chance.probability_low), band(chance.probability_high)
    words = [each for _, each in BANDS]
    next_to = abs(words.index(ends[0]) - words.index(ends[1])) == 1
    within = f"{' or '.join(ends)}, " if next_to else ""
    needed = settling_clause([chance.draws_to_settle])
    return f"{within}{NOT_SETTLED} ({chance_interval(chance)}; {needed} would settle it)"


def chance_interval(chance: Chance, named: bool = True) -> str:
    """Probability with its Monte Carlo interval: `97 %, Monte Carlo interval 83 % to 100 %`, or without the name."""
    name = "Monte Carlo interval " if named else ""
    return (
        f"{percent(chance.probability)}, {name}{percent(chance.probability_low)} to {percent(chance.probability_high)}"
    )


def settling_clause(draws: Iterable[int]) -> str:
    """How many draws would settle all verdicts, from how many each needs."""
    needed = list(draws)
    if not all(needed):
        return "draws of two replications"
    return f"{'more than ' if max(needed) >= MOST_DRAWS else 'about '}{rounded(max(needed))} draws"
