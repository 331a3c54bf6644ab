"""Memory of a run of the fast programs, laid out once and reused; Numba and C++ get the same address.

It is the address of the desk, 64-bit words: counters, the spec, the addresses of all arrays, slots in use by office.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.bench.reduced.reduced_spec import Log, Spec, first_rows

LINE = 64  # bytes of a cache line

# cells of a trainee's row, 32 bits each
(PLANNED, OFFICE, GRADE, WORKING, PACE, SLOT, ROTATION, LEAD) = range(8)
(REVIEW, FINISH, ROTATE, SINCE, EARNED, BEGAN, EXTENSIONS, ENTERED) = range(8, 16)
FIELDS = 16
ROW_BYTES = 4 * FIELDS

# words of a chunk: fifteen turns, then their count and, above four bits, the next chunk, or -1
CHUNK = 15
CHUNK_BYTES = 8 * (CHUNK + 1)
DUE_PHASES = 3  # phases in which trainees have a turn: review, finish, rotate
DIGITS = 1 << 11  # buckets of a sort
SORTED_DIGITS = 2  # of a trainee number

# words of the desk: counters
(ROWS_USED, FREE_ROWS, CHUNKS_USED, FREE_CHUNK, REQUESTS, LOGGED, ROOM) = range(7)
COUNTERS = 8
# the spec, in its order
(SEED, REPLICATION, YEARS, ENTRANTS, GRADES, OFFICES, SLOTS, GRADE_DAYS, ROTATION_DAYS, REVIEW_DAYS) = range(8, 18)
(LEAD_DAYS, LEAD_SPAN, SLOWEST, PACES, TOLERANCE_DAYS, EXTENSION_DAYS, MOST_EXTENSIONS) = range(18, 25)
(PART_TIME, PASS_IF_LEVEL, PASS_IF_BEHIND) = range(25, 28)
# addresses, in the order of the arena
(ROWS, FREE_ROW_LIST, HEADS, CHUNKS, REQUEST_LIST, SPARE_LIST, DIGIT_LIST) = range(28, 35)
(LOG_DAY, LOG_PHASE, LOG_TRAINEE, LOG_KIND, LOG_AMOUNT) = range(35, 40)
HELD = 40


class Arena(NamedTuple):
    """Arrays of a run, each on cache lines of its own."""

    desk: npt.NDArray[np.int64]  # [HELD + offices]
    rows: npt.NDArray[np.int32]  # [trainees x FIELDS]
    free_rows: npt.NDArray[np.int32]  # a stack
    heads: npt.NDArray[np.int32]  # [days x DUE_PHASES] first chunk of a bucket, or -1
    chunks: npt.NDArray[np.int64]  # [chunks x (CHUNK + 1)]
    requests: npt.NDArray[np.int64]  # trainee number above row number
    spare: npt.NDArray[np.int64]  # room to sort requests in
    digits: npt.NDArray[np.int64]  # [DIGITS]
    log: Log

    def run(self, play: Callable[[int], int]) -> int:
        """Run a program that takes the address of the desk; returns the number of events."""
        return play(self.desk.ctypes.data)

    def logged_rows(self) -> Log:
        """Log of the last run."""
        return first_rows(self.log, int(self.desk[LOGGED]))


def arena(spec: Spec, room: int) -> Arena:
    """Memory for runs of a spec, with room for a log of `room` events. ValueError for too many trainees."""
    everyone, buckets = spec.trainees, spec.days * DUE_PHASES
    if everyone > DIGITS**SORTED_DIGITS:
        raise ValueError(f"{everyone} trainees; requests are sorted by numbers below {DIGITS**SORTED_DIGITS}")
    chunks = everyone // CHUNK + min(buckets, everyone) + 2
    made = Arena(
        aligned(HELD + spec.offices, np.int64),
        aligned(everyone * FIELDS, np.int32),
        aligned(everyone, np.int32),
        aligned(buckets, np.int32),
        aligned(chunks * (CHUNK + 1), np.int64),
        aligned(everyone, np.int64),
        aligned(everyone, np.int64),
        aligned(DIGITS, np.int64),
        Log(*(aligned(room, width) for width in (np.int32, np.int8, np.int32, np.int8, np.int32))),
    )
    made.desk[ROOM] = room
    made.desk[COUNTERS : COUNTERS + len(spec)] = spec
    made.desk[ROWS:HELD] = [array.ctypes.data for array in (*made[1:-1], *made.log)]
    return made


def aligned(length: int, width: type[np.signedinteger[Any]]) -> npt.NDArray[Any]:
    """Zeros, [length], aligned to a cache line, every page touched."""
    size = length * np.dtype(width).itemsize
    raw = np.full(size + LINE, 0, np.uint8)
    begin = -raw.ctypes.data % LINE
    return raw[begin : begin + size].view(width)
