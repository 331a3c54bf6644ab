"""Shared rows are the array that they stand for, however often they are changed; what is shared is never written to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline_sim.base.shared_rows import NO_CHANGE, Keys, Rows, RowsToChange, SharedRows
from pipeline_sim.base.shared_rows import whole as rows_of

pytestmark = pytest.mark.law
SHAPE, DAYS, KEYS = (2, 3), 5, 3
some_keys = st.lists(st.integers(NO_CHANGE, KEYS - 1), min_size=6, max_size=6).map(lambda k: np.array(k).reshape(SHAPE))
some_factors = st.lists(st.integers(0, 3), min_size=KEYS * DAYS, max_size=KEYS * DAYS).map(
    lambda values: np.array(values).reshape(KEYS, DAYS)
)
some_changes = st.lists(st.tuples(some_keys, some_factors), max_size=5)


def ones() -> SharedRows:
    return SharedRows([np.ones((1, DAYS), np.int64)], np.zeros(SHAPE, np.int64))


def multiplied(table: SharedRows, keys: Keys, factors: Rows, keep: bool = True) -> SharedRows:
    def multiply(rows: Rows, own: Keys, days: slice = slice(None)) -> None:
        rows *= factors[own, days]

    if keep:
        return table.changed(keys, multiply)
    days = np.flatnonzero((factors != 1).any(axis=0))
    return table.changed_on(slice(days[0], days[-1] + 1) if len(days) else slice(0, 0), keys, multiply)


def changed_array(changes: list[tuple[Keys, Rows]]) -> Rows:
    """The same changes to an array."""
    whole = np.ones((*SHAPE, DAYS), np.int64)
    for keys, factors in changes:
        whole *= np.where((keys == NO_CHANGE)[..., None], 1, factors[keys])
    return whole


@given(some_changes)
def test_changes_of_shared_rows_are_those_of_an_array_and_leave_what_was_shared_alone(
    changes: list[tuple[Keys, Rows]],
) -> None:
    tables = [ones()]
    for keys, factors in changes:
        tables.append(multiplied(tables[-1], keys, factors))
    for done, table in enumerate(tables):
        whole = changed_array(changes[:done])
        assert np.array_equal(table, whole)
        assert np.array_equal(table.ends, whole[..., -1])
        assert table.item(1, 2, 3) == whole[1, 2, 3]
        assert table.shape == whole.shape
        assert np.array_equal(table.mapped(lambda block: rows_of(block) + 1), whole + 1)
        assert len(np.unique(table.addresses)) == len(np.unique(table.at))


@given(some_changes, st.lists(st.booleans(), min_size=5, max_size=5))
def test_rows_that_are_not_kept_are_made_alike_wherever_they_are_looked_at(
    changes: list[tuple[Keys, Rows]], kept: list[bool]
) -> None:
    table = ones()
    for (keys, factors), keep in zip(changes, kept, strict=False):
        table = multiplied(table, keys, factors, keep)
    expected = changed_array(changes)
    assert table.shape == expected.shape
    assert np.array_equal(table.ends, expected[..., -1])
    assert table.item(1, 2, 3) == expected[1, 2, 3]
    for first in range(DAYS):  # what is made is made anew
        for stop in range(first, DAYS + 1):
            some = table.taken(table.at.ravel(), slice(first, stop))
            assert np.array_equal(some.reshape(*SHAPE, -1), expected[..., first:stop])
    outside = [block for block in table.blocks if isinstance(block, RowsToChange)]
    for block in outside:  # but for the days of its span a row is that which nothing changed
        span = [*range(block.span.start), *range(block.span.stop, DAYS)]
        assert set(map(bytes, block.taken(slice(None))[:, span])) <= set(map(bytes, plain_rows(table)[:, span]))


def plain_rows(table: SharedRows) -> Rows:
    """Rows that are kept, of a table and of those that it is made from."""
    made = [plain_rows(block.table) for block in table.blocks if isinstance(block, RowsToChange)]
    return np.concatenate([*made, *(block for block in table.blocks if not isinstance(block, RowsToChange))])


def test_rows_that_are_not_kept_take_no_memory() -> None:
    table = SharedRows.of(np.arange(6 * DAYS).reshape(-1, DAYS))
    changed = multiplied(table, np.arange(6) % KEYS, np.arange(KEYS * DAYS).reshape(KEYS, DAYS), keep=False)
    assert changed.nbytes == 0


@given(some_changes, some_changes)
def test_the_first_difference_is_that_of_the_arrays(
    one: list[tuple[Keys, Rows]], other: list[tuple[Keys, Rows]]
) -> None:
    begun = ones()
    tables = []
    for changes in (one, other):
        table = begun
        for keys, factors in changes:
            table = multiplied(table, keys, factors)
        tables.append(table)
    differ = np.flatnonzero((changed_array(one) != changed_array(other)).any(axis=(0, 1)))
    assert tables[0].first_difference(tables[1]) == (differ[0] if differ.size else None)
    assert tables[0].first_difference(SharedRows.of(changed_array(other))) == (differ[0] if differ.size else None)


@pytest.mark.parametrize("keys", [np.zeros(SHAPE, np.int64), np.array([[0, 1, 0], [1, 0, 1]])])
def test_equal_rows_that_are_changed_alike_stay_one(keys: Keys) -> None:
    table = multiplied(ones(), keys, np.full((2, DAYS), 7))
    assert len(np.unique(table.at)) == len(np.unique(keys))
    assert len(table.blocks) == 1
