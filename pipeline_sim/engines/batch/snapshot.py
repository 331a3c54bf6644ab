"""What one replication has in memory on the morning of a day, kept aside and put back in its place."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines.batch import layout
from pipeline_sim.engines.batch.arena import Arena
from pipeline_sim.engines.batch.tally import CELL_WORDS

Words = npt.NDArray[np.int64]
WHOLE = (layout.HEADS, layout.POSTS, layout.PROMISED, layout.SLOTS, layout.WANTED)
LISTS = {  # memory that is in use from its beginning on: the counter, and words for each
    layout.ROWS: (layout.ROWS_USED, layout.ROW_BYTES // 8),
    layout.CHUNKS: (layout.CHUNKS_USED, layout.CHUNK_WORDS),
    layout.FREE_LIST: (layout.FREE_ROWS, 1),
    layout.FREE_CHUNK_LIST: (layout.FREE_CHUNKS, 1),
    layout.REQUEST_LIST: (layout.REQUESTS, 1),
    layout.QUEUE_LIST: (layout.QUEUE, 1),
    layout.PROMISE_LIST: (layout.PROMISES, 1),
}


class Snapshot(NamedTuple):
    """Copies. What is being sorted and a log that has been handed on are not among them."""

    header: Words
    memory: dict[int, Words]  # by word of the header, as far as it was in use
    listed: tuple[Words, ...]  # by half of the tally: its cells that count anything
    counts: tuple[Words, ...]  # [cells, CELL_WORDS]


def taken(arena: Arena) -> Snapshot:
    """A snapshot between two days; the log must be empty."""
    header, block = arena.header, arena.tally.reshape(-1, CELL_WORDS)
    listed = tuple(arena.counting[half, : header[layout.COUNTING + half]].copy() for half in range(2))
    counts = tuple(block[cells] for cells in listed)
    memory = {word: arena.memory[word].copy() for word in WHOLE}
    for word, (counter, width) in LISTS.items():
        memory[word] = arena.memory[word][: header[counter] * width].copy()
    return Snapshot(header.copy(), memory, listed, counts)


def put_back(arena: Arena, snapshot: Snapshot) -> None:
    """Everything where it was: no address changes, and the header names the same tables again."""
    block = arena.tally.reshape(-1, CELL_WORDS)
    for half in range(2):
        block[arena.counting[half, : arena.header[layout.COUNTING + half]]] = 0
    for half, (cells, counts) in enumerate(zip(snapshot.listed, snapshot.counts, strict=True)):
        arena.counting[half, : len(cells)] = cells
        block[cells] = counts
    for word, words in snapshot.memory.items():
        arena.memory[word][: len(words)] = words
    arena.header[:] = snapshot.header
