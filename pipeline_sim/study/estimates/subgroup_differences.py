"""Who gains: paired differences by subgroup of doctors, see `Subgroups`, and by specialty group and office."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_MONTH
from pipeline_sim.study.estimates.intervals import Estimate, level_and_interval, mean_and_interval
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.replication.summary import (
    CELL_MEASURES,
    SUBGROUP_MEASURES,
    Numbers,
    Subgroups,
    WorldReplications,
    cells_of,
    one_hot,
)
from pipeline_sim.world.schema.names import Names

if TYPE_CHECKING:
    import pandas as pd

INDICATORS = ("extensions", "extension_months", "mean_backlog", "ccts", "ccts_on_time", "headcount")


class _Keys(NamedTuple):
    """Labels of the second axis of a table of amounts, in two columns."""

    names: tuple[str, str]
    first: Sequence[str]
    second: Sequence[str]


def subgroup_differences(
    samples: Mapping[str, WorldReplications], baseline: str, subgroups: Subgroups, scale: float, draws: Draws
) -> "pd.DataFrame":
    """World less baseline by world, by, who, indicator; all reported years, backlog and headcount as means of them."""
    tables = {name: _by_subgroup(sample) / scale for name, sample in samples.items()}
    return _differences(tables, baseline, _Keys(("by", "who"), *subgroups), draws)


def subgroup_levels(sample: WorldReplications, subgroups: Subgroups, scale: float, draws: Draws) -> "pd.DataFrame":
    """Indicators of one world by by, who, indicator; all reported years, backlog and headcount as means of them."""
    return _long(_by_subgroup(sample) / scale, _Keys(("by", "who"), *subgroups), draws, level_and_interval)


def group_office_differences(
    samples: Mapping[str, WorldReplications], baseline: str, names: Names, scale: float, draws: Draws
) -> "pd.DataFrame":
    """World less baseline by world, group, office, indicator."""
    tables = {name: _by_group_and_office(sample, names) / scale for name, sample in samples.items()}
    return _differences(tables, baseline, _group_office_keys(names), draws)


def group_office_levels(sample: WorldReplications, names: Names, scale: float, draws: Draws) -> "pd.DataFrame":
    """Indicators of one world by group, office, indicator."""
    return _long(_by_group_and_office(sample, names) / scale, _group_office_keys(names), draws, level_and_interval)


def _group_office_keys(names: Names) -> _Keys:
    pairs = [(group, office) for group in names.group_names for office in names.office_names]
    return _Keys(("group", "office"), [group for group, _ in pairs], [office for _, office in pairs])


def _by_subgroup(sample: WorldReplications) -> Reals:
    return _amounts(sample.by_subgroup.swapaxes(1, 2), SUBGROUP_MEASURES)


def _by_group_and_office(sample: WorldReplications, names: Names) -> Reals:
    groups = one_hot(np.array([names.group_names.index(group) for _, group in cells_of(names)]), len(names.group_names))
    table = np.tensordot(sample.by_cell.transpose(0, 3, 2, 4, 1), groups, 1).transpose(0, 1, 4, 2, 3)  # [R, Y, G, O, Q]
    return _amounts(table.reshape(*table.shape[:2], -1, table.shape[-1]), CELL_MEASURES)


def _amounts(counts: Numbers, measures: Sequence[str]) -> Reals:
    """[R, W, indicators] from counts [R, Y, W, measures]."""
    sums, years = counts.sum(axis=1).astype(np.float64), counts.shape[1]

    def of(measure: str) -> Reals:
        return np.asarray(sums[..., measures.index(measure)])

    return np.stack(
        [
            of("extensions"),
            of("extension_days") / DAYS_PER_MONTH,
            of("gap_carried_days") / DAYS_PER_MONTH / years,
            of("ccts"),
            of("ccts") - of("ccts_extended"),
            of("headcount") / years,
        ],
        axis=-1,
    )


def _differences(tables: Mapping[str, Reals], baseline: str, keys: _Keys, draws: Draws) -> "pd.DataFrame":
    import pandas as pd

    base = tables[baseline]
    differences = {name: _long(table - base, keys, draws) for name, table in tables.items() if name != baseline}
    if not differences:
        return pd.concat({baseline: _long(base, keys, draws)}, names=["world"]).iloc[:0]
    return pd.concat(differences, names=["world"])


def _long(
    values: Reals, keys: _Keys, draws: Draws, find: Callable[..., tuple[Reals, ...]] = mean_and_interval
) -> "pd.DataFrame":
    """Estimates over the first axis of values [R, W, indicators], a row for each of the others."""
    import pandas as pd

    pairs = list(zip(keys.first, keys.second, strict=True))
    rows = [(*pair, indicator) for pair in pairs for indicator in INDICATORS]
    index = pd.MultiIndex.from_tuples(rows, names=[*keys.names, "indicator"])
    columns = (column.ravel() for column in find(values, draws))
    return pd.DataFrame(dict(zip(Estimate._fields, columns, strict=True)), index=index)
