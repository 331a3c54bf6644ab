"""Queues, capacity and random words of the panels; the twin of `Panel.order` in engines/reference/panel."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, int64_at
from pipeline_sim.engines.batch.memory.access import (
    INDEX_BITS,
    INDEX_MASK,
    PREFETCH_ROW,
    fetch_row,
    push_scratch,
    row_of,
    table_value,
)
from pipeline_sim.engines.batch.memory.batched_draws import Draw, draw_buffer
from pipeline_sim.engines.batch.memory.layout import BUSY_LINES, Header, Memory, Row
from pipeline_sim.engines.batch.memory.sort import sort_scratch
from pipeline_sim.engines.batch.memory.table_index import Table
from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import draw_inlined

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
    if all_can_be_seen(m, week, count):
        return count
    sort_scratch(m, count)
    who, keys, left, office, taken = int64_at(m[Header.SCRATCH]), int64_at(m[Header.KEYS]), 0, -1, 0
    for place in range(count):
        before, office = office, keys[place] >> OFFICE_SHIFT
        taken = taken + 1 if office == before else 1
        who[left] = who[place]
        left += int(taken <= table_value(m, Table.CAPACITY, week, office))
    return left


@kernel
def all_can_be_seen(m: Memory, week: int, count: int) -> bool:
    """True if no office has more in its queue than it can review this week."""
    keys, waiting = int64_at(m[Header.KEYS]), int64_at(m[Header.DIGITS])
    for office in range(m[Header.OFFICES]):
        waiting[office] = 0
    for place in range(count):
        waiting[keys[place] >> OFFICE_SHIFT] += 1
    most = 0
    for office in range(m[Header.OFFICES]):
        most = max(most, waiting[office] - table_value(m, Table.CAPACITY, week, office))
    return most == 0


@kernel
def draw_for_reviews(m: Memory, first: int, count: int) -> None:
    """Draw the random word of each review of a batch of the scratch list; which one is seen from the row."""
    fixed, who, words = as_constant(m), int64_at(m[Header.SCRATCH] + 8 * first), draw_buffer(m, Draw.REVIEW)
    seed, replication = fixed[Header.SEED], fixed[Header.REPLICATION]
    for place in range(count):
        row = row_of(m, who[place] & INDEX_MASK)
        words[place] = row[Row.PROGRAMME] * 1024 + row[Row.GRADE] * 64 + row[Row.LOOKS]
    for place in range(count):
        words[place] = draw_inlined(seed, replication, who[place] >> INDEX_BITS, Purpose.REVIEW, words[place])[0]
