"""What is kept of one replication: counts by year, by who, and by specialty group and office, as dense arrays.

Sizes: R replications, Y reported years, M measures, K measures of `WHO_MEASURES`, W kinds of people (`Who`),
G specialty groups, O offices, I interventions of the world's mix. Counts are of the model, not yet put up to England;
money is England's.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.log import Counts
from pipeline_sim.records.measures import Frame, measure_names
from pipeline_sim.rules.codes import Stage
from pipeline_sim.world.names import Names

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
    """The counts that an engine made as it went; warm-up is left out."""
    joined = Counts(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    kept = joined.year >= frame.warm_up_years
    counts = Counts(*(column[kept] for column in joined))
    year, years = counts.year - frame.warm_up_years, len(frame.year_start) - 1 - frame.warm_up_years
    table = added((years, len(measure_names())), (year, counts.measure), counts.value)
    measure = _places()[counts.measure]
    chosen = measure >= 0
    counts, year, measure = Counts(*(column[chosen] for column in counts)), year[chosen], measure[chosen]
    who = _by_who(counts, year, measure, years, frame, names)
    group = np.append(np.array(names.programme_groups), -1)[counts.programme]
    placed = (group >= 0) & (counts.office >= 0)
    cells = added(
        (len(names.group_names), len(names.offices), len(WHO_MEASURES)),
        (group[placed], counts.office[placed], measure[placed]),
        counts.value[placed],
    )
    return Summary(table, who, cells, nothing(len(frame.year_start) - 1, len(names.offices)), np.zeros(0, np.int64))


def nothing(years: int, offices: int) -> Numbers:
    """The ledger of a world without a mix."""
    return np.zeros((0, years, offices + 1, 2), np.int64)


def _by_who(counts: Counts, year: Numbers, measure: Numbers, years: int, frame: Frame, names: Names) -> Numbers:
    """[W, Y, K]"""
    held = regions(names)
    region = np.array([held.index(each) for each in names.office_regions] + [-1])
    keys = (
        (len(STAGES), np.append(frame.stage, -1)[counts.programme]),
        (len(names.group_names), np.append(np.array(names.programme_groups), -1)[counts.programme]),
        (len(names.offices), counts.office),
        (len(held), region[counts.office]),
        (len(PATTERNS), np.where(counts.programme >= 0, counts.pattern, -1)),
    )
    tables = []
    for size, key in keys:
        known = key >= 0
        shape = (size, years, len(WHO_MEASURES))
        tables.append(added(shape, (key[known], year[known], measure[known]), counts.value[known]))
    return np.concatenate(tables)


def added(shape: tuple[int, ...], at: tuple[Numbers, ...], values: Numbers) -> Numbers:
    """An array of zeros to whose cells the values are added, exactly."""
    cell = np.ravel_multi_index(at, shape)
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
