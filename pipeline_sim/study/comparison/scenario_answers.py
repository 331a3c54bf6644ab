"""What each mix gains in every scenario, that without COVID included, and how much of COVID's harm that makes good."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.study.comparison.scenarios import (
    ScenarioMix,
    Scenarios,
    is_same_scenario,
    programmes_of,
    without_covid,
)
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.cost_effectiveness import RATIOS, Price, WorldCosts, price, price_without_costs
from pipeline_sim.study.estimates.harm_undone import harm_table, with_all_years
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.estimates.scenario_gains import NONE, ScenarioGain, scenario_table
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.interventions.spending import SpendRow
from pipeline_sim.world.schema.world import World

if TYPE_CHECKING:
    import pandas as pd

Money = tuple[Mapping[str, Sequence[list[SpendRow]]], Mapping[str, WorldCosts | None]]  # ledgers, costs by draw


def harm_of(
    study: Study,
    worlds: Mapping[str, WorldSpec],
    scenarios: Scenarios,
    found: Mapping[str, tuple["pd.DataFrame", "pd.DataFrame"]],
    draws: Draws,
) -> "pd.DataFrame":
    """Harm of COVID and what each mix makes good; `found` are indicators by replication and year, totals, by world."""
    calm = without_covid(study, worlds)
    ordinary = {each.mix: (each.world, each.reference) for each in scenarios.mixes if each.reference == calm}
    mixes = {name: ordinary.get(name) for name in programmes_of(study, worlds)}
    tables = {name: with_all_years(yearly, totals) for name, (yearly, totals) in found.items()}
    return harm_table(tables, study.baseline, calm, mixes, draws)


def gains_by_scenario(
    study: Study,
    worlds: Mapping[str, WorldSpec],
    scenarios: Scenarios,
    totals: Mapping[str, "pd.DataFrame"],
    money: Money,
    prices: Mapping[str, Price],
    draws: Draws,
) -> "pd.DataFrame":
    """Gains of the mixes in every scenario, that of the baseline first; empty if it is the only one."""
    if not scenarios.mixes:
        return scenario_table([], RATIOS[study.headline], draws)
    own = next(world.label for world in study.worlds if world.name == study.baseline)
    gains = []
    for each in [*(ScenarioMix(own, name, name, study.baseline) for name in prices), *scenarios.mixes]:
        gained = totals[each.reference] - totals[each.world]
        price = prices.get(each.world) or price_of(money, each.world, each.reference, gained, draws)
        levels = totals[each.reference][study.headline].to_numpy(), gained[study.headline].to_numpy()
        spec, same = worlds[each.world], is_same_scenario(worlds[each.world], worlds[study.baseline])
        gains.append(ScenarioGain(each.scenario, each.mix, *levels, price, *(readings(world_of(spec)) if same else ())))
    return scenario_table(gains, RATIOS[study.headline], draws)


def readings(world: World) -> tuple[float, str]:
    """Days by which gaps may be misread, as stated, and the orders in which the world's mix hands out places."""
    catalogue, mix = world.interventions, world.mix
    if catalogue is None or mix is None:
        return np.nan, NONE
    lines = [mix.places_line(line) for line in mix.lines if line.intervention in catalogue.places]
    orders = sorted({line.order or catalogue.places[line.intervention].order for line in lines})
    return catalogue.reading_error.value if catalogue.reading_error else 0.0, ", ".join(orders) or NONE


def price_of(money: Money, world: str, base: str, gained: "pd.DataFrame", draws: Draws) -> Price:
    """Price of a programme beside another world, as far as both have prices of time."""
    spending, costs = money
    own, other = costs[world], costs[base]
    if own is None or other is None:
        return price_without_costs(spending[world], spending[base], gained, draws)
    return price(own, other, gained, draws)
