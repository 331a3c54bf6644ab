"""Doubt about effects, carried through a comparison: every replication believes another value of each effect.

A figure of the catalogue that has a range is drawn from the triangle of its low, stated and high value. The draw is
keyed by the figure's own name, so one figure more or less moves no other, and every mix of a replication shares it.
"""

from collections.abc import Mapping
from math import sqrt
from typing import Any
from zlib import crc32

from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.luck import draw
from pipeline_sim.study.errors import StudyError
from pipeline_sim.world.errors import shown_path
from pipeline_sim.world.schema import World
from pipeline_sim.world.sources import figures, with_figures
from pipeline_sim.world.spend import entry_of, months_after

CATALOGUE = "interventions"
WORDS = 1 << 32


def believed(world: World, seed: int, replication: int) -> World:
    """The world as a replication believes it: figures of the catalogue with a range are drawn, the rest stays."""
    changes = {}
    for path, figure in figures(world):
        bounds = figure.bounds()
        if path[0] == CATALOGUE and bounds is not None:
            name = shown_path(path)
            word = draw(seed, replication, crc32(name.encode()), int(Purpose.PARAMETER), 0)[0]
            changes[name] = drawn((word + 0.5) / WORDS, bounds[0], figure.value, bounds[1])
    return with_figures(world, changes)


def check_time(name: str, world: World) -> None:
    """Refuses a mix that the longest lead time in doubt would carry beyond the run."""
    if world.mix is None or world.interventions is None:
        return
    for line in world.mix.lines:
        lead = entry_of(world.interventions, line.intervention).lead
        longest = (lead.bounds() or (lead.value, lead.value))[1]
        beyond = months_after(line.start, round(longest) + line.months)
        if beyond > world.dates.end:
            late = f"{line.intervention} could come until {beyond}, but the run ends on {world.dates.end}"
            raise StudyError(f"{name}: {late}: start earlier or set doubt = false")


def drawn(part: float, low: Any, mode: Any, high: Any) -> Any:
    """A value of the shape of the stated one; all numbers of a row or table lie high or low together."""
    if isinstance(mode, Mapping):
        return {key: drawn(part, low[key], mode[key], high[key]) for key in mode}
    if isinstance(mode, tuple):
        return tuple(drawn(part, *ends) for ends in zip(low, mode, high, strict=True))
    return triangular(part, low, mode, high)


def triangular(part: float, low: float, mode: float, high: float) -> float:
    """The value below which that part (0 to 1) of a triangular distribution lies."""
    if low == high:
        return mode
    peak = (mode - low) / (high - low)
    if part < peak:
        return low + sqrt(part * (high - low) * (mode - low))
    return high - sqrt((1 - part) * (high - low) * (high - mode))
