"""Places on interventions, given every month; the twin of engines/reference/intervention_places."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import Pointer, int64_at
from pipeline_sim.engines.batch.event_routines.exams import (
    FOUND,
    SUPPORT,
    attempt_part,
    current_part,
    may_sit_from,
    plan_exam,
)
from pipeline_sim.engines.batch.event_routines.learning import (
    asked_days,
    balance_in_post,
    counted_days,
    fetch_learning,
    in_post,
    store_balance,
)
from pipeline_sim.engines.batch.memory.access import (
    INDEX_MASK,
    PREFETCH_LEARNING,
    PREFETCH_ROW,
    fetch_row,
    packed,
    param,
    push_scratch,
    row_of,
    scratch_row,
    table_length,
    table_value,
)
from pipeline_sim.engines.batch.memory.batched_draws import DRAW_BATCH, Draw, batched_words, draw_batch
from pipeline_sim.engines.batch.memory.books import random_words, schedule
from pipeline_sim.engines.batch.memory.layout import LEARNING_LINES, READING_WORDS, Header, Memory, Row
from pipeline_sim.engines.batch.memory.sittings import attempts_at, note_sittings, part_of
from pipeline_sim.engines.batch.memory.sort import BUCKETS, sort_scratch
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.rules.codes import FURTHEST_BEHIND, GATES, NEVER, NO_GATE, Event, Phase, Purpose, SeatOrder, State
from pipeline_sim.rules.competence import gap_of
from pipeline_sim.rules.exams import NO_RESULT, gate_missing
from pipeline_sim.rules.intervention_places import (
    before_critical_review,
    displaced,
    is_meant,
    nearest_key,
    needs_place,
    place_key,
    read_balance,
    reading_error,
    taught,
    worth_going,
)
from pipeline_sim.rules.random_numbers import bernoulli

CELL_SHIFT = 32  # above the place on a list of the month, of group and office
FURTHEST, IS_FOUND = 4, 5  # among what is read


@kernel
def give_places(m: Memory, day: int, month: int) -> None:
    """Give the month's places, kind by kind, in each kind's explicit order."""
    if mark_eligible_groups(m, month):
        listed = list_and_read(m, day)
        for kind in range(table_length(m, Table.PLACES, 0)):
            give_kind(m, day, month, kind, listed)


@kernel
def mark_eligible_groups(m: Memory, month: int) -> bool:
    """Mark in SLOT_REQUESTS a bit for each kind that a group may have in an office; True if there are any.

    That book is free until slots are next asked for.
    """
    marks, offices, any_places = int64_at(m[Header.SLOT_REQUESTS]), m[Header.OFFICES], False
    for cell in range(m[Header.GROUP_OFFICES]):
        marks[cell] = 0
    for kind in range(table_length(m, Table.PLACES, 0)):
        for office in range(offices):
            if table_value(m, Table.PLACES, kind, month, office) > 0:
                any_places = True
                for group in range(table_length(m, Table.PLACE_GROUPS, 1)):
                    marks[group * offices + office] |= int(table_value(m, Table.PLACE_GROUPS, kind, group) != 0) << kind
    return any_places


@kernel
def list_and_read(m: Memory, day: int) -> int:
    """List those in training who may have any place in TURN, which is free until the next phase.

    What offices read of them is kept while the month's places are given. Returns how many they are.
    """
    listed, marks, count = int64_at(m[Header.TURN]), int64_at(m[Header.SLOT_REQUESTS]), 0
    together, unread = int64_at(m[Header.SCRATCH]), 0
    for i in range(m[Header.ROWS_USED]):
        fetch_row(m, i + PREFETCH_ROW, LEARNING_LINES)
        if i + PREFETCH_LEARNING < m[Header.ROWS_USED]:
            fetch_learning(m, i + PREFETCH_LEARNING, day)
        row = row_of(m, i)
        if row[Row.STATE] == State.TRAINING:
            cell = table_value(m, Table.GROUP, row[Row.PROGRAMME]) * m[Header.OFFICES] + row[Row.OFFICE]
            if marks[cell]:
                listed[count] = cell << CELL_SHIFT | i
                count += 1
                together[unread] = packed(m, i)
                unread += 1
                if unread == DRAW_BATCH:
                    read_batch(m, day, unread)
                    unread = 0
    read_batch(m, day, unread)
    return count


@kernel
def give_kind(m: Memory, day: int, month: int, kind: int, listed: int) -> None:
    """Give all offices' places of one kind: in each to the first, in the kind's order, of those who need one."""
    whom, marks, count = int64_at(m[Header.TURN]), int64_at(m[Header.SLOT_REQUESTS]), 0
    given = int64_at(m[Header.DIGITS] + 8 * BUCKETS)
    for office in range(m[Header.OFFICES]):
        given[office] = 0
    for place in range(listed):
        cell = whom[place] >> CELL_SHIFT
        if marks[cell] >> kind & 1:
            key = claim(m, whom[place] & INDEX_MASK, day, kind)
            if key >= 0:
                push_scratch(m, count, whom[place] & INDEX_MASK, key)
                count += 1
    sort_scratch(m, count)
    for place in range(count):
        i = scratch_row(m, place)
        office = row_of(m, i)[Row.OFFICE]
        if given[office] < table_value(m, Table.PLACES, kind, month, office):
            given[office] += 1
            give_place(m, i, day, kind)


@kernel
def claim(m: Memory, i: int, day: int, kind: int) -> int:
    """Key of a doctor in the order of the places; -1 if not in need of one. For most the row is not read."""
    readings, row = readings_of(m, i), row_of(m, i)
    if table_value(m, Table.PLACE_FINDS, kind) and readings[IS_FOUND]:  # a gap is found once
        return -1
    _, gap = read_gap(m, i, kind)
    gate, order = gate_needed(m, i, kind, day), table_value(m, Table.PLACE_ORDER, kind)
    worth = worth_going(dose_of(m, i, kind), table_value(m, Table.PLACE_DISPLACED, kind))
    if not needs_place(gap if worth else -1, table_value(m, Table.PLACE_LEAST_GAP, kind), gate >= 0):
        return -1
    if order == SeatOrder.NEAREST_TO_LINE:
        return key_by_line(m, i, day, kind, gap, gate)
    rank = table_value(m, Table.PLACE_RANK, kind, row[Row.PROGRAMME])
    critical = (
        table_value(m, Table.CRITICAL, row[Row.PROGRAMME], row[Row.GRADE]) if order == SeatOrder.CRITICAL_FIRST else 0
    )
    return place_key(order, rank, critical, row[Row.PROGRAMME_SINCE] if order == SeatOrder.FIRST_COME else 0, gap)


@kernel
def key_by_line(m: Memory, i: int, day: int, kind: int, gap: int, gate: int) -> int:
    """Key of a doctor in the order NEAREST_TO_LINE."""
    row, readings = row_of(m, i), readings_of(m, i)
    programme, grade, behind, gate_due = row[Row.PROGRAMME], row[Row.GRADE], 0, -1
    for domain in range(4):
        behind += gap_of(readings[domain])
    if table_value(m, Table.PLACE_GATE, kind) != NO_GATE:
        by = table_value(m, Table.GATE_BY, programme, max(gate, 0))
        gate_due = gate_missing(row[Row.PASSED], gate, by, grade)
    return nearest_key(
        table_value(m, Table.PLACE_RANK, kind, programme),
        before_critical_review(
            table_value(m, Table.CRITICAL, programme, grade), row[Row.OUTCOME], row[Row.SERVED] - day
        ),
        gate_due,
        behind,
        1000 * table_value(m, Table.MINOR_DAYS, table_value(m, Table.STAGE, programme)),
        gap,
    )


@kernel
def readings_of(m: Memory, i: int) -> Pointer:
    """Readings of a doctor: four balances, the domain furthest behind, whether the gap was found."""
    return int64_at(m[Header.READINGS] + i * READING_WORDS * 8)


@kernel
def read_batch(m: Memory, day: int, count: int) -> None:
    """Read a batch of doctors of the scratch list."""
    draw_batch(m, Header.SCRATCH, 0, count, Draw.READING, Purpose.READING, 0)
    for place in range(count):
        read_doctor(m, scratch_row(m, place), day, batched_words(m, Draw.READING, place))


@kernel
def read_doctor(m: Memory, i: int, day: int, words: tuple[int, int, int, int]) -> None:
    """Read the balances of one doctor in training as the office does, with random errors."""
    post, asked = in_post(m, i, day), asked_days(m, i, counted_days(m, i, day))
    readings, found, most = readings_of(m, i), row_of(m, i)[Row.HELP] & FOUND, param(m, Param.READING_ERROR)
    for domain in range(4):
        error = reading_error(words[domain], most)
        readings[domain] = read_balance(balance_in_post(m, i, post, domain, asked), error, found)
    readings[IS_FOUND] = found
    note_furthest(m, i)


@kernel
def note_furthest(m: Memory, i: int) -> None:
    """Note the domain furthest behind by the readings, of those that the curriculum asks for; -1 if none."""
    readings, furthest = readings_of(m, i), -1
    for domain in range(4):
        asked_for = table_value(m, Table.WEIGHT, row_of(m, i)[Row.PROGRAMME], domain) > 0
        if asked_for and (furthest < 0 or readings[domain] < readings[furthest]):
            furthest = domain
    readings[FURTHEST] = furthest


@kernel
def read_gap(m: Memory, i: int, kind: int) -> tuple[int, int]:
    """Domain that a place is for, -1 if none, and the gap in it, as the office reads them."""
    domain, readings = table_value(m, Table.PLACE_DOMAIN, kind), readings_of(m, i)
    if domain == FURTHEST_BEHIND:
        domain = readings[FURTHEST]
    return domain, gap_of(readings[domain]) if domain >= 0 else 0


@kernel
def gate_needed(m: Memory, i: int, kind: int, day: int) -> int:
    """Index of the gate that a place is for, of those that the doctor lacks the one due soonest; -1 if none."""
    exam, needed, soonest = table_value(m, Table.PLACE_GATE, kind), -1, NEVER
    if exam == NO_GATE:
        return needed
    row = row_of(m, i)
    for gate in range(GATES):
        first, by = (
            table_value(m, Table.GATE, row[Row.PROGRAMME], gate),
            table_value(m, Table.GATE_BY, row[Row.PROGRAMME], gate),
        )
        meant = first >= 0 and is_meant(exam, first, table_value(m, Table.IS_COURSE, max(first, 0)))
        if meant and by < soonest and not row[Row.PASSED] >> gate & 1 and can_help(m, i, kind, gate, day):
            needed, soonest = gate, by
    return needed


@kernel
def can_help(m: Memory, i: int, kind: int, gate: int, day: int) -> bool:
    """True if a place clears its gate, or if the next part of it may be sat and what the place asks for is so."""
    row, sits = row_of(m, i), table_value(m, Table.PLACE_SITS, kind)
    if param(m, Param.PLACE_RAISES, kind) == 0 and sits == 0:
        return True
    if attempts_at(row, gate) < table_value(m, Table.PLACE_ATTEMPTS, kind):
        return False
    return (sits != 0 or row[Row.HELP] >> SUPPORT == 0) and may_sit_from(m, i, gate) <= day


@kernel
def dose_of(m: Memory, i: int, kind: int) -> int:
    """Dose in thousandths of a curriculum day, by postgraduate year, because the experienced gain less."""
    year = table_value(m, Table.ENTRY_YEAR, row_of(m, i)[Row.PROGRAMME]) + row_of(m, i)[Row.GRADE]
    return taught(table_value(m, Table.PLACE_DOSE, kind, year), table_value(m, Table.PLACE_TIME, kind))


@kernel
def give_place(m: Memory, i: int, day: int, kind: int) -> None:
    """Give a place: so many curriculum days in a domain, the clearing of a gate, or knowledge of the gap."""
    row = row_of(m, i)
    if table_value(m, Table.PLACE_FINDS, kind):
        row[Row.HELP] |= FOUND
        read_doctor(m, i, day, random_words(m, i, Purpose.READING, 0))
        emit_for_doctor(m, day, Phase.SEAT, i, Event.SEATED, kind, 1, read_gap(m, i, kind)[1])
        return
    domain, gate = read_gap(m, i, kind)[0], gate_needed(m, i, kind, day)
    dose = dose_of(m, i, kind)
    for each in range(4):
        weight = table_value(m, Table.WEIGHT, row[Row.PROGRAMME], each)
        gain = (dose if each == domain else 0) - displaced(table_value(m, Table.PLACE_DISPLACED, kind), weight)
        store_balance(m, i, each, row[Row.BALANCE + each] + gain)
        readings_of(m, i)[each] += gain
    note_furthest(m, i)
    emit_for_doctor(m, day, Phase.SEAT, i, Event.SEATED, kind, 0, dose)
    if gate >= 0:
        help_with_gate(m, i, day, kind, gate)


@kernel
def help_with_gate(m: Memory, i: int, day: int, kind: int, gate: int) -> None:
    """Help with a gate: clear it, support the next attempt, or sit its next part now; one of these."""
    row = row_of(m, i)
    if param(m, Param.PLACE_RAISES, kind):
        row[Row.HELP] = ((kind + 1) * GATES + gate) << SUPPORT | row[Row.HELP] & FOUND
    index = table_value(m, Table.MONTH_OF, day) * 64 + kind
    if bernoulli(random_words(m, i, Purpose.SEAT, index)[0], param(m, Param.PLACE_CLEARS, kind)):
        row[Row.PASSED] |= 1 << gate
        note_sittings(row, gate, part_of(row, gate), attempts_at(row, gate), NO_RESULT, day)
    elif table_value(m, Table.PLACE_SITS, kind):
        attempt_part(m, i, day, gate, current_part(m, i, gate))
    plan_exam(m, i, day)
    schedule(m, i, day, Phase.SEAT)
