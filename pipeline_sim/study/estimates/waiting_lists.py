"""Waiting list of every world by month and specialty group, beside that of the baseline."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.study.estimates.intervals import Estimate, level_and_interval, mean_and_interval
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.replication.mix_spending import listed_groups, reported_months
from pipeline_sim.study.replication.summary import WorldReplications
from pipeline_sim.world.schema.world import World

if TYPE_CHECKING:
    import pandas as pd

EVERYONE = "all"
COLUMNS = (
    *(f"{part}_{end}" for part in ("level", "difference") for end in Estimate._fields),
    *("pathways_added", "pathways_lost"),
)
DIFFERENCE = [f"difference_{end}" for end in Estimate._fields]


def waiting_lists(
    samples: Mapping[str, WorldReplications], world: World, baseline: str, draws: Draws
) -> "pd.DataFrame":
    """List at the end of a month, its difference from the baseline, and pathways that the mix added and lost so far.

    By world, group (and all together) and month; worlds without a list are left out. `world` is the baseline's.
    """
    import pandas as pd

    groups, months = (EVERYONE, *listed_groups(world)), list(reported_months(world).values())
    listed = {name: sample.waiting for name, sample in samples.items() if sample.waiting.shape[1] == len(groups) - 1}
    tables = {}
    if baseline in listed and len(groups) > 1:
        counts = {name: with_all(each.astype(np.float64)) for name, each in listed.items()}
        for name, table in counts.items():
            difference = table[..., 0] - counts[baseline][..., 0]
            so_far = np.tensordot(draws.weights, draws.means(table[..., 1:].cumsum(axis=2)), 1)
            parts = (
                *level_and_interval(table[..., 0], draws),
                *mean_and_interval(difference, draws),
                so_far[..., 0],
                so_far[..., 1],
            )
            index = pd.MultiIndex.from_product([groups, months], names=["group", "month"])
            tables[name] = pd.DataFrame(dict(zip(COLUMNS, (each.ravel() for each in parts), strict=True)), index=index)
    if not tables:
        index = pd.MultiIndex.from_product([[], [], []], names=["world", "group", "month"])
        return pd.DataFrame(columns=list(COLUMNS), index=index, dtype=np.float64)
    return pd.concat(tables, names=["world"])


def widest_month(waiting: "pd.DataFrame", mixes: Sequence[str]) -> str:
    """Month in which one of these mixes differs most from the baseline; the last one if none does."""
    tables = waiting.xs(EVERYONE, level="group")["difference_mean"]
    widest = tables[tables.index.isin(mixes, level="world")].abs().groupby("month").max()
    return str(widest.idxmax() if widest.max() > 0 else widest.index[-1])


def list_of(waiting: "pd.DataFrame", world: str, group: str = EVERYONE) -> "pd.DataFrame":
    """List of a world and group by month."""
    return waiting.xs((world, group), level=("world", "group"))


def change_of(waiting: "pd.DataFrame", world: str, month: str, group: str = EVERYONE) -> Estimate:
    """Difference of a list from the baseline's in a month."""
    return Estimate(*list_of(waiting, world, group).loc[month, DIFFERENCE])


def with_all(counts: np.ndarray) -> np.ndarray:
    """Counts [R, L, M, 3] with those of all groups together first [R, 1 + L, M, 3]."""
    return np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1)
