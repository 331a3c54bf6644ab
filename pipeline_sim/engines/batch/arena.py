"""Memory of one replication: how much, at which addresses, and the header that gives them to the kernel."""

import mmap
import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import NamedTuple, TypeVar
from weakref import finalize

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.compiler.jit import address_of
from pipeline_sim.engines.batch.day_loop import offices_act
from pipeline_sim.engines.batch.event_routines.arrivals import arrive
from pipeline_sim.engines.batch.event_routines.recruitment import run_round
from pipeline_sim.engines.batch.flatten import Tables
from pipeline_sim.engines.batch.memory.batched_draws import DRAW_BATCH, DRAW_BUFFERS, DRAW_WORDS
from pipeline_sim.engines.batch.memory.layout import (
    CHUNK_WORDS,
    HEADER_END,
    LINE,
    MOST_HEADED,
    PREFERENCE_WORDS,
    READING_WORDS,
    ROW_BYTES,
    TURNS,
    Fault,
    Header,
)
from pipeline_sim.engines.batch.memory.sort import BUCKETS, WIDTHS
from pipeline_sim.engines.batch.memory.table_index import HEADER_WORDS
from pipeline_sim.engines.batch.memory.trainee_order import WORD_BITS, who_come
from pipeline_sim.engines.batch.output.tally import CELL_WORDS, MARK_BITS, ORIGINS, PATTERNS
from pipeline_sim.records.columns import LOG
from pipeline_sim.records.event_log import Columns
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.people import NOBODY
from pipeline_sim.rules.rulebook import Rulebook

LOG_ROWS_A_DOCTOR = 8  # more than one day writes, twice
CHUNKS_A_DAY = 8
LOG_ROOMS = 4  # how often the rows that must fit go into what is asked of the system at once
BOOKS = (Header.POSTS, Header.PROMISED, Header.SLOTS_HELD, Header.SLOT_REQUESTS)
SORTED = (Header.TURN, Header.KEYS, Header.SCRATCH, Header.SPARE_KEYS, Header.SPARE)
ZERO_AT_START = (Header.HEADS, *BOOKS)
LARGE_PAGE = 1 << 21
MOST_KEPT = 1 << 24  # bytes of a part of a log; a larger one goes back to the system
OWN_PAGES = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
LOG_ROW_BYTES = sum(WIDTHS)
Words = npt.NDArray[np.int64]
T = TypeVar("T")


class Room(NamedTuple):
    """Capacities of the memory of a replication."""

    doctors: int  # at once, those outside training who may apply included
    chunks: int
    log: int  # rows between two looks at the log


class Arena:
    """Memory arena of one replication; `header` holds the addresses of its arrays, which live as long as it."""

    def __init__(self, header: Words, memory: dict[int, Words], tables: Tables, log_room: int) -> None:
        self.header, self.tables = header, tables
        self.address = int(header.ctypes.data)  # what the kernel is handed
        self.memory = memory  # by the word of the header that first held its address
        self.log_room = log_room  # rows that must fit; 0 if none are kept
        self.prompt = False  # somebody does something with rows while others are being written
        self.log, self.handed_on = _log_of(log_room), 0  # where rows are written, and how many of these are gone
        self.bind_log()

    @property
    def tally(self) -> npt.NDArray[np.int32]:
        """Tally of two years, see engines/batch/output/tally."""
        return self.memory[Header.TALLY].view(np.int32)

    @property
    def lines(self) -> Words:
        """Bit set of the cache lines of the tally that may hold something."""
        return self.memory[Header.TALLY_LINES]

    def pending_rows(self) -> int:
        """Number of rows of the log that have not been taken."""
        return self.header.item(Header.LOG_USED) - self.handed_on

    def take_rows(self) -> Columns:
        """Rows of the log that are pending; the next ones are written after them, or elsewhere if too few would fit."""
        used = self.header.item(Header.LOG_USED)
        rows = {name: column[self.handed_on : used] for name, column in self.log.items()}
        self.handed_on = used
        if len(self.log["day"]) - used < self.log_room:
            self.log, self.handed_on = _log_of(self.log_room), 0
        self.bind_log()
        return rows

    def bind_log(self) -> None:
        """Point the header to the current columns of the log, after the rows that have been taken."""
        header, rows = self.header, len(self.log["day"])
        header[Header.LOG_COLUMNS : Header.LOG_COLUMNS + len(LOG)] = [c.ctypes.data for c in self.log.values()]
        header[Header.LOG_USED] = header[Header.LOG_ORDERED] = self.handed_on
        header[Header.MOST_LOG] = rows
        header[Header.LOG_STOP] = (self.handed_on if self.prompt else rows - self.log_room) + self.log_room // 2


def first_guess(rulebook: Rulebook) -> Room:
    """Capacities that are nearly always enough; the kernel notices where they are not, and they are doubled."""
    posts = rulebook.posts
    yearly = int(posts.graduates.sum(axis=(1, 2)).max() + posts.external.sum(axis=(1, 2)).max())
    doctors = int(posts.stock.sum() + posts.returners.sum()) + 4 * yearly + 64
    days = int(rulebook.calendar.year_start[-1])
    return Room(doctors, days * CHUNKS_A_DAY + doctors // 4, LOG_ROWS_A_DOCTOR * doctors + 4096)


def doubled(room: Room, fault: int) -> Room:
    """Capacities with twice as much of what ran out."""
    if fault == Fault.ROWS_FULL:
        return Room(2 * room.doctors, room.chunks, 2 * room.log)
    if fault == Fault.CHUNKS_FULL:
        return room._replace(chunks=2 * room.chunks)
    return room._replace(log=2 * room.log)


def bytes_needed(rulebook: Rulebook, room: Room) -> int:
    """Most memory that a replication can touch, in bytes, less the tables of the Rulebook."""
    programmes, offices = rulebook.posts.establishment.shape[1:]
    year = 4 * (whole_marks(CELL_WORDS * post_cells(programmes, offices)) + whole_marks(CELL_WORDS * (NOBODY + 1)))
    lists = 6 * 8 * room.doctors + 5 * 8 * max(room.log, 2 * room.doctors) + 2 * 2 * year
    log = LOG_ROOMS * room.log * LOG_ROW_BYTES
    people = room.doctors * (ROW_BYTES + 8 * (PREFERENCE_WORDS + READING_WORDS))
    enrolled = 9 * int(who_come(rulebook).sum())  # a word on the roll, and less than a byte of marks
    return people + lists + log + 2 * year + room.chunks * 8 * (CHUNK_WORDS + 1) + enrolled


def post_cells(programmes: int, offices: int) -> int:
    """Cells of a year of the tally, those by group of people left out."""
    return (programmes + 1) * (offices + 1) * PATTERNS * ORIGINS


def whole_marks(words: int) -> int:
    """Words of the tally rounded up to those of whole words of marks."""
    return -(-words >> MARK_BITS) << MARK_BITS


def lay_out(rulebook: Rulebook, tables: Tables, room: Room, seed: int, replication: int, keep_log: bool) -> Arena:
    """Allocate everything; pages that are never touched cost nothing. RecordsError if there is too little memory."""
    try:
        return _laid_out(rulebook, tables, room, seed, replication, keep_log)
    except MemoryError:
        needed = bytes_needed(rulebook, room) / 2**30
        raise RecordsError(f"this world needs {needed:.1f} GiB for one replication: try a smaller --scale") from None


def _laid_out(rulebook: Rulebook, tables: Tables, room: Room, seed: int, replication: int, keep_log: bool) -> Arena:
    if room.chunks > MOST_HEADED:
        raise MemoryError
    days = int(rulebook.calendar.year_start[-1])
    programmes, offices = rulebook.posts.establishment.shape[1:]
    groups = rulebook.placements.slots.shape[1]
    cells = post_cells(programmes, offices)
    people = whole_marks(CELL_WORDS * cells)
    year = people + whole_marks(CELL_WORDS * (NOBODY + 1))
    header = _lined_up(HEADER_WORDS)
    header[Header.SEED], header[Header.REPLICATION], header[Header.LAST_DAY] = seed, replication, days
    header[Header.MOST_ROWS], header[Header.MOST_CHUNKS] = room.doctors, room.chunks
    header[Header.NEXT_PROMISE] = NEVER
    header[Header.OFFICES_ACT], header[Header.RUN_ROUND], header[Header.ARRIVE] = entries()
    header[Header.LOGGING], header[Header.OFFICES] = keep_log, offices
    header[Header.GROUP_OFFICES] = groups * offices
    header[Header.TALLY_YEAR], header[Header.TALLY_PEOPLE] = year, people
    listed = max(room.log, 2 * room.doctors, year + 1)  # `counted` lists a year's words
    header[Header.MOST_LISTED] = listed
    marks = -(-int(tables.roll[-1]) >> WORD_BITS)
    above = -(-marks >> WORD_BITS)
    header[Header.MARK_GROUPS] = above
    lengths = _lengths(header, room, tables, programmes * offices, above + marks)
    left = _take(_left, lambda one: {word: len(words) for word, words in one.items()} == lengths)
    memory = left or {word: _lined_up(length) for word, length in lengths.items()}
    for word, words in memory.items():
        header[word] = words.ctypes.data
    memory[Header.TALLY_LINES].reshape(2, -1)[:, people >> MARK_BITS :] = -1
    bind_tables(header, tables)
    return Arena(header, memory, tables, room.log if keep_log else 0)


def _lengths(header: Words, room: Room, tables: Tables, posts: int, marks: int) -> dict[int, int]:
    """Words of each array of the memory, by the word of the header that holds its address."""
    return {
        Header.ROWS: room.doctors * ROW_BYTES // 8,
        Header.PREFERENCES: room.doctors * PREFERENCE_WORDS,
        Header.READINGS: room.doctors * READING_WORDS,
        Header.HEADS: (header.item(Header.LAST_DAY) + 1) * TURNS // 2,
        Header.CHUNKS: room.chunks * CHUNK_WORDS,
        Header.FREE_CHUNK_LIST: room.chunks,
        **dict.fromkeys((Header.REQUEST_LIST, Header.QUEUE_LIST, Header.PROMISE_LIST), 2 * room.doctors),
        Header.FREE_LIST: room.doctors,
        **dict.fromkeys(SORTED, header.item(Header.MOST_LISTED)),
        Header.DIGITS: 2 * BUCKETS,
        Header.ROLL: int(tables.roll[-1]),
        Header.MARKS: marks,
        Header.DRAW_BUFFER: DRAW_BUFFERS * DRAW_WORDS * DRAW_BATCH,
        Header.POSTS: posts,
        Header.PROMISED: posts,
        Header.SLOTS_HELD: header.item(Header.GROUP_OFFICES),
        Header.SLOT_REQUESTS: header.item(Header.GROUP_OFFICES),
        Header.TALLY: header.item(Header.TALLY_YEAR),  # two years of half words
        Header.TALLY_LINES: 2 * header.item(Header.TALLY_YEAR) >> MARK_BITS,
    }


@cache
def entries() -> tuple[int, int, int]:
    """Addresses of the machine code that the loop calls: offices_act, run_round, arrive."""
    return address_of(offices_act, 0, 0, 0), address_of(run_round, 0, 0, 0), address_of(arrive, 0, 0, 0)


def bind_tables(header: Words, tables: Tables) -> None:
    """Point the header to flat tables, which must live as long as it does."""
    header[Header.TABLES], header[Header.PARAMS] = tables.tables.ctypes.data, tables.params.ctypes.data
    header[HEADER_END:] = tables.at.ravel()


def recycle(arena: Arena) -> None:
    """Keep the memory of a replication that has ended for the next one, which need not ask the system.

    By then the tally has been read and cleared, every bucket emptied, and no mark is left on the roll.
    """
    for word in ZERO_AT_START:
        arena.memory[word][:] = 0
    _left.append(arena.memory)


def _take(kept: deque[T], fits: Callable[[T], bool]) -> T | None:
    """Take the first one that fits from a queue; the others stay."""
    for _ in range(len(kept)):
        with suppress(IndexError):  # another thread may be quicker
            one = kept.popleft()
            if fits(one):
                return one
            kept.append(one)
    return None


_left: deque[dict[int, Words]] = deque(maxlen=os.cpu_count() or 1)


def _log_of(room: int) -> Columns:
    """Columns of a log side by side, with room for LOG_ROOMS times so many rows."""
    if room == 0:
        return {column.name: np.empty(0, column.dtype) for column in LOG}
    rows = LOG_ROOMS * room
    words = [-(-rows * np.dtype(column.dtype).itemsize // LINE) * LINE // 8 for column in LOG]
    whole = _log_room(sum(words))
    parts = np.split(whole, np.cumsum(words)[:-1])
    return {column.name: part.view(column.dtype)[:rows] for column, part in zip(LOG, parts, strict=True)}


def _log_room(words: int) -> Words:
    """Words for rows, not all 0: those of a log that nobody reads any more, if there is one of that size."""
    if 8 * words > MOST_KEPT:
        return _lined_up(words)
    pages = _take(_read, lambda one: len(one) == words)
    pages = _lined_up(words) if pages is None else pages
    whole = np.frombuffer(pages.data, np.int64)  # what is cut out of it keeps it, and it alone
    finalize(whole, _read.append, pages).atexit = False
    return whole


_read: deque[Words] = deque(maxlen=4 * (os.cpu_count() or 1))


def _lined_up(words: int) -> Words:
    """Zeros on pages of their own from the system: none exists before it is touched, nor after the run.

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
