"""Answer to a study: estimates, paired differences and prices of its worlds from their replications."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline_sim.study.comparison.attribution import AttributionStep, attribution_table
from pipeline_sim.study.comparison.scenario_answers import gains_by_scenario, harm_of, price_of
from pipeline_sim.study.comparison.scenarios import NO_SCENARIOS, Scenarios, programmes_of
from pipeline_sim.study.comparison.study_file import Study, draws_of
from pipeline_sim.study.estimates import ranking
from pipeline_sim.study.estimates.cost_effectiveness import (
    Price,
    WorldCosts,
    extension_days,
    ledgers,
    net_budget,
    payments,
    spending_table,
    world_costs,
)
from pipeline_sim.study.estimates.flows import flows
from pipeline_sim.study.estimates.horizons import horizons, spans
from pipeline_sim.study.estimates.indicators import (
    PERCENTAGES,
    counts_by_replication,
    headline,
    indicators,
    indicators_by_year,
)
from pipeline_sim.study.estimates.intervals import Estimate, levels, paired_differences
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.estimates.small_cells import cell_table
from pipeline_sim.study.estimates.subgroup_differences import (
    group_office_differences,
    group_office_levels,
    subgroup_differences,
    subgroup_levels,
)
from pipeline_sim.study.estimates.supply_by_programme import Supply, supply_of
from pipeline_sim.study.estimates.units_bought import units_bought
from pipeline_sim.study.estimates.waiting_lists import waiting_lists
from pipeline_sim.study.replication.posterior_sample import check_held
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.run_setting import ParameterSampling
from pipeline_sim.study.replication.summary import WorldReplications, subgroups_of
from pipeline_sim.world.interventions.spending import SpendRow
from pipeline_sim.world.schema.names import Names, names_of

if TYPE_CHECKING:
    import pandas as pd

EVENTS = GAIN, PAYS, WORTH = (  # what a mix has a chance of
    "gains something", "pays for itself in extensions saved", "is worth its cost to the system",
)  # fmt: skip


class Answer(NamedTuple):
    """Estimates by world. Tables of estimates have the columns of an `Estimate`."""

    study: Study
    replications: int  # that were run
    sampling: Draws  # of the uncertain figures: which replication has which, and what each counts
    worlds: tuple[str, ...]
    programmes: tuple[str, ...]  # worlds that spend money in the scenario of the baseline, which is none of them
    names: Names
    years: tuple[int, ...]  # calendar year in which each reported training year begins
    totals: "pd.DataFrame"  # world, indicator
    differences: "pd.DataFrame"  # world, indicator; less the baseline
    yearly: "pd.DataFrame"  # world, year, indicator
    yearly_differences: "pd.DataFrame"  # world, year, indicator; less the baseline
    runs: Mapping[str, "pd.DataFrame"]  # by world: a row a replication, a column an indicator (and net_budget_gbp)
    prices: Mapping[str, Price]  # by programme
    spending: "pd.DataFrame"  # world, year, office, intervention; columns spent_gbp, unspent_gbp
    subgroup_differences: "pd.DataFrame"  # world, by, who, indicator; less the baseline
    subgroup_levels: "pd.DataFrame"  # by, who, indicator of the baseline
    group_office_differences: "pd.DataFrame"  # world, group, office, indicator; less the baseline
    horizons: "pd.DataFrame"  # world, horizon, indicator; less the baseline
    best: "pd.DataFrame"  # programme: Chance that it gains most by the headline, expected loss
    chances: "pd.DataFrame"  # programme, event (`EVENTS`): Chance of it
    acceptability_curve: "pd.DataFrame"  # gbp_a_month, choice: probability of most net benefit, expected loss, frontier
    pairwise_differences: "pd.DataFrame"  # one, other: gain of one over the other by the headline, Estimate and Chance
    variance_components: "pd.DataFrame"  # programme: parameters_sd, chance_sd, parameters_share of its headline gain
    attribution: "pd.DataFrame"  # rung: label, kind, indicator; Estimate of what it adds
    specs: Mapping[str, WorldSpec]
    yearly_runs: Mapping[str, "pd.DataFrame"]  # by world: a row a replication and year, a column an indicator
    group_office_levels: "pd.DataFrame"  # group, office, indicator of the baseline
    flows: "pd.DataFrame"  # stage, flow of the baseline: doctors over all reported years
    units_bought: "pd.DataFrame"  # world, intervention of a programme; columns label, unit, units (mean over draws)
    scenarios: "pd.DataFrame"  # scenario, world (a mix): what it gains in each; empty with a single scenario
    supply: Supply  # posts, starts and completions by programme and year, and what levers of supply cost
    cells: "pd.DataFrame"  # world, stage, group, office, year, indicator; numbers of small cells are suppressed
    harm: "pd.DataFrame"  # mix, year, indicator: what COVID cost, what is undone; empty if it was not run without COVID
    waiting: "pd.DataFrame"  # world, group, month: waiting list of England; empty without one

    def label(self, world: str) -> str:
        """Label of a world."""
        return next(each.label for each in self.study.worlds if each.name == world)

    def difference(self, world: str, indicator: str) -> Estimate:
        """World less baseline, over all reported years."""
        return Estimate(*self.differences.loc[(world, indicator)])

    def avoided(self, world: str) -> Estimate:
        """Gain of a world by the headline: baseline less world, more is better."""
        return self.difference(world, self.study.headline).negated()

    def spans(self) -> dict[str, list[int]]:
        """Years of each planning horizon."""
        return spans(self.study.year or self.years[0], self.spending.index.unique("year"), self.years)

    def ranked(self) -> list[str]:
        """Programmes by their mean gain by the headline, the highest first; unknown gains last."""
        gain = {world: self.avoided(world).mean for world in self.programmes}
        return sorted(gain, key=lambda world: (np.isnan(gain[world]), -gain[world], world))


def answer_of(
    study: Study,
    specs: Mapping[str, WorldSpec],
    samples: Mapping[str, WorldReplications],
    steps: Sequence[AttributionStep] = (),
    scenarios: Scenarios = NO_SCENARIOS,
) -> Answer:
    """Answer from the replications.

    Worlds that only the attribution names may have fewer replications than the others. A mix in a scenario other than
    the baseline's is in the table of scenarios alone.
    """
    base, names = study.baseline, names_of(world_of(specs[study.baseline]))
    draws = draws_of(study, len(samples[base].counts))
    years, scale = names.years[names.reported_from :], study.scale * world_of(specs[base]).size
    counts = {name: counts_by_replication(sample, subgroups_of(names), years) for name, sample in samples.items()}
    all_totals = {name: indicators(table, scale) for name, table in counts.items()}
    every, elsewhere = {**specs, **scenarios.worlds}, {each.world for each in scenarios.mixes}
    specs = {name: spec for name, spec in specs.items() if name not in elsewhere}
    every_yearly = {name: indicators_by_year(counts[name], scale) for name in every}
    totals, yearly = ({name: of[name] for name in specs} for of in (all_totals, every_yearly))
    own, programmes = {name: samples[name] for name in specs}, programmes_of(study, every)
    gained = {name: totals[base] - totals[name] for name in programmes}
    spending = {name: ledgers(samples[name], world_of(spec), draws) for name, spec in every.items()}
    costs = costs_by_world(study, every, samples, spending, years, draws)
    prices = {name: price_of((spending, costs), name, base, gained[name], draws) for name in programmes}
    runs = {name: _with_costs(totals[name], costs[name], costs[base]) for name in specs}
    bought = spending_table({name: spending[name] for name in programmes})
    return Answer(
        study=study,
        replications=len(samples[base].counts),
        sampling=draws,
        worlds=tuple(specs),
        programmes=programmes,
        names=names,
        years=years,
        runs=runs,
        prices=prices,
        spending=bought,
        variance_components=ranking.variance_components(gain_by_replication(own, study, programmes, scale), draws),
        attribution=attribution_table(steps, all_totals, draws),
        specs=specs,
        yearly_runs=yearly,
        units_bought=units_bought(samples, {name: world_of(specs[name]) for name in programmes}, draws),
        scenarios=gains_by_scenario(study, every, scenarios, all_totals, (spending, costs), prices, draws),
        supply=supply_of(own, specs, base, scale, draws),
        harm=harm_of(study, every, scenarios, {name: (every_yearly[name], all_totals[name]) for name in every}, draws),
        waiting=waiting_lists(own, world_of(specs[base]), base, draws),
        **_by_year(study, totals, yearly, spans(study.year or years[0], bought.index.unique("year"), years), draws),
        **_by_subgroup(study, own, names, scale, draws),
        **_ranking(study, gained, runs, draws),
    )


def _by_year(
    study: Study,
    totals: Mapping[str, "pd.DataFrame"],
    yearly: Mapping[str, "pd.DataFrame"],
    horizon_years: Mapping[str, Sequence[int]],
    draws: Draws,
) -> dict[str, Any]:
    return {
        "totals": levels(totals, draws, PERCENTAGES),
        "differences": paired_differences(totals, study.baseline, draws),
        "yearly": levels(yearly, draws, PERCENTAGES),
        "yearly_differences": paired_differences(yearly, study.baseline, draws),
        "horizons": horizons(yearly, study.baseline, horizon_years, draws),
    }


def _by_subgroup(
    study: Study, samples: Mapping[str, WorldReplications], names: Names, scale: float, draws: Draws
) -> dict[str, Any]:
    base, subgroups = study.baseline, subgroups_of(names)
    plain = [world.name for world in study.worlds if world.mix is None]
    return {
        "subgroup_differences": subgroup_differences(samples, base, subgroups, scale, draws),
        "subgroup_levels": subgroup_levels(samples[base], subgroups, scale, draws),
        "group_office_differences": group_office_differences(samples, base, names, scale, draws),
        "group_office_levels": group_office_levels(samples[base], names, scale, draws),
        "flows": flows(samples[base], subgroups, scale, draws),
        "cells": cell_table(samples, base, names, scale, draws, plain),
    }


def _ranking(
    study: Study, gained: Mapping[str, "pd.DataFrame"], runs: Mapping[str, "pd.DataFrame"], draws: Draws
) -> dict[str, Any]:
    by_headline = {name: table[study.headline].to_numpy() for name, table in gained.items()}
    return {
        "best": ranking.choices(by_headline, draws),
        "chances": chances_of(by_headline, runs, draws),
        "acceptability_curve": _acceptability(gained, runs, study.baseline, draws),
        "pairwise_differences": ranking.pairwise_differences(by_headline, draws),
    }


def chances_of(gained: Mapping[str, Reals], runs: Mapping[str, "pd.DataFrame"], draws: Draws) -> "pd.DataFrame":
    """Chance of every event by programme; those of money only where time has prices."""
    import pandas as pd

    rows = {}
    for name, gain in gained.items():
        rows[name, GAIN] = ranking.chance_of(gain, draws)
        for event, column in ((PAYS, "net_budget_gbp"), (WORTH, "net_system_gbp")):
            if column in runs[name]:
                rows[name, event] = ranking.chance_of(-runs[name][column].to_numpy(), draws)
    index = pd.MultiIndex.from_tuples(list(rows) or [("", "")], names=["world", "event"])[: len(rows)]
    return pd.DataFrame(list(rows.values()), index=index, columns=list(ranking.Chance._fields))


def costs_by_world(
    study: Study,
    specs: Mapping[str, WorldSpec],
    samples: Mapping[str, WorldReplications],
    spending: Mapping[str, Sequence[list[SpendRow]]],
    years: Sequence[int],
    draws: Draws,
) -> dict[str, WorldCosts | None]:
    """Costs of every world by replication; all worlds of a draw have the baseline's prices of time."""
    base = specs[study.baseline]
    subgroups, scale = subgroups_of(names_of(world_of(base))), study.scale * world_of(base).size
    prices = [world_of(spec).costs for spec in worlds_of_draws(study, base, draws)]
    days = {name: extension_days(samples[name], subgroups) / scale for name in specs}
    return {
        name: world_costs(prices, payments(world_of(spec)), spending[name], days[name], years, draws)
        for name, spec in specs.items()
    }


def _acceptability(
    gained: Mapping[str, "pd.DataFrame"], runs: Mapping[str, "pd.DataFrame"], base: str, draws: Draws
) -> "pd.DataFrame":
    """By months recovered and net cost to the training budget; empty where nothing is bought or has a price."""
    import pandas as pd

    if not gained or any("net_budget_gbp" not in runs[name] for name in gained):
        return pd.DataFrame()
    months = {name: table["months_short"].to_numpy() for name, table in gained.items()}
    cost = {name: runs[name]["net_budget_gbp"].to_numpy() for name in gained}
    return ranking.acceptability_curve(months, cost, base, draws)


def worlds_of_draws(study: Study, spec: WorldSpec, draws: Draws) -> list[WorldSpec]:
    """World with the parameters of each draw."""
    sampling = parameter_sampling(study)
    return [sampling.for_replication(spec, int(number)) for number in draws.starts]


def parameter_sampling(study: Study) -> ParameterSampling:
    """Sampling of the parameters that a study states; StudyError if its posterior sample was made otherwise."""
    if study.parameters == "sampled" and study.posterior is not None:
        check_held(study.posterior, tuple(study.held))
    return ParameterSampling(
        study.seed, study.repeat_every, tuple(study.held), study.parameters == "sampled", study.posterior
    )


def gain_by_replication(
    samples: Mapping[str, WorldReplications], study: Study, programmes: Sequence[str], scale: float
) -> dict[str, Reals]:
    """Gain [R] of each programme by the headline in single replications."""
    base = headline(samples[study.baseline], study.headline)
    return {name: (base - headline(samples[name], study.headline)) / scale for name in programmes}


def _with_costs(table: "pd.DataFrame", costs: WorldCosts | None, base: WorldCosts | None) -> "pd.DataFrame":
    if costs is None or base is None:
        return table
    return table.assign(
        spent_gbp=costs.spent,
        extension_cost_gbp=costs.extensions,
        net_budget_gbp=net_budget(costs, base),
        net_system_gbp=costs.discounted - base.discounted,
    )
