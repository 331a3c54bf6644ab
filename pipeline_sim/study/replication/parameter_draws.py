"""Parameter uncertainty: each draw gives every grade C figure another value within its range.

A figure of grade C that has a range is drawn from the triangle of its low, stated and high value, or by the quantiles
of a panel, keyed by the figure's own name: one figure more or less changes no other, and all worlds of a replication
share the draw. Where a study names a posterior sample, a draw takes a row of it for all figures that the sample has,
and the others, of which no record says anything, are drawn beside it: a Latin hypercube in each `BLOCK` draws (M. D.
McKay and others, 1979, Technometrics 21, 239-245).
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from math import sqrt
from typing import Any, NamedTuple
from zlib import crc32

from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.study.replication.posterior_sample import (
    OpenFigures,
    checked_figures,
    figure_places,
    interpolated,
    is_fixed,
    load_sample,
    row_of,
    values_at,
)
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.spending import entry_of, months_after
from pipeline_sim.world.reading.sources import figures, named_path, replace_values
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, hint, shown_path

DRAWN_GRADE = "C"
WORDS = 1 << 32
BLOCK = 16  # draws of a Latin hypercube


class SampleRow(NamedTuple):
    """A row of a posterior sample, or of a design in the same form; figures that it has not stay as stated."""

    posterior: str  # file
    row: int
    held_fixed: tuple[str, ...] = ()  # beginnings of key paths that stay as stated

    @property
    def not_drawn(self) -> tuple[str, ...]:
        """Beginnings of key paths that are not drawn singly."""
        return not_drawn_alone(self.held_fixed, self.posterior)

    def part(self, parameter: "UncertainParameter") -> float | None:
        """Cumulative probability, 0 to 1, at which a parameter is taken from its triangle; None: as stated."""
        place = figure_places(self.posterior).get(parameter.name)
        return None if place is None else float(load_sample(self.posterior).positions[self.row, place])


class ParameterDraw(NamedTuple):
    """A numbered draw of the uncertain parameters."""

    seed: int
    draw: int
    held_fixed: tuple[str, ...] = ()  # beginnings of key paths that stay as stated
    posterior: str | None = None  # file of the sample from which all that was fitted is drawn jointly

    @property
    def not_drawn(self) -> tuple[str, ...]:
        """Beginnings of key paths that are not drawn singly."""
        return not_drawn_alone(self.held_fixed, self.posterior)

    @property
    def row(self) -> SampleRow | None:
        """Row of the posterior sample that the draw takes; None without one."""
        if self.posterior is None:
            return None
        return SampleRow(self.posterior, row_of(load_sample(self.posterior), self.seed, self.draw), self.held_fixed)

    def part(self, parameter: "UncertainParameter") -> float:
        """Cumulative probability, 0 to 1, at which a parameter is taken from its triangle, unless a row has it.

        Beside a row, the draws of a block have one in each `BLOCK`th of the range.
        """
        if self.posterior is None:
            return (words(self.seed, self.draw, parameter.key)[0] + 0.5) / WORDS
        block, place = divmod(self.draw, BLOCK)
        return strata(self.seed, block, parameter.key)[place]


def words(seed: int, number: int, key: int) -> tuple[int, ...]:
    """Random words of a parameter in a draw."""
    return draw(seed, number, key, int(Purpose.PARAMETER), 0)


@lru_cache(maxsize=4096)
def strata(seed: int, block: int, key: int) -> tuple[float, ...]:
    """Cumulative probabilities of a parameter in the draws of a block, one in each `BLOCK`th of the range."""
    own = [words(seed, number, key) for number in range(block * BLOCK, (block + 1) * BLOCK)]
    ordered = sorted(first for first, *_ in own)
    return tuple((ordered.index(first) + (second + 0.5) / WORDS) / BLOCK for first, second, *_ in own)


class RangePoint(NamedTuple):
    """Chosen positions in the ranges of some figures, 0 low and 1 high; the others stay as stated."""

    names: tuple[str, ...]  # shown key paths
    parts: tuple[float, ...]
    not_drawn: tuple[str, ...] = ()

    def part(self, parameter: "UncertainParameter") -> float | None:
        """Cumulative probability, 0 to 1, at which a parameter is taken from its triangle; None: as stated."""
        name = shown_path(parameter.path)
        return self.parts[self.names.index(name)] if name in self.names else None


Parameters = ParameterDraw | RangePoint | SampleRow


class UncertainParameter(NamedTuple):
    """A figure that is drawn, with its range."""

    path: KeyPath
    key: int  # of its random numbers, from its key path
    low: Any
    mode: Any
    high: Any
    name: str  # key path with the ids of rows in place of their numbers
    quantiles: tuple[Any, ...] | None = None  # at equally spaced cumulative probabilities; none: a triangle


class VariedFigures(NamedTuple):
    """Figures of a world that may be drawn or chosen: each alone, or together in the positions of a set."""

    uncertain: tuple[UncertainParameter, ...]
    open: OpenFigures
    sections: frozenset[str]  # of the world that have any

    def within(self, sections: Collection[str]) -> "VariedFigures":
        """Those of some sections of the world."""
        if self.sections.isdisjoint(sections):
            return VariedFigures((), {}, frozenset())
        uncertain = tuple(each for each in self.uncertain if each.path[0] in sections)
        known = {name: known for name, known in self.open.items() if known[0][0] in sections}
        return VariedFigures(uncertain, known, self.sections.intersection(sections))


def uncertain_parameters(world: World, held_fixed: tuple[str, ...] = ()) -> tuple[UncertainParameter, ...]:
    """Figures of grade C that have a range and are not held fixed."""
    uncertain = []
    for path, figure in figures(world):
        name, named, bounds = shown_path(path), named_path(world, path), figure.bounds()
        fixed = is_fixed(name, held_fixed) or is_fixed(named, held_fixed)
        if bounds is not None and figure.grade == DRAWN_GRADE and not fixed:
            key, ends = crc32(name.encode()), (bounds[0], figure.value, bounds[1])
            uncertain.append(UncertainParameter(path, key, *ends, named, figure.quantiles))
    return tuple(uncertain)


def with_parameters(
    world: World,
    parameters: Parameters,
    figures: VariedFigures | None = None,
    known: dict[tuple[object, ...], Any] | None = None,
) -> World:
    """World with parameters drawn or chosen; the rest stays as stated.

    Figures given are not looked up again, and sections `known` with the same parameters, to which new ones are added,
    are used as they are.
    """
    figures, known = figures or varied_figures(world, parameters), {} if known is None else known
    keys = {name: (name, id(getattr(world, name))) for name in World.model_fields}
    new = {name: getattr(world, name) for name, key in keys.items() if key not in known}
    below: dict[str, dict[KeyPath, Any]] = {}
    for path, value in values_of(parameters, figures.within(new)).items():
        below.setdefault(str(path[0]), {})[path[1:]] = value
    known |= {keys[name]: replace_values(part, below[name]) if name in below else part for name, part in new.items()}
    return world.model_copy(update={name: known[key] for name, key in keys.items()})


def varied_figures(world: World, parameters: Parameters) -> VariedFigures:
    """Figures of a world that parameters of a kind may change."""
    posterior = None if isinstance(parameters, RangePoint) else parameters.posterior
    known = {} if posterior is None else checked_figures(posterior, world)
    uncertain = uncertain_parameters(world, parameters.not_drawn)
    paths = (*(each.path for each in uncertain), *(known_path for known_path, *_ in known.values()))
    return VariedFigures(uncertain, known, frozenset(str(path[0]) for path in paths))


def figures_key(parameters: Parameters) -> Parameters:
    """One of the parameters that may change the same figures."""
    if isinstance(parameters, SampleRow):
        return parameters._replace(row=0)
    if isinstance(parameters, RangePoint):
        return parameters._replace(names=(), parts=())
    return parameters._replace(seed=0, draw=0)


def values_of(parameters: Parameters, figures: VariedFigures) -> dict[KeyPath, Any]:
    """Values of figures, by key path."""
    values: dict[KeyPath, Any] = {}
    row = parameters if isinstance(parameters, SampleRow) else getattr(parameters, "row", None)
    if row is not None:
        sample = load_sample(row.posterior)
        opened = sample.made.open
        values = values_at(figures.open, opened, sample.positions[row.row, : len(opened)].tolist())
    for parameter in figures.uncertain:
        part = None if row is None else row.part(parameter)
        part = parameters.part(parameter) if part is None else part
        if part is not None:
            values[parameter.path] = value_at(parameter, part)
    return values


def value_at(parameter: UncertainParameter, part: float) -> Any:
    """Value of a figure at cumulative probability `part`: between the quantiles of a panel, else of its triangle."""
    if parameter.quantiles is not None:
        steps = part * (len(parameter.quantiles) - 1)
        before = min(int(steps), len(parameter.quantiles) - 2)
        return interpolated(parameter.quantiles[before], parameter.quantiles[before + 1], steps - before)
    return triangular_values(part, parameter.low, parameter.mode, parameter.high)


def not_drawn_alone(held_fixed: tuple[str, ...], posterior: str | None) -> tuple[str, ...]:
    """Key paths that are not drawn singly: those held fixed, and the figures of open parameters."""
    if posterior is None:
        return held_fixed
    return (*held_fixed, *(name for parameter in load_sample(posterior).made.open for name in parameter.figures))


def check_held_names(held: Sequence[str], worlds: Sequence[World]) -> None:
    """Refuses, with StudyError, a name under `held` that begins no figure of the worlds and is no empty section."""
    empty = {name for world in worlds for name in World.model_fields if getattr(world, name) is None}
    wanted = [name for name in held if name not in empty]
    for world in worlds:
        wanted = [name for name in wanted if not holds_any(world, name)]
        if not wanted:
            return
    paths = [path for world in worlds for path, _ in figures(world)]
    known = dict.fromkeys(shown_path(path[:end]) for path in paths for end in range(1, len(path) + 1))
    raise StudyError(f"held: no figure '{wanted[0]}'{hint(wanted[0], list(known))}")


def holds_any(world: World, name: str) -> bool:
    """True if a key path, with numbers or ids of rows, begins that of any figure of a world."""
    paths = (path for path, _ in figures(world))
    return any(is_fixed(text, (name,)) for path in paths for text in (shown_path(path), named_path(world, path)))


def check_lead_times(name: str, world: World) -> None:
    """Refuses, with StudyError, a mix that the longest uncertain lead time would carry beyond the run."""
    if world.mix is None or world.interventions is None:
        return
    for line in world.mix.lines:
        lead = entry_of(world.interventions, line.intervention).lead
        longest = (lead.bounds() or (lead.value, lead.value))[1]
        beyond = months_after(line.start, round(longest) + line.months)
        if beyond > world.dates.end:
            late = f"{line.intervention} could come until {beyond}, but the run ends on {world.dates.end}"
            raise StudyError(f"{name}: {late}: start earlier or set parameters = 'mode'")


def triangular_values(part: float, low: Any, mode: Any, high: Any) -> Any:
    """Triangular quantile in the shape of the stated value; all numbers of a row or table lie high or low together."""
    if isinstance(mode, Mapping):
        return {key: triangular_values(part, low[key], mode[key], high[key]) for key in mode}
    if isinstance(mode, tuple):
        return tuple(triangular_values(part, *ends) for ends in zip(low, mode, high, strict=True))
    return triangular(part, low, mode, high)


def triangular(part: float, low: float, mode: float, high: float) -> float:
    """Quantile of a triangular distribution at cumulative probability `part`, 0 to 1."""
    if low == high:
        return mode
    peak = (mode - low) / (high - low)
    if part < peak:
        return low + sqrt(part * (high - low) * (mode - low))
    return high - sqrt((1 - part) * (high - low) * (high - mode))
