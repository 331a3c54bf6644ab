"""Shared rows are the array that they stand for, however often they are changed; what is shared is never written to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline_sim.base.shared_rows import AT_ONCE, NO_CHANGE, Keys, Rows, SharedRows, pieces
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
    def multiply(rows: Rows, own: Keys) -> None:
        rows *= factors[own]

    return table.changed(keys, multiply, keep)


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
    together = table.mapped(lambda block: np.concatenate([rows + 1 for _, rows in pieces(block)]))
    for _ in range(2):  # what is made is made anew
        assert np.array_equal(table, expected)
        assert np.array_equal(together, expected + 1)


def test_many_rows_that_are_not_kept_are_made_a_few_at_a_time() -> None:
    table = SharedRows.of(np.arange(3 * AT_ONCE * DAYS).reshape(-1, DAYS))
    changed = multiplied(table, np.arange(3 * AT_ONCE) % KEYS, np.arange(KEYS * DAYS).reshape(KEYS, DAYS), keep=False)
    (block,) = changed.blocks
    found = list(pieces(block))
    assert [len(rows) for _, rows in found] == [AT_ONCE] * 3
    assert np.array_equal(np.concatenate([rows for _, rows in found]), changed)
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
