"""Summary of one replication: counts by year, by subgroup, and by specialty group and office, as dense arrays.

Sizes: R replications, Y reported years, M measures, K measures of `SUBGROUP_MEASURES`, W subgroups (`Subgroups`),
C pairs of a stage and a specialty group (`cells_of`), Q measures of `CELL_MEASURES`, P programmes, N measures of
`PROGRAMME_MEASURES`, O offices, I interventions of the world's mix. Counts are of the model, not yet scaled up to
England; money is England's.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.count_measures import MeasureAxes, measure_names
from pipeline_sim.records.event_log import Counts, PeopleCounts
from pipeline_sim.rules.codes import Origin, Stage
from pipeline_sim.rules.people import GROUPS_OF_PEOPLE, LAST_BAND, SECOND_BAND
from pipeline_sim.world.schema.names import Names

Numbers = npt.NDArray[np.int64]
PATTERNS = ("full time", "less than full time")
STAGES = tuple(stage.name.lower().replace("_", " ") for stage in Stage)
SEXES = ("men", "women")
AGES = (f"under {SECOND_BAND}", f"{SECOND_BAND} to {LAST_BAND - 1}", f"{LAST_BAND} and over")
PLACES = ("United Kingdom", "European Economic Area", "elsewhere")
STAGE, GROUP, OFFICE, REGION, PATTERN = "stage", "specialty group", "office", "region", "working pattern"
SEX, AGE, PLACE = "sex", "age at entry", "place of qualification"
SUBGROUP_MEASURES = (
    "headcount", "wte", "extensions", "extensions_3", "extensions_10_2", "extension_days", "gap_carried_days",
    "carrying_gap", "ccts", "ccts_extended", "time_to_cct_days", "core_completions", "foundation_completions",
    "resigned", "released", "started", "accepted", "o1", "o2", "o3", "o6", "o10_1", "o10_2", "seats",
    "redeployed_weeks", "placements_unsupervised", "foundation_started_within_year",
)  # fmt: skip
PROGRAMME_MEASURES = ("headcount", "started", "foundation_completions", "core_completions", "ccts")

CELL_MEASURES = ("headcount", "extensions", "extension_days", "gap_carried_days", "ccts", "ccts_extended")


class Summary(NamedTuple):
    """Counts of one replication of one world."""

    counts: Numbers  # [Y, M]
    by_subgroup: Numbers  # [W, Y, K]
    by_cell: Numbers  # [C, O, Y, Q] by stage and specialty group (`cells_of`), office and year
    by_programme: Numbers  # [P, Y, N]
    ledger: Numbers  # [I, years of the run, O + 1, 2] pence spent and unspent; the last office is the nation
    bought: Numbers  # [I] thousandths of a unit of each intervention of the mix
    waiting: Numbers  # [L, reported months, 3] waiting list of England by group: waiting, pathways added and lost


class Subgroups(NamedTuple):
    """Subgroups of doctors, in the order of the first axis of `Summary.by_subgroup`."""

    by: tuple[str, ...]  # [W] the characteristic: stage, office and so on
    who: tuple[str, ...]  # [W] its value

    def position(self, by: str, who: str) -> int:
        """Index of a subgroup on the axis."""
        return list(zip(self.by, self.who, strict=True)).index((by, who))


def subgroups_of(names: Names) -> Subgroups:
    """Subgroups of a world."""
    values = {
        STAGE: STAGES,
        GROUP: names.group_names,
        OFFICE: names.office_names,
        REGION: regions(names),
        PATTERN: PATTERNS,
        SEX: SEXES,
        AGE: AGES,
        PLACE: PLACES,
    }
    pairs = [(by, who) for by, kinds in values.items() for who in kinds]
    return Subgroups(tuple(by for by, _ in pairs), tuple(who for _, who in pairs))


def cells_of(names: Names) -> tuple[tuple[str, str], ...]:
    """Stage and specialty group of every pair that has a programme."""
    pairs = set(zip(programme_stages(names), names.programme_groups, strict=True))
    return tuple((STAGES[stage], names.group_names[group]) for stage, group in sorted(pairs))


def programme_cells(names: Names) -> list[int]:
    """Index in `cells_of` of every programme."""
    known, stages = cells_of(names), programme_stages(names)
    groups = (names.group_names[group] for group in names.programme_groups)
    return [known.index((STAGES[stage], group)) for stage, group in zip(stages, groups, strict=True)]


def programme_stages(names: Names) -> list[int]:
    """Index in `STAGES` of the stage of every programme."""
    return [STAGES.index(stage.replace("-", " ")) for stage in names.programme_stages]


def labels_of_codes(names: Names) -> dict[str, tuple[str, ...]]:
    """Texts of the codes in a table of measures, by column."""
    origins = tuple(origin.name.lower().replace("_", " ") for origin in Origin)
    places = {"programme": names.programme_names, "office": names.office_names}
    return {**places, "stage": STAGES, "pattern": PATTERNS, "origin": origins}


def regions(names: Names) -> tuple[str, ...]:
    """NHS regions in the order in which offices first name them."""
    return tuple(dict.fromkeys(names.office_regions))


def summary_of(
    parts: Sequence[Counts], frame: MeasureAxes, names: Names, people: Sequence[PeopleCounts] = ()
) -> Summary:
    """Summary of the counts that an engine made as it went, without the warm-up and without money.

    Every count is read once: counts by subgroup are sums over one dense table, those of groups of people over another.
    """
    years, measures = len(frame.year_start) - 1, len(measure_names())
    table = np.zeros((years, measures), np.int64)
    shape = (years, len(SUBGROUP_MEASURES), len(PATTERNS), len(names.offices) + 1, len(frame.stage) + 1)
    positions, cells, values = _subgroup_measure_positions(), [], []
    for counts in parts:
        table += add_at((years, measures), (counts.year, counts.measure), counts.value)
        measure = positions[counts.measure]
        reported = np.flatnonzero((measure >= 0) & (counts.year >= frame.warm_up_years))
        year, programme, office, pattern, _, _, value = (column[reported] for column in counts)
        cells.append(np.ravel_multi_index((year, measure[reported], pattern, office + 1, programme + 1), shape))
        values.append(value)
    dense = totals(shape, np.concatenate(cells), np.concatenate(values))[frame.warm_up_years :]
    group = one_hot(np.array(names.programme_groups), len(names.group_names))
    kept = [SUBGROUP_MEASURES.index(name) for name in CELL_MEASURES]
    cell = one_hot(np.array(programme_cells(names)), len(cells_of(names)))
    by_cell = (dense[:, kept, :, 1:, 1:].sum(axis=2) @ cell).transpose(3, 2, 0, 1)
    kept = [SUBGROUP_MEASURES.index(name) for name in PROGRAMME_MEASURES]
    by_programme = dense[:, kept, :, :, 1:].sum(axis=(2, 3))
    return Summary(
        table[frame.warm_up_years :],
        np.concatenate([_by_subgroup(dense, group, frame, names), _by_people(people, frame)]),
        np.ascontiguousarray(by_cell),
        np.ascontiguousarray(by_programme.transpose(2, 0, 1)),
        np.zeros((0, years, len(names.offices) + 1, 2), np.int64),
        np.zeros(0, np.int64),
        np.zeros((0, 0, 3), np.int64),
    )


def _by_subgroup(dense: Numbers, group: Numbers, frame: MeasureAxes, names: Names) -> Numbers:
    """[W, Y, K] from counts by year, measure, pattern, office + 1 and programme + 1."""
    kinds = regions(names)
    region = np.array([kinds.index(name) for name in names.office_regions])
    everybody = dense.sum(axis=2)
    programmes, offices = everybody[..., 1:].sum(axis=2), everybody.sum(axis=3)[..., 1:]
    parts = (
        programmes @ one_hot(frame.stage, len(STAGES)),
        programmes @ group,
        offices,
        offices @ one_hot(region, len(kinds)),
        dense[..., 1:].sum(axis=(3, 4)),
    )
    return np.ascontiguousarray(np.concatenate(parts, axis=-1).transpose(2, 0, 1))


def _by_people(parts: Sequence[PeopleCounts], frame: MeasureAxes) -> Numbers:
    """[W, Y, K] of sexes, age bands and places of qualification, from counts by group of people."""
    years, positions = len(frame.year_start) - 1, _subgroup_measure_positions()
    table = np.zeros((len(PLACES), len(SEXES), len(AGES), years, len(SUBGROUP_MEASURES)), np.int64)
    flat = table.reshape(GROUPS_OF_PEOPLE, years, len(SUBGROUP_MEASURES))
    for counts in parts:
        measure = positions[counts.measure]
        kept = measure >= 0
        flat += add_at(flat.shape, (counts.people[kept], counts.year[kept], measure[kept]), counts.value[kept])
    table = table[:, :, :, frame.warm_up_years :]
    return np.concatenate([table.sum(axis=(0, 2)), table.sum(axis=(0, 1)), table.sum(axis=(1, 2))])


def one_hot(kinds: npt.NDArray[np.integer[Any]], size: int) -> Numbers:
    """One-hot coding [N, size]: a 1 in each row, in the column of its kind."""
    return (kinds[:, None] == np.arange(size)).astype(np.int64)


def add_at(shape: tuple[int, ...], at: tuple[Numbers, ...], values: Numbers) -> Numbers:
    """Sums of values by cell, the cells given by their indices on each axis."""
    return totals(shape, np.ravel_multi_index(at, shape), values)


def totals(shape: tuple[int, ...], cell: npt.NDArray[np.intp], values: Numbers) -> Numbers:
    """Sums of values by cell, the cells given by their index in the flattened array."""
    sums = np.bincount(cell, weights=values, minlength=math.prod(shape))  # exact: all partial sums are below 2**53
    return sums.astype(np.int64).reshape(shape)


def _subgroup_measure_positions() -> Numbers:
    """[M] index of every measure in `SUBGROUP_MEASURES`; -1 if it is not one."""
    names = measure_names()
    return np.array([SUBGROUP_MEASURES.index(name) if name in SUBGROUP_MEASURES else -1 for name in names])


class WorldReplications(NamedTuple):
    """Summaries of all replications of a world."""

    counts: Numbers  # [R, Y, M]
    by_subgroup: Numbers  # [R, W, Y, K]
    by_cell: Numbers  # [R, C, O, Y, Q]
    by_programme: Numbers  # [R, P, Y, N]
    ledger: Numbers  # [R, I, years of the run, O + 1, 2]
    bought: Numbers  # [R, I]
    waiting: Numbers  # [R, L, reported months, 3]
