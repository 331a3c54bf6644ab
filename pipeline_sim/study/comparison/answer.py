"""The answer to a study: run its worlds under the same luck, count, pair, price."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.comparison.attribution import Rung
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.cost_effectiveness import (
    Money,
    Price,
    extension_days,
    ledgers,
    money_of,
    net_budget,
    payments,
    price,
    price_without_costs,
    spending_table,
)
from pipeline_sim.study.estimates.flows import flows
from pipeline_sim.study.estimates.horizons import horizons
from pipeline_sim.study.estimates.indicators import counts_by_draw, headline, indicators, indicators_by_year
from pipeline_sim.study.estimates.intervals import Estimate, interval, levels, paired_differences
from pipeline_sim.study.estimates.ranking import acceptability, between, may_be_best, probability_best, spread
from pipeline_sim.study.estimates.subgroup_differences import gains, levels_by_place, levels_by_who, places
from pipeline_sim.study.estimates.units_bought import bought
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.study.replication.run_setting import Beliefs
from pipeline_sim.study.replication.summary import Sample, who_of
from pipeline_sim.world.interventions.spending import SpendRow
from pipeline_sim.world.schema.names import Names, names_of

if TYPE_CHECKING:
    import pandas as pd

Reals = npt.NDArray[np.float64]


class Answer(NamedTuple):
    """Estimates by world. Tables of estimates have columns mean, low, high: a mean over draws and its 95 % interval."""

    study: Study
    replications: int  # that were run
    worlds: tuple[str, ...]
    programmes: tuple[str, ...]  # worlds that spend money and are not the baseline
    names: Names
    years: tuple[int, ...]  # calendar year in which each reported training year begins
    totals: "pd.DataFrame"  # world, indicator
    differences: "pd.DataFrame"  # world, indicator; less the baseline
    yearly: "pd.DataFrame"  # world, year, indicator
    yearly_differences: "pd.DataFrame"  # world, year, indicator; less the baseline
    draws: Mapping[str, "pd.DataFrame"]  # by world: a row a draw, a column an indicator (and net_budget_gbp)
    prices: Mapping[str, Price]  # by programme
    spending: "pd.DataFrame"  # world, year, office, intervention; columns spent_gbp, unspent_gbp
    gains: "pd.DataFrame"  # world, by, who, indicator; less the baseline
    who: "pd.DataFrame"  # by, who, indicator of the baseline
    places: "pd.DataFrame"  # world, group, office, indicator; less the baseline
    horizons: "pd.DataFrame"  # world, horizon, indicator; less the baseline
    best: "pd.Series"  # part of the draws in which a programme gains most by the headline
    may_be_best: tuple[str, ...]  # programmes of which that with the highest gain is one, with 95 % confidence
    acceptability: "pd.DataFrame"  # gbp_a_month; part of the draws in which a choice is worth most
    between: "pd.DataFrame"  # one, other: what one programme gains more by the headline
    spread: "pd.DataFrame"  # programme: parameters_sd, luck_sd, parameters_share of its headline difference
    attribution: "pd.DataFrame"  # rung: label, kind, indicator; columns mean, low, high, of what it adds
    assumed: Mapping[str, Assumed]
    yearly_draws: Mapping[str, "pd.DataFrame"]  # by world: a row a draw (`replication`) and year, a column an indicator
    who_by_place: "pd.DataFrame"  # group, office, indicator of the baseline
    flows: "pd.DataFrame"  # stage, flow of the baseline: doctors over all reported years
    bought: "pd.DataFrame"  # world, intervention of a programme; columns label, unit, units (mean over draws)

    def label(self, world: str) -> str:
        """Name of a world as people say it."""
        return next(each.label for each in self.study.worlds if each.name == world)

    def difference(self, world: str, indicator: str) -> Estimate:
        """A world less the baseline, over all reported years."""
        return Estimate(*self.differences.loc[(world, indicator)])

    def avoided(self, world: str) -> Estimate:
        """What a world gains by the headline, more is better."""
        return self.difference(world, self.study.headline).turned()

    def ranked(self) -> list[str]:
        """Programmes, the one that gains most by the headline on average first; what is not known last."""
        gain = {world: self.avoided(world).mean for world in self.programmes}
        return sorted(gain, key=lambda world: (np.isnan(gain[world]), -gain[world], world))


def answer_of(
    study: Study,
    worlds: Mapping[str, Assumed],
    samples: Mapping[str, Sample],
    rungs: Sequence[Rung] = (),
) -> Answer:
    """Count, pair, estimate and price. Samples of worlds that only the rungs name may be shorter than the others."""
    base, lucks = study.baseline, study.lucks
    world = world_of(worlds[base])
    names, who, scale = names_of(world), who_of(names_of(world)), study.scale * world.size
    years = names.years[names.reported_from :]
    counts = {name: counts_by_draw(sample, who, years, lucks) for name, sample in samples.items()}
    totals = {name: indicators(table, scale) for name, table in counts.items()}
    yearly = {name: indicators_by_year(counts[name], scale) for name in worlds}
    mine = {name: totals[name] for name in worlds}
    kept = {name: samples[name] for name in worlds}
    programmes = tuple(each.name for each in study.worlds if each.mix is not None and each.name != base)
    gained = {name: mine[base] - mine[name] for name in programmes}
    by_headline = {name: table[study.headline].to_numpy() for name, table in gained.items()}
    spending = {name: ledgers(samples[name], world_of(each), lucks) for name, each in worlds.items()}
    money = moneys(study, worlds, kept, spending, years)
    draws = {name: _with_money(mine[name], money[name], money[base]) for name in worlds}
    return Answer(
        study=study,
        replications=len(samples[base].counts),
        worlds=tuple(worlds),
        programmes=programmes,
        names=names,
        years=years,
        totals=levels(mine),
        differences=paired_differences(mine, base),
        yearly=levels(yearly),
        yearly_differences=paired_differences(yearly, base),
        draws=draws,
        prices={name: price_of(spending[name], money[name], money[base], gained[name]) for name in programmes},
        spending=spending_table({name: spending[name] for name in programmes}),
        gains=gains(kept, base, who, scale, lucks),
        who=levels_by_who(samples[base], who, scale, lucks),
        places=places(kept, base, names, scale, lucks),
        horizons=horizons(yearly, base, study.year or years[0], years),
        best=probability_best(by_headline),
        may_be_best=may_be_best(by_headline),
        acceptability=_acceptability(gained, draws, base),
        between=between(by_headline),
        spread=spread(luck_by_luck(kept, study, programmes, scale), lucks),
        attribution=climbed(rungs, totals),
        assumed=worlds,
        yearly_draws=yearly,
        who_by_place=levels_by_place(samples[base], names, scale, lucks),
        flows=flows(samples[base], who, scale, lucks),
        bought=bought(samples, {name: world_of(worlds[name]) for name in programmes}, lucks),
    )


def moneys(
    study: Study,
    worlds: Mapping[str, Assumed],
    samples: Mapping[str, Sample],
    spending: Mapping[str, Sequence[list[SpendRow]]],
    years: Sequence[int],
) -> dict[str, Money | None]:
    """Costs of every world by draw; all worlds of a draw have the prices of time that the baseline has."""
    base = worlds[study.baseline]
    who, scale = who_of(names_of(world_of(base))), study.scale * world_of(base).size
    costs = [world_of(each).costs for each in draws_of(study, base, len(samples[study.baseline].counts))]
    return {
        name: money_of(
            costs,
            payments(world_of(each)),
            spending[name],
            extension_days(samples[name], who, study.lucks) / scale,
            years,
        )
        for name, each in worlds.items()
    }


def _acceptability(
    gained: Mapping[str, "pd.DataFrame"], draws: Mapping[str, "pd.DataFrame"], base: str
) -> "pd.DataFrame":
    """By months recovered and net cost to the training budget; empty where nothing is bought or has a price."""
    import pandas as pd

    if not gained or any("net_budget_gbp" not in draws[name] for name in gained):
        return pd.DataFrame()
    months = {name: table["months_short"].to_numpy() for name, table in gained.items()}
    return acceptability(months, {name: draws[name]["net_budget_gbp"].to_numpy() for name in gained}, base)


def draws_of(study: Study, assumed: Assumed, replications: int) -> list[Assumed]:
    """The world as each draw of the parameters believes it."""
    beliefs = beliefs_of(study)
    return [beliefs.of(assumed, number) for number in range(0, replications, study.lucks)]


def beliefs_of(study: Study) -> Beliefs:
    """How the study draws its parameters."""
    return Beliefs(study.seed, study.lucks, tuple(study.held), study.parameters == "sampled", study.plausible)


def price_of(
    spending: Sequence[list[SpendRow]], money: Money | None, base: Money | None, gained: "pd.DataFrame"
) -> Price:
    """Price of a programme, as far as its world has prices."""
    if money is None or base is None:
        return price_without_costs(spending, gained)
    return price(money, base, gained)


def luck_by_luck(
    samples: Mapping[str, Sample], study: Study, programmes: Sequence[str], scale: float
) -> dict[str, Reals]:
    """[R] what each programme gains by the headline in single replications."""
    base = headline(samples[study.baseline], study.headline)
    return {name: (base - headline(samples[name], study.headline)) / scale for name in programmes}


def climbed(rungs: Sequence[Rung], totals: Mapping[str, "pd.DataFrame"]) -> "pd.DataFrame":
    """What each rung adds, by place of the rung and indicator; over the draws that both of its worlds have."""
    import pandas as pd

    shown = ["extensions", "months_short", "mean_backlog", "ccts_on_time"]
    parts = []
    for place, rung in enumerate(rungs):
        both = min(len(totals[rung.before]), len(totals[rung.after]))
        change = (totals[rung.after][shown].iloc[:both] - totals[rung.before][shown].iloc[:both]).to_numpy(np.float64)
        columns = dict(zip(Estimate._fields, interval(change), strict=True))
        parts.append(
            pd.DataFrame({"rung": place, "label": rung.label, "kind": rung.kind, "indicator": shown, **columns})
        )
    if not parts:
        return pd.DataFrame(columns=["rung", "label", "kind", "indicator", *Estimate._fields])
    return pd.concat(parts, ignore_index=True)


def _with_money(table: "pd.DataFrame", money: Money | None, base: Money | None) -> "pd.DataFrame":
    if money is None or base is None:
        return table
    return table.assign(
        spent_gbp=money.spent,
        extension_cost_gbp=money.extensions,
        net_budget_gbp=net_budget(money, base),
        net_system_gbp=money.discounted - base.discounted,
    )
