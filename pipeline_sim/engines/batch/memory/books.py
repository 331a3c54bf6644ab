"""Rows, the calendar queue of events, lists, and the offices' counts of posts and slots. Decides no rule."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, int32_at, int64_at, prefetch
from pipeline_sim.engines.batch.memory.access import INDEX_BITS, packed, push_scratch, row_of, table_value
from pipeline_sim.engines.batch.memory.layout import (
    CHUNK,
    CHUNK_WORDS,
    COLUMNS,
    COUNT_BITS,
    DIARY_PHASES,
    ENTRIES,
    LINE,
    PREFERENCE_WORDS,
    TURNS,
    Fault,
    Header,
    Memory,
    Row,
)
from pipeline_sim.engines.batch.memory.table_index import Table
from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.random_numbers import draw, draw_inlined

PHASE_BITS = 5


@kernel
def random_words(m: Memory, i: int, purpose: int, index: int) -> tuple[int, int, int, int]:
    """Four random words for one decision of a doctor."""
    fixed = as_constant(m)
    return draw(fixed[Header.SEED], fixed[Header.REPLICATION], row_of(m, i)[Row.NUMBER], purpose, index)


@kernel
def draw_first_words(m: Memory, count: int, purpose: int, index: int) -> None:
    """Draw the first random word of one decision for all on the scratch list, into their keys."""
    fixed, who, words = as_constant(m), int64_at(m[Header.SCRATCH]), int64_at(m[Header.KEYS])
    seed, replication = fixed[Header.SEED], fixed[Header.REPLICATION]
    for place in range(count):
        words[place] = draw_inlined(seed, replication, who[place] >> INDEX_BITS, purpose, index)[0]


# ---- rows ---------------------------------------------------------------------------------------------------------


@kernel
def new_row(m: Memory) -> int:
    """New row, recycled if a doctor has gone; row 0 and a fault when there is no room."""
    if m[Header.FREE_ROWS] > 0:
        m[Header.FREE_ROWS] -= 1
        i = int64_at(m[Header.FREE_LIST])[m[Header.FREE_ROWS]]
    else:
        i = m[Header.ROWS_USED]
        if i >= m[Header.MOST_ROWS]:
            m[Header.FAULT] = Fault.ROWS_FULL
            return 0
        m[Header.ROWS_USED] = i + 1
    row = row_of(m, i)
    for column in range(COLUMNS):
        row[column] = 0
    row[Row.PROGRAMME] = row[Row.GRADE] = row[Row.OFFICE] = -1
    row[Row.WTE] = 100
    int64_at(m[Header.PREFERENCES])[i * PREFERENCE_WORDS] = 0
    clear_diary(m, i)
    return i


@kernel
def free_row(m: Memory, i: int) -> None:
    """Free the row of a doctor who has gone."""
    row = row_of(m, i)
    row[Row.STATE] = 0
    row[Row.NEXT_DAY] = -1
    int64_at(m[Header.FREE_LIST])[m[Header.FREE_ROWS]] = i
    m[Header.FREE_ROWS] += 1


@kernel
def clear_diary(m: Memory, i: int) -> None:
    """Clear the diary of a doctor."""
    row = row_of(m, i)
    for entry in range(ENTRIES):
        row[Row.RETURNS + entry] = NEVER
    row[Row.NEXT_DAY] = -1


# ---- buckets ------------------------------------------------------------------------------------------------------


@kernel
def push_event(m: Memory, day: int, phase: int, i: int) -> None:
    """Put a doctor into the bucket of a day and phase. Its head names the chunk that is being filled; 0 if empty."""
    heads, bucket = int32_at(m[Header.HEADS]), day * TURNS + phase
    head = heads[bucket]
    if (head + 1 & CHUNK) <= 1:  # empty, or a full chunk
        fresh = new_chunk(m)
        int64_at(m[Header.CHUNKS] + fresh * 8 * CHUNK_WORDS)[CHUNK] = head
        head = fresh + 1 << COUNT_BITS
    words = int64_at(m[Header.CHUNKS] + ((head >> COUNT_BITS) - 1) * 8 * CHUNK_WORDS)
    words[head & CHUNK] = packed(m, i)
    heads[bucket] = head + 1


@kernel
def fetch_chunk(m: Memory, head: int) -> None:
    """Prefetch the chunk that a head names."""
    for line in range(CHUNK_WORDS * 8 // LINE):
        prefetch(m[Header.CHUNKS] + ((head >> COUNT_BITS) - 1) * 8 * CHUNK_WORDS + line * LINE)


@kernel
def new_chunk(m: Memory) -> int:
    """New chunk, recycled if there is one; chunk 0 and a fault when there is no room."""
    if m[Header.FREE_CHUNKS] > 0:
        m[Header.FREE_CHUNKS] -= 1
        return int64_at(m[Header.FREE_CHUNK_LIST])[m[Header.FREE_CHUNKS]]
    if m[Header.CHUNKS_USED] >= m[Header.MOST_CHUNKS]:
        m[Header.FAULT] = Fault.CHUNKS_FULL
        return 0
    m[Header.CHUNKS_USED] += 1
    return m[Header.CHUNKS_USED] - 1


@kernel
def schedule(m: Memory, i: int, day: int, phase: int) -> None:
    """Schedule the next thing in a doctor's diary after (day, phase)."""
    row = row_of(m, i)
    best = NEVER << PHASE_BITS
    for entry in range(ENTRIES):
        due_phase = DIARY_PHASES[entry]
        earliest = day + int(due_phase <= phase)
        best = min(best, max(row[Row.RETURNS + entry], earliest) << PHASE_BITS | due_phase)
    best_day, best_phase = best >> PHASE_BITS, best & (1 << PHASE_BITS) - 1
    if best_day == row[Row.NEXT_DAY] and best_phase == row[Row.NEXT_PHASE]:
        return  # it stands in the queue already
    row[Row.NEXT_DAY] = best_day
    row[Row.NEXT_PHASE] = best_phase
    if best_day < as_constant(m)[Header.LAST_DAY]:
        push_event(m, best_day, best_phase, i)


# ---- lists ----------------------------------------------------------------------------------------------------------


@kernel
def append_to_list(m: Memory, where: int, counter: int, i: int) -> None:
    """Append a doctor to a list, which has room for every row twice, for rows that were recycled since."""
    if m[counter] >= 2 * m[Header.MOST_ROWS]:
        m[Header.FAULT] = Fault.ROWS_FULL
        return
    int64_at(m[where])[m[counter]] = i
    m[counter] += 1


# ---- posts, promises and slots ------------------------------------------------------------------------------------


@kernel
def book_value(m: Memory, book: int, what: int, office: int) -> int:
    """Count in a book for a programme or group in an office."""
    return int64_at(m[book])[what * m[Header.OFFICES] + office]


@kernel
def book_add(m: Memory, book: int, what: int, office: int, more: int) -> None:
    """Add to the count in a book for a programme or group in an office."""
    int64_at(m[book])[what * m[Header.OFFICES] + office] += more


@kernel
def release_slot(m: Memory, i: int) -> None:
    """Give back a supervised slot, if one is held."""
    row = row_of(m, i)
    if row[Row.SUPERVISED]:
        book_add(m, Header.SLOTS_HELD, table_value(m, Table.GROUP, row[Row.PROGRAMME]), row[Row.OFFICE], -1)
        row[Row.SUPERVISED] = 0


@kernel
def ask_for_slot(m: Memory, i: int) -> None:
    """Ask the office for a slot; it answers at the end of the day's changeover."""
    row = row_of(m, i)
    if row[Row.WANTS_SLOT] == 0:
        row[Row.WANTS_SLOT] = 1
        append_to_list(m, Header.REQUEST_LIST, Header.REQUESTS, i)


@kernel
def leave_post(m: Memory, i: int) -> None:
    """Count a doctor out of a post."""
    row = row_of(m, i)
    book_add(m, Header.POSTS, row[Row.PROGRAMME], row[Row.OFFICE], -1)


@kernel
def leave_office(m: Memory, i: int) -> None:
    """Take a doctor off the office's books: slot and panel queue."""
    release_slot(m, i)
    row_of(m, i)[Row.QUEUED] = 0


@kernel
def promise_post(m: Memory, i: int, programme: int, office: int) -> None:
    """Book a post that is promised to a doctor from the PROMISE_DAY that the row already names."""
    row = row_of(m, i)
    row[Row.PROMISE_PROGRAMME], row[Row.PROMISE_OFFICE] = programme, office
    book_add(m, Header.PROMISED, programme, office, 1)
    append_to_list(m, Header.PROMISE_LIST, Header.PROMISES, i)
    m[Header.NEXT_PROMISE] = min(m[Header.NEXT_PROMISE], row[Row.PROMISE_DAY])


@kernel
def due_promises(m: Memory, day: int) -> int:
    """List those whose promise falls due on a day and take them off the books; returns how many."""
    if m[Header.NEXT_PROMISE] > day + 1:
        return 0
    promised, kept, count = int64_at(m[Header.PROMISE_LIST]), 0, 0
    m[Header.NEXT_PROMISE] = NEVER
    for place in range(m[Header.PROMISES]):
        i = promised[place]
        row = row_of(m, i)
        if row[Row.PROMISE_DAY] == day + 1:
            push_scratch(m, count, i, 0)
            book_add(m, Header.PROMISED, row[Row.PROMISE_PROGRAMME], row[Row.PROMISE_OFFICE], -1)
            count += 1
        else:
            promised[kept] = i
            kept += 1
            m[Header.NEXT_PROMISE] = min(m[Header.NEXT_PROMISE], row[Row.PROMISE_DAY])
    m[Header.PROMISES] = kept
    return count
