"""Findings in words, with their doubt."""

import math
from collections.abc import Iterable

from pipeline_sim.study.answer import Answer
from pipeline_sim.study.compare import Estimate


def finding(answer: Answer) -> str:
    """One sentence on the first programme of a study: extensions, then the hidden backlog."""
    if not answer.programmes:
        return answer.study.question
    world = answer.programmes[0]
    extensions = change(answer.difference(world, "extensions"), "extensions")
    backlog = change(answer.difference(world, "mean_backlog"), "months of hidden backlog on average")
    return f"{answer.label(world)}: {extensions}; {backlog}"


def change(found: Estimate, what: str) -> str:
    """A difference as a clause: how many fewer or more, or that it cannot be told."""
    if math.isnan(found.mean):
        return f"{what}: not known"
    if math.isnan(found.low):
        return f"{_fewer_or_more(found.mean)} {what} in one replication, too few to tell"
    if found.low == found.high == 0:
        return f"no change in {what}"
    if not found.can_tell:
        return f"cannot tell about {what} yet ({rounded(abs(found.low))} fewer to {rounded(abs(found.high))} more)"
    low, high = sorted((abs(found.low), abs(found.high)))
    return f"{_fewer_or_more(found.mean)} {what} (95 % interval {rounded(low)} to {rounded(high)})"


def rounded(value: float) -> str:
    """Two significant figures, thousands separated."""
    if math.isnan(value):
        return "not known"
    if abs(value) < 10:
        return f"{value:.2g}" if value else "0"
    digits = 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.0f}"


def pounds(value: float) -> str:
    """Two significant figures: £81,000, £1.2m, £1.1bn; minus £81,000."""
    if math.isnan(value):
        return "not known"
    size = abs(_two_figures(value))
    sign = "minus " if value < 0 and size > 0 else ""
    for unit, name in ((1e9, "bn"), (1e6, "m")):
        if size >= unit:
            return f"{sign}£{rounded(size / unit)}{name}"
    return f"{sign}£{rounded(size)}"


def listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _two_figures(value: float) -> float:
    return float(f"{value:.1e}")


def _fewer_or_more(value: float) -> str:
    return f"{rounded(abs(value))} {'fewer' if value < 0 else 'more'}"
