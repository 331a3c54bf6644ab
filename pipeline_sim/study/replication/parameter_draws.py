"""Parameter uncertainty: each draw gives every grade C figure another value within its range.

A figure of grade C that has a range is drawn from the triangle of its low, stated and high value, or by the quantiles
of a panel. The draw is keyed by
the figure's own name, so one figure more or less changes no other, and all worlds of a replication share it. Figures
that were fitted to records are drawn jointly, as a row of the plausible set: drawn singly they would no longer fit.
"""

from collections.abc import Collection, Mapping
from math import sqrt
from typing import Any, NamedTuple
from zlib import crc32

from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.study.replication.plausible_set import (
    OpenFigures,
    checked_figures,
    interpolated,
    load_open_parameters,
    load_plausible,
    open_figures,
    row_of,
    values_at,
)
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.spending import entry_of, months_after
from pipeline_sim.world.reading.sources import figures, named_path, replace_values
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, shown_path

DRAWN_GRADE = "C"
WORDS = 1 << 32


class ParameterDraw(NamedTuple):
    """A numbered draw of the uncertain parameters."""

    seed: int
    draw: int
    held_fixed: tuple[str, ...] = ()  # beginnings of key paths that stay as stated
    plausible: str | None = None  # file of the set from which fitted figures are drawn jointly

    @property
    def not_drawn(self) -> tuple[str, ...]:
        """Beginnings of key paths that are not drawn singly."""
        return not_drawn_alone(self.held_fixed, self.plausible)

    def part(self, parameter: "UncertainParameter") -> float:
        """Cumulative probability, 0 to 1, at which a parameter is taken from its triangle."""
        word = draw(self.seed, self.draw, parameter.key, int(Purpose.PARAMETER), 0)[0]
        return (word + 0.5) / WORDS


class RangePoint(NamedTuple):
    """Chosen positions in the ranges of some figures, 0 low and 1 high; the others stay as stated."""

    names: tuple[str, ...]  # shown key paths
    parts: tuple[float, ...]
    not_drawn: tuple[str, ...] = ()

    def part(self, parameter: "UncertainParameter") -> float | None:
        """Cumulative probability, 0 to 1, at which a parameter is taken from its triangle; None: as stated."""
        name = shown_path(parameter.path)
        return self.parts[self.names.index(name)] if name in self.names else None


class CalibrationPoint(NamedTuple):
    """Positions of the open parameters that calibration tries; all other figures as stated."""

    opened: str  # file of the open parameters
    positions: tuple[float, ...]


Parameters = ParameterDraw | RangePoint | CalibrationPoint


class UncertainParameter(NamedTuple):
    """A figure that is drawn, with its range."""

    path: KeyPath
    key: int  # of its random numbers, from its name
    low: Any
    mode: Any
    high: Any
    quantiles: tuple[Any, ...] | None = None  # at equally spaced cumulative probabilities; none: a triangle


class VariedFigures(NamedTuple):
    """Figures of a world that may be drawn or chosen: each alone, or together in the positions of a set."""

    uncertain: tuple[UncertainParameter, ...]
    open: OpenFigures

    def within(self, sections: Collection[str]) -> "VariedFigures":
        """Those of some sections of the world."""
        uncertain = tuple(each for each in self.uncertain if each.path[0] in sections)
        return VariedFigures(uncertain, {name: known for name, known in self.open.items() if known[0][0] in sections})


def uncertain_parameters(world: World, held_fixed: tuple[str, ...] = ()) -> tuple[UncertainParameter, ...]:
    """Figures of grade C that have a range and are not held fixed."""
    uncertain = []
    for path, figure in figures(world):
        name, bounds = shown_path(path), figure.bounds()
        fixed = is_fixed(name, held_fixed) or is_fixed(named_path(world, path), held_fixed)
        if bounds is not None and figure.grade == DRAWN_GRADE and not fixed:
            key, ends = crc32(name.encode()), (bounds[0], figure.value, bounds[1])
            uncertain.append(UncertainParameter(path, key, *ends, figure.quantiles))
    return tuple(uncertain)


def with_parameters(
    world: World,
    parameters: Parameters,
    figures: VariedFigures | None = None,
    known: dict[tuple[object, ...], Any] | None = None,
) -> World:
    """World with parameters drawn or chosen; the rest stays as stated.

    Figures given are not looked up again, and `known` sections, to which new ones are added, are used as they are.
    """
    figures, known = figures or varied_figures(world, parameters), {} if known is None else known
    keys = {name: (name, id(getattr(world, name)), parameters) for name in World.model_fields}
    new = {name: getattr(world, name) for name, key in keys.items() if key not in known}
    below: dict[str, dict[KeyPath, Any]] = {}
    for path, value in values_of(parameters, figures.within(new)).items():
        below.setdefault(str(path[0]), {})[path[1:]] = value
    known |= {keys[name]: replace_values(part, below[name]) if name in below else part for name, part in new.items()}
    return world.model_copy(update={name: known[key] for name, key in keys.items()})


def varied_figures(world: World, parameters: Parameters) -> VariedFigures:
    """Figures of a world that parameters of a kind may change."""
    if isinstance(parameters, CalibrationPoint):
        return VariedFigures((), open_figures(world, load_open_parameters(parameters.opened).open))
    plausible = parameters.plausible if isinstance(parameters, ParameterDraw) else None
    known = {} if plausible is None else checked_figures(plausible, world)
    return VariedFigures(uncertain_parameters(world, parameters.not_drawn), known)


def figures_key(parameters: Parameters) -> Parameters:
    """One of the parameters that may change the same figures."""
    if isinstance(parameters, CalibrationPoint):
        return parameters._replace(positions=())
    if isinstance(parameters, RangePoint):
        return parameters._replace(names=(), parts=())
    return parameters._replace(seed=0, draw=0)


def values_of(parameters: Parameters, figures: VariedFigures) -> dict[KeyPath, Any]:
    """Values of figures, by key path."""
    if isinstance(parameters, CalibrationPoint):
        return values_at(figures.open, load_open_parameters(parameters.opened).open, parameters.positions)
    values: dict[KeyPath, Any] = {}
    if isinstance(parameters, ParameterDraw) and parameters.plausible is not None:
        plausible = load_plausible(parameters.plausible)
        row = row_of(plausible, parameters.seed, parameters.draw)
        values = values_at(figures.open, plausible.open, row)
    for parameter in figures.uncertain:
        part = parameters.part(parameter)
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


def not_drawn_alone(held_fixed: tuple[str, ...], plausible: str | None) -> tuple[str, ...]:
    """Key paths that are not drawn singly: those held fixed, and the figures of the plausible set."""
    if plausible is None:
        return held_fixed
    return (*held_fixed, *(name for parameter in load_plausible(plausible).open for name in parameter.figures))


def is_fixed(name: str, held_fixed: tuple[str, ...]) -> bool:
    """True if a figure, or a table that contains it, is held fixed."""
    return any(name == prefix or name.startswith((f"{prefix}.", f"{prefix}[")) for prefix in held_fixed)


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
