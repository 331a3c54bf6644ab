"""Queues of the panels, and whom each has capacity for; the twin of `Panel.order` in engines/reference/panel."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.memory.access import PREFETCH_ROW, fetch_row, push_scratch, row_of, table_value
from pipeline_sim.engines.batch.memory.layout import BUSY_LINES, Header, Memory, Row
from pipeline_sim.engines.batch.memory.sort import sort_scratch
from pipeline_sim.engines.batch.memory.table_index import Table

ORDER_SHIFT, OFFICE_SHIFT = 31, 33  # where they begin in the key of one who waits


@kernel
def list_queue(m: Memory) -> int:
    """List the queue with its keys: office, critical point first, longest wait; returns its length."""
    kept, queue = 0, int64_at(m[Header.QUEUE_LIST])
    for place in range(m[Header.QUEUE]):
        if place + PREFETCH_ROW < m[Header.QUEUE]:
            fetch_row(m, queue[place + PREFETCH_ROW], BUSY_LINES)
        i = queue[place]
        row = row_of(m, i)
        if row[Row.QUEUED] and row[Row.QUEUE_INDEX] == place:
            row[Row.QUEUE_INDEX] = kept
            order = 2 - table_value(m, Table.CRITICAL, row[Row.PROGRAMME], row[Row.GRADE])
            push_scratch(m, kept, i, row[Row.OFFICE] << OFFICE_SHIFT | order << ORDER_SHIFT | row[Row.ASKED])
            queue[kept] = i
            kept += 1
    m[Header.QUEUE] = kept
    return kept


@kernel
def select_capacity(m: Memory, week: int, count: int) -> int:
    """Select those in the queue whom the offices can review this week, each the first by key; returns how many."""
    sort_scratch(m, count)
    who, keys, left, office, taken = int64_at(m[Header.SCRATCH]), int64_at(m[Header.KEYS]), 0, -1, 0
    for place in range(count):
        before, office = office, keys[place] >> OFFICE_SHIFT
        taken = taken + 1 if office == before else 1
        who[left] = who[place]
        left += int(taken <= table_value(m, Table.CAPACITY, week, office))
    return left
