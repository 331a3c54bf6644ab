"""An answer pairs, prices and parts by who gains; the counts here are written by hand."""

from functools import cache

import numpy as np
import pytest
from support import CONFIGS
from support.hand_counted_answers import YEARS, answered

from pipeline_sim.economics.valuation import extension_cost_pence
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError

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
