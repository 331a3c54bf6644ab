"""Those who wait for a panel, office by office, and whom it has room for; compare engines/reference/panel."""

from pipeline_sim.base.cells import int64_at
from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.layout import (
    ASKED,
    BUSY_LINES,
    DIGITS,
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
from pipeline_sim.engines.batch.look import AHEAD, fetch_row, number, row_of, set_aside
from pipeline_sim.engines.batch.tables import (
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
def crowded(m: Memory, week: int, count: int) -> bool:
    """True if more wait in some office than it can review this week: only then does the order matter."""
    digits, keys, full = int64_at(m[DIGITS]), int64_at(m[KEYS]), False
    for office in range(m[OFFICES]):
        digits[office] = 0
    for place in range(count):
        digits[keys[place] >> OFFICE_SHIFT] += 1
    for office in range(m[OFFICES]):
        full = full or digits[office] > number(m, CAPACITY, week, office)
    return full


@kernel
def admitted(m: Memory, week: int, count: int) -> int:
    """Of those who wait, in their order, leave as many on the scratch list as each office can review; how many."""
    keys, who, kept = int64_at(m[KEYS]), int64_at(m[SCRATCH]), 0
    office, room = -1, 0
    for place in range(count):
        if keys[place] >> OFFICE_SHIFT != office:
            office = keys[place] >> OFFICE_SHIFT
            room = number(m, CAPACITY, week, office)
        who[kept] = who[place]
        kept += int(room > 0)
        room -= 1
    return kept
