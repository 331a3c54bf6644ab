"""The memory of one replication: how much, where, and the header that tells the kernel."""

import mmap
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.jit import address_of
from pipeline_sim.engines.batch import layout
from pipeline_sim.engines.batch.days import offices_act
from pipeline_sim.engines.batch.flat import Tables
from pipeline_sim.engines.batch.sorting import BUCKETS
from pipeline_sim.engines.batch.tables import HEADER_WORDS
from pipeline_sim.engines.batch.tally import LINE_BITS, MEASURE_ROOM, ORIGINS
from pipeline_sim.records.errors import RecordsError
from pipeline_sim.records.schema import LOG
from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.rulebook import Rulebook

LOG_ROWS_A_DOCTOR = 8  # more than one day writes, twice
CHUNKS_A_DAY = 12


class Room(NamedTuple):
    """How much of everything."""

    doctors: int  # at once, those outside training who may apply included
    chunks: int
    log: int  # rows between two looks at the log


class Arena(NamedTuple):
    """Arrays of one replication; `header` holds their addresses, so they must live as long as it does."""

    header: npt.NDArray[np.int64]
    log: dict[str, npt.NDArray[Any]]
    tally: npt.NDArray[np.int64]  # two years' blocks, see engines/batch/tally
    lines: npt.NDArray[np.int8]  # 1 for each cache line of the tally that may hold something
    memory: dict[int, npt.NDArray[np.int64]]  # by the word of the header that first held its address
    tables: Tables

    @property
    def address(self) -> int:
        """What the kernel is handed."""
        return int(self.header.ctypes.data)


def first_guess(rulebook: Rulebook) -> Room:
    """Room that is nearly always enough; too little is noticed by the kernel and doubled."""
    posts = rulebook.posts
    yearly = int(posts.graduates.sum(axis=(1, 2)).max() + posts.external.sum(axis=1).max())
    doctors = int(posts.stock.sum() + posts.returners.sum()) + 4 * yearly + 64
    days = int(rulebook.calendar.year_start[-1])
    return Room(doctors, days * CHUNKS_A_DAY + doctors // 4, LOG_ROWS_A_DOCTOR * doctors + 4096)


def doubled(room: Room, fault: int) -> Room:
    """More of what there was too little of."""
    if fault == layout.ROWS_FULL:
        return Room(2 * room.doctors, room.chunks, 2 * room.log)
    if fault == layout.CHUNKS_FULL:
        return room._replace(chunks=2 * room.chunks)
    return room._replace(log=2 * room.log)


def bytes_needed(rulebook: Rulebook, room: Room) -> int:
    """Most memory that a replication can touch, in bytes, less the tables of the Rulebook."""
    programmes, offices = rulebook.posts.establishment.shape[1:]
    lists = 6 * 8 * room.doctors + 5 * 8 * max(room.log, 2 * room.doctors)
    log = room.log * sum(np.dtype(column.dtype).itemsize for column in LOG)
    tally = 2 * 8 * MEASURE_ROOM * (programmes + 1) * (offices + 1) * 2 * ORIGINS
    people = room.doctors * (layout.ROW_BYTES + 8 * (layout.WISH_WORDS + layout.READING_WORDS))
    return people + lists + log + tally + room.chunks * 8 * (layout.CHUNK_WORDS + 1)


def lay_out(rulebook: Rulebook, tables: Tables, room: Room, seed: int, replication: int, keep_log: bool) -> Arena:
    """Allocate everything; pages that are never touched cost nothing. RecordsError if there is too little memory."""
    try:
        return _laid_out(rulebook, tables, room, seed, replication, keep_log)
    except MemoryError:
        needed = bytes_needed(rulebook, room) / 2**30
        raise RecordsError(f"this world needs {needed:.1f} GiB for one replication: try a smaller --scale") from None


def _laid_out(rulebook: Rulebook, tables: Tables, room: Room, seed: int, replication: int, keep_log: bool) -> Arena:
    days = int(rulebook.calendar.year_start[-1])
    programmes, offices = rulebook.posts.establishment.shape[1:]
    groups = rulebook.placements.slots.shape[1]
    header = _lined_up(HEADER_WORDS)
    header[layout.SEED], header[layout.REPLICATION], header[layout.LAST_DAY] = seed, replication, days
    header[layout.MOST_ROWS], header[layout.MOST_CHUNKS], header[layout.MOST_LOG] = room
    header[layout.NEXT_PROMISE], header[layout.OFFICES_ACT] = NEVER, address_of(offices_act, 0, 0, 0)
    header[layout.LOGGING], header[layout.OFFICES] = keep_log, offices
    header[layout.GROUP_OFFICES] = groups * offices
    listed = header[layout.MOST_LISTED] = max(room.log, 2 * room.doctors)
    lengths = {
        layout.ROWS: room.doctors * layout.ROW_BYTES // 8,
        layout.WISHES: room.doctors * layout.WISH_WORDS,
        layout.READINGS: room.doctors * layout.READING_WORDS,
        layout.HEADS: (days + 1) * layout.PHASES,
        layout.CHUNKS: room.chunks * layout.CHUNK_WORDS,
        layout.FREE_CHUNK_LIST: room.chunks,
        **dict.fromkeys(range(layout.REQUEST_LIST, layout.TURN), 2 * room.doctors),
        layout.FREE_LIST: room.doctors,
        **dict.fromkeys((layout.TURN, layout.KEYS, layout.SCRATCH, layout.SPARE_KEYS, layout.SPARE), listed),
        layout.DIGITS: 2 * BUCKETS,
        layout.POSTS: programmes * offices,
        layout.PROMISED: programmes * offices,
        layout.SLOTS: groups * offices,
        layout.WANTED: groups * offices,
    }
    memory = {word: _lined_up(length) for word, length in lengths.items()}
    for word, words in memory.items():
        header[word] = words.ctypes.data
    show(header, tables)
    cells = (programmes + 1) * (offices + 1) * 2 * ORIGINS
    tally = _lined_up(2 * MEASURE_ROOM * cells)
    header[layout.TALLY], header[layout.TALLY_CELLS] = tally.ctypes.data, cells
    lines = np.zeros(tally.size >> LINE_BITS, np.int8)
    header[layout.TALLY_LINES] = lines.ctypes.data
    log = {column.name: np.zeros(room.log if keep_log else 1, column.dtype) for column in LOG}
    for place, column in enumerate(log.values()):
        header[layout.LOG_COLUMNS + place] = column.ctypes.data
    return Arena(header, log, tally, lines, memory, tables)


def show(header: npt.NDArray[np.int64], tables: Tables) -> None:
    """From now on the kernel reads these tables; they must live as long as it does."""
    header[layout.NUMBERS], header[layout.CHANCES] = tables.numbers.ctypes.data, tables.chances.ctypes.data
    header[layout.NUMBER_AT :] = tables.at.ravel()


def _lined_up(words: int) -> npt.NDArray[np.int64]:
    """Zeros on pages of their own, straight from the system: none is there before it is touched, nor after the run.

    NumPy's own zeros may lie where something was freed before; then every byte is written first.
    """
    try:
        return np.frombuffer(mmap.mmap(-1, 8 * max(1, words)), np.int64)
    except (OSError, OverflowError):
        raise MemoryError from None
