"""Supervised slots, given at a changeover; the twin of engines/reference/supervision_slots."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.learning import behind_on, fetch_learning
from pipeline_sim.engines.batch.memory.access import (
    INDEX_MASK,
    PREFETCH_LEARNING,
    PREFETCH_ROW,
    fetch_row,
    push_scratch,
    row_of,
    scratch_row,
    table_value,
)
from pipeline_sim.engines.batch.memory.batched_draws import DRAW_BATCH, Draw, batched_words, draw_batch
from pipeline_sim.engines.batch.memory.books import book_add, book_value, release_slot
from pipeline_sim.engines.batch.memory.layout import LEARNING_LINES, Header, Memory, Row
from pipeline_sim.engines.batch.memory.sort import sort_scratch
from pipeline_sim.engines.batch.memory.table_index import Table
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.engines.batch.output.tally import Slot, fetch_count
from pipeline_sim.rules.codes import Event, Phase, Purpose, State
from pipeline_sim.rules.supervision_slots import order_key


@kernel
def allocate(m: Memory, day: int) -> None:
    """Allocate slots after a changeover: critical point ahead first, then the largest gap, then a keyed random rank.

    Only where more ask than there are free slots does the order matter, and only there is it worked out. The log is
    cheaper written in trainee order than put in it.
    """
    asked, month, contested = count_slot_requests(m), table_value(m, Table.MONTH_OF, day), 0
    asking = int64_at(m[Header.REQUEST_LIST])
    for place in range(asked):
        if place + PREFETCH_ROW < asked:
            fetch_row(m, asking[place + PREFETCH_ROW], 1)
        i = asking[place]
        row = row_of(m, i)
        group, office = table_value(m, Table.GROUP, row[Row.PROGRAMME]), row[Row.OFFICE]
        if book_value(m, Header.SLOT_REQUESTS, group, office) > free_slots(m, month, group, office):
            push_scratch(m, contested, i, 0)
            contested += 1
        else:
            book_add(m, Header.SLOT_REQUESTS, group, office, -1)
            give_slot(m, i, group, office, 1)
    allocate_contested(m, day, contested)
    for place in range(asked):
        if place + PREFETCH_ROW < asked:
            fetch_row(m, asking[place + PREFETCH_ROW], 1)
            fetch_count(m, asking[place + PREFETCH_LEARNING], day, Slot.PLACEMENTS)
        supervised = row_of(m, asking[place])[Row.SUPERVISED]
        emit_for_doctor(m, day, Phase.PLACE, asking[place], Event.PLACED, 0, supervised, 0)


@kernel
def allocate_contested(m: Memory, day: int, contested: int) -> None:
    """Give the free slots of groups in offices where more ask than there are to the first of those who ask there.

    They stand on the scratch list; when they are in order, each takes a slot while there is one.
    """
    asking, keys, month = int64_at(m[Header.SCRATCH]), int64_at(m[Header.KEYS]), table_value(m, Table.MONTH_OF, day)
    for place in range(contested):
        if place % DRAW_BATCH == 0:
            count = min(DRAW_BATCH, contested - place)
            draw_batch(m, Header.SCRATCH, place, count, Draw.SUPERVISION, Purpose.PLACE, day)
        if place + PREFETCH_ROW < contested:
            fetch_row(m, asking[place + PREFETCH_ROW] & INDEX_MASK, LEARNING_LINES)
            fetch_learning(m, asking[place + PREFETCH_LEARNING] & INDEX_MASK, day)
        i = asking[place] & INDEX_MASK
        row = row_of(m, i)
        critical = int(table_value(m, Table.CRITICAL, row[Row.PROGRAMME], row[Row.GRADE]) > 0)
        word = batched_words(m, Draw.SUPERVISION, place % DRAW_BATCH)[1]
        keys[place] = order_key(critical, behind_on(m, i, day), word)
    sort_scratch(m, contested)
    for place in range(contested):
        i = scratch_row(m, place)
        row = row_of(m, i)
        group, office = table_value(m, Table.GROUP, row[Row.PROGRAMME]), row[Row.OFFICE]
        give_slot(m, i, group, office, int(free_slots(m, month, group, office) > 0))


@kernel
def count_slot_requests(m: Memory) -> int:
    """Count the requests of those present by group and office; returns how many there are.

    They are put in trainee order if the log is kept.
    """
    wanted, asking, kept = int64_at(m[Header.SLOT_REQUESTS]), int64_at(m[Header.REQUEST_LIST]), 0
    for cell in range(m[Header.GROUP_OFFICES]):
        wanted[cell] = 0
    for place in range(m[Header.REQUESTS]):
        if place + PREFETCH_ROW < m[Header.REQUESTS]:
            fetch_row(m, asking[place + PREFETCH_ROW], 1)
        i = asking[place]
        row = row_of(m, i)
        if row[Row.WANTS_SLOT] and row[Row.STATE] in (State.TRAINING, State.REDEPLOYED, State.SICK):
            release_slot(m, i)
            book_add(m, Header.SLOT_REQUESTS, table_value(m, Table.GROUP, row[Row.PROGRAMME]), row[Row.OFFICE], 1)
            push_scratch(m, kept, i, 0)
            kept += 1
        row[Row.WANTS_SLOT] = 0
    m[Header.REQUESTS] = 0
    if m[Header.LOGGING]:
        kept = sort_turn(m, kept)
    for place in range(kept):
        asking[place] = scratch_row(m, place)
    return kept


@kernel
def free_slots(m: Memory, month: int, group: int, office: int) -> int:
    """Number of supervised slots of a group and office that no one holds."""
    return table_value(m, Table.SUPERVISION_SLOTS, month, group, office) - book_value(
        m, Header.SLOTS_HELD, group, office
    )


@kernel
def give_slot(m: Memory, i: int, group: int, office: int, slots: int) -> None:
    """Give a doctor one slot or none."""
    row_of(m, i)[Row.SUPERVISED] = slots
    book_add(m, Header.SLOTS_HELD, group, office, slots)
