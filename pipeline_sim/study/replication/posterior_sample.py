"""Posterior sample: rows of all uncertain figures at once, weighted by how well the model then meets the record.

A row holds a position, 0 to 1, for each open parameter, which moves the entries that it names together through the
range that their figures state; and a cumulative probability for each other figure of the fitted world that is
uncertain. A draw of a comparison takes a whole row: drawn one by one, figures would no longer fit. Rows are in the
order of what the model gives, so that the points of a van der Corput sequence, at which their cumulative weights are
read off, take rows in proportion to their weights and spread over what is possible, however many draws there are.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline_sim.base.folder_cache import folder_cache
from pipeline_sim.records.files.tables_file import TableMetadata, read_table, write_table
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.layers import read_toml
from pipeline_sim.world.reading.pydantic_errors import describe_error, first_error
from pipeline_sim.world.reading.sources import figures, named_path
from pipeline_sim.world.schema.sourced_value import Sourced
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, hint, shown_path

Reals = npt.NDArray[np.float64]
WORDS = 1 << 32
KEY = crc32(b"posterior sample")
WEIGHT = "weight"
DECIMALS = 4  # of a position; what was run is what is written
OpenFigures = dict[str, tuple[KeyPath, Sourced[Any]]]  # open figures of a world by name


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class Open(_Frozen):
    """An open parameter: entries of figures that move together through their ranges, each position as likely."""

    name: Annotated[str, Field(min_length=1)]
    figures: Annotated[list[str], Field(min_length=1)]  # key paths; a row by its id: exams[mrcp-1].pass_first
    entries: list[str] = []  # of tables; none means all


class OpenParameters(_Frozen):
    """Open parameters, as a file lists them."""

    topics: Annotated[list[str], Field(min_length=1)]  # of the targets that are fitted to
    open: Annotated[list[Open], Field(min_length=1)]


class Made(_Frozen):
    """Provenance of a sample."""

    command: str
    rules: str  # digest of the compiled rules
    ranges: dict[str, str]  # digest of the range of each open figure
    targets: str  # digest of the figures fitted to
    fitted: dict[str, float]  # their names, with the chance variance of the root of each at the size of England
    runs: int  # of the engine
    discrepancy: dict[str, tuple[float, float]] = {}  # by class: standard deviation of the log, degrees of freedom
    held: list[str]  # beginnings of key paths that were not drawn
    open: Annotated[list[Open], Field(min_length=1)]
    note: str = ""  # how good the sample is, a line each


class PosteriorSample(NamedTuple):
    """Posterior sample: N rows of O open parameters and F other figures."""

    made: Made
    figures: tuple[str, ...]  # F, named key paths
    units: tuple[str, ...]  # of all columns
    positions: Reals  # [N, O + F] in 0 .. 1
    weights: Reals  # [N], sum 1

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns."""
        return (*(each.name for each in self.made.open), *self.figures)

    @property
    def effective_size(self) -> float:
        """Effective sample size: of how many equal weights the weights are worth (L. Kish, 1965)."""
        return float(1.0 / (self.weights**2).sum())


@folder_cache(maxsize=8)
def load_open_parameters(path: str) -> OpenParameters:
    """Open parameters of a file; StudyError if it is wrong."""
    try:
        return OpenParameters.model_validate(read_toml(Path(path)))
    except ValidationError as error:
        problem = first_error(error)
        known = (Open if "open" in problem["loc"][:-1] else OpenParameters).model_fields
        raise StudyError(f"{path}: {shown_path(tuple(problem['loc']))}: {describe_error(problem, known)}") from None


def save_sample(path: Path, sample: PosteriorSample) -> None:
    """Write a sample as Parquet: a weight and a column for each parameter, whose description has its unit."""
    import pandas as pd

    text = dict(zip(sample.names, sample.units, strict=True)) | {WEIGHT: "share of all weights"}
    columns = {WEIGHT: sample.weights, **dict(zip(sample.names, sample.positions.T.astype(np.float32), strict=True))}
    notes = TableMetadata("Posterior sample", "", text, about=sample.made.model_dump_json())
    write_table(path, pd.DataFrame(columns), notes)


@folder_cache(maxsize=16)
def load_sample(path: str) -> PosteriorSample:
    """Sample of a file; StudyError if it is none, or has a row that is none."""
    try:
        table, notes = read_table(Path(path))
        made = Made.model_validate_json(notes.about)
    except RecordsError as error:
        raise StudyError(str(error)) from None
    except ValidationError:
        raise StudyError(f"{path}: is no posterior sample: pipeline-sim calibrate makes one") from None
    names = [name for name in table if name != WEIGHT]
    opened, values = [each.name for each in made.open], table.to_numpy(np.float64)
    if names[: len(opened)] != opened or WEIGHT not in table or not len(table):
        raise StudyError(f"{path}: should have a column {WEIGHT} and one for each open parameter, and a row")
    if not ((values >= 0) & (values <= 1)).all() or abs(table[WEIGHT].sum() - 1) > 1e-6:
        raise StudyError(f"{path}: every number should be between 0 and 1, and the weights should sum to 1")
    units = tuple(notes.columns[name] for name in names)
    figures_alone, weights = tuple(names[len(opened) :]), table[WEIGHT].to_numpy(np.float64)
    return PosteriorSample(made, figures_alone, units, table[names].to_numpy(np.float64).round(DECIMALS), weights)


@folder_cache(maxsize=16)
def figure_places(path: str) -> Mapping[str, int]:
    """Column of each figure of a sample that is drawn by itself."""
    sample = load_sample(path)
    return {name: len(sample.made.open) + place for place, name in enumerate(sample.figures)}


def sample_digest(path: str | None) -> str | None:
    """Digest, twelve hex digits, of rows, weights and what they are positions of; None without a file."""
    if path is None:
        return None
    sample = load_sample(path)
    digest = hashlib.sha256(repr((sample.made.open, sample.made.ranges, sample.names)).encode())
    digest.update(sample.positions.tobytes() + sample.weights.tobytes())
    return digest.hexdigest()[:12]


@folder_cache(maxsize=16)
def check_held(path: str, held: tuple[str, ...]) -> None:
    """Refuses, with StudyError, a study that holds a figure drawn in the sample, or draws one that was held."""
    sample = load_sample(path)
    for name in sample.figures:
        if is_fixed(name, held):
            raise StudyError(f"{path}: was made with {name} drawn: take it out of held, or calibrate again")
    for name in sample.made.held:
        if not is_fixed(name, held):
            raise StudyError(f"{path}: was made with {name} as stated: held should name it, or calibrate again")


def is_fixed(name: str, held_fixed: tuple[str, ...]) -> bool:
    """True if a figure, or a table that contains it, is held fixed."""
    return any(name == prefix or name.startswith((f"{prefix}.", f"{prefix}[")) for prefix in held_fixed)


def row_of(sample: PosteriorSample, seed: int, number: int) -> int:
    """Row that a draw takes: where cumulative weights pass the point of a shifted van der Corput sequence."""
    shift = draw(seed, 0, KEY, int(Purpose.PARAMETER), 0)[0]
    point = (van_der_corput(number) + (shift + 0.5) / WORDS) % 1.0
    return min(int(np.searchsorted(np.cumsum(sample.weights), point)), len(sample.weights) - 1)


def van_der_corput(number: int) -> float:
    """Point of the van der Corput sequence, 0 to 1: the binary digits of the number, reversed."""
    return int(f"{number % WORDS:032b}"[::-1], 2) / WORDS


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


def checked_figures(path: str, world: World) -> OpenFigures:
    """Open figures of a sample; StudyError if it was made of other ranges than the world states."""
    made = load_sample(path).made
    known = open_figures(world, made.open)
    for name, digest in range_digests(known).items():
        if made.ranges.get(name) != digest:
            raise StudyError(f"{path}: was made of another range of {name}: run pipeline-sim calibrate again")
    return known


def range_digests(known: Mapping[str, tuple[KeyPath, Sourced[Any]]]) -> dict[str, str]:
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
                if known[name][1].quantiles is not None:
                    problem = "is moved by `calibrate` with others, evenly over its range: it takes no quantiles"
                    raise StudyError(f"{parameter.name}: '{name}' of {world.name} {problem}")
            elif section not in World.model_fields or getattr(world, section):
                raise StudyError(f"{parameter.name}: {world.name} has no figure '{name}'{hint(name, known)}")
    return chosen
