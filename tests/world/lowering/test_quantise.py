"""Rounding that keeps totals, and chances as thresholds."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline_sim.rules.codes import CERTAIN
from pipeline_sim.world.lowering.quantise import (
    apportion,
    apportion_cells,
    by_year,
    normalised_thresholds,
    per_mille_whole,
    thresholds,
)

SHARES = st.lists(st.floats(0, 50), min_size=1, max_size=60)


@given(SHARES, st.integers(0, 500), st.floats(0, 1))
@example([1.0, 2.2250738585e-313], 1, 0.9999999999999999)
def test_apportion_keeps_total_and_due(parts: list[float], total: int, phase: float) -> None:
    found = apportion(parts, total, phase)
    assert found.min() >= 0
    if sum(parts) > 0:
        assert found.sum() == total
        due = np.array(parts) / sum(parts) * total
        assert np.all(np.abs(np.cumsum(found) - np.cumsum(due)) <= 1 + 1e-6)
        assert not found[np.array(parts) == 0].any()


def test_apportion_leaves_nothing_to_a_last_part_of_nothing() -> None:
    for phase in np.linspace(0, 1, 21):
        found = apportion([1 / 3, 1 / 3, 1 / 3 - 1e-12, 0.0], 1, float(phase))
        assert found.sum() == 1
        assert found[-1] == 0


def test_apportion_of_whole_numbers_changes_nothing() -> None:
    assert apportion([3, 0, 5, 1], 9).tolist() == [3, 0, 5, 1]
    assert apportion([0.0, 0.0], 4).tolist() == [0, 0]


def test_single_posts_are_spread_over_offices() -> None:
    cells = apportion_cells(np.full((100, 10), 1.0), 0.1)
    assert np.all(cells.sum(axis=1) == 1)
    assert cells.sum(axis=0).min() >= 7


@given(SHARES)
def test_whole_rows_end_certain_and_never_pick_nothing(weights: list[float]) -> None:
    row = normalised_thresholds(weights)
    assert np.all(np.diff(row) >= 0)
    if sum(weights) > 0:
        assert row[-1] == CERTAIN
        width = np.diff(row, prepend=0)
        assert not width[np.array(weights) == 0].any()
    else:
        assert not row.any()


def test_thresholds_are_held_between_never_and_certain() -> None:
    assert thresholds([-0.5, 0.0, 0.5, 1.0, 7.0]).tolist() == [0, 0, CERTAIN // 2, CERTAIN, CERTAIN]


def test_per_mille_of_thirds_is_whole() -> None:
    assert per_mille_whole([[1 / 3, 1 / 3, 1 / 3], [0.1, 0.2, 0.7]]).sum(axis=1).tolist() == [1000, 1000]


def test_years_between_are_on_a_line_and_level_outside() -> None:
    assert by_year({"2016": 0.1, "2018": 0.2}, (2014, 2016, 2017, 2018, 2030)).tolist() == pytest.approx(
        [0.1, 0.1, 0.15, 0.2, 0.2]
    )
