"""Compiled apportionment is that of NumPy, to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pipeline_sim.base.apportion import cumulative_rounding, largest_remainders

pytestmark = pytest.mark.law
some_shares = st.one_of(st.floats(0.001, 1), st.sampled_from([0.0, 0.1, 0.25, 1 / 3]))
some_rows = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12)


@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=5),
    arrays(np.float64, st.integers(1, 14), elements=some_shares).filter(np.any),
)
def test_largest_remainders(amounts: list[int], weights: np.ndarray) -> None:
    shares, parts = weights / weights.sum(), np.empty((len(amounts), len(weights)), dtype=np.int64)
    largest_remainders(np.array(amounts), shares, parts)
    for amount, part in zip(amounts, parts, strict=True):
        exact = amount * shares
        expected = np.floor(exact).astype(np.int64)
        order = np.argsort(expected - exact, kind="stable")
        expected[order[: max(0, amount - expected.sum())]] += 1
        assert np.array_equal(part, expected)


@given(arrays(np.float64, some_rows, elements=some_shares), st.data())
def test_cumulative_rounding(shares: np.ndarray, data: st.DataObject) -> None:
    rows, places = shares.shape
    totals = data.draw(arrays(np.float64, rows, elements=st.integers(0, 1000)))
    phases = data.draw(arrays(np.float64, rows, elements=st.floats(0, 1, exclude_max=True)))
    sums = shares.sum(axis=1)
    factors = np.divide(totals, sums, out=np.zeros(rows), where=sums > 0)
    parts = np.empty(shares.shape, dtype=np.int32)
    cumulative_rounding(shares, factors, phases, totals, parts)
    steps = np.floor(np.round(np.cumsum(shares, axis=1) * factors[:, None], 9) + phases[:, None])
    last = places - 1 - np.argmax(shares[:, ::-1] != 0, axis=1)
    steps = np.where(np.arange(places) >= last[:, None], totals[:, None], np.minimum(steps, totals[:, None]))
    expected = np.where(factors[:, None] > 0, np.diff(steps, axis=1, prepend=0.0), 0.0)
    assert np.array_equal(parts, expected)
