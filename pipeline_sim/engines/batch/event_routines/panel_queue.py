"""Queues of the panels, and whom each has capacity for; the twin of `Panel.order` in engines/reference/panel."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.memory.access import PREFETCH_ROW, fetch_row, push_scratch, row_of, table_value
from pipeline_sim.engines.batch.memory.bounded_heap import (
    ASKING,
    KEPT,
    ROOM,
    begin_heaps,
    heaps,
    keeps_winners,
    partition_member,
    partition_offer,
)
from pipeline_sim.engines.batch.memory.layout import BUSY_LINES, Header, Memory, Row
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
    """Select those in the queue whom the offices can review this week; returns how many."""
    offices, keys, full = m[Header.OFFICES], int64_at(m[Header.KEYS]), False
    asked, most = heaps(m, ASKING, offices), heaps(m, ROOM, offices)
    for office in range(offices):
        asked[office], most[office] = 0, table_value(m, Table.CAPACITY, week, office)
    for place in range(count):
        asked[keys[place] >> OFFICE_SHIFT] += 1
    for office in range(offices):
        full = full or asked[office] > most[office]
    return select_by_order(m, count) if full else count


@kernel
def select_by_order(m: Memory, count: int) -> int:
    """Select as many as each office has capacity for, in the order of keys; returns how many in all."""
    offices, asking, keys, left = m[Header.OFFICES], int64_at(m[Header.SCRATCH]), int64_at(m[Header.KEYS]), 0
    begin_heaps(m, offices)
    for place in range(count):
        partition_offer(m, keys[place] >> OFFICE_SHIFT, offices, keys[place], asking[place])
    for office in range(offices):
        for place in range(heaps(m, KEPT, offices)[office]):
            named = row_of(m, partition_member(m, office, offices, place))[Row.QUEUE_INDEX]
            keys[named] = ~keys[named]
    who = int64_at(m[Header.SCRATCH])
    for place in range(count):
        is_kept = keys[place] < 0
        office = max(keys[place], ~keys[place]) >> OFFICE_SHIFT
        who[left] = asking[place]
        left += int(is_kept == keeps_winners(m, office, offices))
    return left
