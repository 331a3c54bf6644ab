"""Cost of a programme and cost per unit gained; gains are paired differences of the counts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_YEAR
from pipeline_sim.economics.valuation import (
    CCT_STAGES,
    Years,
    discounted_pence,
    extension_cost_pence,
    lost_years_pence,
    typical_nodal,
    wte_months,
)
from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.estimates.intervals import Estimate, Ratio, estimate, ratio
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.replication.mix_spending import bought_names
from pipeline_sim.study.replication.summary import (
    STAGE,
    STAGES,
    SUBGROUP_MEASURES,
    Numbers,
    Subgroups,
    WorldReplications,
)
from pipeline_sim.world.interventions.spending import NATIONAL, PENCE_PER_GBP, SpendRow
from pipeline_sim.world.schema.costs import CostsSection
from pipeline_sim.world.schema.world import World

if TYPE_CHECKING:
    import pandas as pd


RATIOS = {"extensions": "per_extension_avoided_gbp", "months_short": "per_month_recovered_gbp"}  # of a Price, by gain


class Price(NamedTuple):
    """Money of one programme beside the baseline, pounds of the year in which they fall unless stated otherwise."""

    spent_gbp: float  # mean over draws, as are the pounds unspent
    unspent_gbp: float
    extension_saving_gbp: Estimate | None  # cost of extensions without the programme less with it
    net_budget_gbp: Estimate | None  # spent less saved on extensions: net cost to the training budget
    net_system_gbp: Estimate | None  # less the value of earlier CCTs, discounted to the base year
    per_extension_avoided_gbp: Ratio  # gross: what is spent, with nothing taken off for savings
    per_month_recovered_gbp: Ratio  # gross; also what a month would have to be worth for the mix to pay for itself
    net_per_month_gbp: Ratio | None  # net cost to the training budget: a month of extension is saving and effect


class WorldCosts(NamedTuple):
    """Costs of one world, pounds, by replication [R]; scaled up to England."""

    spent: Reals
    unspent: Reals
    covered: Reals  # of what was spent, paid for extensions, whose cost is counted below
    extensions: Reals
    discounted: Reals  # spent, extensions and CCTs put off, in money of the base year; what covers extensions once


def ledgers(sample: WorldReplications, world: World, draws: Draws) -> list[list[SpendRow]]:
    """Ledger rows of every draw: money by year, office and intervention."""
    names, offices = bought_names(world), [office.id for office in world.offices]
    return [rows_of(table, names, world.dates.training_years, offices) for table in sample.ledger[draws.starts]]


def rows_of(table: Numbers, names: Sequence[str], years: Sequence[int], offices: Sequence[str]) -> list[SpendRow]:
    """Ledger rows from a table [I, years, O + 1, 2]; those without money are left out."""
    return [
        SpendRow(years[year], [*offices, NATIONAL][office], names[place], *table[place, year, office].tolist())
        for place, year, office in np.argwhere(table.any(axis=-1)).tolist()
    ]


def world_costs(
    costs: Sequence[CostsSection | None],
    paying: frozenset[str],
    spending: Sequence[list[SpendRow]],
    days: Reals,
    years: Sequence[int],
    draws: Draws,
) -> WorldCosts | None:
    """Costs of a world, at the prices and with the spending of each draw; None where there are no prices.

    paying: interventions that cover extensions; days: [R, stages, Y] whole-time days of extension, of England.
    """
    if any(prices is None for prices in costs):
        return None
    known = [prices for prices in costs if prices is not None]
    rows = [_money(known[d], paying, spending[d], given, years) for d, given in zip(draws.of, days, strict=True)]
    return WorldCosts(*(np.array(column, dtype=np.float64) / PENCE_PER_GBP for column in zip(*rows, strict=True)))


def payments(world: World) -> frozenset[str]:
    """Interventions that pay for months of extension and do nothing else: payments without a price of their own."""
    catalogue = world.interventions
    entries = catalogue.payments.items() if catalogue is not None else ()
    return frozenset(name for name, entry in entries if entry.unit_cost is None)


def extension_days(sample: WorldReplications, subgroups: Subgroups) -> Reals:
    """Whole-time days of extension [R, stages, Y]."""
    positions = [subgroups.position(STAGE, stage) for stage in STAGES]
    return sample.by_subgroup[:, positions][..., SUBGROUP_MEASURES.index("extension_days")].astype(np.float64)


def _money(
    costs: CostsSection, paying: frozenset[str], spending: list[SpendRow], days: Reals, years: Sequence[int]
) -> tuple[int, int, int, int, int]:
    """Costs of one replication, pence; days: [stages, Y]."""
    spent = sum(row.spent_pence for row in spending)
    unspent = sum(row.unspent_pence for row in spending)
    covering = [row for row in spending if row.intervention in paying]
    covered = sum(row.spent_pence for row in covering)
    extensions = discounted = 0
    for index, year in enumerate(years):
        pence = sum(
            extension_cost_pence(costs, wte_months(days[stage, index]), year, typical_nodal(costs, stage))
            for stage in Stage
        )
        extensions += pence
        late = lost_years_pence(costs, years_put_off(days[:, index]))
        discounted += discounted_pence(costs, pence + late, year)
    discounted += sum(discounted_pence(costs, row.spent_pence, row.year) for row in spending)
    discounted -= sum(discounted_pence(costs, row.spent_pence, row.year) for row in covering)
    return spent, unspent, covered, extensions, discounted


def years_put_off(days: Reals) -> Years:
    """Years by which a year's extensions delay CCTs; days by stage."""
    gp = float(days[Stage.GP])
    return Years((float(sum(days[stage] for stage in CCT_STAGES)) - gp) / DAYS_PER_YEAR, gp / DAYS_PER_YEAR)


def net_budget(world: WorldCosts, base: WorldCosts) -> Reals:
    """Net cost [R] to the training budget beside the baseline, pounds."""
    return (world.spent - world.covered + world.extensions) - (base.spent - base.covered + base.extensions)


def price(programme: WorldCosts, base: WorldCosts, gained: "pd.DataFrame", draws: Draws) -> Price:
    """Price of a programme; `gained` are the baseline's indicators less the programme's, a row a replication.

    A unit gained costs what is spent more than in the baseline, which may have a mix itself.
    """
    more, net, months = programme.spent - base.spent, net_budget(programme, base), gained["months_short"].to_numpy()
    return Price(
        float(draws.weights @ draws.means(programme.spent)),
        float(draws.weights @ draws.means(programme.unspent)),
        estimate(base.extensions - programme.extensions, draws),
        estimate(net, draws),
        estimate(programme.discounted - base.discounted, draws),
        ratio(more, gained["extensions"].to_numpy(), draws),
        ratio(more, months, draws),
        ratio(net, months, draws),
    )


def price_without_costs(
    spending: Sequence[list[SpendRow]], base: Sequence[list[SpendRow]], gained: "pd.DataFrame", draws: Draws
) -> Price:
    """Price of a programme in a study whose worlds have no prices of time; `base` is what its baseline spends."""
    spent, instead = (
        np.array([sum(row.spent_pence for row in rows) for rows in each]) / PENCE_PER_GBP for each in (spending, base)
    )
    unspent = np.array([sum(row.unspent_pence for row in rows) for rows in spending]) / PENCE_PER_GBP
    each, month = (ratio((spent - instead)[draws.of], gained[name].to_numpy(), draws) for name in RATIOS)
    return Price(float(draws.weights @ spent), float(draws.weights @ unspent), None, None, None, each, month, None)


def spending_table(spending: Mapping[str, Sequence[list[SpendRow]]]) -> "pd.DataFrame":
    """Mean pounds over draws by world, year, office, intervention: columns spent_gbp, unspent_gbp."""
    import pandas as pd

    keys = ["world", "year", "office", "intervention"]
    rows = [
        (world, row.year, row.office, row.intervention, row.spent_pence, row.unspent_pence)
        for world, draws in spending.items()
        for ledger in draws
        for row in ledger
    ]
    columns = ["spent_gbp", "unspent_gbp"]
    table = pd.DataFrame(rows, columns=[*keys, *columns])
    draws_made = table["world"].map({world: len(draws) for world, draws in spending.items()})
    table[columns] = table[columns].div(draws_made * PENCE_PER_GBP, axis=0)
    return table.groupby(keys, sort=False).sum()
