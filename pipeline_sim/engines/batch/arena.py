"""The memory of one replication: how much, where, and the header that tells the kernel."""

import mmap
import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple, TypeVar
from weakref import finalize

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.jit import address_of
from pipeline_sim.engines.batch import layout
from pipeline_sim.engines.batch.days import offices_act
from pipeline_sim.engines.batch.flat import Tables
from pipeline_sim.engines.batch.sorting import BUCKETS, MORE_BITS, WIDTHS
from pipeline_sim.engines.batch.tables import HEADER_WORDS
from pipeline_sim.engines.batch.tally import MARK_BITS, MEASURE_ROOM, ORIGINS
from pipeline_sim.records.errors import RecordsError
from pipeline_sim.records.log import Columns
from pipeline_sim.records.schema import LOG
from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.rulebook import Rulebook

LOG_ROWS_A_DOCTOR = 8  # more than one day writes, twice
CHUNKS_A_DAY = 12
LOG_ROOMS = 2  # how often the rows that must fit go into what is asked of the system at once
SMALL_LOG_ROOMS = 4  # the same where this is not much
BOOKS = (layout.HEADS, layout.POSTS, layout.PROMISED, layout.SLOTS, layout.WANTED)  # what a run finds at 0
LARGE_PAGE = 1 << 21
MOST_KEPT = 1 << 24  # bytes of a part of a log; a larger one goes back to the system
OWN_PAGES = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
LOG_BYTES = np.array(WIDTHS, np.int64)  # of a row, by column
Words = npt.NDArray[np.int64]
T = TypeVar("T")


class Room(NamedTuple):
    """How much of everything."""

    doctors: int  # at once, those outside training who may apply included
    chunks: int
    log: int  # rows between two looks at the log


class Arena:
    """Arrays of one replication; `header` holds their addresses, so they must live as long as it does."""

    def __init__(self, header: Words, memory: dict[int, Words], tables: Tables) -> None:
        self.header, self.tables = header, tables
        self.memory = memory  # by the word of the header that first held its address
        self.log = _no_log()  # where the next rows are written
        self.log_at = self._log_addresses()

    @property
    def address(self) -> int:
        """What the kernel is handed."""
        return int(self.header.ctypes.data)

    @property
    def tally(self) -> npt.NDArray[np.int32]:
        """Two years' blocks, see engines/batch/tally."""
        return self.memory[layout.TALLY].view(np.int32)

    @property
    def lines(self) -> Words:
        """A bit for each cache line of the tally that may hold something."""
        return self.memory[layout.TALLY_LINES]

    def new_log(self) -> Columns:
        """What has been written of the log; the next rows are written elsewhere."""
        used, room = int(self.header[layout.LOG_USED]), int(self.header[layout.MOST_LOG])
        written = {name: column[:used] for name, column in self.log.items()}
        self.log = {name: column[used:] for name, column in self.log.items()}
        self.log_at = self.log_at + used * LOG_BYTES
        if len(self.log["day"]) < room:
            self.log = _log_of(log_rows(room))
            self.log_at = self._log_addresses()
        self.header[layout.LOG_USED] = self.header[layout.LOG_ORDERED] = 0
        self.show_log()
        return written

    def show_log(self) -> None:
        """From now on the kernel writes its rows there."""
        self.header[layout.LOG_COLUMNS : layout.LOG_COLUMNS + len(LOG)] = self.log_at

    def _log_addresses(self) -> Words:
        return np.array([column.ctypes.data for column in self.log.values()], np.int64)


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
    year = 4 * MEASURE_ROOM * (programmes + 1) * (offices + 1) * 2 * ORIGINS
    lists = 6 * 8 * room.doctors + 5 * 8 * max(room.log, 2 * room.doctors) + 2 * 2 * year
    log = log_rows(room.log) * int(LOG_BYTES.sum())
    people = room.doctors * (layout.ROW_BYTES + 8 * (layout.WISH_WORDS + layout.READING_WORDS))
    return people + lists + log + 2 * year + room.chunks * 8 * (layout.CHUNK_WORDS + 1)


def log_rows(room: int) -> int:
    """Rows of a log that are asked of the system at once, of which so many must fit."""
    small = SMALL_LOG_ROOMS * room * LOG_BYTES.sum() <= MOST_KEPT
    return (SMALL_LOG_ROOMS if small else LOG_ROOMS) * room


def lay_out(rulebook: Rulebook, tables: Tables, room: Room, seed: int, replication: int, keep_log: bool) -> Arena:
    """Allocate everything; pages that are never touched cost nothing. RecordsError if there is too little memory."""
    try:
        return _laid_out(rulebook, tables, room, seed, replication, keep_log)
    except MemoryError:
        needed = bytes_needed(rulebook, room) / 2**30
        raise RecordsError(f"this world needs {needed:.1f} GiB for one replication: try a smaller --scale") from None


def _laid_out(rulebook: Rulebook, tables: Tables, room: Room, seed: int, replication: int, keep_log: bool) -> Arena:
    if room.chunks > layout.MOST_HEADED:
        raise MemoryError
    days = int(rulebook.calendar.year_start[-1])
    programmes, offices = rulebook.posts.establishment.shape[1:]
    groups = rulebook.placements.slots.shape[1]
    cells = (programmes + 1) * (offices + 1) * 2 * ORIGINS
    year = -(-MEASURE_ROOM * cells >> MARK_BITS) << MARK_BITS
    header = _lined_up(HEADER_WORDS)
    header[layout.SEED], header[layout.REPLICATION], header[layout.LAST_DAY] = seed, replication, days
    header[layout.MOST_ROWS], header[layout.MOST_CHUNKS], header[layout.MOST_LOG] = room
    header[layout.NEXT_PROMISE], header[layout.OFFICES_ACT] = NEVER, address_of(offices_act, 0, 0, 0)
    header[layout.LOGGING], header[layout.OFFICES] = keep_log, offices
    header[layout.GROUP_OFFICES], header[layout.TALLY_CELLS], header[layout.TALLY_YEAR] = groups * offices, cells, year
    listed = header[layout.MOST_LISTED] = max(room.log, 2 * room.doctors, year + 1)  # `counted` lists a year's words
    lengths = {
        layout.ROWS: room.doctors * layout.ROW_BYTES // 8,
        layout.WISHES: room.doctors * layout.WISH_WORDS,
        layout.READINGS: room.doctors * layout.READING_WORDS,
        layout.HEADS: (days + 1) * layout.TURNS // 2,
        layout.CHUNKS: room.chunks * layout.CHUNK_WORDS,
        layout.FREE_CHUNK_LIST: room.chunks,
        **dict.fromkeys(range(layout.REQUEST_LIST, layout.TURN), 2 * room.doctors),
        layout.FREE_LIST: room.doctors,
        **dict.fromkeys((layout.TURN, layout.KEYS, layout.SCRATCH, layout.SPARE_KEYS, layout.SPARE), int(listed)),
        layout.DIGITS: max(2 * BUCKETS, 1 << MORE_BITS),
        layout.LOTS: layout.DECISIONS * layout.LOT_WORDS * layout.STRETCH,
        layout.POSTS: programmes * offices,
        layout.PROMISED: programmes * offices,
        layout.SLOTS: groups * offices,
        layout.WANTED: groups * offices,
        layout.TALLY: year,  # two years of half words
        layout.TALLY_LINES: 2 * year >> MARK_BITS,
    }
    left = _take(_left, lambda one: {word: len(words) for word, words in one.items()} == lengths)
    memory = left or {word: _lined_up(length) for word, length in lengths.items()}
    for word, words in memory.items():
        header[word] = words.ctypes.data
    show(header, tables)
    arena = Arena(header, memory, tables)
    if keep_log:
        arena.new_log()
    return arena


def show(header: Words, tables: Tables) -> None:
    """From now on the kernel reads these tables; they must live as long as it does."""
    header[layout.NUMBERS], header[layout.CHANCES] = tables.numbers.ctypes.data, tables.chances.ctypes.data
    header[layout.NUMBER_AT :] = tables.at.ravel()


def leave_to_the_next(arena: Arena) -> None:
    """The memory of a replication that has come to its end, for the next one: who finds it need not ask the system.

    By then the tally has been read and cleared, and every bucket emptied.
    """
    for word in BOOKS:
        arena.memory[word][:] = 0
    _left.append(arena.memory)


def _take(kept: deque[T], fits: Callable[[T], bool]) -> T | None:
    """One of what is kept that fits; the others stay."""
    for _ in range(len(kept)):
        with suppress(IndexError):  # another thread may be quicker
            one = kept.popleft()
            if fits(one):
                return one
            kept.append(one)
    return None


_left: deque[dict[int, Words]] = deque(maxlen=os.cpu_count() or 1)


def _no_log() -> Columns:
    return {column.name: np.empty(0, column.dtype) for column in LOG}


def _log_of(rows: int) -> Columns:
    """Columns of a log side by side."""
    words = [-(-rows * np.dtype(column.dtype).itemsize // layout.LINE) * layout.LINE // 8 for column in LOG]
    whole = _log_room(sum(words))
    parts = np.split(whole, np.cumsum(words)[:-1])
    return {column.name: part.view(column.dtype)[:rows] for column, part in zip(LOG, parts, strict=True)}


def _log_room(words: int) -> Words:
    """Room for rows, not all 0: that of a log that nobody reads any more, if there is one of that size."""
    if 8 * words > MOST_KEPT:
        return _lined_up(words)
    pages = _take(_read, lambda one: len(one) == words)
    pages = _lined_up(words) if pages is None else pages
    whole = np.frombuffer(pages.data, np.int64)  # what is cut out of it keeps it, and it alone
    finalize(whole, _read.append, pages).atexit = False
    return whole


_read: deque[Words] = deque(maxlen=4 * (os.cpu_count() or 1))


def _lined_up(words: int) -> Words:
    """Zeros on pages of their own, straight from the system: none is there before it is touched, nor after the run.

    NumPy's own zeros may lie where something was freed before; then every byte is written first. Large pages, where the
    system has them, are found sooner by who reads here and there.
    """
    large = 8 * words >= LARGE_PAGE
    size = -(8 * max(1, words) // -LARGE_PAGE) * LARGE_PAGE if large else 8 * max(1, words)
    try:
        pages = mmap.mmap(-1, size, **OWN_PAGES)
    except (OSError, OverflowError):
        raise MemoryError from None
    if large and hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # the system was built without them
            pages.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(pages, np.int64, max(1, words))
