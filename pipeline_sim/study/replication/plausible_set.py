"""The plausible set: values of figures that were fitted to records jointly, of which each draw takes one row.

An open parameter is given by its position, 0 to 1, in the range that its figures state; entries that it names move
together. Drawn singly, fitted figures would no longer fit: so a draw takes a whole row, and no figure of it alone.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from zlib import crc32

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.layers import read_toml
from pipeline_sim.world.reading.pydantic_errors import describe_error, first_error
from pipeline_sim.world.reading.sources import figures, named_path
from pipeline_sim.world.schema.sourced_value import Sourced
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, hint, shown_path

Part = Annotated[float, Field(ge=0, le=1)]
WORDS = 1 << 32
KEY = crc32(b"plausible set")
OpenFigures = dict[str, tuple[KeyPath, Sourced[Any]]]  # open figures of a world by name


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Open(_Frozen):
    """An open parameter: entries of figures that move together through their ranges."""

    name: Annotated[str, Field(min_length=1)]
    figures: Annotated[list[str], Field(min_length=1)]  # key paths; a row by its id: exams[mrcp-1].pass_first
    entries: list[str] = []  # of tables; none means all


class OpenParameters(_Frozen):
    """Open parameters, as a file lists them."""

    topics: Annotated[list[str], Field(min_length=1)]  # of the targets that they are fitted to
    open: Annotated[list[Open], Field(min_length=1)]


class Made(_Frozen):
    """Provenance of a plausible set."""

    command: str
    rules: str  # digest of the compiled rules
    ranges: dict[str, str]  # digest of the range of each open figure
    targets: str  # digest of the figures fitted to
    runs: int
    note: str = ""


class PlausibleSet(_Frozen):
    """Plausible set: rows of positions, one for each open parameter."""

    made: Made
    open: Annotated[list[Open], Field(min_length=1)]
    rows: Annotated[list[list[Part]], Field(min_length=1)]


PARTS: dict[str | int, type[BaseModel]] = {"open": Open, "made": Made}


@lru_cache(maxsize=8)
def load_open_parameters(path: str) -> OpenParameters:
    """Open parameters of a file; StudyError if it is wrong."""
    try:
        return OpenParameters.model_validate(read_toml(Path(path)))
    except ValidationError as error:
        raise _wrong(path, error, OpenParameters) from None


@lru_cache(maxsize=8)
def load_plausible(path: str) -> PlausibleSet:
    """Plausible set of a file; StudyError if it is wrong, or a row has another length than there are parameters."""
    try:
        plausible = PlausibleSet.model_validate(read_toml(Path(path)))
    except ValidationError as error:
        raise _wrong(path, error, PlausibleSet) from None
    for number, row in enumerate(plausible.rows):
        if len(row) != len(plausible.open):
            raise StudyError(f"{path}: rows[{number}]: has {len(row)} numbers, should have {len(plausible.open)}")
    return plausible


def plausible_digest(path: str | None) -> str | None:
    """Digest, twelve hex digits, of the rows of a set and of the ranges that they are positions in; None without."""
    if path is None:
        return None
    plausible = load_plausible(path)
    parts = plausible.open, plausible.made.ranges, plausible.rows
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def values_at(known: OpenFigures, opened: Sequence[Open], row: Sequence[float]) -> dict[KeyPath, Any]:
    """Values of open figures, by key path, at a row of positions."""
    values: dict[KeyPath, Any] = {}
    for parameter, position in zip(opened, row, strict=True):
        for name in parameter.figures:
            if name in known:
                path, figure = known[name]
                values[path] = move_entries(parameter, figure, values.get(path, figure.value), position)
    return values


def move_entries(parameter: Open, figure: Sourced[Any], value: Any, position: float) -> Any:
    """Value of a figure with the parameter's entries put at a position in their ranges; StudyError without a range."""
    bounds = figure.bounds()
    if bounds is None:
        raise StudyError(f"{parameter.name}: a figure without a range cannot be open")
    low, high = bounds
    if not isinstance(value, dict):
        return interpolated(low, high, position)
    entries = parameter.entries or list(value)
    for entry in entries:
        if entry not in value:
            raise StudyError(f"{parameter.name}: no entry '{entry}'{hint(entry, value)}")
    return {**value, **{entry: interpolated(low[entry], high[entry], position) for entry in entries}}


def interpolated(low: Any, high: Any, position: float) -> Any:
    """Linear interpolation from low to high; all numbers of a row together."""
    if isinstance(low, tuple):
        return tuple(interpolated(*ends, position) for ends in zip(low, high, strict=True))
    if isinstance(low, dict):
        return {key: interpolated(low[key], high[key], position) for key in low}
    return low + position * (high - low)


def stated_position(world: World, opened: Sequence[Open]) -> list[float]:
    """Position of each open parameter as the world states it: that of its first entry."""
    known = open_figures(world, opened)
    positions = []
    for parameter in opened:
        _, figure = known[parameter.figures[0]]
        low, high = figure.bounds() or (figure.value, figure.value)
        value, entries = figure.value, parameter.entries
        while isinstance(value, dict):
            entry = entries[0] if entries else next(iter(value))
            low, value, high, entries = low[entry], value[entry], high[entry], []
        positions.append((value - low) / (high - low) if high > low else 0.5)
    return positions


def row_of(plausible: PlausibleSet, seed: int, number: int) -> list[float]:
    """Row of the set that a numbered draw of the parameters takes."""
    word = draw(seed, number, KEY, int(Purpose.PARAMETER), 0)[0]
    return plausible.rows[word * len(plausible.rows) // WORDS]


def checked_figures(path: str, world: World) -> OpenFigures:
    """Open figures of a set; StudyError if it was made of other ranges than the world states."""
    plausible = load_plausible(path)
    known = open_figures(world, plausible.open)
    for name, digest in range_digests(known).items():
        if plausible.made.ranges.get(name) != digest:
            raise StudyError(f"{path}: was made of another range of {name}: run pipeline-sim calibrate again")
    return known


def ranges(world: World, opened: Sequence[Open]) -> dict[str, str]:
    """Range digests, eight hex digits, of the open figures that the world has."""
    return range_digests(open_figures(world, opened))


def range_digests(known: OpenFigures) -> dict[str, str]:
    """Range digests, eight hex digits, by name of the figure."""
    return {name: hashlib.sha256(repr(figure.bounds()).encode()).hexdigest()[:8] for name, (_, figure) in known.items()}


def open_figures(world: World, opened: Sequence[Open]) -> OpenFigures:
    """Open figures by name; those of a section that the world lacks, such as shocks, are left out.

    StudyError for a name that is no figure.
    """
    known = {named_path(world, path): (path, figure) for path, figure in figures(world)}
    chosen = {}
    for parameter in opened:
        for name in parameter.figures:
            section = name.partition(".")[0].partition("[")[0]
            if name in known:
                chosen[name] = known[name]
            elif section not in World.model_fields or getattr(world, section):
                raise StudyError(f"{parameter.name}: {world.name} has no figure '{name}'{hint(name, known)}")
    return chosen


def _wrong(path: str, error: ValidationError, model: type[BaseModel]) -> StudyError:
    problem = first_error(error)
    part = next((PARTS[each] for each in problem["loc"][:-1] if each in PARTS), model)
    return StudyError(f"{path}: {shown_path(tuple(problem['loc']))}: {describe_error(problem, part.model_fields)}")
