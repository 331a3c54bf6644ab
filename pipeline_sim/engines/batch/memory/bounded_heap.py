"""Bounded heaps: the first so many in an explicit order, without sorting all who ask.

A heap lies on the scratch list and its keys, from a place on; several may lie side by side.
"""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import Pointer, int64_at
from pipeline_sim.engines.batch.memory.access import INDEX_MASK
from pipeline_sim.engines.batch.memory.layout import Header, Memory
from pipeline_sim.engines.batch.memory.sort import begin_each


@kernel
def choose(m: Memory, begins: int, kept: int, most: int, key: int, who: int) -> int:
    """Offer a doctor to a heap of the first `most` by key, then by trainee number; returns its size.

    `who` is a doctor as on a list; `most` is above 0. Returns how many are kept now.
    """
    keys, heap = int64_at(m[Header.KEYS] + 8 * begins), int64_at(m[Header.SCRATCH] + 8 * begins)
    if kept < most:
        rise(keys, heap, kept, key, who)
        return kept + 1
    if comes_after(keys[0], heap[0], key, who):
        sink(keys, heap, most, key, who)
    return kept


@kernel
def is_early(m: Memory, begins: int, kept: int, most: int, key: int) -> bool:
    """False if by the key alone a doctor is not among the first."""
    return kept < most or key <= int64_at(m[Header.KEYS])[begins]


@kernel
def comes_after(key: int, who: int, other_key: int, other: int) -> bool:
    """True if a doctor comes after another in the order."""
    return key > other_key or (key == other_key and who > other)


@kernel
def rise(keys: Pointer, heap: Pointer, place: int, key: int, who: int) -> None:
    """Sift up from the end of a heap."""
    above = place - 1 >> 1
    while place > 0 and comes_after(key, who, keys[above], heap[above]):
        keys[place], heap[place] = keys[above], heap[above]
        place, above = above, above - 1 >> 1
    keys[place], heap[place] = key, who


@kernel
def sink(keys: Pointer, heap: Pointer, count: int, key: int, who: int) -> None:
    """Sift down from the root of a heap."""
    place, below = 0, last_below(keys, heap, 0, count)
    while below > 0 and comes_after(keys[below], heap[below], key, who):
        keys[place], heap[place] = keys[below], heap[below]
        place, below = below, last_below(keys, heap, below, count)
    keys[place], heap[place] = key, who


@kernel
def last_below(keys: Pointer, heap: Pointer, place: int, count: int) -> int:
    """Child that comes last of the two of a node; 0 if there are none."""
    left = 2 * place + 1
    right = left + 1
    if left >= count:
        return 0
    return right if right < count and comes_after(keys[right], heap[right], keys[left], heap[left]) else left


# ---- one heap for each of several who have something to give: of the first or of the others, whoever are fewer ------

ASKING, ROOM, BEGINS, KEPT = range(4)  # how many ask, how many can be served, where the heap begins, how many it holds


@kernel
def heaps(m: Memory, what: int, count: int) -> Pointer:
    """Property of each of so many heaps, in TURN, which is free until the next phase.

    That list is as long as a year of the tally, which has far more words for an office than there are groups.
    """
    return int64_at(m[Header.TURN] + 8 * what * count)


@kernel
def begin_heaps(m: Memory, count: int) -> None:
    """Lay out the heaps on the scratch list; what was listed there moves to the spare list, with keys."""
    asked, begins, kept = heaps(m, ASKING, count), heaps(m, BEGINS, count), heaps(m, KEPT, count)
    for heap in range(count):
        begins[heap], kept[heap] = asked[heap], 0
    begin_each(begins, count)
    m[Header.SCRATCH], m[Header.SPARE] = m[Header.SPARE], m[Header.SCRATCH]
    m[Header.KEYS], m[Header.SPARE_KEYS] = m[Header.SPARE_KEYS], m[Header.KEYS]


@kernel
def keeps_winners(m: Memory, heap: int, count: int) -> bool:
    """True if a heap keeps those who are served, false if it keeps the others."""
    return 2 * heaps(m, ROOM, count)[heap] <= heaps(m, ASKING, count)[heap]


@kernel
def partition_offer(m: Memory, heap: int, count: int, key: int, who: int) -> None:
    """Offer one of those who ask to a heap; a heap of losers is kept in reverse order."""
    begin, kept, most = heaps(m, BEGINS, count)[heap], heaps(m, KEPT, count), heaps(m, ROOM, count)[heap]
    if not keeps_winners(m, heap, count):
        most, key, who = heaps(m, ASKING, count)[heap] - most, -key, -who
    if most > 0:
        kept[heap] = choose(m, begin, kept[heap], most, key, who)


@kernel
def partition_member(m: Memory, heap: int, count: int, place: int) -> int:
    """Row number of the doctor at a place of a heap."""
    return abs(int64_at(m[Header.SCRATCH])[heaps(m, BEGINS, count)[heap] + place]) & INDEX_MASK
