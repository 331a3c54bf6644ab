"""Paired differences, their intervals, and prices that are only named where a gain is certain."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline_sim.study.estimates.intervals import (
    Estimate,
    estimate,
    estimates,
    level_and_interval,
    levels,
    mean_and_interval,
    paired_differences,
    ratio,
)
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.study_error import StudyError

LUCK = np.random.default_rng(7)


def by_replication(**columns: list[float]) -> pd.DataFrame:
    table = pd.DataFrame(columns, dtype=float)
    return table.set_index(pd.RangeIndex(len(table), name="replication"))


def all_apart(count: int) -> Draws:
    """Every replication has a draw of its own."""
    return Draws.even(count, 1)


def test_missing_values_are_left_out_and_none_at_all_is_nan() -> None:
    assert estimate(np.array([1.0, np.nan, 3.0]), all_apart(3)).mean == 2
    assert np.isnan(estimate(np.array([np.nan]), all_apart(1)).mean)


@pytest.mark.parametrize(("sample", "can_tell"), [([1, 1.1, 0.9], True), ([-1, 1, 0.1], False), ([0, 0, 0], False)])
def test_it_can_tell_only_without_zero_in_the_interval(sample: list[float], can_tell: bool) -> None:
    assert estimate(np.array(sample), Draws.one(3)).excludes_zero is can_tell


def test_common_luck_cancels_in_a_paired_difference() -> None:
    luck = LUCK.normal(100, 30, 8)
    worlds = {"base": by_replication(x=luck.tolist()), "mix": by_replication(x=(luck - 2).tolist())}
    row = paired_differences(worlds, "base", all_apart(8)).loc[("mix", "x")]
    assert row.tolist() == pytest.approx([-2, -2, -2, 0])
    assert levels(worlds, all_apart(8)).loc[("mix", "x"), "mean"] == pytest.approx(luck.mean() - 2)


def test_no_count_is_below_nought_and_no_share_above_100() -> None:
    worlds = {"one": by_replication(count=[1.0, 9.0], share=[97.0, 99.9], net=[-1.0, 5.0])}
    found = levels(worlds, all_apart(2), ["share"]).loc["one"]
    assert found.loc["count", "low"] == 0
    assert found.loc["share", "high"] == 100
    assert found.loc["net", "low"] < 0
    assert found.loc["count", "high"] > 40  # two replications are few


def test_differences_are_within_replication_whatever_the_order_of_worlds() -> None:
    one, other = by_replication(x=[1.0, 2.0, 4.0]), by_replication(x=[1.5, 2.5, 5.5])
    found = paired_differences({"a": one, "b": other}, "a", all_apart(3)).loc[("b", "x")]
    expected = estimate(np.array([0.5, 0.5, 1.5]), all_apart(3))
    assert found.tolist() == pytest.approx(list(expected))


def test_worlds_with_other_replications_are_not_paired() -> None:
    with pytest.raises(StudyError, match="cannot be paired"):
        paired_differences({"a": by_replication(x=[1.0, 2.0]), "b": by_replication(x=[1.0])}, "a", all_apart(2))


def test_a_baseline_that_is_not_there_is_named() -> None:
    with pytest.raises(StudyError, match="no world nobody"):
        paired_differences({"a": by_replication(x=[1.0])}, "nobody", all_apart(1))


def test_estimates_keep_the_other_keys() -> None:
    index = pd.MultiIndex.from_product([[0, 1], [2018, 2019]], names=["replication", "year"])
    found = estimates(pd.DataFrame({"x": [1.0, 5.0, 3.0, 7.0]}, index=index), all_apart(2))
    assert found.loc[(2018, "x"), "mean"] == 2
    assert found.loc[(2019, "x"), "mean"] == 6


def test_a_certain_gain_at_a_fixed_cost_has_the_price_of_its_draws() -> None:
    gain, draws = LUCK.normal(10, 1, 400), all_apart(400)
    found = ratio(np.full(400, 1000.0), gain, draws)
    assert found.excludes_zero
    assert found.mean == pytest.approx(1000 / gain.mean())
    ends = [1000 / each for each in np.quantile(gain, [0.975, 0.025])]
    assert (found.low, found.high) == pytest.approx(ends, rel=0.01)
    assert found.error == pytest.approx(found.mean / gain.mean() * gain.std(ddof=1) / 20, rel=0.01)


def test_the_interval_of_a_price_holds_95_percent_of_true_prices() -> None:
    held, draws = [], Draws.even(80, 2)
    for number in range(400):
        luck = np.random.default_rng(number)
        true = luck.normal(10, 1.5, 40)
        found = ratio(np.full(80, 1000.0), true[draws.of] + luck.normal(0, 1, 80), draws)
        gains = (1000 / found.high - 10) / 1.5, (1000 / found.low - 10) / 1.5
        held.append(stats.norm.cdf(gains[1]) - stats.norm.cdf(gains[0]))
    assert 0.93 < np.mean(held) < 0.97


@pytest.mark.parametrize("gain", [[-1.0, 1.0, 0.5, 0.2], [-5.0, -5.1, -4.9, -5.0], [0.0, 0.0, 0.0, 0.0], [3.0]])
def test_no_price_where_the_gain_may_be_nothing(gain: list[float]) -> None:
    found = ratio(np.full(len(gain), 1000.0), np.array(gain), all_apart(len(gain)))
    assert not found.excludes_zero
    assert np.isnan(found.low)


def test_turned_twice_is_the_same() -> None:
    found = Estimate(-3.0, -5.0, 1.0, 0.5)
    assert found.negated() == (3.0, -1.0, 5.0, 0.5)
    assert found.negated().negated() == found


def test_levels_of_few_draws_end_where_the_quantity_does() -> None:
    values = np.array([[1.0, 95.0, 3.0, -1.0], [9.0, 99.0, 9.0, 5.0]])
    free = mean_and_interval(values, Draws.one(2))
    mean, low, high, _ = level_and_interval(values, Draws.one(2), signed=[2, 3], percentages=[1])
    assert (free[1][[0, 2, 3]] < 0).all()
    assert free[2][1] > 100
    assert (low[0], high[1]) == (0.0, 100.0)
    assert np.array_equal(low[2:], free[1][2:])
    assert np.array_equal(mean, free[0])
