"""Which mix is best, by hand."""

import numpy as np
import pytest
from scipy import stats

from pipeline_sim.study.estimates.ranking import (
    acceptability_curve,
    best_set,
    pairwise_differences,
    probability_best,
    variance_components,
)

pytestmark = pytest.mark.unit
GAINED = {"a": np.array([5.0, 1.0, 4.0, 4.0]), "b": np.array([3.0, 2.0, 4.0, 1.0])}


def test_the_best_is_counted_and_equals_share() -> None:
    assert probability_best(GAINED).to_dict() == {"a": 2.5 / 4, "b": 1.5 / 4}


def test_doing_nothing_is_best_where_a_month_is_worth_nothing() -> None:
    cost = {"a": np.full(4, 10_000.0), "b": np.full(4, 1_000.0)}
    found = acceptability_curve(GAINED, cost, "nothing")
    assert found.loc[0].to_dict() == {"nothing": 1, "a": 0, "b": 0}
    assert found.loc[20_000].to_dict() == {"nothing": 0, "a": 0.5, "b": 0.5}
    assert np.allclose(found.sum(axis=1), 1)


def test_programmes_are_paired() -> None:
    found = pairwise_differences(GAINED)
    assert found.loc[("a", "b"), "mean"] == pytest.approx(1.0)
    assert found.loc[("a", "b"), "low"] < 0 < found.loc[("a", "b"), "high"]


def test_parameters_and_luck_are_told_apart() -> None:
    luck = np.random.default_rng(1)
    draws = np.repeat(luck.normal(0, 10, 4000), 2)
    found = variance_components({"a": draws + luck.normal(0, 3, 8000), "b": luck.normal(0, 3, 8000)}, 2)
    assert found.loc["a", ["parameters_sd", "luck_sd"]].tolist() == pytest.approx([10, 3], rel=0.05)
    assert found.loc["a", "share_low"] < 100 / 109 < found.loc["a", "share_high"]
    assert found.loc["b", "parameters_sd"] < 0.5
    assert found.loc["b", "luck_sd"] == pytest.approx(3, rel=0.05)


def test_the_share_of_the_parameters_by_hand() -> None:
    """Draws 0 and 4, each with luck of 1 either way: luck 2, means 8 apart less half of luck."""
    found = variance_components({"a": np.array([-1.0, 1.0, 3.0, 5.0])}, 2).loc["a"]
    assert found["parameters_sd"] == pytest.approx(7**0.5)
    assert found["luck_sd"] == pytest.approx(2**0.5)
    assert found["parameters_share"] == pytest.approx(7 / 9)
    ratio = 8 / (2 / 2)
    ends = [ratio / stats.f.ppf(part, 1, 2) for part in (0.975, 0.025)]
    assert [found["share_low"], found["share_high"]] == pytest.approx([max((f - 1) / (f + 1), 0) for f in ends])


def test_a_variance_below_nothing_is_none() -> None:
    """Luck spreads more than the means of draws do."""
    found = variance_components({"a": np.array([-5.0, 5.0, -4.0, 4.0, -6.0, 6.0])}, 2).loc["a"]
    assert found[["parameters_sd", "parameters_share", "share_low", "share_high"]].tolist() == [0, 0, 0, 0]


def test_no_luck_or_nothing_at_all() -> None:
    found = variance_components({"sure": np.array([1.0, 1.0, 2.0, 2.0]), "idle": np.zeros(4)}, 2)
    assert found.loc["sure"].tolist()[1:] == [0, 1, 1, 1]
    assert found.loc["idle"].isna().tolist() == [False, False, True, True, True]


@pytest.mark.parametrize(("count", "lucks"), [(8, 1), (1, 2), (3, 2)])
def test_one_luck_or_one_draw_cannot_tell(count: int, lucks: int) -> None:
    assert variance_components({"a": np.arange(float(count))}, lucks).empty


def test_the_best_is_sought_among_all_at_once() -> None:
    """Four draws; “close” is 4 standard errors behind: enough among three (3.18), not among five (4.18)."""
    luck = np.array([-1.0, 1.0, -1.0, 1.0]) * np.sqrt(0.75)
    gained = {"ahead": 10 + luck, "close": np.full(4, 8.0), "far": np.full(4, 5.0)}
    assert stats.t.ppf(1 - 0.05 / 2, 3) == pytest.approx(3.18, abs=0.01)
    assert best_set(gained) == ("ahead",)
    assert best_set(gained | {"more": np.full(4, 5.0), "still": np.full(4, 5.0)}) == ("ahead", "close")
    assert stats.t.ppf(1 - 0.05 / 4, 3) == pytest.approx(4.18, abs=0.01)


def test_what_gains_the_same_may_be_best_and_one_draw_tells_nothing() -> None:
    same = {"a": np.arange(5.0), "b": np.arange(5.0)}
    assert best_set(same) == ("a", "b")
    assert best_set(same | {"less": np.arange(5.0) - 1}) == ("a", "b")
    assert best_set({"a": np.ones(1), "b": np.zeros(1)}) == ("a", "b")
    assert best_set({"a": np.zeros(3)}) == ("a",)
    assert best_set({}) == ()
