"""Compiled prefix sums are those of NumPy, to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pipeline_sim.base.prefix_sums import sum_again, sum_thousandths

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


@given(
    arrays(np.float32, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40), elements=amounts),
    st.data(),
    st.booleans(),
)
def test_sums_made_again_where_a_table_changes_are_those_of_the_changed_table(
    table: np.ndarray, data: st.DataObject, missing: bool
) -> None:
    first = data.draw(st.integers(0, table.shape[1] - 1))
    width = data.draw(st.integers(1, table.shape[1] - first))
    part = data.draw(arrays(np.float32, (table.shape[0], width), elements=amounts))
    sums, expected = (np.empty((table.shape[0], table.shape[1] + 1), dtype=np.int32) for _ in range(2))
    sum_thousandths(table, missing, sums)
    sum_again(part, missing, first, sums)
    table[:, first : first + width] = part
    sum_thousandths(table, missing, expected)
    assert np.array_equal(sums, expected)
