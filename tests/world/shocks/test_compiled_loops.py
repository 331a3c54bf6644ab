"""Compiled loops of shocks are NumPy's, to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline_sim.world.shocks.compiled_loops import keep, work_off

pytestmark = pytest.mark.law
SIZE = (9, 3, 2)  # months, groups, offices
seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def pressed(stock: np.ndarray, normal: np.ndarray, half: float) -> np.ndarray:
    more = np.maximum(0.0, stock / normal - 1.0)
    return np.asarray(more / (more + half))


@given(seeds, st.integers(0, SIZE[0]), st.floats(0, 2), st.floats(0.01, 2), st.floats(0, 3))
def test_a_list_is_worked_off_as_all_cells_at_once_are(
    random: np.random.Generator, first: int, most_effort: float, half: float, busy: float
) -> None:
    months, _, offices = SIZE
    part = random.uniform(0.01, 1, SIZE[1:])
    normal = 1000 * part
    usual = busy * random.uniform(0, 2000, (months, offices))
    short = usual * random.uniform(0, 1, usual.shape)
    waits = np.rint(normal * random.uniform(0, 3, normal.shape)).astype(np.int64)
    flows = random.integers(0, 2000, (5, *SIZE))
    expected, pressures, waiting = flows.copy(), np.empty(SIZE), waits.copy()
    stock, referred, done, lost, added = expected
    work_off(first, most_effort, half, normal, part, waits, usual, short, flows, pressures)
    for month in range(first, months):
        effort = 1.0 + most_effort * pressed(waiting, normal, half)
        able, left = (np.rint(each[month] * part * effort).astype(np.int64) for each in (usual, short))
        done[month] = np.minimum(able, waiting + referred[month])
        lost[month] = np.maximum(0, able - left - (able - done[month]))
        still = waiting + referred[month] - done[month] + lost[month]
        added[month] = np.minimum(added[month], still)
        waiting = stock[month] = still - added[month]
    assert np.array_equal(flows, expected)
    assert np.array_equal(pressures, pressed(stock, normal, half))


@given(seeds, st.integers(1, 3))
def test_what_is_kept_of_opportunity(random: np.random.Generator, terms: int) -> None:
    times, parts = random.uniform(0, 3, terms), random.uniform(0, 1 / terms, terms)
    losses, learning = random.uniform(-0.1, 1, (terms, 4, 50)), random.uniform(0, 1, 50)
    kept = np.empty(losses.shape[1:], dtype=np.float32)
    keep(times, parts, losses, learning, kept)
    lost = sum(part * np.clip(much * loss, 0.0, 1.0) for much, part, loss in zip(times, parts, losses, strict=True))
    assert np.array_equal(kept, (1.0 - lost * learning).astype(np.float32))
