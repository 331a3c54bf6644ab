"""What is learnt, as the kernel finds it by address: that of the Rulebook, shared with a trunk where it is the same."""

import ctypes

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.base.shared_rows import NO_CHANGE, Keys, Rows, SharedRows
from pipeline_sim.engines.batch.flatten import LEARNT, Tables, tables
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.rules.rulebook import Rulebook

BOOK = toy_rulebook()
SHAPE = BOOK.competence.opportunity_sum.shape
CELLS = int(np.prod(SHAPE[:-1]))
some_keys = st.lists(st.integers(NO_CHANGE, 2), min_size=CELLS, max_size=CELLS).map(
    lambda keys: np.array(keys).reshape(SHAPE[:-1])
)
BEGUN = SharedRows([np.arange(SHAPE[-1], dtype=np.int32)[None]], np.zeros(SHAPE[:-1], np.int64))


def moved(table: SharedRows, keys: Keys) -> SharedRows:
    def add(rows: Rows, own: Keys) -> None:
        rows += own[:, None].astype(np.int32) + 1

    return table.changed(keys, add)


def with_learning(done: SharedRows, taken: SharedRows) -> Rulebook:
    return BOOK._replace(competence=BOOK.competence._replace(opportunity_sum=done, taken_sum=taken))


def addresses(flat: Tables) -> Rows:
    begins, count = flat.at[len(Table) + Param.LEARNING, 0], int(np.prod(SHAPE[1:-1]))
    return flat.params[begins : begins + count].reshape(SHAPE[1:-1])


def as_found(flat: Tables) -> Rows:
    """What is learnt [L, O, T+1, 8], read by address."""
    words = ctypes.c_int32 * (SHAPE[-1] * LEARNT)
    found = [np.array(words.from_address(int(at))).reshape(-1, LEARNT) for at in addresses(flat).ravel()]
    return np.array(found).reshape(*SHAPE[1:], LEARNT)


def side_by_side(book: Rulebook) -> Rows:
    both = np.concatenate([book.competence.opportunity_sum, book.competence.taken_sum])
    return np.moveaxis(both, 0, -1)


@given(some_keys, some_keys, some_keys)
def test_what_the_kernel_finds_is_what_is_learnt_in_trunk_and_branch(one: Keys, other: Keys, taken: Keys) -> None:
    trunk = with_learning(moved(BEGUN, one), BEGUN)
    for branch in (
        trunk,
        with_learning(moved(trunk.competence.opportunity_sum, other), BEGUN),
        with_learning(trunk.competence.opportunity_sum, moved(BEGUN, taken)),
    ):
        begun = tables(trunk)
        found = tables(branch, trunk=begun)
        assert np.array_equal(as_found(begun), side_by_side(trunk))
        assert np.array_equal(as_found(found), side_by_side(branch))
        same = (side_by_side(trunk) == side_by_side(branch)).all(axis=(2, 3))
        assert np.array_equal(addresses(begun) == addresses(found), same)
        assert (addresses(found) % (4 * LEARNT) == 0).all()
