"""Supervised slots, given at a changeover; compare engines/reference."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.learning import (
    behind_on,
    fetch_learning,
)
from pipeline_sim.engines.batch.memory.access import (
    AHEAD,
    PLACE_MASK,
    SOON,
    aside,
    fetch_row,
    number,
    row_of,
    set_aside,
)
from pipeline_sim.engines.batch.memory.batched_draws import draw_stretch, lot
from pipeline_sim.engines.batch.memory.books import (
    count_in,
    held,
    release_slot,
)
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
    BUSY_LINES,
    GRADE,
    GROUP_OFFICES,
    LOGGING,
    OFFICE,
    OFFICES,
    PROGRAMME,
    REQUEST_LIST,
    REQUESTS,
    SCRATCH,
    SLOTS,
    SPARE,
    STATE,
    STRETCH,
    SUPERVISED,
    WANTED,
    WANTS_SLOT,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    CRITICAL,
    GROUP,
    MONTH_OF,
)
from pipeline_sim.engines.batch.memory.table_index import SLOTS as SLOTS_TABLE
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.engines.batch.output.tally import PLACEMENTS, fetch_count
from pipeline_sim.rules.codes import Event, Phase, Purpose, State
from pipeline_sim.rules.supervision_slots import order_key

LINES_OF_WISHES = 2  # of a row: who, where and what is wanted


@kernel
def allocate(m: Memory, day: int) -> None:
    """At the end of a changeover: critical point ahead first, then the largest gap, then a keyed random rank.

    Only where more ask than there are free slots does the order matter, and only there is it worked out. The log is
    cheaper written in trainee order than put in it.
    """
    asked, month, contested = count_wishes(m), number(m, MONTH_OF, day), 0
    asking = int64_at(m[REQUEST_LIST])
    for place in range(asked):
        if place + AHEAD < asked:
            fetch_row(m, asking[place + AHEAD], LINES_OF_WISHES)
        i = asking[place]
        row = row_of(m, i)
        group, office = number(m, GROUP, row[PROGRAMME]), row[OFFICE]
        if held(m, WANTED, group, office) > free_slots(m, month, group, office):
            set_aside(m, contested, i, 0)
            contested += 1
        else:
            count_in(m, WANTED, group, office, -1)
            give_slot(m, i, group, office, 1)
    contend(m, day, contested)
    for place in range(asked):
        if place + AHEAD < asked:
            fetch_row(m, asking[place + AHEAD], 1)
            fetch_count(m, asking[place + SOON], day, PLACEMENTS)
        say(m, day, Phase.PLACE, asking[place], Event.PLACED, 0, row_of(m, asking[place])[SUPERVISED], 0)


@kernel
def contend(m: Memory, day: int, contested: int) -> None:
    """Give the free slots of groups in offices where more ask than there are to the first of those who ask there.

    These stand on the scratch list; the book of wishes says how many they are, group by group.
    """
    asking, wanted, cells = int64_at(m[SCRATCH]), int64_at(m[WANTED]), m[GROUP_OFFICES]
    for cell in range(cells):
        free = free_slots(m, number(m, MONTH_OF, day), cell // m[OFFICES], cell % m[OFFICES])
        heaps(m, ASKING, cells)[cell], heaps(m, ROOM, cells)[cell] = wanted[cell], max(0, free)
    begin_heaps(m, cells)
    for place in range(contested):
        if place % STRETCH == 0:
            draw_stretch(m, SPARE, place, min(STRETCH, contested - place), 0, Purpose.PLACE, day)
        if place + AHEAD < contested:
            fetch_row(m, asking[place + AHEAD] & PLACE_MASK, BUSY_LINES)
            fetch_learning(m, asking[place + SOON] & PLACE_MASK, day)
        i = asking[place] & PLACE_MASK
        row = row_of(m, i)
        group, office = number(m, GROUP, row[PROGRAMME]), row[OFFICE]
        critical = int(number(m, CRITICAL, row[PROGRAMME], row[GRADE]) > 0)
        key = order_key(critical, behind_on(m, i, day), lot(m, 0, place % STRETCH)[1])
        cell = group * m[OFFICES] + office
        tell_apart(m, cell, cells, key, asking[place])
        give_slot(m, i, group, office, int(not keeps_first(m, cell, cells)))
    for cell in range(cells):
        few = int(keeps_first(m, cell, cells))
        for place in range(heaps(m, KEPT, cells)[cell]):
            i = told_apart(m, cell, cells, place)
            row_of(m, i)[SUPERVISED] = few
            count_in(m, SLOTS, cell // m[OFFICES], cell % m[OFFICES], 2 * few - 1)


@kernel
def count_wishes(m: Memory) -> int:
    """Keep the requests of those who are there, and count them by group and office; how many are left.

    They are put in trainee order if the log is kept.
    """
    wanted, asking, kept = int64_at(m[WANTED]), int64_at(m[REQUEST_LIST]), 0
    for cell in range(m[GROUP_OFFICES]):
        wanted[cell] = 0
    for place in range(m[REQUESTS]):
        if place + AHEAD < m[REQUESTS]:
            fetch_row(m, asking[place + AHEAD], LINES_OF_WISHES)
        i = asking[place]
        row = row_of(m, i)
        if row[WANTS_SLOT] and row[STATE] in (State.TRAINING, State.REDEPLOYED, State.SICK):
            release_slot(m, i)
            count_in(m, WANTED, number(m, GROUP, row[PROGRAMME]), row[OFFICE], 1)
            set_aside(m, kept, i, 0)
            kept += 1
        row[WANTS_SLOT] = 0
    m[REQUESTS] = 0
    if m[LOGGING]:
        kept = sort_turn(m, kept)
    for place in range(kept):
        asking[place] = aside(m, place)
    return kept


@kernel
def free_slots(m: Memory, month: int, group: int, office: int) -> int:
    """Supervised slots that no one holds."""
    return number(m, SLOTS_TABLE, month, group, office) - held(m, SLOTS, group, office)


@kernel
def give_slot(m: Memory, i: int, group: int, office: int, slots: int) -> None:
    """A slot or none."""
    row_of(m, i)[SUPERVISED] = slots
    count_in(m, SLOTS, group, office, slots)
