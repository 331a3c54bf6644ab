"""Compiled prefix sums are those of NumPy, to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pipeline_sim.base.prefix_sums import sum_thousandths

pytestmark = pytest.mark.law
amounts = st.one_of(st.floats(0, 40, width=32), st.sampled_from([0.0005, 0.0015, 0.9995, 1.0, 1.0005]).map(np.float32))


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40), elements=amounts))
def test_prefix_sums(table: np.ndarray) -> None:
    lost = np.maximum(np.float32(0), np.float32(1) - table)
    for missing, expected in ((False, table), (True, lost)):
        sums = np.empty((table.shape[0], table.shape[1] + 1), dtype=np.int32)
        sum_thousandths(table, missing, sums)
        days = np.rint(expected * np.float32(1000)).astype(np.int32)
        assert not sums[:, 0].any()
        assert np.array_equal(sums[:, 1:], np.cumsum(days, axis=1, dtype=np.int32))
