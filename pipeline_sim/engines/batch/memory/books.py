"""The office's books: rows, buckets, posts, slots. No rule is decided here."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, int32_at, int64_at
from pipeline_sim.engines.batch.memory.access import NUMBER_BITS, number, packed, row_of, set_aside
from pipeline_sim.engines.batch.memory.layout import (
    CHUNK,
    CHUNK_WORDS,
    CHUNKS,
    CHUNKS_FULL,
    CHUNKS_USED,
    COLUMNS,
    COUNT_BITS,
    DIARY,
    DIARY_PHASES,
    ENTRIES,
    FAULT,
    FREE_CHUNK_LIST,
    FREE_CHUNKS,
    FREE_LIST,
    FREE_ROWS,
    GRADE,
    HEADS,
    KEYS,
    LAST_DAY,
    MOST_CHUNKS,
    MOST_ROWS,
    NEXT_DAY,
    NEXT_PHASE,
    NEXT_PROMISE,
    NUMBER,
    OFFICE,
    OFFICES,
    POSTS,
    PROGRAMME,
    PROMISE_DAY,
    PROMISE_LIST,
    PROMISE_OFFICE,
    PROMISE_PROGRAMME,
    PROMISED,
    PROMISES,
    QUEUED,
    REPLICATION,
    REQUEST_LIST,
    REQUESTS,
    ROWS_FULL,
    ROWS_USED,
    SCRATCH,
    SEED,
    SLOTS,
    STATE,
    SUPERVISED,
    TURNS,
    WANTS_SLOT,
    WISH_WORDS,
    WISHES,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import GROUP
from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.random_numbers import draw, draw_inlined

PHASE_BITS = 5


@kernel
def luck(m: Memory, i: int, purpose: int, index: int) -> tuple[int, int, int, int]:
    """Four words for one decision of the doctor in row i."""
    fixed = as_constant(m)
    return draw(fixed[SEED], fixed[REPLICATION], row_of(m, i)[NUMBER], purpose, index)


@kernel
def draw_lots(m: Memory, count: int, purpose: int, index: int) -> None:
    """The first word of the same luck of all on the scratch list, into their keys; worked out side by side."""
    fixed, who, lots = as_constant(m), int64_at(m[SCRATCH]), int64_at(m[KEYS])
    seed, replication = fixed[SEED], fixed[REPLICATION]
    for place in range(count):
        lots[place] = draw_inlined(seed, replication, who[place] >> NUMBER_BITS, purpose, index)[0]


# ---- rows ---------------------------------------------------------------------------------------------------------


@kernel
def new_row(m: Memory) -> int:
    """A clean row, recycled if a doctor has gone; row 0 and a fault when there is no room."""
    if m[FREE_ROWS] > 0:
        m[FREE_ROWS] -= 1
        i = int64_at(m[FREE_LIST])[m[FREE_ROWS]]
    else:
        i = m[ROWS_USED]
        if i >= m[MOST_ROWS]:
            m[FAULT] = ROWS_FULL
            return 0
        m[ROWS_USED] = i + 1
    row = row_of(m, i)
    for column in range(COLUMNS):
        row[column] = 0
    row[PROGRAMME] = row[GRADE] = row[OFFICE] = -1
    row[WTE] = 100
    int64_at(m[WISHES])[i * WISH_WORDS] = 0
    clear_diary(m, i)
    return i


@kernel
def free_row(m: Memory, i: int) -> None:
    """A doctor has gone; the row may be given to another."""
    row = row_of(m, i)
    row[STATE] = 0
    row[NEXT_DAY] = -1
    int64_at(m[FREE_LIST])[m[FREE_ROWS]] = i
    m[FREE_ROWS] += 1


@kernel
def clear_diary(m: Memory, i: int) -> None:
    """Nothing lies ahead."""
    row = row_of(m, i)
    for entry in range(ENTRIES):
        row[DIARY + entry] = NEVER
    row[NEXT_DAY] = -1


# ---- buckets ------------------------------------------------------------------------------------------------------


@kernel
def put(m: Memory, day: int, phase: int, i: int) -> None:
    """Into the bucket of a day and phase. Its head tells the chunk that is being filled and how far; 0 if empty."""
    heads, bucket = int32_at(m[HEADS]), day * TURNS + phase
    head = heads[bucket]
    if head & CHUNK in (0, CHUNK):
        fresh = new_chunk(m)
        int64_at(m[CHUNKS] + fresh * 8 * CHUNK_WORDS)[CHUNK] = head
        head = fresh + 1 << COUNT_BITS
    words = int64_at(m[CHUNKS] + ((head >> COUNT_BITS) - 1) * 8 * CHUNK_WORDS)
    words[head & CHUNK] = packed(m, i)
    heads[bucket] = head + 1


@kernel
def new_chunk(m: Memory) -> int:
    """An empty chunk, recycled if there is one; chunk 0 and a fault when there is no room."""
    if m[FREE_CHUNKS] > 0:
        m[FREE_CHUNKS] -= 1
        return int64_at(m[FREE_CHUNK_LIST])[m[FREE_CHUNKS]]
    if m[CHUNKS_USED] >= m[MOST_CHUNKS]:
        m[FAULT] = CHUNKS_FULL
        return 0
    m[CHUNKS_USED] += 1
    return m[CHUNKS_USED] - 1


@kernel
def schedule(m: Memory, i: int, day: int, phase: int) -> None:
    """Find the next thing in a doctor's diary after (day, phase) and put the doctor into its bucket."""
    row = row_of(m, i)
    best = NEVER << PHASE_BITS
    for entry in range(ENTRIES):
        due_phase = DIARY_PHASES[entry]
        earliest = day + int(due_phase <= phase)
        best = min(best, max(row[DIARY + entry], earliest) << PHASE_BITS | due_phase)
    best_day, best_phase = best >> PHASE_BITS, best & (1 << PHASE_BITS) - 1
    row[NEXT_DAY] = best_day
    row[NEXT_PHASE] = best_phase
    if best_day < as_constant(m)[LAST_DAY]:
        put(m, best_day, best_phase, i)


# ---- lists ----------------------------------------------------------------------------------------------------------


@kernel
def note(m: Memory, where: int, counter: int, i: int) -> None:
    """Add a doctor to a list that has room for every row twice, for rows that were recycled since."""
    if m[counter] >= 2 * m[MOST_ROWS]:
        m[FAULT] = ROWS_FULL
        return
    int64_at(m[where])[m[counter]] = i
    m[counter] += 1


# ---- posts, promises and slots ------------------------------------------------------------------------------------


@kernel
def held(m: Memory, book: int, what: int, office: int) -> int:
    """How many a book holds for a programme or group in an office."""
    return int64_at(m[book])[what * m[OFFICES] + office]


@kernel
def count_in(m: Memory, book: int, what: int, office: int, more: int) -> None:
    """Add to a book."""
    int64_at(m[book])[what * m[OFFICES] + office] += more


@kernel
def release_slot(m: Memory, i: int) -> None:
    """Give back a supervised slot, if one is held."""
    row = row_of(m, i)
    if row[SUPERVISED]:
        count_in(m, SLOTS, number(m, GROUP, row[PROGRAMME]), row[OFFICE], -1)
        row[SUPERVISED] = 0


@kernel
def ask_for_slot(m: Memory, i: int) -> None:
    """Ask the office for a slot; it answers at the end of the day's changeover."""
    row = row_of(m, i)
    if row[WANTS_SLOT] == 0:
        row[WANTS_SLOT] = 1
        note(m, REQUEST_LIST, REQUESTS, i)


@kernel
def leave_post(m: Memory, i: int) -> None:
    """Count a doctor out of a post."""
    row = row_of(m, i)
    count_in(m, POSTS, row[PROGRAMME], row[OFFICE], -1)


@kernel
def leave_books(m: Memory, i: int) -> None:
    """Out of the office's books: slot and panel queue."""
    release_slot(m, i)
    row_of(m, i)[QUEUED] = 0


@kernel
def keep_for(m: Memory, i: int, programme: int, office: int) -> None:
    """A post is promised to a doctor from the PROMISE_DAY that the row already names."""
    row = row_of(m, i)
    row[PROMISE_PROGRAMME], row[PROMISE_OFFICE] = programme, office
    count_in(m, PROMISED, programme, office, 1)
    note(m, PROMISE_LIST, PROMISES, i)
    m[NEXT_PROMISE] = min(m[NEXT_PROMISE], row[PROMISE_DAY])


@kernel
def due_promises(m: Memory, day: int) -> int:
    """Put those whose promise falls due on a day on the scratch list and off the books; how many."""
    if m[NEXT_PROMISE] > day + 1:
        return 0
    promised, kept, count = int64_at(m[PROMISE_LIST]), 0, 0
    m[NEXT_PROMISE] = NEVER
    for place in range(m[PROMISES]):
        i = promised[place]
        row = row_of(m, i)
        if row[PROMISE_DAY] == day + 1:
            set_aside(m, count, i, 0)
            count_in(m, PROMISED, row[PROMISE_PROGRAMME], row[PROMISE_OFFICE], -1)
            count += 1
        else:
            promised[kept] = i
            kept += 1
            m[NEXT_PROMISE] = min(m[NEXT_PROMISE], row[PROMISE_DAY])
    m[PROMISES] = kept
    return count
