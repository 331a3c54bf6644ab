"""The score of a forecast, against its closed form and its laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline_sim.study.fit.hindcast import crps

DRAWS = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12).map(np.array)
VALUES = st.floats(-1e3, 1e3)


@pytest.mark.unit
def test_the_score_of_a_normal_forecast_is_the_closed_form() -> None:
    draws = np.random.default_rng(1).normal(3.0, 2.0, 4000)
    for value in (-2.0, 3.0, 6.5):
        away = (value - 3.0) / 2.0
        norm = stats.norm
        closed = 2.0 * (away * (2 * norm.cdf(away) - 1) + 2 * norm.pdf(away) - 1 / np.sqrt(np.pi))
        assert crps(draws, value) == pytest.approx(closed, abs=0.1)


@pytest.mark.unit
def test_a_forecast_without_doubt_is_off_by_its_error() -> None:
    assert crps(np.array([4.0]), 7.0) == 3.0
    assert crps(np.array([4.0, 4.0, 4.0]), 7.0) == 3.0


@pytest.mark.unit
def test_the_score_is_fair_to_small_ensembles() -> None:
    rng = np.random.default_rng(2)
    small = np.mean([crps(rng.normal(size=2), rng.normal()) for _ in range(20_000)])
    large = np.mean([crps(rng.normal(size=60), rng.normal()) for _ in range(2_000)])
    assert small == pytest.approx(large, abs=0.03)


@pytest.mark.law
@given(DRAWS, VALUES, st.floats(-100, 100), st.floats(0.01, 100))
def test_the_score_moves_with_the_unit(draws: np.ndarray, value: float, shift: float, factor: float) -> None:
    moved = crps(draws * factor + shift, value * factor + shift)
    assert moved == pytest.approx(factor * crps(draws, value), rel=1e-6, abs=1e-6)
