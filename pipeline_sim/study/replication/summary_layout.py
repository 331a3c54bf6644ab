"""Layout of a summary as one row of numbers, the form in which it is stored, with the keys of each number."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.files.replication_block import Cells, LabelColumn, Values
from pipeline_sim.records.measure_catalogue import MEASURE_CATALOGUE
from pipeline_sim.study.replication.mix_spending import LIST_COUNTS, bought_names, listed_groups, reported_months
from pipeline_sim.study.replication.summary import (
    CELL_MEASURES,
    PROGRAMME_MEASURES,
    SUBGROUP_MEASURES,
    Summary,
    WorldReplications,
    cells_of,
    subgroups_of,
)
from pipeline_sim.world.interventions.spending import NATIONAL
from pipeline_sim.world.schema.names import Names, names_of
from pipeline_sim.world.schema.world import World

ALL, CELL, MONEY, UNITS = "all", "stage and specialty group", "intervention and office", "intervention"
PROGRAMME = "programme"
PENCE = ("spent_pence", "unspent_pence")
BOUGHT = "bought_thousandths"
WAITING = "waiting list"  # and the month
MIX_UNITS = {
    **dict.fromkeys(PENCE, "pence, of England"),
    BOUGHT: "thousandths",
    **dict.fromkeys(LIST_COUNTS, "pathways, of England"),
}
Shape = tuple[int, ...]


class Layout(NamedTuple):
    """Order of the numbers of a summary in a row."""

    shapes: tuple[Shape, ...]  # of the fields of a Summary
    cells: Cells

    @property
    def width(self) -> int:
        """Numbers in a row."""
        return len(self.cells.year)


def layout_of(world: World) -> Layout:
    """Layout of a world's summaries; independent of the draw of its parameters."""
    months = tuple(reported_months(world).values())
    return _layout(names_of(world), tuple(bought_names(world)), listed_groups(world), months)


@lru_cache(maxsize=64)
def _layout(names: Names, mix: tuple[str, ...], listed: tuple[str, ...], months: tuple[str, ...]) -> Layout:
    years, offices = names.years[names.reported_from :], len(names.offices)
    shapes = (
        (len(years), len(measure_names())),
        (len(subgroups_of(names).who), len(years), len(SUBGROUP_MEASURES)),
        (len(cells_of(names)), offices, len(years), len(CELL_MEASURES)),
        (len(names.programmes), len(years), len(PROGRAMME_MEASURES)),
        (len(mix), len(names.years), offices + 1, len(PENCE)),
        (len(mix),),
        (len(listed), len(months), len(LIST_COUNTS)),
    )
    keys = [*_keys(names, mix), *_list_keys(listed, months)]
    by, who, office, year, measure = zip(*keys, strict=True)
    return Layout(shapes, Cells(labels(by), labels(who), labels(office), np.array(year, np.int16), labels(measure)))


def _keys(names: Names, mix: Sequence[str]) -> Iterator[tuple[str, str, str, int, str]]:
    """by, who, office (empty: all), year (-1: all) and measure of every number, field by field of a Summary."""
    years, offices = names.years[names.reported_from :], [*names.office_names, NATIONAL]
    yield from ((ALL, ALL, "", year, measure) for year, measure in product(years, measure_names()))
    subgroups = zip(*subgroups_of(names), strict=True)
    yield from ((*subgroup, "", year, name) for subgroup, year, name in product(subgroups, years, SUBGROUP_MEASURES))
    cells = product(cells_of(names), names.office_names, years, CELL_MEASURES)
    yield from ((CELL, ": ".join(cell), office, year, measure) for cell, office, year, measure in cells)
    programmes = product(names.programme_names, years, PROGRAMME_MEASURES)
    yield from ((PROGRAMME, programme, "", year, measure) for programme, year, measure in programmes)
    money = product(mix, names.years, offices, PENCE)
    yield from ((MONEY, name, office, year, pence) for name, year, office, pence in money)
    yield from ((UNITS, name, "", -1, BOUGHT) for name in mix)


def _list_keys(listed: Sequence[str], months: Sequence[str]) -> Iterator[tuple[str, str, str, int, str]]:
    """As `_keys`, of the waiting list: the month is part of `by`, its calendar year is the year."""
    yield from (
        (f"{WAITING} {month}", group, "", int(month[:4]), name)
        for group, month, name in product(listed, months, LIST_COUNTS)
    )


def labels(texts: Sequence[str]) -> LabelColumn:
    """Dictionary-coded column of labels; an empty label is coded -1."""
    known = tuple(dict.fromkeys(filter(None, texts)))
    codes = {label: code for code, label in enumerate(known)} | {"": -1}
    return LabelColumn(known, np.array([codes[text] for text in texts], np.int32))


def to_row(summary: Summary) -> npt.NDArray[np.int64]:
    """Row [C] of all numbers of a summary."""
    return np.concatenate([array.ravel() for array in summary])


def from_rows(rows: Values, shapes: Sequence[Shape]) -> WorldReplications:
    """Replications of a world from their rows [R, C]."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(rows, ends[:-1], axis=1)
    return WorldReplications(*(part.reshape(len(rows), *shape) for part, shape in zip(parts, shapes, strict=True)))


def units() -> dict[str, str]:
    """Unit of every stored measure, as the catalogue of measures states it."""
    return {name: measure.unit for name, measure in MEASURE_CATALOGUE.items()} | MIX_UNITS
