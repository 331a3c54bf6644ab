"""What is kept of one replication: counts by year, by who, and by specialty group and office, as dense arrays.

Sizes: R replications, Y reported years, M measures, K measures of `WHO_MEASURES`, W kinds of people (`Who`),
G specialty groups, O offices, I interventions of the world's mix. Counts are of the model, not yet put up to England;
money is England's.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.count_measures import Frame, measure_names
from pipeline_sim.records.event_log import Counts
from pipeline_sim.rules.codes import Stage
from pipeline_sim.world.schema.names import Names

if TYPE_CHECKING:
    import pandas as pd

Numbers = npt.NDArray[np.int64]
PATTERNS = ("full time", "less than full time")
STAGES = tuple(stage.name.lower().replace("_", " ") for stage in Stage)
STAGE, GROUP, OFFICE, REGION, PATTERN = "stage", "specialty group", "office", "region", "working pattern"
WHO_MEASURES = (
    "headcount", "wte", "extensions", "extensions_3", "extensions_10_2", "extension_days", "gap_carried_days",
    "carrying_gap", "ccts", "ccts_extended", "time_to_cct_days", "core_completions", "foundation_completions",
    "resigned", "released", "started", "accepted", "o1", "o2", "o3", "o6", "o10_1", "o10_2", "seats",
    "redeployed_weeks", "placements_unsupervised", "foundation_started_within_year",
)  # fmt: skip


class Summary(NamedTuple):
    """Counts of one replication of one world."""

    counts: Numbers  # [Y, M]
    who: Numbers  # [W, Y, K]
    cells: Numbers  # [G, O, K] all years together
    ledger: Numbers  # [I, years of the run, O + 1, 2] pence spent and unspent; the last office is the nation
    bought: Numbers  # [I] thousandths of a unit of each intervention of the mix


class Who(NamedTuple):
    """The kinds of people, in the order of the first axis of `Summary.who`."""

    by: tuple[str, ...]  # [W] what they are told apart by
    who: tuple[str, ...]  # [W]

    def place(self, by: str, who: str) -> int:
        """Where a kind stands."""
        return next(at for at, pair in enumerate(zip(self.by, self.who, strict=True)) if pair == (by, who))


def who_of(names: Names) -> Who:
    """All kinds of people of a world."""
    labels = {
        STAGE: STAGES,
        GROUP: names.group_names,
        OFFICE: names.office_names,
        REGION: regions(names),
        PATTERN: PATTERNS,
    }
    pairs = [(by, who) for by, found in labels.items() for who in found]
    return Who(tuple(by for by, _ in pairs), tuple(who for _, who in pairs))


def regions(names: Names) -> tuple[str, ...]:
    """NHS regions in the order in which offices first name them."""
    return tuple(dict.fromkeys(names.office_regions))


def summary_of(parts: Sequence[Counts], frame: Frame, names: Names) -> Summary:
    """The counts that an engine made as it went; warm-up is left out.

    Every count is looked at once: what is told by whom are sums over one dense table.
    """
    years, measures = len(frame.year_start) - 1, len(measure_names())
    table = np.zeros((years, measures), np.int64)
    shape = (years, len(WHO_MEASURES), len(PATTERNS), len(names.offices) + 1, len(frame.stage) + 1)
    places, cells, values = _places(), [], []
    for counts in parts:
        table += added((years, measures), (counts.year, counts.measure), counts.value)
        measure = places[counts.measure]
        kept = np.flatnonzero((measure >= 0) & (counts.year >= frame.warm_up_years))
        year, programme, office, pattern, _, _, value = (column[kept] for column in counts)
        cells.append(np.ravel_multi_index((year, measure[kept], pattern, office + 1, programme + 1), shape))
        values.append(value)
    dense = totals(shape, np.concatenate(cells), np.concatenate(values))[frame.warm_up_years :]
    group = one_hot(np.array(names.programme_groups), len(names.group_names))
    placed = (dense[..., 1:, 1:].sum(axis=(0, 2)) @ group).transpose(2, 1, 0)
    no_money = nothing(years, len(names.offices)), np.zeros(0, np.int64)
    who = _by_who(dense, group, frame, names)
    return Summary(table[frame.warm_up_years :], who, np.ascontiguousarray(placed), *no_money)


def nothing(years: int, offices: int) -> Numbers:
    """The ledger of a world without a mix."""
    return np.zeros((0, years, offices + 1, 2), np.int64)


def _by_who(dense: Numbers, group: Numbers, frame: Frame, names: Names) -> Numbers:
    """[W, Y, K] from counts by year, measure, pattern, office + 1 and programme + 1."""
    held = regions(names)
    region = np.array([held.index(each) for each in names.office_regions])
    everybody = dense.sum(axis=2)
    programmes, offices = everybody[..., 1:].sum(axis=2), everybody.sum(axis=3)[..., 1:]
    found = (
        programmes @ one_hot(frame.stage, len(STAGES)),
        programmes @ group,
        offices,
        offices @ one_hot(region, len(held)),
        dense[..., 1:].sum(axis=(3, 4)),
    )
    return np.ascontiguousarray(np.concatenate(found, axis=-1).transpose(2, 0, 1))


def one_hot(kinds: npt.NDArray[np.integer[Any]], size: int) -> Numbers:
    """[N, size] a 1 in each row, in the column of its kind."""
    return (kinds[:, None] == np.arange(size)).astype(np.int64)


def added(shape: tuple[int, ...], at: tuple[Numbers, ...], values: Numbers) -> Numbers:
    """An array of zeros to whose cells the values are added."""
    return totals(shape, np.ravel_multi_index(at, shape), values)


def totals(shape: tuple[int, ...], cell: npt.NDArray[np.intp], values: Numbers) -> Numbers:
    """The same, where cells are told by their place in the whole array."""
    sums = np.bincount(cell, weights=values, minlength=math.prod(shape))  # exact: all partial sums are below 2**53
    return sums.astype(np.int64).reshape(shape)


def _places() -> Numbers:
    """[M] place of every measure in `WHO_MEASURES`; -1 if it is not one."""
    return np.array([WHO_MEASURES.index(name) if name in WHO_MEASURES else -1 for name in measure_names()])


def counts_of(measures: "pd.DataFrame", frame: Frame) -> Counts:
    """The table of measures of one replication as an engine would have counted."""
    codes = {name: place for place, name in enumerate(measure_names())}

    def column(name: str) -> Numbers:
        return measures[name].to_numpy(np.int64)

    return Counts(
        year=column("year") - frame.first_year,
        programme=column("programme"),
        office=column("office"),
        pattern=column("pattern"),
        origin=column("origin"),
        measure=measures["measure"].map(codes).to_numpy(np.int64),
        value=column("value"),
    )


class Sample(NamedTuple):
    """All replications of a world."""

    counts: Numbers  # [R, Y, M]
    who: Numbers  # [R, W, Y, K]
    cells: Numbers  # [R, G, O, K]
    ledger: Numbers  # [R, I, years of the run, O + 1, 2]
    bought: Numbers  # [R, I]
