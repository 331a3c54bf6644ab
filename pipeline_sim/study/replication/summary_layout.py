"""A summary as one row of numbers, and what each of them is: the form in which summaries are kept."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.files.replication_block import Cells, Keys, Values
from pipeline_sim.study.replication.mix_spending import bought_names
from pipeline_sim.study.replication.summary import WHO_MEASURES, Sample, Summary, who_of
from pipeline_sim.world.interventions.spending import NATIONAL
from pipeline_sim.world.schema.names import Names, names_of
from pipeline_sim.world.schema.world import World

ALL, CELL, MONEY, UNITS = "all", "specialty group and office", "intervention and office", "intervention"
PENCE = ("spent_pence", "unspent_pence")
BOUGHT = "bought_thousandths"
UNIT_BY_ENDING = {
    "_days": "days", "_days_3": "days", "_days_10_2": "days", "_days_late": "days", "_weeks": "weeks",
    "_pence": "pence, of England", "_thousandths": "thousandths", "wte": "hundredths of a whole-time doctor",
}  # fmt: skip
COUNT = "count"
Shape = tuple[int, ...]


class Layout(NamedTuple):
    """How the summaries of a world are laid out in a row."""

    shapes: tuple[Shape, ...]  # of the fields of a Summary
    cells: Cells

    @property
    def width(self) -> int:
        """Numbers in a row."""
        return len(self.cells.year)


class Axes(NamedTuple):
    """Cells of one field of a summary: what is said of each, all in the same order."""

    by: list[str]
    who: list[str]
    office: list[str]  # empty: all
    year: list[int]  # -1: all
    measure: list[str]


def layout_of(world: World) -> Layout:
    """The layout of a world; the same for every draw of its figures."""
    names = names_of(world)
    years, all_years = names.years[names.reported_from :], names.years
    bought, offices = bought_names(world), len(names.offices)
    shapes = (
        (len(years), len(measure_names())),
        (len(who_of(names).who), len(years), len(WHO_MEASURES)),
        (len(names.group_names), offices, len(WHO_MEASURES)),
        (len(bought), len(all_years), offices + 1, len(PENCE)),
        (len(bought),),
    )
    parts = (_counts(years), _who(names, years), _cells(names), _money(bought, names), _bought(bought))
    by, who, office, measure = (
        keys([label for part in parts for label in getattr(part, name)]) for name in ("by", "who", "office", "measure")
    )
    year = np.array([year for part in parts for year in part.year], np.int16)
    return Layout(shapes, Cells(by, who, office, year, measure))


def keys(labels: Sequence[str]) -> Keys:
    """A column as codes of its labels; an empty label is none."""
    known = tuple(dict.fromkeys(label for label in labels if label))
    places = {label: place for place, label in enumerate(known)} | {"": -1}
    return Keys(known, np.array([places[label] for label in labels], np.int32))


def _counts(years: Sequence[int]) -> Axes:
    rows = [(year, measure) for year in years for measure in measure_names()]
    return Axes(
        [ALL] * len(rows), [ALL] * len(rows), [""] * len(rows), [year for year, _ in rows], [name for _, name in rows]
    )


def _who(names: Names, years: Sequence[int]) -> Axes:
    pairs = zip(*who_of(names), strict=True)
    rows = [(by, who, year, measure) for by, who in pairs for year in years for measure in WHO_MEASURES]
    by, who, year, measure = (list(column) for column in zip(*rows, strict=True))
    return Axes(by, who, [""] * len(rows), year, measure)


def _cells(names: Names) -> Axes:
    places = [(group, office) for group in names.group_names for office in names.office_names]
    rows = [(group, office, measure) for group, office in places for measure in WHO_MEASURES]
    group, office, measure = (list(column) for column in zip(*rows, strict=True))
    return Axes([CELL] * len(rows), group, office, [-1] * len(rows), measure)


def _money(bought: Sequence[str], names: Names) -> Axes:
    places = [(name, year) for name in bought for year in names.years]
    offices = [*names.office_names, NATIONAL]
    rows = [(name, year, office, pence) for name, year in places for office in offices for pence in PENCE]
    return Axes(
        [MONEY] * len(rows), [row[0] for row in rows], [row[2] for row in rows], [row[1] for row in rows],
        [row[3] for row in rows],
    )  # fmt: skip


def _bought(bought: Sequence[str]) -> Axes:
    count = len(bought)
    return Axes([UNITS] * count, list(bought), [""] * count, [-1] * count, [BOUGHT] * count)


def flat(summary: Summary) -> npt.NDArray[np.int64]:
    """[C] all numbers of a summary."""
    return np.concatenate([array.ravel() for array in summary])


def sample_from(rows: Values, shapes: Sequence[Shape]) -> Sample:
    """Summaries of a world, [R, C], as what they are."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(rows, ends[:-1], axis=1)
    return Sample(*(part.reshape(len(rows), *shape) for part, shape in zip(parts, shapes, strict=True)))


def units() -> dict[str, str]:
    """Unit of every measure."""
    return {name: _unit(name) for name in (*measure_names(), *PENCE, BOUGHT)}


def _unit(name: str) -> str:
    return next((unit for ending, unit in UNIT_BY_ENDING.items() if name.endswith(ending)), COUNT)
