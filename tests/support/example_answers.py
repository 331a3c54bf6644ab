"""Answers for tests of the report: one that holds all that an answer can hold, and ones whose gains are given."""

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline_sim.study.comparison.answer import GAIN, PAYS, Answer, answer_of
from pipeline_sim.study.comparison.attribution import INTERVENTION, SHOCK, AttributionStep
from pipeline_sim.study.comparison.scenarios import ScenarioMix, Scenarios
from pipeline_sim.study.comparison.study_file import Attribution, Step, StudyWorld
from pipeline_sim.study.estimates.cost_effectiveness import Price
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.estimates.ranking import BANDS, NOT_SETTLED, Chance
from pipeline_sim.study.estimates.supply_by_programme import Supply
from pipeline_sim.study.replication.prepare import WorldSpec
from support import CONFIGS
from support.hand_counted_answers import samples, study

LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid"))
BOUGHT = (*LAYERS, str(CONFIGS / "interventions.toml"))
PLAIN = WorldSpec(LAYERS, scale=0.1)
CALM = WorldSpec(LAYERS[:2], scale=0.1)
MIXED = WorldSpec(BOUGHT, str(CONFIGS.parent / "tests/support/worlds/led_and_simulation.toml"), scale=0.1)
PAID = WorldSpec(BOUGHT, str(CONFIGS / "mixes" / "pay_for_extensions.toml"), scale=0.1)
UNKNOWN = float("nan")
NOTHING = Estimate(0.0, 0.0, 0.0, 0.0)
CERTAIN = Chance(1.0, 0.95, 1.0, BANDS[0][1], 80)
OPEN = Chance(0.5, 0.2, 0.8, NOT_SETTLED, 300)


class Told(NamedTuple):
    """A mix as it should be found."""

    gain: Estimate  # extensions avoided
    net: Estimate | None = Estimate(9e6, 8e6, 1e7)
    each: Ratio = Ratio(50_000, 40_000, 60_000, 1_000, True)
    unspent: float = 0.0
    gains: Chance = CERTAIN
    pays: Chance = Chance(0.0, 0.0, 0.05, BANDS[-1][1], 80)
    best: Chance = OPEN


@cache
def full(replications: int = 6) -> Answer:
    """Two worlds that spend nothing, a mix that helps, one that only pays; attributed.

    Two replications a draw, two scenarios; the mix also without COVID, where it avoids nothing. That world has
    a lever of supply.
    """
    worlds = {"no_covid": CALM, "none": PLAIN, "mix": MIXED, "paid": PAID}
    held, paid = samples(PLAIN, MIXED, replications), samples(PLAIN, PAID, replications)["mix"]
    held["paid"] = held["none"]._replace(ledger=paid.ledger, bought=paid.bought)
    asked = study(replications)
    more = StudyWorld(name="paid", label="Just pay", layers=["x.toml"], mix="paid.toml")
    steps = Attribution(programme="mix", replications=4, steps=[Step(label="All", shocks=["leave"])])
    asked = asked.model_copy(
        update={"worlds": [*asked.worlds, more], "repeat_every": 1, "attribution": steps, "parameters": "sampled"}
    )
    rungs = (
        AttributionStep("COVID", SHOCK, "no_covid", "none"),
        AttributionStep("Teaching", INTERVENTION, "none", "mix"),
    )
    milder = {f"{name}.mild": worlds[name] for name in ("none", "mix", "paid")}
    held |= {name: held[name.removesuffix(".mild")] for name in milder}
    elsewhere = tuple(ScenarioMix("A milder wave", name, f"{name}.mild", "none.mild") for name in ("mix", "paid"))
    held["mix.calm"] = held["no_covid"]._replace(ledger=held["mix"].ledger, bought=held["mix"].bought)
    calm = ScenarioMix("No COVID", "mix", "mix.calm", "no_covid")
    milder["mix.calm"] = MIXED._replace(layers=(*LAYERS[:2], BOUGHT[-1]))
    answer = answer_of(asked, worlds, held, rungs, Scenarios((*elsewhere, calm), milder))
    base = answer.supply.by_programme
    supply = pd.concat([base, 1.1 * base.rename(index={"none": "no_covid"}, level="world")])
    index = pd.MultiIndex.from_tuples([("no_covid", "more")], names=["world", "lever"])
    lever = {"label": "A tenth more", "posts": 4000.0, "post_years": 36000.0, "gbp": 1.6e9}
    return answer._replace(supply=Supply(supply, pd.DataFrame(lever, index=index)))


def renamed(answer: Answer, **labels: str) -> Answer:
    """The same with other labels, by world."""
    worlds = [each.model_copy(update={"label": labels.get(each.name, each.label)}) for each in answer.study.worlds]
    return answer._replace(study=answer.study.model_copy(update={"worlds": worlds}))


def made(mixes: Mapping[str, Told], doubt: float = 0.0) -> Answer:
    """An answer with such mixes, by label; what one gains more than another is known so far either way."""
    base = full()
    names = {f"mix_{place}": label for place, label in enumerate(mixes)}
    told = dict(zip(names, mixes.values(), strict=True))
    worlds = [StudyWorld(name=name, label=label, layers=["x.toml"], mix="x.toml") for name, label in names.items()]
    return base._replace(
        study=base.study.model_copy(update={"worlds": [*base.study.worlds[:2], *worlds]}),
        worlds=("no_covid", "none", *names),
        programmes=tuple(names),
        differences=_differences(told),
        prices={name: _price(each) for name, each in told.items()},
        pairwise_differences=_between(told, doubt),
        units_bought=_bought(told),
        specs=dict.fromkeys(told, PAID),
        scenarios=base.scenarios.iloc[:0],
        supply=base.supply._replace(costs=base.supply.costs.iloc[:0]),
        harm=base.harm.iloc[:0],
        best=pd.DataFrame(
            [(*each.best, 10.0) for each in told.values()], index=list(told), columns=[*Chance._fields, "expected_loss"]
        ),
        chances=_chances(told),
    )


def _differences(told: Mapping[str, Told]) -> pd.DataFrame:
    rows = {}
    for name, each in told.items():
        change = each.gain.negated()
        rows[(name, "extensions")] = change
        rows |= {(name, other): change for other in ("months_short", "mean_backlog", "extension_months")}
        rows[(name, "ccts_on_time")] = each.gain
    index = pd.MultiIndex.from_tuples(list(rows), names=["world", "indicator"]) if rows else None
    return pd.DataFrame(list(rows.values()), index=index, columns=list(Estimate._fields), dtype=np.float64)


def _price(told: Told) -> Price:
    return Price(25e6 - told.unspent, told.unspent, told.net, told.net, told.net, told.each, told.each, told.each)


def _bought(told: Mapping[str, Told]) -> pd.DataFrame:
    label, unit = "Paying for extensions", "month of extension"
    rows = [
        (name, "extensions-paid", label, unit, 6_912.0 if each.gain == NOTHING else 0.0) for name, each in told.items()
    ]
    columns = ["world", "intervention", "label", "unit", "units"]
    return pd.DataFrame(rows, columns=columns).set_index(["world", "intervention"])


def _between(told: Mapping[str, Told], doubt: float) -> pd.DataFrame:
    pairs = list(combinations(told, 2))
    gaps = [told[one].gain.mean - told[other].gain.mean for one, other in pairs]
    index = pd.MultiIndex.from_tuples(pairs, names=["one", "other"]) if pairs else None
    rows = [(gap, gap - doubt, gap + doubt, 1.0, *(OPEN if abs(gap) <= doubt else CERTAIN)) for gap in gaps]
    return pd.DataFrame(rows, index=index, columns=[*Estimate._fields, *Chance._fields])


def _chances(told: Mapping[str, Told]) -> pd.DataFrame:
    rows = {(name, GAIN): each.gains for name, each in told.items()}
    rows |= {(name, PAYS): each.pays for name, each in told.items()}
    index = pd.MultiIndex.from_tuples(list(rows) or [("", "")], names=["world", "event"])[: len(rows)]
    return pd.DataFrame(list(rows.values()), index=index, columns=list(Chance._fields))
