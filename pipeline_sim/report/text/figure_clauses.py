"""Clauses that the titles and texts of pictures are made of. None claims what its interval does not bear."""

import math

from pipeline_sim.report.text.number_format import pounds, rounded
from pipeline_sim.study.estimates.intervals import Estimate, Ratio

INTERVAL = "95 % interval "


def span(found: Estimate, named: bool = True) -> str:
    """An interval in brackets; nothing where there is none."""
    if math.isnan(found.low):
        return "one replication, no interval"
    return f"{INTERVAL if named else ''}{signed(found.low)} to {signed(found.high)}"


def level(found: Estimate, named: bool = True) -> str:
    """A number with its interval."""
    if math.isnan(found.mean):
        return "not known"
    return f"{signed(found.mean)} ({span(found, named)})"


def signed(value: float) -> str:
    """Two significant figures, a minus before what is below zero."""
    said = rounded(abs(value))
    return f"-{said}" if value < 0 and said != "0" else said


def avoids(gained: Estimate, what: str = "extensions", named: bool = True) -> str:
    """What somebody gains, as the end of a sentence that begins with its name: more is better."""
    if math.isnan(gained.mean):
        return f"has no known effect on {what}"
    if math.isnan(gained.low):
        return f"{_verb(gained.mean)} {rounded(abs(gained.mean))} {what} in one replication, too few to tell"
    if gained.low == gained.high == 0:
        return f"avoids no {what}"
    if not gained.can_tell:
        return f"cannot be told to avoid any {what} ({span(gained, named)})"
    low, high = sorted((abs(gained.low), abs(gained.high)))
    bounds = f"{INTERVAL if named else ''}{rounded(low)} to {rounded(high)}"
    return f"{_verb(gained.mean)} {rounded(abs(gained.mean))} {what} ({bounds})"


def price(found: Ratio, named: bool = True) -> str:
    """Pounds for one of something gained."""
    if not found.can_tell:
        return "cannot tell"
    mean, low, high = (pounds(value, "-") for value in (found.mean, found.low, found.high))
    return f"{mean} ({INTERVAL if named else ''}{low} to {high})"


def percent(share: float) -> str:
    """A part of one in whole per cents; what is between none and one in a hundred, or all, is told apart."""
    if math.isnan(share):
        return "not known"
    if 0 < share < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def _verb(gained: float) -> str:
    return "avoids" if gained >= 0 else "adds"
