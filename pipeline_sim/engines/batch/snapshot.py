"""What one replication has in memory on the morning of a day, kept aside and put back in its place."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines.batch.arena import Arena
from pipeline_sim.engines.batch.memory import layout
from pipeline_sim.engines.batch.output.tally import LINE_BITS

Words = npt.NDArray[np.int64]
WHOLE = (layout.HEADS, layout.POSTS, layout.PROMISED, layout.SLOTS, layout.WANTED)
LISTS = {  # memory that is in use from its beginning on: the counter, and words for each
    layout.ROWS: (layout.ROWS_USED, layout.ROW_BYTES // 8),
    layout.WISHES: (layout.ROWS_USED, layout.WISH_WORDS),
    layout.CHUNKS: (layout.CHUNKS_USED, layout.CHUNK_WORDS),
    layout.FREE_LIST: (layout.FREE_ROWS, 1),
    layout.FREE_CHUNK_LIST: (layout.FREE_CHUNKS, 1),
    layout.REQUEST_LIST: (layout.REQUESTS, 1),
    layout.QUEUE_LIST: (layout.QUEUE, 1),
    layout.PROMISE_LIST: (layout.PROMISES, 1),
}


class Snapshot(NamedTuple):
    """Copies. What is being sorted and a log that has been handed on are not among them, nor is the roll.

    On that nobody who is there changes place, and who comes later is written down again.
    """

    header: Words
    memory: dict[int, Words]  # by word of the header, as far as it was in use
    lines: Words  # a bit for each of the tally that may hold something
    counts: npt.NDArray[np.int32]  # [lines that do, words of a line]


def taken(arena: Arena) -> Snapshot:
    """A snapshot between two days; the log must be empty."""
    header = arena.header
    memory = {word: arena.memory[word].copy() for word in WHOLE}
    for word, (counter, width) in LISTS.items():
        memory[word] = arena.memory[word][: header[counter] * width].copy()
    return Snapshot(header.copy(), memory, arena.lines.copy(), tally_of(arena)[marked(arena.lines)])


def put_back(arena: Arena, snapshot: Snapshot) -> None:
    """Everything where it was, and the header names the same tables again; the log goes on where it is."""
    tally = tally_of(arena)
    tally[marked(arena.lines)] = 0
    tally[marked(snapshot.lines)] = snapshot.counts
    arena.lines[:] = snapshot.lines
    for word, words in snapshot.memory.items():
        arena.memory[word][: len(words)] = words
    arena.header[:] = snapshot.header
    arena.show_log()


def tally_of(arena: Arena) -> npt.NDArray[np.int32]:
    """[cache lines, words of one] the tally as it lies."""
    return arena.tally.reshape(-1, 1 << LINE_BITS)


def marked(lines: Words) -> npt.NDArray[np.intp]:
    """Places of the bits that are set."""
    return np.flatnonzero(np.unpackbits(lines.astype("<i8", copy=False).view(np.uint8), bitorder="little"))
