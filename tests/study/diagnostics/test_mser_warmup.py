"""Warm-up: MSER by hand, a beginning that is planted is found, and a world at rest stands still."""

import numpy as np
import pytest
from support import CONFIGS

from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.diagnostics.mser_warmup import (
    assess_series,
    assess_warm_up,
    batches,
    mser,
    steady_state,
    without_season,
)
from pipeline_sim.study.replication.prepare import WorldSpec

TINY = WorldSpec((str(CONFIGS / "tiny.toml"), str(CONFIGS / "covid.toml")))
YEARS = 20


def noise(count: int) -> np.ndarray:
    return np.random.Generator(np.random.Philox(key=5)).normal(0, 1, count)


def test_mser_by_hand() -> None:
    """Of 9, 1, 2, 1, 2, 1 the first is left out: squared errors of the rest are 1.46, 0.048, 0.0625, 0.074."""
    assert mser(np.array([9.0, 1.0, 2.0, 1.0, 2.0, 1.0])) == (1, 3)


def test_what_stands_still_loses_nothing() -> None:
    assert mser(np.ones(10)) == (0, 5)


@pytest.mark.parametrize("months", [0, 20, 60, 95])
def test_a_beginning_that_is_planted_is_left_out(months: int) -> None:
    values = noise(12 * YEARS)
    values[:months] += 6
    assert assess_series("x", values, YEARS).years == pytest.approx(5 * (months // 5) / 12, abs=0.5)
    assert assess_series("x", values, YEARS).settles


def test_what_drifts_for_ever_does_not_settle() -> None:
    found = assess_series("x", np.arange(12.0 * YEARS), YEARS)
    assert not found.settles
    assert found.years == pytest.approx(YEARS / 2, abs=0.5)


def test_seasons_are_no_beginning() -> None:
    season = np.tile(np.arange(12.0) ** 2, YEARS)
    assert np.ptp(without_season(season)) == pytest.approx(0)
    assert assess_series("x", season + 0.1 * noise(12 * YEARS), YEARS).years < 2


def test_fives_leave_out_what_is_over() -> None:
    assert batches(np.arange(12.0), 5).tolist() == [2, 7]


@pytest.mark.parametrize("assumed", [TINY, WorldSpec((str(CONFIGS / "england.toml"),), scale=0.05)])
def test_nothing_moves_in_a_world_at_rest_but_its_people(assumed: WorldSpec) -> None:
    book, size = steady_state(assumed, 9)
    posts, life = book.posts.establishment, book.life.ltft
    assert size > 0
    assert len(posts) == 9
    assert (posts == posts[0]).all()
    assert (life == life[0]).all()
    assert not book.redeployment.pull.any()


def test_series_of_a_run_are_those_of_the_doctors() -> None:
    found = {each.label: each for each in assess_warm_up(TINY, 9, (1, 2))}
    stages = [found[f"Doctors, {stage.name.lower().replace('_', ' ')}"] for stage in Stage]
    assert all(len(each.values) == 12 * 9 for each in stages)
    assert all((each.values >= 0).all() for each in stages)
    so_far = found["Time in the post so far, years"].values
    assert 0 < so_far[0] < 1
    assert (so_far < 9).all()
