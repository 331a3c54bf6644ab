"""What each mix gains in every scenario, that without COVID included, and how much of COVID's harm that makes good."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline_sim.study.comparison.scenarios import ScenarioMix, Scenarios, programmes_of, without_covid
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.cost_effectiveness import Price, WorldCosts, price, price_without_costs
from pipeline_sim.study.estimates.harm_undone import harm_table, with_all_years
from pipeline_sim.study.estimates.indicators import indicators_by_year
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.estimates.scenario_gains import ScenarioGain, scenario_table
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.world.interventions.spending import SpendRow

if TYPE_CHECKING:
    import pandas as pd

RATIOS = {"extensions": "per_extension_avoided_gbp", "months_short": "per_month_recovered_gbp"}  # by headline


def harm_of(
    study: Study,
    worlds: Mapping[str, WorldSpec],
    scenarios: Scenarios,
    found: Mapping[str, tuple["pd.DataFrame", "pd.DataFrame"]],
    scale: float,
    draws: Draws,
) -> "pd.DataFrame":
    """Harm of COVID and what each mix makes good; `found` are counts by replication and year, and totals, by world."""
    calm = without_covid(study, worlds)
    ordinary = {each.mix: (each.world, each.reference) for each in scenarios.mixes if each.reference == calm}
    mixes = {name: ordinary.get(name) for name in programmes_of(study, worlds)}
    tables = {
        name: with_all_years(indicators_by_year(counts, scale), totals) for name, (counts, totals) in found.items()
    }
    return harm_table(tables, study.baseline, calm, mixes, draws)


def gains_by_scenario(
    study: Study,
    scenarios: Scenarios,
    totals: Mapping[str, "pd.DataFrame"],
    money: tuple[Mapping[str, Sequence[list[SpendRow]]], Mapping[str, WorldCosts | None]],
    prices: Mapping[str, Price],
    draws: Draws,
) -> "pd.DataFrame":
    """Gains of the mixes in every scenario, that of the baseline first; empty if it is the only one."""
    if not scenarios.mixes:
        return scenario_table([], RATIOS[study.headline], draws)
    spending, costs = money
    own = next(world.label for world in study.worlds if world.name == study.baseline)
    gains = []
    for each in [*(ScenarioMix(own, name, name, study.baseline) for name in prices), *scenarios.mixes]:
        gained = totals[each.reference] - totals[each.world]
        price = prices.get(each.world) or price_of(
            spending[each.world], costs[each.world], costs[each.reference], gained, draws
        )
        levels = totals[each.reference][study.headline].to_numpy(), gained[study.headline].to_numpy()
        gains.append(ScenarioGain(each.scenario, each.mix, *levels, price))
    return scenario_table(gains, RATIOS[study.headline], draws)


def price_of(
    spending: Sequence[list[SpendRow]],
    costs: WorldCosts | None,
    base: WorldCosts | None,
    gained: "pd.DataFrame",
    draws: Draws,
) -> Price:
    """Price of a programme, as far as its world has prices of time."""
    if costs is None or base is None:
        return price_without_costs(spending, gained, draws)
    return price(costs, base, gained, draws)
