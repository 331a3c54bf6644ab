"""The first so many in an explicit order, without sorting all who ask: a heap whose root is the last of those kept.

A heap lies on the scratch list and its keys, from a place on; several may lie side by side.
"""

from pipeline_sim.base.cells import Cells, int64_at
from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.layout import KEYS, SCRATCH, Memory


@kernel
def choose(m: Memory, begins: int, kept: int, most: int, key: int, who: int) -> int:
    """Keep a doctor if among the first `most` by key, then by trainee number, of those offered so far.

    `who` is a doctor as on a list; `most` is above 0. Returns how many are kept now.
    """
    keys, heap = int64_at(m[KEYS] + 8 * begins), int64_at(m[SCRATCH] + 8 * begins)
    if kept < most:
        rise(keys, heap, kept, key, who)
        return kept + 1
    if comes_after(keys[0], heap[0], key, who):
        sink(keys, heap, most, key, who)
    return kept


@kernel
def is_early(m: Memory, begins: int, kept: int, most: int, key: int) -> bool:
    """False if a key alone tells that a doctor is not among the first: who it is need not be looked up."""
    return kept < most or key <= int64_at(m[KEYS])[begins]


@kernel
def comes_after(key: int, who: int, other_key: int, other: int) -> bool:
    """True if one comes after another in the order."""
    return key > other_key or (key == other_key and who > other)


@kernel
def rise(keys: Cells, heap: Cells, place: int, key: int, who: int) -> None:
    """From the end of a heap up to below one who comes after."""
    above = place - 1 >> 1
    while place > 0 and comes_after(key, who, keys[above], heap[above]):
        keys[place], heap[place] = keys[above], heap[above]
        place, above = above, above - 1 >> 1
    keys[place], heap[place] = key, who


@kernel
def sink(keys: Cells, heap: Cells, count: int, key: int, who: int) -> None:
    """In place of the root, and down to above those who come before."""
    place, below = 0, last_below(keys, heap, 0, count)
    while below > 0 and comes_after(keys[below], heap[below], key, who):
        keys[place], heap[place] = keys[below], heap[below]
        place, below = below, last_below(keys, heap, below, count)
    keys[place], heap[place] = key, who


@kernel
def last_below(keys: Cells, heap: Cells, place: int, count: int) -> int:
    """Of the two places below one, that of who comes last; 0 if there are none."""
    left = 2 * place + 1
    right = left + 1
    if left >= count:
        return 0
    return right if right < count and comes_after(keys[right], heap[right], keys[left], heap[left]) else left
