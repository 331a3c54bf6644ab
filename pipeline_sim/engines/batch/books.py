"""The office's books: rows, buckets, posts, slots, log. No rule is decided here."""

from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.layout import (
    CHUNK,
    CHUNKS_FULL,
    CHUNKS_USED,
    COLUMNS,
    DIARY,
    DIARY_PHASES,
    ENTRIES,
    FAULT,
    FREE_CHUNK_LIST,
    FREE_CHUNKS,
    FREE_LIST,
    FREE_ROWS,
    GRADE,
    LAST_DAY,
    LOG_FULL,
    LOG_USED,
    LOGGING,
    NEXT_DAY,
    NEXT_PHASE,
    NUMBER,
    OFFICE,
    PHASES,
    POSTS,
    PROGRAMME,
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
    WANTS_SLOT,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.look import number
from pipeline_sim.engines.batch.tables import GROUP
from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.luck import draw


@kernel
def luck(m: Memory, i: int, purpose: int, index: int) -> tuple[int, int, int, int]:
    """Four words for one decision of the doctor in row i."""
    return draw(m.counter[SEED], m.counter[REPLICATION], m.rows[i, NUMBER], purpose, index)


@kernel
def write(
    m: Memory,
    day: int,
    phase: int,
    trainee: int,
    event: int,
    was: int,
    now: int,
    programme: int,
    grade: int,
    office: int,
    wte: int,
    amount: int,
) -> None:
    """One row of the log, if it is kept."""
    if m.counter[LOGGING] == 0:
        return
    place = m.counter[LOG_USED]
    if place >= m.log.shape[0]:
        m.counter[FAULT] = LOG_FULL
        return
    row = m.log[place]
    row.day, row.phase, row.trainee, row.event = day, phase, trainee, event
    row.from_code, row.to_code, row.programme = was, now, programme
    row.grade, row.office, row.wte, row.amount = grade, office, wte, amount
    m.counter[LOG_USED] = place + 1


@kernel
def say(m: Memory, day: int, phase: int, i: int, event: int, was: int, now: int, amount: int) -> None:
    """One row about a doctor."""
    rows = m.rows
    write(
        m,
        day,
        phase,
        rows[i, NUMBER],
        event,
        was,
        now,
        rows[i, PROGRAMME],
        rows[i, GRADE],
        rows[i, OFFICE],
        rows[i, WTE],
        amount,
    )


# ---- rows ---------------------------------------------------------------------------------------------------------


@kernel
def new_row(m: Memory) -> int:
    """A clean row, recycled if a doctor has gone; -1 and a fault when there is no room."""
    if m.counter[FREE_ROWS] > 0:
        m.counter[FREE_ROWS] -= 1
        i = m.lists[FREE_LIST, m.counter[FREE_ROWS]]
    else:
        i = m.counter[ROWS_USED]
        if i >= m.rows.shape[0]:
            m.counter[FAULT] = ROWS_FULL
            return 0
        m.counter[ROWS_USED] = i + 1
    for column in range(COLUMNS):
        m.rows[i, column] = 0
    m.rows[i, PROGRAMME] = m.rows[i, GRADE] = m.rows[i, OFFICE] = -1
    m.rows[i, WTE] = 100
    clear_diary(m, i)
    return i


@kernel
def free_row(m: Memory, i: int) -> None:
    """A doctor has gone; the row may be given to another."""
    m.rows[i, STATE] = 0
    m.rows[i, NEXT_DAY] = -1
    m.lists[FREE_LIST, m.counter[FREE_ROWS]] = i
    m.counter[FREE_ROWS] += 1


@kernel
def clear_diary(m: Memory, i: int) -> None:
    """Nothing lies ahead."""
    for entry in range(ENTRIES):
        m.rows[i, DIARY + entry] = NEVER
    m.rows[i, NEXT_DAY] = -1


# ---- buckets ------------------------------------------------------------------------------------------------------


@kernel
def put(m: Memory, day: int, phase: int, i: int) -> None:
    """Into the bucket of a day and phase."""
    bucket = day * PHASES + phase
    chunk = m.heads[bucket]
    if chunk < 0 or m.chunks[chunk, CHUNK] == CHUNK:
        if m.counter[FREE_CHUNKS] > 0:
            m.counter[FREE_CHUNKS] -= 1
            fresh = m.lists[FREE_CHUNK_LIST, m.counter[FREE_CHUNKS]]
        else:
            fresh = m.counter[CHUNKS_USED]
            if fresh >= m.chunks.shape[0]:
                m.counter[FAULT] = CHUNKS_FULL
                return
            m.counter[CHUNKS_USED] = fresh + 1
        m.chunks[fresh, CHUNK] = 0
        m.chunks[fresh, CHUNK + 1] = chunk
        m.heads[bucket] = fresh
        chunk = fresh
    m.chunks[chunk, m.chunks[chunk, CHUNK]] = i
    m.chunks[chunk, CHUNK] += 1


@kernel
def schedule(m: Memory, i: int, day: int, phase: int) -> None:
    """Find the next thing in a doctor's diary after (day, phase) and put the doctor into its bucket."""
    best_day, best_phase = NEVER, 0
    for entry in range(ENTRIES):
        due = m.rows[i, DIARY + entry]
        if due >= NEVER:
            continue
        due_phase = DIARY_PHASES[entry]
        earliest = day if due_phase > phase else day + 1
        due = max(due, earliest)
        if due < best_day or (due == best_day and due_phase < best_phase):
            best_day, best_phase = due, due_phase
    m.rows[i, NEXT_DAY] = best_day
    m.rows[i, NEXT_PHASE] = best_phase
    if best_day < m.counter[LAST_DAY]:
        put(m, best_day, best_phase, i)


# ---- posts and slots ----------------------------------------------------------------------------------------------


@kernel
def release_slot(m: Memory, i: int) -> None:
    """Give back a supervised slot, if one is held."""
    rows = m.rows
    if rows[i, SUPERVISED]:
        m.held[SLOTS, number(m, GROUP, rows[i, PROGRAMME]), rows[i, OFFICE]] -= 1
        rows[i, SUPERVISED] = 0


@kernel
def ask_for_slot(m: Memory, i: int) -> None:
    """Ask the office for a slot; it answers at the end of the day's changeover."""
    if m.rows[i, WANTS_SLOT] == 0:
        m.rows[i, WANTS_SLOT] = 1
        m.lists[REQUEST_LIST, m.counter[REQUESTS]] = i
        m.counter[REQUESTS] += 1


@kernel
def leave_post(m: Memory, i: int) -> None:
    """Count a doctor out of a post."""
    m.held[POSTS, m.rows[i, PROGRAMME], m.rows[i, OFFICE]] -= 1


@kernel
def leave_books(m: Memory, i: int) -> None:
    """Out of the office's books: slot and panel queue."""
    release_slot(m, i)
    m.rows[i, QUEUED] = 0


# ---- sorting ------------------------------------------------------------------------------------------------------


@kernel
def before(m: Memory, a: int, b: int) -> bool:
    """Order of two places of the scratch list: key, then trainee number."""
    if m.keys[a] != m.keys[b]:
        return m.keys[a] < m.keys[b]
    return m.rows[m.lists[SCRATCH, a], NUMBER] < m.rows[m.lists[SCRATCH, b], NUMBER]


@kernel
def swap(m: Memory, a: int, b: int) -> None:
    """Exchange two places of the scratch list."""
    m.keys[a], m.keys[b] = m.keys[b], m.keys[a]
    m.lists[SCRATCH, a], m.lists[SCRATCH, b] = m.lists[SCRATCH, b], m.lists[SCRATCH, a]


@kernel
def sift(m: Memory, root: int, end: int) -> None:
    """Restore the heap below a root."""
    while 2 * root + 1 < end:
        child = 2 * root + 1
        if child + 1 < end and before(m, child, child + 1):
            child += 1
        if not before(m, root, child):
            return
        swap(m, root, child)
        root = child


@kernel
def sort_scratch(m: Memory, count: int) -> None:
    """Sort the first `count` places of the scratch list in place: heap sort, which needs no memory."""
    for root in range(count // 2 - 1, -1, -1):
        sift(m, root, count)
    for end in range(count - 1, 0, -1):
        swap(m, 0, end)
        sift(m, 0, end)
