"""Paired differences, their intervals, and prices that are only named where a gain is certain."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline_sim.study.estimates.intervals import (
    Estimate,
    estimate,
    estimates,
    fieller_ratio,
    levels,
    paired_differences,
)
from pipeline_sim.study.study_error import StudyError

pytestmark = pytest.mark.unit
LUCK = np.random.default_rng(7)


def by_replication(**columns: list[float]) -> pd.DataFrame:
    table = pd.DataFrame(columns, dtype=float)
    return table.set_index(pd.RangeIndex(len(table), name="replication"))


def test_the_interval_is_students() -> None:
    sample = LUCK.normal(5, 2, 12)
    found, expected = estimate(sample), stats.ttest_1samp(sample, 0).confidence_interval(0.95)
    assert found.mean == pytest.approx(sample.mean())
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    found = [estimate(LUCK.normal(3, 1, 6)) for _ in range(2000)]
    held = np.mean([each.low <= 3 <= each.high for each in found])
    assert 0.935 < held < 0.965


def test_one_replication_has_no_interval() -> None:
    found = estimate(np.array([4.0]))
    assert found.mean == 4
    assert np.isnan(found.low)
    assert not found.excludes_zero


def test_missing_values_are_left_out_and_none_at_all_is_nan() -> None:
    assert estimate(np.array([1.0, np.nan, 3.0])).mean == 2
    assert np.isnan(estimate(np.array([np.nan])).mean)


@pytest.mark.parametrize(("sample", "can_tell"), [([1, 1.1, 0.9], True), ([-1, 1, 0.1], False), ([0, 0, 0], False)])
def test_it_can_tell_only_without_zero_in_the_interval(sample: list[float], can_tell: bool) -> None:
    assert estimate(np.array(sample)).excludes_zero is can_tell


def test_common_luck_cancels_in_a_paired_difference() -> None:
    luck = LUCK.normal(100, 30, 8)
    worlds = {"base": by_replication(x=luck.tolist()), "mix": by_replication(x=(luck - 2).tolist())}
    row = paired_differences(worlds, "base").loc[("mix", "x")]
    assert row.tolist() == pytest.approx([-2, -2, -2])
    assert levels(worlds).loc[("mix", "x"), "mean"] == pytest.approx(luck.mean() - 2)


def test_no_count_is_below_nought_and_no_share_above_100() -> None:
    worlds = {"one": by_replication(count=[1.0, 9.0], share=[97.0, 99.9], net=[-1.0, 5.0])}
    found = levels(worlds, ["share"]).loc["one"]
    assert found.loc["count", "low"] == 0
    assert found.loc["share", "high"] == 100
    assert found.loc["net", "low"] < 0
    assert found.loc["count", "high"] > 40  # two replications are few


def test_differences_are_within_replication_whatever_the_order_of_worlds() -> None:
    one, other = by_replication(x=[1.0, 2.0, 4.0]), by_replication(x=[1.5, 2.5, 5.5])
    found = paired_differences({"a": one, "b": other}, "a").loc[("b", "x")]
    expected = estimate(np.array([0.5, 0.5, 1.5]))
    assert found.tolist() == pytest.approx(list(expected))


def test_worlds_with_other_replications_are_not_paired() -> None:
    with pytest.raises(StudyError, match="cannot be paired"):
        paired_differences({"a": by_replication(x=[1.0, 2.0]), "b": by_replication(x=[1.0])}, "a")


def test_a_baseline_that_is_not_there_is_named() -> None:
    with pytest.raises(StudyError, match="no world nobody"):
        paired_differences({"a": by_replication(x=[1.0])}, "nobody")


def test_estimates_keep_the_other_keys() -> None:
    index = pd.MultiIndex.from_product([[0, 1], [2018, 2019]], names=["replication", "year"])
    found = estimates(pd.DataFrame({"x": [1.0, 5.0, 3.0, 7.0]}, index=index))
    assert found.loc[(2018, "x"), "mean"] == 2
    assert found.loc[(2019, "x"), "mean"] == 6


def test_a_certain_gain_at_a_fixed_cost_has_the_price_of_its_ends() -> None:
    gain = np.array([9.0, 10.0, 11.0, 10.0])
    ends, found = estimate(gain), fieller_ratio(np.full(4, 1000.0), gain)
    assert found.excludes_zero
    assert (found.mean, found.low, found.high) == pytest.approx((100, 1000 / ends.high, 1000 / ends.low))


def test_fieller_solves_its_own_quadratic() -> None:
    cost, gain = LUCK.normal(500, 20, 15), LUCK.normal(10, 1, 15)
    found = fieller_ratio(cost, gain)
    quantile = stats.t.ppf(0.975, 14)
    for end in (found.low, found.high):
        rest = cost - end * gain
        assert abs(rest.mean()) / (rest.std(ddof=1) / np.sqrt(15)) == pytest.approx(quantile)


@pytest.mark.parametrize("gain", [[-1.0, 1.0, 0.5, 0.2], [-5.0, -5.1, -4.9, -5.0], [0.0, 0.0, 0.0, 0.0], [3.0]])
def test_no_price_where_the_gain_may_be_nothing(gain: list[float]) -> None:
    found = fieller_ratio(np.full(len(gain), 1000.0), np.array(gain))
    assert not found.excludes_zero
    assert np.isnan(found.low)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_an_interval_stands_around_its_mean(sample: list[float]) -> None:
    found = estimate(np.array(sample))
    assert found.low <= found.mean <= found.high


def test_turned_twice_is_the_same() -> None:
    found = Estimate(-3.0, -5.0, 1.0)
    assert found.negated() == (3.0, -1.0, 5.0)
    assert found.negated().negated() == found
