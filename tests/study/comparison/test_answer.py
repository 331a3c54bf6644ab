"""An answer pairs, prices and parts by who gains; the counts here are written by hand."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from support import CONFIGS, example_prices
from support.hand_counted_answers import YEARS, answered

from pipeline_sim.economics.valuation import extension_cost_pence
from pipeline_sim.study.comparison.answer import PAYS, Answer, chances_of
from pipeline_sim.study.estimates.cost_effectiveness import WorldCosts, price, spending_table, world_costs
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.estimates.units_bought import units_bought
from pipeline_sim.study.replication.mix_spending import bought_names
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.summary import STAGES
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.spending import SpendRow

LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid"))
PLAIN = WorldSpec(LAYERS, scale=0.1)
MIXED = WorldSpec(
    (*LAYERS, str(CONFIGS / "interventions.toml")),
    str(CONFIGS.parent / "tests/support/worlds/led_and_simulation.toml"),
    scale=0.1,
)
AVOIDED = 5 * 2 * len(YEARS) / 0.1  # per replication without jitter, put up to England


@cache
def found(replications: int = 5, jitter: int = 0) -> Answer:
    return answered(PLAIN, MIXED, replications, jitter)


def test_the_difference_is_the_worlds_and_not_the_lucks() -> None:
    change = found().difference("mix", "extensions")
    assert change.mean == pytest.approx(-AVOIDED)
    assert change.low == change.high == change.mean


def test_luck_that_differs_by_world_widens_the_interval() -> None:
    change = found(6, jitter=2).difference("mix", "extensions")
    assert change.low < change.mean < change.high
    assert change.mean == pytest.approx(-AVOIDED - 2 * 2 * len(YEARS) / 0.1 / 2)


def test_only_worlds_with_a_mix_are_programmes() -> None:
    assert found().programmes == ("mix",)
    assert found().worlds == ("no_covid", "none", "mix")


def test_years_add_up_to_the_total() -> None:
    yearly = found().yearly_differences.xs(("mix", "extensions"), level=("world", "indicator"))
    assert yearly["mean"].sum() == pytest.approx(-AVOIDED)


def test_spent_and_unspent_are_the_budget() -> None:
    price = found().prices["mix"]
    assert price.spent_gbp + price.unspent_gbp == 25_000_000


def test_the_price_is_what_was_spent_over_what_was_avoided() -> None:
    price = found().prices["mix"]
    assert price.per_extension_avoided_gbp.mean == pytest.approx(price.spent_gbp / AVOIDED)


def test_savings_are_the_price_of_the_months_avoided() -> None:
    costs = world_of(PLAIN).costs
    assert costs is not None
    saving = found().prices["mix"].extension_saving_gbp
    assert saving is not None
    dearest = extension_cost_pence(costs, 1.0, YEARS[-1], 5) / 100
    assert 0 < saving.mean < AVOIDED * 91 / 30 * dearest


def test_one_replication_has_no_price() -> None:
    assert not found(1).prices["mix"].per_extension_avoided_gbp.excludes_zero


def test_a_world_without_prices_saves_nothing_known() -> None:
    bare = PLAIN._replace(layers=tuple(name for name in LAYERS if "costs" not in name))
    assert answered(bare, MIXED).prices["mix"].extension_saving_gbp is None


@pytest.mark.parametrize("by", ["stage", "specialty group", "office", "working pattern"])
def test_who_gains_adds_up_to_the_whole(by: str) -> None:
    gains = found().subgroup_differences.xs(("mix", by, "extensions"), level=("world", "by", "indicator"))
    assert gains["mean"].sum() == pytest.approx(-AVOIDED)


@pytest.mark.parametrize("by", ["stage", "specialty group", "office", "working pattern"])
def test_who_gains_of_the_backlog_adds_up_too(by: str) -> None:
    gains = found().subgroup_differences.xs(("mix", by, "mean_backlog"), level=("world", "by", "indicator"))
    assert gains["mean"].sum() == pytest.approx(found().difference("mix", "mean_backlog").mean)


def test_who_gains_names_the_right_ones() -> None:
    gains = found().subgroup_differences.xs(
        ("mix", "working pattern", "extensions"), level=("world", "by", "indicator")
    )
    assert gains["mean"].to_dict() == pytest.approx({"full time": -AVOIDED / 2, "less than full time": -AVOIDED / 2})


def test_a_ledger_that_does_not_add_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline_sim.study.replication.mix_spending.ledger_table", lambda *_: np.array([[[[1, 2]]]]))
    with pytest.raises(StudyError, match="ledger has 3 pence, budget 2500000000"):
        answered(PLAIN, MIXED)


def test_a_mix_pays_for_itself_where_its_net_cost_is_below_nothing() -> None:
    """A positive net cost is money that is gone."""
    draws, gain = Draws.even(8, 1), np.arange(1.0, 9.0)
    runs = {name: pd.DataFrame({"net_budget_gbp": sign * gain}) for name, sign in (("saves", -1), ("costs", 1))}
    found = chances_of(dict.fromkeys(runs, gain), runs, draws).xs(PAYS, level="event")["probability"]
    assert found.to_dict() == {"saves": 1.0, "costs": 0.0}


def test_a_month_costs_all_that_is_spent_gross_and_less_the_savings_net() -> None:
    nothing, each = np.zeros(4), np.ones(4)
    base = WorldCosts(nothing, nothing, nothing, 500 * each, 500 * each)
    mix = WorldCosts(100 * each, nothing, nothing, 440 * each, 540 * each)
    gained = pd.DataFrame({"extensions": 2 * each, "months_short": 10 * each})
    found = price(mix, base, gained, Draws.even(4, 1))
    assert found.per_extension_avoided_gbp.mean == pytest.approx(50)
    assert found.per_month_recovered_gbp.mean == pytest.approx(10)
    assert found.net_per_month_gbp is not None
    assert found.net_per_month_gbp.mean == pytest.approx(4)


def test_what_is_bought_is_counted_in_the_unit_that_has_the_price() -> None:
    """A place of simulation takes five days: bought are places."""
    world = world_of(WorldSpec((*LAYERS, str(CONFIGS / "interventions.toml")), str(CONFIGS / "mixes/even_split.toml")))
    bought = SimpleNamespace(bought=np.full((2, len(bought_names(world))), 3_000))
    found = units_bought({"mix": bought}, {"mix": world}, Draws.even(2, 1)).loc["mix"]  # type: ignore[dict-item]
    assert set(found["units"]) == {3.0}
    assert found["unit"]["simulation"] == "place of about 5 days"


def test_what_pays_for_extensions_is_no_cost_beside_them_and_pounds_are_means_of_draws() -> None:
    rows = [[SpendRow(2022, "north", "paid", pence, 0)] for pence in (100_000, 300_000)]
    days, draws = np.zeros((2, len(STAGES), 1)), Draws.even(2, 1)
    paid, bought = (
        world_costs([example_prices.prices()] * 2, paying, rows, days, [2022], draws)
        for paying in (frozenset({"paid"}), frozenset[str]())
    )
    assert paid is not None
    assert bought is not None
    assert (paid.covered.tolist(), paid.discounted.tolist()) == ([1_000, 3_000], [0, 0])
    assert (bought.covered.tolist(), bought.spent.tolist()) == ([0, 0], [1_000, 3_000])
    assert (bought.discounted > 0).all()
    assert spending_table({"mix": rows})["spent_gbp"].tolist() == [2_000]
