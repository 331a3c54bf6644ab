"""The plausible set: values of the figures that were fitted to records together, of which a comparison draws one row.

A parameter is open by its position, 0 to 1, in the range that its figures state; entries that it names move together.
Drawn apart, fitted figures would no longer fit: so a draw takes a whole row, and figures of the set are not drawn
on their own.
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
from pipeline_sim.world.reading.pydantic_errors import first_of, told_of
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.schema.sourced_value import Sourced
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, hint, shown_path

Part = Annotated[float, Field(ge=0, le=1)]
WORDS = 1 << 32
KEY = crc32(b"plausible set")
Known = dict[str, tuple[KeyPath, Sourced[Any]]]  # open figures of a world by name


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Open(_Frozen):
    """A parameter that is fitted: entries of figures that move together through their ranges."""

    name: Annotated[str, Field(min_length=1)]
    figures: Annotated[list[str], Field(min_length=1)]  # key paths
    entries: list[str] = []  # of tables; none means all


class Opened(_Frozen):
    """What is fitted."""

    open: Annotated[list[Open], Field(min_length=1)]


class Made(_Frozen):
    """How a plausible set came to be."""

    command: str
    rules: str  # digest of the compiled rules
    ranges: dict[str, str]  # digest of the range of each open figure
    targets: str  # digest of the figures fitted to
    runs: int
    note: str = ""


class PlausibleSet(_Frozen):
    """Rows of positions, one for each open parameter."""

    made: Made
    open: Annotated[list[Open], Field(min_length=1)]
    rows: Annotated[list[list[Part]], Field(min_length=1)]


PARTS: dict[str | int, type[BaseModel]] = {"open": Open, "made": Made}


@lru_cache(maxsize=8)
def load_opened(path: str) -> Opened:
    """What is to be fitted; StudyError if the file is wrong."""
    try:
        return Opened.model_validate(read_toml(Path(path)))
    except ValidationError as error:
        raise _wrong(path, error, Opened) from None


@lru_cache(maxsize=8)
def load_plausible(path: str) -> PlausibleSet:
    """Read a plausible set; StudyError if it is none, or a row has not as many places as there are parameters."""
    try:
        found = PlausibleSet.model_validate(read_toml(Path(path)))
    except ValidationError as error:
        raise _wrong(path, error, PlausibleSet) from None
    for place, row in enumerate(found.rows):
        if len(row) != len(found.open):
            raise StudyError(f"{path}: rows[{place}]: has {len(row)} numbers, should have {len(found.open)}")
    return found


def plausible_digest(path: str | None) -> str | None:
    """Twelve hex digits over the rows of a set and what they are positions of; none without a set."""
    if path is None:
        return None
    found = load_plausible(path)
    return hashlib.sha256(repr((found.open, found.made.ranges, found.rows)).encode()).hexdigest()[:12]


def placed(world: World, opened: Sequence[Open], row: Sequence[float]) -> dict[KeyPath, Any]:
    """Values of the open figures, by key path, at a row of positions. StudyError for a path that is no figure."""
    return placed_among(open_figures(world, opened), opened, row)


def placed_among(known: Known, opened: Sequence[Open], row: Sequence[float]) -> dict[KeyPath, Any]:
    """The same for open figures that have been found."""
    values: dict[KeyPath, Any] = {}
    for each, position in zip(opened, row, strict=True):
        for name in each.figures:
            if name in known:
                path, figure = known[name]
                values[path] = moved(each, figure, values.get(path, figure.value), position)
    return values


def moved(each: Open, figure: Sourced[Any], value: Any, position: float) -> Any:
    """The value with the parameter's entries put at a position in their ranges."""
    bounds = figure.bounds()
    if bounds is None:
        raise StudyError(f"{each.name}: a figure without a range cannot be open")
    low, high = bounds
    if not isinstance(value, dict):
        return between(low, high, position)
    entries = each.entries or list(value)
    for entry in entries:
        if entry not in value:
            raise StudyError(f"{each.name}: no entry '{entry}'{hint(entry, value)}")
    return {**value, **{entry: between(low[entry], high[entry], position) for entry in entries}}


def between(low: Any, high: Any, position: float) -> Any:
    """A value so far from low to high; all numbers of a row together."""
    if isinstance(low, tuple):
        return tuple(between(*ends, position) for ends in zip(low, high, strict=True))
    if isinstance(low, dict):
        return {key: between(low[key], high[key], position) for key in low}
    return low + position * (high - low)


def stated(world: World, opened: Sequence[Open]) -> list[float]:
    """The position of each parameter as the world states it: that of its first entry."""
    known = open_figures(world, opened)
    found = []
    for each in opened:
        _, figure = known[each.figures[0]]
        low, high = figure.bounds() or (figure.value, figure.value)
        value = figure.value
        if isinstance(value, dict):
            entry = (each.entries or list(value))[0]
            low, value, high = low[entry], value[entry], high[entry]
        while isinstance(value, dict):
            entry = next(iter(value))
            low, value, high = low[entry], value[entry], high[entry]
        found.append((value - low) / (high - low) if high > low else 0.5)
    return found


def row_of(found: PlausibleSet, seed: int, number: int) -> list[float]:
    """The row that a draw of the parameters believes."""
    word = draw(seed, number, KEY, int(Purpose.PARAMETER), 0)[0]
    return found.rows[word * len(found.rows) // WORDS]


def fitting(path: str, world: World) -> Known:
    """The open figures of a set. Refuses a set that was made of other ranges than the world states."""
    found = load_plausible(path)
    known = open_figures(world, found.open)
    for name, digest in range_digests(known).items():
        if found.made.ranges.get(name) != digest:
            raise StudyError(f"{path}: was made of another range of {name}: run pipeline-sim calibrate again")
    return known


def ranges(world: World, opened: Sequence[Open]) -> dict[str, str]:
    """Eight hex digits over the range of each open figure that the world has."""
    return range_digests(open_figures(world, opened))


def range_digests(known: Known) -> dict[str, str]:
    """Eight hex digits over the range of each."""
    return {name: hashlib.sha256(repr(figure.bounds()).encode()).hexdigest()[:8] for name, (_, figure) in known.items()}


def open_figures(world: World, opened: Sequence[Open]) -> Known:
    """The open figures by name; those of a section that the world has not, such as shocks, are left out."""
    known = {shown_path(path): (path, figure) for path, figure in figures(world)}
    found = {}
    for each in opened:
        for name in each.figures:
            if name in known:
                found[name] = known[name]
            elif getattr(world, name.partition(".")[0], None) is not None:
                raise StudyError(f"{each.name}: {world.name} has no figure '{name}'{hint(name, known)}")
    return found


def _wrong(path: str, error: ValidationError, model: type[BaseModel]) -> StudyError:
    found = first_of(error)
    part = next((PARTS[each] for each in found["loc"][:-1] if each in PARTS), model)
    return StudyError(f"{path}: {shown_path(tuple(found['loc']))}: {told_of(found, part.model_fields)}")
