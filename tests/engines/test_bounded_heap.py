"""Whoever is served where more ask than can be: told apart by heaps, held against sorting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.worlds.toy_rulebook import toybook

from pipeline_sim.base.compiler.jit import entry
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.arena import Arena, Room, lay_out
from pipeline_sim.engines.batch.flatten import tables
from pipeline_sim.engines.batch.memory.access import INDEX_BITS
from pipeline_sim.engines.batch.memory.bounded_heap import (
    ASKING,
    KEPT,
    ROOM,
    begin_heaps,
    heaps,
    keeps_winners,
    partition_member,
    partition_offer,
)
from pipeline_sim.engines.batch.memory.layout import Header

pytestmark = pytest.mark.law
HEAPS = 3


@entry
def all_told_apart(address: int, count: int, where: int) -> None:
    """The heap of the n-th who asks stands on the list of turns, after what is known of the heaps."""
    m = int64_at(address)
    begin_heaps(m, HEAPS)
    for place in range(count):
        heap = int64_at(m[Header.TURN])[where + place]
        partition_offer(m, heap, HEAPS, int64_at(m[Header.SPARE_KEYS])[place], int64_at(m[Header.SPARE])[place])


@entry
def kept_at(address: int, heap: int, place: int) -> int:
    return partition_member(int64_at(address), heap, HEAPS, place)


@entry
def known(address: int, what: int, heap: int) -> int:
    return heaps(int64_at(address), what, HEAPS)[heap]


@entry
def of_the_first(address: int, heap: int) -> int:
    return int(keeps_winners(int64_at(address), heap, HEAPS))


def written(arena: Arena, what: int, words: list[int], begin: int = 0) -> None:
    """Onto a list, wherever it lies now."""
    where = next(each for each in arena.memory.values() if each.ctypes.data == arena.header[what])
    where[begin : begin + len(words)] = words


@settings(deadline=None)  # the first call compiles
@given(seed=st.integers(0, 1 << 32), count=st.integers(0, 60), keys=st.integers(1, 12), most=st.integers(0, 25))
def test_the_first_by_key_then_number_are_served_in_each(seed: int, count: int, keys: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    asking = list(zip(rng.integers(0, HEAPS, count).tolist(), rng.integers(0, keys, count).tolist(), strict=True))
    room = rng.integers(0, most + 1, HEAPS).tolist()
    book = toybook()
    arena = lay_out(book, tables(book), Room(100, 100, 100), 1, 0, False)
    many = np.bincount([heap for heap, _ in asking], minlength=HEAPS).tolist()
    who = [((7 * place) % 61 + 1 << INDEX_BITS) | place for place in range(count)]  # all numbers differ
    written(arena, Header.SCRATCH, who)
    written(arena, Header.KEYS, [key for _, key in asking])
    written(arena, Header.TURN, many, ASKING * HEAPS)
    written(arena, Header.TURN, room, ROOM * HEAPS)
    written(arena, Header.TURN, [heap for heap, _ in asking], 20)
    all_told_apart(arena.address, count, 20)
    for heap in range(HEAPS):
        mine = sorted((key, who[place], place) for place, (where, key) in enumerate(asking) if where == heap)
        kept = [kept_at(arena.address, heap, place) for place in range(known(arena.address, KEPT, heap))]
        served = mine[: room[heap]] if of_the_first(arena.address, heap) else mine[room[heap] :]
        assert sorted(kept) == sorted(place for _, _, place in served)
        assert 2 * len(kept) <= len(mine)
