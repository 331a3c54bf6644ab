"""Those who wait for a panel, office by office, and whom it has room for; compare engines/reference/panel."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.memory.access import AHEAD, fetch_row, number, row_of, set_aside
from pipeline_sim.engines.batch.memory.bounded_heap import (
    ASKING,
    KEPT,
    ROOM,
    begin_heaps,
    heaps,
    keeps_first,
    tell_apart,
    told_apart,
)
from pipeline_sim.engines.batch.memory.layout import (
    ASKED,
    BUSY_LINES,
    GRADE,
    KEYS,
    OFFICE,
    OFFICES,
    PROGRAMME,
    QUEUE,
    QUEUE_LIST,
    QUEUE_PLACE,
    QUEUED,
    SCRATCH,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    CAPACITY,
    CRITICAL,
)

ORDER_SHIFT, OFFICE_SHIFT = 31, 33  # where they begin in the key of one who waits


@kernel
def waiting(m: Memory) -> int:
    """Put the queue on the scratch list with its keys: office, critical point first, longest wait, trainee number."""
    kept, queue = 0, int64_at(m[QUEUE_LIST])
    for place in range(m[QUEUE]):
        if place + AHEAD < m[QUEUE]:
            fetch_row(m, queue[place + AHEAD], BUSY_LINES)
        i = queue[place]
        row = row_of(m, i)
        if row[QUEUED] and row[QUEUE_PLACE] == place:
            row[QUEUE_PLACE] = kept
            order = 2 - number(m, CRITICAL, row[PROGRAMME], row[GRADE])
            set_aside(m, kept, i, row[OFFICE] << OFFICE_SHIFT | order << ORDER_SHIFT | row[ASKED])
            queue[kept] = i
            kept += 1
    m[QUEUE] = kept
    return kept


@kernel
def admitted(m: Memory, week: int, count: int) -> int:
    """Of those who wait, leave on the scratch list whom the offices can review this week; how many."""
    offices, keys, full = m[OFFICES], int64_at(m[KEYS]), False
    asked, most = heaps(m, ASKING, offices), heaps(m, ROOM, offices)
    for office in range(offices):
        asked[office], most[office] = 0, number(m, CAPACITY, week, office)
    for place in range(count):
        asked[keys[place] >> OFFICE_SHIFT] += 1
    for office in range(offices):
        full = full or asked[office] > most[office]
    return first_in_line(m, count) if full else count


@kernel
def first_in_line(m: Memory, count: int) -> int:
    """Leave as many as each office has room for: critical points first, then the longest wait; how many in all."""
    offices, asking, keys, left = m[OFFICES], int64_at(m[SCRATCH]), int64_at(m[KEYS]), 0
    begin_heaps(m, offices)
    for place in range(count):
        tell_apart(m, keys[place] >> OFFICE_SHIFT, offices, keys[place], asking[place])
    for office in range(offices):
        for place in range(heaps(m, KEPT, offices)[office]):
            named = row_of(m, told_apart(m, office, offices, place))[QUEUE_PLACE]
            keys[named] = ~keys[named]
    who = int64_at(m[SCRATCH])
    for place in range(count):
        is_kept = keys[place] < 0
        office = max(keys[place], ~keys[place]) >> OFFICE_SHIFT
        who[left] = asking[place]
        left += int(is_kept == keeps_first(m, office, offices))
    return left
