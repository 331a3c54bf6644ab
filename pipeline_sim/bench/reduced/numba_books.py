"""State of the Numba program of the reduced pipeline: rows, log, buckets, slot requests. No rule is decided here.

Every function takes `m`, the address of the desk; `work_arrays` has its layout. Nothing is allocated or checked.
"""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import Pointer, int8_at, int32_at, int64_at, prefetch
from pipeline_sim.bench.reduced import work_arrays as at
from pipeline_sim.bench.reduced.reduced_spec import YEAR_DAYS
from pipeline_sim.bench.reduced.work_arrays import CHUNK, CHUNK_BYTES, DUE_PHASES, ROW_BYTES

LOG_AHEAD = 128  # rows of log between prefetching a cache line and writing it
LOW = (1 << 32) - 1


@kernel
def row_of(m: Pointer, turn: int) -> Pointer:
    """Row of a word of a bucket."""
    return int32_at(m[at.ROWS] + ROW_BYTES * (turn & LOW))


@kernel
def fetch_row(m: Pointer, turn: int) -> None:
    """Prefetch the row of a word of a bucket: 55,000 do not fit into the nearer caches."""
    prefetch(m[at.ROWS] + ROW_BYTES * (turn & LOW))


@kernel
def new_row(m: Pointer) -> int:
    """Take a free row."""
    free = m[at.FREE_ROWS]
    if free > 0:
        m[at.FREE_ROWS] = free - 1
        return int32_at(m[at.FREE_ROW_LIST])[free - 1]
    i = m[at.ROWS_USED]
    m[at.ROWS_USED] = i + 1
    return i


@kernel
def free_row(m: Pointer, turn: int) -> None:
    """Free the row of a trainee who has left."""
    int32_at(m[at.FREE_ROW_LIST])[m[at.FREE_ROWS]] = turn & LOW
    m[at.FREE_ROWS] += 1


@kernel
def fetch_log(m: Pointer, place: int) -> None:
    """Prefetch the lines of the log that will be written next."""
    prefetch(m[at.LOG_DAY] + 4 * place)
    prefetch(m[at.LOG_PHASE] + place)
    prefetch(m[at.LOG_TRAINEE] + 4 * place)
    prefetch(m[at.LOG_KIND] + place)
    prefetch(m[at.LOG_AMOUNT] + 4 * place)


@kernel
def emit(m: Pointer, day: int, phase: int, number: int, kind: int, amount: int) -> None:
    """Write one row of the log while there is room; count it in any case."""
    place = m[at.LOGGED]
    m[at.LOGGED] = place + 1
    if place < m[at.ROOM]:
        if place & 15 == 0:
            fetch_log(m, place + LOG_AHEAD)
        int32_at(m[at.LOG_DAY])[place] = day
        int8_at(m[at.LOG_PHASE])[place] = phase
        int32_at(m[at.LOG_TRAINEE])[place] = number
        int8_at(m[at.LOG_KIND])[place] = kind
        int32_at(m[at.LOG_AMOUNT])[place] = amount


@kernel
def chunk_of(m: Pointer, chunk: int) -> Pointer:
    """Words of a chunk."""
    return int64_at(m[at.CHUNKS] + CHUNK_BYTES * chunk)


@kernel
def new_chunk(m: Pointer) -> int:
    """Take a free chunk."""
    chunk = m[at.FREE_CHUNK]
    if chunk >= 0:
        m[at.FREE_CHUNK] = chunk_of(m, chunk)[CHUNK]
        return chunk
    chunk = m[at.CHUNKS_USED]
    m[at.CHUNKS_USED] = chunk + 1
    return chunk


@kernel
def push_event(m: Pointer, bucket: int, turn: int) -> None:
    """Push a turn into a bucket."""
    heads = int32_at(m[at.HEADS])
    chunk = heads[bucket]
    link = chunk_of(m, chunk)[CHUNK] if chunk >= 0 else CHUNK
    if link & 15 == CHUNK:
        link = chunk << 4
        chunk = new_chunk(m)
        heads[bucket] = chunk
    words = chunk_of(m, chunk)
    words[link & 15] = turn
    words[CHUNK] = link + 1


@kernel
def fetch_rows(m: Pointer, words: Pointer) -> None:
    """Prefetch the rows of a chunk."""
    for index in range(words[CHUNK] & 15):
        fetch_row(m, words[index])


@kernel
def request_slot(m: Pointer, turn: int) -> None:
    """Request a slot of the office."""
    int64_at(m[at.REQUEST_LIST])[m[at.REQUESTS]] = turn
    m[at.REQUESTS] += 1


@kernel
def sort_pass(here: Pointer, there: Pointer, digits: Pointer, count: int, shift: int) -> None:
    """One pass of a radix sort: by one digit, stable."""
    for digit in range(at.DIGITS):
        digits[digit] = 0
    for index in range(count):
        digits[here[index] >> shift & (at.DIGITS - 1)] += 1
    before = 0
    for digit in range(at.DIGITS):
        before += digits[digit]
        digits[digit] = before - digits[digit]
    for index in range(count):
        digit = here[index] >> shift & (at.DIGITS - 1)
        there[digits[digit]] = here[index]
        digits[digit] += 1


@kernel
def sort_requests(m: Pointer, count: int) -> Pointer:
    """Sort the day's requests by trainee number, of two digits."""
    requests, spare, digits = int64_at(m[at.REQUEST_LIST]), int64_at(m[at.SPARE_LIST]), int64_at(m[at.DIGIT_LIST])
    sort_pass(requests, spare, digits, count, 32)
    sort_pass(spare, requests, digits, count, 32 + 11)
    return requests


@kernel
def clear(m: Pointer) -> None:
    """Reset the state to that before the first run."""
    heads = int32_at(m[at.HEADS])
    for bucket in range(m[at.YEARS] * YEAR_DAYS * DUE_PHASES):
        heads[bucket] = -1
    m[at.ROWS_USED] = m[at.FREE_ROWS] = m[at.CHUNKS_USED] = m[at.REQUESTS] = m[at.LOGGED] = 0
    m[at.FREE_CHUNK] = -1
    for office in range(m[at.OFFICES]):
        m[at.HELD + office] = 0
