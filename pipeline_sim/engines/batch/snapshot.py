"""Snapshots of the memory of a replication between two days."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines.batch.arena import ZERO_AT_START, Arena
from pipeline_sim.engines.batch.memory.layout import CHUNK_WORDS, PREFERENCE_WORDS, ROW_BYTES, Header
from pipeline_sim.engines.batch.output.tally import LINE_BITS

Words = npt.NDArray[np.int64]
LISTS = {  # memory that is in use from its beginning on: the counter, and words for each
    Header.ROWS: (Header.ROWS_USED, ROW_BYTES // 8),
    Header.PREFERENCES: (Header.ROWS_USED, PREFERENCE_WORDS),
    Header.CHUNKS: (Header.CHUNKS_USED, CHUNK_WORDS),
    Header.FREE_LIST: (Header.FREE_ROWS, 1),
    Header.FREE_CHUNK_LIST: (Header.FREE_CHUNKS, 1),
    Header.REQUEST_LIST: (Header.REQUESTS, 1),
    Header.QUEUE_LIST: (Header.QUEUE, 1),
    Header.PROMISE_LIST: (Header.PROMISES, 1),
}


class Snapshot(NamedTuple):
    """Snapshot of a replication, without what is being sorted, rows that have been taken, and the roll.

    On that nobody who is there changes place, and who comes later is written down again.
    """

    header: Words
    memory: dict[int, Words]  # by word of the header, as far as it was in use
    lines: Words  # a bit for each of the tally that may hold something
    counts: npt.NDArray[np.int32]  # [lines that do, words of a line]


def take_snapshot(arena: Arena) -> Snapshot:
    """Take a snapshot between two days; the log must be empty."""
    header = arena.header
    memory: dict[int, Words] = {word: arena.memory[word].copy() for word in ZERO_AT_START}
    for word, (counter, width) in LISTS.items():
        memory[word] = arena.memory[word][: header[counter] * width].copy()
    return Snapshot(header.copy(), memory, arena.lines.copy(), tally_of(arena)[marked(arena.lines)])


def restore(arena: Arena, snapshot: Snapshot) -> None:
    """Restore a snapshot, header and tables included; the log goes on where it is."""
    tally = tally_of(arena)
    tally[marked(arena.lines)] = 0
    tally[marked(snapshot.lines)] = snapshot.counts
    arena.lines[:] = snapshot.lines
    for word, words in snapshot.memory.items():
        arena.memory[word][: len(words)] = words
    arena.header[:] = snapshot.header
    arena.bind_log()


def tally_of(arena: Arena) -> npt.NDArray[np.int32]:
    """Tally as [cache lines, words of a line]."""
    return arena.tally.reshape(-1, 1 << LINE_BITS)


def marked(lines: Words) -> npt.NDArray[np.intp]:
    """Indices of the bits that are set."""
    return np.flatnonzero(np.unpackbits(lines.astype("<i8", copy=False).view(np.uint8), bitorder="little"))
