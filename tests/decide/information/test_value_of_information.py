"""Values of information with a formula: normal gains, a choice of two, chance that is no knowledge, a trial."""

from math import erf, exp, pi, sqrt

import numpy as np
import pytest

from pipeline_sim.decide.information.smoothing import expected_gains
from pipeline_sim.decide.information.value_of_information import (
    held_out_value,
    perfect_information,
    trial_error,
    value_of_expected,
    value_of_knowing,
    value_of_trial,
)
from pipeline_sim.decide.true_gains import nearest_shares
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.estimates.ranking import best_choices
from pipeline_sim.study.replication.repeated_draws import draws_of_replications, replications_of_draws

pytestmark = pytest.mark.unit
DRAWS = 4000


def unit_loss(mean: float, spread: float) -> float:
    """E[max(0, X)] less max(0, mean) of a normal X."""
    step = abs(mean) / spread
    return spread * (exp(-(step**2) / 2) / sqrt(2 * pi) - step * (1 - erf(step / sqrt(2))) / 2)


def normal(seed: int, columns: int) -> np.ndarray:
    """Standard normal columns [D, columns] with sample mean 0 and variance 1, uncorrelated."""
    raw = np.random.default_rng(seed).normal(size=(DRAWS, columns))
    left, _, right = np.linalg.svd(raw - raw.mean(axis=0), full_matrices=False)
    return left @ right * sqrt(DRAWS)


@pytest.mark.parametrize("mean", [-0.5, 0.0, 0.4])
def test_knowing_a_normal_figure(mean: float) -> None:
    figures = normal(1, 4)
    gains = np.stack([np.zeros(DRAWS), mean + figures @ [1.0, 0.7, 0.3, 0.0]], axis=-1)
    for columns, spread in (([0], 1.0), ([0, 1], sqrt(1.49))):
        wanted = unit_loss(mean, spread)
        assert value_of_knowing(figures[:, columns], gains) == pytest.approx(wanted, rel=0.05)
        second, error = held_out_value(figures[:, columns], gains, np.arange(DRAWS))
        assert second == pytest.approx(wanted, rel=0.05)
        assert 0 < error < 0.1 * wanted


def test_a_choice_of_two_by_a_uniform_figure() -> None:
    """Gain a - b x of x even between 0 and 1 against nothing: a > b x is known, so the value is an area."""
    x = (np.random.default_rng(2).permutation(DRAWS) + 0.5) / DRAWS
    gains = np.stack([1.0 - 1.6 * x + normal(3, 1)[:, 0], np.zeros(DRAWS)], axis=-1)
    wanted = 1 / 1.6 / 2 - 0.2  # the triangle where it gains, less its mean
    assert value_of_knowing(x[:, None], gains) == pytest.approx(wanted, rel=0.05)


def noisy(true: np.ndarray, spread: float, seed: int, every: int = 2) -> tuple[np.ndarray, Draws]:
    """True gains [D, K] with chance of some spread, not in the first choice; one draw of so many is run twice."""
    of = draws_of_replications(replications_of_draws(len(true), every), every)
    chance = spread * np.random.default_rng(seed).normal(size=(len(of), true.shape[1]))
    chance[:, 0] = 0.0
    return true[of] + chance, Draws.alike(of)


def test_everything_without_chance_variation() -> None:
    """Chance has half the variance of what is true."""
    gains, draws = noisy(np.stack([np.zeros(DRAWS), -0.5 + normal(7, 1)[:, 0]], axis=-1), 0.7, 6)
    found = perfect_information(gains, draws, exchanges=19)
    assert found.value == pytest.approx(unit_loss(-0.5, 1.0), rel=0.05)
    assert found.with_chance > 1.2 * found.value
    assert found.floor < 0.5 * found.value
    assert found.best == 0


def test_chance_of_choices_that_go_together_is_no_information() -> None:
    """Nine mixes that all follow one figure: taken one by one, their chance would seem to be worth as much again."""
    line = -0.2 + normal(11, 1)
    true = np.hstack([np.zeros((DRAWS, 1)), line * np.linspace(1.0, 0.9, 9)])
    found, one_by_one = [], []
    for seed in range(8):
        gains, draws = noisy(true, 1.0, seed)
        found.append(perfect_information(gains, draws, exchanges=19).value)
        one_by_one.append(best_choices(gains, draws).loss.min())
    assert np.mean(found) == pytest.approx(unit_loss(-0.2, 1.0), rel=0.15)
    assert np.mean(one_by_one) > 1.6 * unit_loss(-0.2, 1.0)


def test_a_sum_of_shares_is_kept() -> None:
    assert nearest_shares(np.array([-0.2, 0.1, 0.8])).tolist() == pytest.approx([0.0, 0.0, 0.7])
    assert nearest_shares(np.array([-0.3, 0.1, 0.1])).tolist() == [0.0, 0.0, 0.0]
    assert nearest_shares(np.array([0.2, 0.9])).tolist() == pytest.approx([0.2, 0.9])


def test_nothing_to_know() -> None:
    """Chance alone: exchanged draws show as much."""
    gains, draws = noisy(np.zeros((300, 4)), 1.0, 8)
    found = perfect_information(gains, draws, exchanges=39)
    assert found.value <= found.floor
    assert found.with_chance > 3 * found.value


@pytest.mark.parametrize("error", [0.3, 1.0, 2.0])
def test_trial_by_the_conjugate_formula(error: float) -> None:
    effect = normal(9, 1)[:1500, 0]
    effect = (effect - effect.mean()) / effect.std()
    gains = np.stack([np.zeros(1500), -0.3 + effect], axis=-1)
    assert trial_error(400, 10 * error) == pytest.approx(error)
    found = value_of_trial(3 * effect + 1, gains, error)
    assert found == pytest.approx(unit_loss(-0.3, 1 / sqrt(1 + error**2)), rel=0.05)
    assert 0 < found < value_of_expected(expected_gains(effect[:, None], gains))


def test_a_trial_of_what_is_known_or_does_nothing_is_worth_nothing() -> None:
    gains = np.stack([np.zeros(50), np.full(50, 1.0)], axis=-1)
    assert value_of_trial(np.ones(50), gains, 1.0) == 0.0
    assert value_of_trial(np.arange(50.0), gains, 1.0) == 0.0


def test_noise_teaches_nothing_by_either_estimate() -> None:
    """Columns that move nothing: the penalty takes them out; draws of other folds do not know a draw's own noise."""
    generator = np.random.default_rng(10)
    rows = generator.integers(0, 60, 240)  # draws of a row share what it does
    clusters = np.unique(rows, return_inverse=True)[1]
    gains = np.stack([np.zeros(240), generator.normal(size=60)[rows] + generator.normal(size=240)], axis=-1)
    columns = [generator.normal(size=(60, 1))[rows] for _ in range(20)]
    assert np.mean([value_of_knowing(column, gains) for column in columns]) < 0.008
    assert np.mean([held_out_value(column, gains, clusters)[0] for column in columns]) < 0.02
