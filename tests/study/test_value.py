"""Which mix is best, by hand."""

import numpy as np
import pytest

from pipeline_sim.study.value import acceptability, between, probability_best, spread

pytestmark = pytest.mark.unit
GAINED = {"a": np.array([5.0, 1.0, 4.0, 4.0]), "b": np.array([3.0, 2.0, 4.0, 1.0])}


def test_the_best_is_counted_and_equals_share() -> None:
    assert probability_best(GAINED).to_dict() == {"a": 2.5 / 4, "b": 1.5 / 4}


def test_doing_nothing_is_best_where_a_month_is_worth_nothing() -> None:
    cost = {"a": np.full(4, 10_000.0), "b": np.full(4, 1_000.0)}
    found = acceptability(GAINED, cost, "nothing")
    assert found.loc[0].to_dict() == {"nothing": 1, "a": 0, "b": 0}
    assert found.loc[20_000].to_dict() == {"nothing": 0, "a": 0.5, "b": 0.5}
    assert np.allclose(found.sum(axis=1), 1)


def test_programmes_are_paired() -> None:
    found = between(GAINED)
    assert found.loc[("a", "b"), "mean"] == pytest.approx(1.0)
    assert found.loc[("a", "b"), "low"] < 0 < found.loc[("a", "b"), "high"]


def test_parameters_and_luck_are_told_apart() -> None:
    luck = np.random.default_rng(1)
    draws = np.repeat(luck.normal(0, 10, 4000), 2)
    found = spread({"a": draws + luck.normal(0, 3, 8000), "b": luck.normal(0, 3, 8000)}, 2)
    assert found.loc["a"].tolist() == pytest.approx([10, 3], rel=0.05)
    assert found.loc["b", "parameters_sd"] < 0.5
    assert found.loc["b", "luck_sd"] == pytest.approx(3, rel=0.05)


@pytest.mark.parametrize(("count", "lucks"), [(8, 1), (1, 2), (3, 2)])
def test_one_luck_or_one_draw_cannot_tell(count: int, lucks: int) -> None:
    assert spread({"a": np.arange(float(count))}, lucks).empty
