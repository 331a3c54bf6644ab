"""What a programme costs and what a pound of it buys back. What it bought are paired differences of the counts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.economics.budget import LedgerError, budget_pence, check_ledger, spent_pence, unspent_pence
from pipeline_sim.economics.costs import PENCE_PER_GBP, extension_costs
from pipeline_sim.study.compare import Estimate, Ratio, cost_per_gain, estimate
from pipeline_sim.study.errors import StudyError
from pipeline_sim.study.prepare import Assumed, world_of
from pipeline_sim.world.interventions import ledger
from pipeline_sim.world.population import Population, build_population
from pipeline_sim.world.schema import World
from pipeline_sim.world.spend import SpendRow

if TYPE_CHECKING:
    import pandas as pd


class Price(NamedTuple):
    """Money of one programme beside the baseline, pounds of the year in which they fall."""

    spent_gbp: float  # mean over replications, as are the pounds unspent
    unspent_gbp: float
    extension_saving_gbp: Estimate | None  # cost of extensions without the programme less with it
    per_extension_avoided_gbp: Ratio
    per_month_recovered_gbp: Ratio


def ledgers(replications: Sequence[Assumed]) -> list[list[SpendRow]]:
    """Money by year, office and intervention of every replication; ceilings bind by what it believes of prices."""
    if len(set(replications)) == 1:
        return [ledger_of(world_of(replications[0]))] * len(replications)
    population = build_population(world_of(replications[0]))  # effects and prices move nobody
    return [ledger_of(world_of(each), population) for each in replications]


def ledger_of(world: World, population: Population | None = None) -> list[SpendRow]:
    """Money by year, office and intervention; StudyError if it does not add up to the budget."""
    rows = ledger(world, population)
    try:
        check_ledger(rows, budget_pence(world.mix))
    except LedgerError as error:
        raise StudyError(f"{world.name}: {error}") from None
    return rows


def price(
    spending: Sequence[list[SpendRow]],
    totals: Mapping[str, "pd.DataFrame"],
    costs: Mapping[str, "pd.Series"],
    programme: str,
    baseline: str,
) -> Price:
    """Price of a programme; spending, totals and costs have an entry or row a replication."""
    spent = np.array([spent_pence(rows) for rows in spending]) / PENCE_PER_GBP
    unspent = np.array([unspent_pence(rows) for rows in spending]) / PENCE_PER_GBP
    gained = totals[baseline] - totals[programme]
    priced = programme in costs and baseline in costs
    saving = estimate((costs[baseline] - costs[programme]).to_numpy()) if priced else None
    return Price(
        float(spent.mean()),
        float(unspent.mean()),
        saving,
        cost_per_gain(spent, gained["extensions"].to_numpy()),
        cost_per_gain(spent, gained["months_short"].to_numpy()),
    )


def extension_cost_gbp(world: World, measures: "pd.DataFrame", scale: float) -> "pd.Series | None":
    """Cost of all extensions by replication, put up to the whole world; none where the world has no prices."""
    if world.costs is None:
        return None
    replications = measures["replication"].unique()
    pence = extension_costs(world.costs, measures).groupby("replication")["pence"].sum()
    return pence.reindex(replications, fill_value=0).sort_index() / (PENCE_PER_GBP * scale)
