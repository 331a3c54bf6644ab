"""Doubt about parameters, carried through a comparison: every draw believes another value of each grade C figure.

A figure of grade C that has a range is drawn from the triangle of its low, stated and high value. The draw is keyed by
the figure's own name, so one figure more or less moves no other, and every world of a replication shares it. Figures
that were fitted to records are drawn together, as a row of the plausible set: drawn apart they would no longer fit.
"""

from collections.abc import Mapping
from math import sqrt
from typing import Any, NamedTuple
from zlib import crc32

from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.study.replication.plausible_set import (
    Known,
    fitting,
    load_opened,
    load_plausible,
    placed,
    placed_among,
    row_of,
)
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.spending import entry_of, months_after
from pipeline_sim.world.reading.sources import changed, figures
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, shown_path

DRAWN_GRADE = "C"
WORDS = 1 << 32


class Belief(NamedTuple):
    """Which draw of the figures in doubt."""

    seed: int
    draw: int
    held: tuple[str, ...] = ()  # beginnings of key paths that stay as stated
    plausible: str | None = None  # file of the set from which fitted figures are drawn together

    @property
    def kept(self) -> tuple[str, ...]:
        """What is not drawn on its own."""
        return held_with(self.held, self.plausible)

    def part(self, figure: "Doubted") -> float:
        """Where in its triangle a figure lies, 0 to 1."""
        word = draw(self.seed, self.draw, figure.key, int(Purpose.PARAMETER), 0)[0]
        return (word + 0.5) / WORDS


class Chosen(NamedTuple):
    """Parts of their triangles chosen for some figures, 0 is low and 1 high; the others stay as stated."""

    names: tuple[str, ...]  # shown key paths
    parts: tuple[float, ...]
    held: tuple[str, ...] = ()

    @property
    def kept(self) -> tuple[str, ...]:
        """What is not drawn on its own."""
        return self.held

    def part(self, figure: "Doubted") -> float | None:
        """Where in its triangle a figure lies; none for one that stays."""
        name = shown_path(figure.path)
        return self.parts[self.names.index(name)] if name in self.names else None


class At(NamedTuple):
    """Fitted figures at a point that is tried, all others as stated."""

    opened: str  # file of the open parameters
    positions: tuple[float, ...]


class Doubted(NamedTuple):
    """A figure in doubt."""

    path: KeyPath
    key: int  # of its luck, from its name
    low: Any
    mode: Any
    high: Any


def in_doubt(world: World, held: tuple[str, ...] = ()) -> tuple[Doubted, ...]:
    """Figures of grade C that have a range and are not held."""
    found = []
    for path, figure in figures(world):
        name, bounds = shown_path(path), figure.bounds()
        if bounds is not None and figure.grade == DRAWN_GRADE and not is_held(name, held):
            found.append(Doubted(path, crc32(name.encode()), bounds[0], figure.value, bounds[1]))
    return tuple(found)


def believed(
    world: World, belief: Belief | Chosen | At, doubted: tuple[Doubted, ...] | None = None, known: Known | None = None
) -> World:
    """The world as a belief has it: figures in doubt are drawn or chosen, the rest stays.

    What is the same for every draw may be handed in: the figures in doubt, and those of the plausible set.
    """
    if isinstance(belief, At):
        return changed(world, placed(world, load_opened(belief.opened).open, belief.positions))
    doubted = in_doubt(world, belief.kept) if doubted is None else doubted
    values = fitted(world, belief, known) if isinstance(belief, Belief) else {}
    for figure in doubted:
        part = belief.part(figure)
        if part is not None:
            values[figure.path] = drawn(part, figure.low, figure.mode, figure.high)
    return changed(world, values) if values else world


def held_with(held: tuple[str, ...], plausible: str | None) -> tuple[str, ...]:
    """What is not drawn on its own: what is held, and the figures of the plausible set."""
    if plausible is None:
        return held
    return (*held, *(name for each in load_plausible(plausible).open for name in each.figures))


def fitted(world: World, belief: Belief, known: Known | None = None) -> dict[KeyPath, Any]:
    """The figures of the plausible set as a draw believes them; nothing without a set."""
    if belief.plausible is None:
        return {}
    found = load_plausible(belief.plausible)
    known = fitting(belief.plausible, world) if known is None else known
    return placed_among(known, found.open, row_of(found, belief.seed, belief.draw))


def is_held(name: str, held: tuple[str, ...]) -> bool:
    """True if a figure, or a table that it stands in, is held."""
    return any(name == each or name.startswith((f"{each}.", f"{each}[")) for each in held)


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
