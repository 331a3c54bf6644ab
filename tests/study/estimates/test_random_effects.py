"""True effects behind replications, on studies whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline_sim.study.estimates.random_effects import Draws, effects, interval, monte_carlo_interval
from pipeline_sim.study.replication.repeated_draws import draws_of_replications

METAS = 2000


def rng(what: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=what))


def study(draws: Draws, chance: float, number: int, metas: int = METAS) -> np.ndarray:
    """Values [R, metas] of which true values are normal, of mean 3 and spread 1."""
    true = 3 + rng(number).standard_normal((len(draws.weights), metas))
    return true[draws.of] + chance * rng(number + 1).standard_normal((len(draws.of), metas))


def some_twice(draws: int) -> Draws:
    """The first half of the draws has two replications, the rest one."""
    of = np.sort(np.concatenate([np.arange(draws), np.arange(draws // 2)]))
    return Draws(of, np.full(draws, 1 / draws))


CASES = [
    (Draws.even(16, 2), 0.0), (Draws.even(16, 2), 0.5), (Draws.even(400, 2), 1.0), (Draws.even(100, 2), 1.0),
    (Draws.even(400, 2), 0.3), (some_twice(40), 0.5), (some_twice(200), 1.0), (Draws.even(15, 2), 0.5),
    (Draws.alike(draws_of_replications(40, 4)), 2.0), (Draws.even(400, 2), 4.0),
]  # fmt: skip


@pytest.mark.parametrize(("draws", "chance"), CASES)
def test_the_interval_holds_95_percent_of_true_values(draws: Draws, chance: float) -> None:
    low, high = interval(effects(study(draws, chance, 1), draws))
    held = stats.norm.cdf(high - 3) - stats.norm.cdf(low - 3)
    assert 0.93 < held.mean() < 0.97


@pytest.mark.parametrize(("draws", "chance"), CASES)
def test_the_monte_carlo_interval_holds_the_mean_as_often_as_it_says(draws: Draws, chance: float) -> None:
    low, high = monte_carlo_interval(effects(study(draws, chance, 3), draws))
    assert 0.93 < ((low <= 3) & (high >= 3)).mean() < 0.97


def test_more_draws_settle_the_interval_and_do_not_narrow_it() -> None:
    few, many = (effects(study(draws, 1.0, 5, 50), draws) for draws in (Draws.even(400, 2), Draws.even(4000, 2)))
    widths = [np.mean(np.subtract(*interval(each)[::-1])) for each in (few, many)]
    assert widths == pytest.approx([3.92, 3.92], rel=0.06)
    assert np.mean(many.error) == pytest.approx(np.mean(few.error) / 10**0.5, rel=0.1)


def test_what_has_no_effect_has_an_interval_about_zero_that_narrows() -> None:
    """Pure chance of spread 1: nothing of it is left but the error of the mean, and what cannot be told from it."""
    widths = []
    for count in (16, 400, 6400):
        draws = Draws.even(count, 2)
        low, high = interval(effects(rng(7).standard_normal((count, 500)), draws))
        assert ((low <= 0) & (high >= 0)).mean() > 0.95
        widths.append(np.median(high - low))
    assert widths[1] < widths[0] / 2
    assert widths[2] < widths[1] / 1.8


def test_a_weighted_sample_is_read_as_its_target() -> None:
    """Draws from a normal twice too wide, weighted to the right one."""
    held = []
    for number in range(150):
        true = 2 * rng(20 + number).standard_normal(200)
        draws = Draws.even(400, 2, stats.norm.pdf(true) / stats.norm.pdf(true, scale=2))
        low, high = interval(effects(true[draws.of] + rng(900 + number).standard_normal(400), draws))
        held.append(stats.norm.cdf(high) - stats.norm.cdf(low))
    assert 0.93 < np.mean(held) < 0.97


def test_variances_are_those_of_anova_where_draws_are_alike() -> None:
    """Draws 0 and 4, each with chance of 1 either way: within 2, between 8 less half of that."""
    found = effects(np.array([-1.0, 1.0, 3.0, 5.0]), Draws.even(4, 2))
    assert (float(found.mean), float(found.within), float(found.observed), float(found.between)) == (2, 2, 8, 7)
    assert float(found.error) == pytest.approx((8 / 2) ** 0.5)


def test_unweighted_and_equally_weighted_are_the_same() -> None:
    values = rng(3).standard_normal(20)
    one, other = (effects(values, Draws.even(20, 2, weights)) for weights in (None, np.full(10, 7.0)))
    assert np.allclose(one.drawn, other.drawn)


def test_replications_of_one_draw_differ_by_chance_alone() -> None:
    sample = rng(9).normal(5, 2, 12)
    low, high = interval(effects(sample, Draws.one(12)))
    expected = stats.ttest_1samp(sample, 0).confidence_interval(0.95)
    assert (float(low), float(high)) == pytest.approx((expected.low, expected.high))


def test_one_replication_has_no_interval_and_missing_values_are_left_out() -> None:
    low, _ = interval(effects(np.array([4.0]), Draws.even(1, 2)))
    assert np.isnan(low)
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan], [np.nan, 7.0]])
    found = effects(values, Draws.even(4, 1))
    assert found.mean.tolist() == [2.0, 7.0]
    assert np.isnan(interval(effects(np.full(4, np.nan), Draws.even(4, 2)))[0])


def test_the_first_replications_keep_their_draws() -> None:
    draws = Draws.even(8, 2, np.array([1.0, 2.0, 3.0, 4.0]))
    assert draws.first(3).of.tolist() == [0, 0, 1]
    assert draws.first(3).weights.tolist() == pytest.approx([1 / 3, 2 / 3])
    assert draws.means(np.arange(8.0)).tolist() == [0.5, 2.5, 4.5, 6.5]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20), st.integers(1, 3))
def test_an_interval_has_its_ends_in_order_and_true_values_keep_theirs(sample: list[float], each: int) -> None:
    draws = Draws.even(len(sample), each)
    found = effects(np.array(sample), draws)
    low, high = interval(found)
    assert not low > high
    assert np.all(np.abs(found.drawn - found.mean) <= np.abs(draws.means(np.array(sample)) - found.mean) + 1e-6)
