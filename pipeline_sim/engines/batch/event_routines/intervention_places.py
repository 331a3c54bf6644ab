"""Places on interventions, handed out every month; compare engines/reference/redeployment."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import Pointer, int64_at
from pipeline_sim.engines.batch.event_routines.learning import (
    asked_days,
    balance_in_post,
    counted_days,
    fetch_learning,
    in_post,
    keep_balance,
)
from pipeline_sim.engines.batch.memory.access import (
    AHEAD,
    PLACE_MASK,
    SOON,
    aside,
    chance,
    fetch_row,
    length,
    number,
    packed,
    row_of,
)
from pipeline_sim.engines.batch.memory.batched_draws import draw_stretch, lot
from pipeline_sim.engines.batch.memory.books import luck
from pipeline_sim.engines.batch.memory.bounded_heap import choose, is_early
from pipeline_sim.engines.batch.memory.layout import (
    BALANCE,
    DIGITS,
    FOUND,
    GRADE,
    GROUP_OFFICES,
    OFFICE,
    OFFICES,
    PASSED,
    PROGRAMME,
    PROGRAMME_SINCE,
    READING_WORDS,
    READINGS,
    ROWS_USED,
    SCRATCH,
    STATE,
    STRETCH,
    TURN,
    WANTED,
    Memory,
)
from pipeline_sim.engines.batch.memory.sort import BUCKETS, begin_each
from pipeline_sim.engines.batch.memory.table_index import (
    CLEARS,
    CRITICAL,
    DOSE,
    ENTRY_YEAR,
    GATE,
    GROUP,
    GROUPS,
    LEAST_GAP,
    READING_ERROR,
    SEAT_DOMAIN,
    SEAT_FINDS,
    SEAT_GATE,
    SEAT_ORDER,
    SEATS,
    WEIGHT,
)
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.rules.codes import FURTHEST_BEHIND, GATES, Event, Phase, Purpose, SeatOrder, State
from pipeline_sim.rules.competence import gap_of
from pipeline_sim.rules.intervention_places import needs_place, place_key, read_balance, reading_error
from pipeline_sim.rules.random_numbers import bernoulli

LINES_OF_LEARNING = 2  # of a row: who, where and what has been learnt
CELL_SHIFT = 32  # above the place on a list of the month, of group and office
FURTHEST, IS_FOUND = 4, 5  # among what is read


@kernel
def give_seats(m: Memory, day: int, month: int) -> None:
    """The month's places, kind by kind, in each kind's explicit order."""
    if mark_whom_places_are_for(m, month):
        listed = list_and_read(m, day)
        for kind in range(length(m, SEATS, 0)):
            give_kind(m, day, month, kind, listed)


@kernel
def mark_whom_places_are_for(m: Memory, month: int) -> bool:
    """A bit for each kind of which a group may have places in an office, in the book of wishes; True if there are any.

    That book is free until slots are next asked for.
    """
    marks, offices, any_places = int64_at(m[WANTED]), m[OFFICES], False
    for cell in range(m[GROUP_OFFICES]):
        marks[cell] = 0
    for kind in range(length(m, SEATS, 0)):
        for office in range(offices):
            if number(m, SEATS, kind, month, office) > 0:
                any_places = True
                for group in range(length(m, GROUPS, 1)):
                    marks[group * offices + office] |= int(number(m, GROUPS, kind, group) != 0) << kind
    return any_places


@kernel
def list_and_read(m: Memory, day: int) -> int:
    """Put those in training who may have any place on the list of turns, which is free until the next phase.

    What offices read of them is kept while the month's places are given. Returns how many they are.
    """
    listed, marks, by_office, count = int64_at(m[TURN]), int64_at(m[WANTED]), int64_at(m[DIGITS]), 0
    together, unread = int64_at(m[SCRATCH]), 0
    for office in range(m[OFFICES]):
        by_office[office] = 0
    for i in range(m[ROWS_USED]):
        fetch_row(m, i + AHEAD, LINES_OF_LEARNING)
        if i + SOON < m[ROWS_USED]:
            fetch_learning(m, i + SOON, day)
        row = row_of(m, i)
        if row[STATE] == State.TRAINING:
            cell = number(m, GROUP, row[PROGRAMME]) * m[OFFICES] + row[OFFICE]
            if marks[cell]:
                listed[count] = cell << CELL_SHIFT | i
                count += 1
                by_office[row[OFFICE]] += 1
                together[unread] = packed(m, i)
                unread += 1
                if unread == STRETCH:
                    read_stretch(m, day, unread)
                    unread = 0
    read_stretch(m, day, unread)
    begin_each(by_office, m[OFFICES])
    return count


@kernel
def give_kind(m: Memory, day: int, month: int, kind: int, listed: int) -> None:
    """All offices' places of one kind: in each to the first, in the kind's order, of those who need one."""
    whom, marks, begins = int64_at(m[TURN]), int64_at(m[WANTED]), int64_at(m[DIGITS])
    kept = int64_at(m[DIGITS] + 8 * BUCKETS)
    for office in range(m[OFFICES]):
        kept[office] = 0
    for place in range(listed):
        cell = whom[place] >> CELL_SHIFT
        if marks[cell] >> kind & 1:
            key = claim(m, whom[place] & PLACE_MASK, kind)
            if key >= 0:
                office = cell % m[OFFICES]
                most = number(m, SEATS, kind, month, office)
                if is_early(m, begins[office], kept[office], most, key):
                    who = packed(m, whom[place] & PLACE_MASK)
                    kept[office] = choose(m, begins[office], kept[office], most, key, who)
    for office in range(m[OFFICES]):
        for place in range(kept[office]):
            seat(m, aside(m, begins[office] + place), day, month, kind)


@kernel
def claim(m: Memory, i: int, kind: int) -> int:
    """The key of a doctor in the order of the places; -1 if not in need of one. Most need no look at the row."""
    readings, row = readings_of(m, i), row_of(m, i)
    if number(m, SEAT_FINDS, kind) and readings[IS_FOUND]:  # a gap is found once
        return -1
    _, gap = read(m, i, kind)
    gate, order = gate_bit(m, i, kind), number(m, SEAT_ORDER, kind)
    if not needs_place(gap, number(m, LEAST_GAP, kind), gate >= 0 and not row[PASSED] >> gate & 1):
        return -1
    critical = number(m, CRITICAL, row[PROGRAMME], row[GRADE]) if order == SeatOrder.CRITICAL_FIRST else 0
    return place_key(order, critical, row[PROGRAMME_SINCE] if order == SeatOrder.FIRST_COME else 0, gap)


@kernel
def readings_of(m: Memory, i: int) -> Pointer:
    """What an office reads of a doctor: four balances, the domain furthest behind, whether the gap was found."""
    return int64_at(m[READINGS] + i * READING_WORDS * 8)


@kernel
def read_stretch(m: Memory, day: int, count: int) -> None:
    """Read so many doctors of the scratch list."""
    draw_stretch(m, SCRATCH, 0, count, 0, Purpose.READING, 0)
    for place in range(count):
        read_doctor(m, aside(m, place), day, lot(m, 0, place))


@kernel
def read_doctor(m: Memory, i: int, day: int, words: tuple[int, int, int, int]) -> None:
    """Balances of one doctor in training as the office reads them, with the errors that luck makes."""
    post, asked = in_post(m, i, day), asked_days(m, i, counted_days(m, i, day))
    readings, found, most = readings_of(m, i), row_of(m, i)[FOUND], chance(m, READING_ERROR)
    for domain in range(4):
        error = reading_error(words[domain], most)
        readings[domain] = read_balance(balance_in_post(m, i, post, domain, asked), error, found)
    readings[IS_FOUND] = found
    note_furthest(m, i)


@kernel
def note_furthest(m: Memory, i: int) -> None:
    """Of the domains that the curriculum asks for, the one in which the office reads least; -1 if it asks for none."""
    readings, furthest = readings_of(m, i), -1
    for domain in range(4):
        asked_for = number(m, WEIGHT, row_of(m, i)[PROGRAMME], domain) > 0
        if asked_for and (furthest < 0 or readings[domain] < readings[furthest]):
            furthest = domain
    readings[FURTHEST] = furthest


@kernel
def read(m: Memory, i: int, kind: int) -> tuple[int, int]:
    """Domain that a place is for, -1 if none, and the gap in it, as the office reads them."""
    domain, readings = number(m, SEAT_DOMAIN, kind), readings_of(m, i)
    if domain == FURTHEST_BEHIND:
        domain = readings[FURTHEST]
    return domain, gap_of(readings[domain]) if domain >= 0 else 0


@kernel
def gate_bit(m: Memory, i: int, kind: int) -> int:
    """Which of the programme's gates a place can clear; -1 if none."""
    exam = number(m, SEAT_GATE, kind)
    if exam < 0:
        return -1
    for gate in range(GATES):
        if number(m, GATE, row_of(m, i)[PROGRAMME], gate) == exam:
            return gate
    return -1


@kernel
def seat(m: Memory, i: int, day: int, month: int, kind: int) -> None:
    """Worth so many curriculum days in a domain, the clearing of a gate, or knowing the gap."""
    row = row_of(m, i)
    if number(m, SEAT_FINDS, kind):
        row[FOUND] = 1
        read_doctor(m, i, day, luck(m, i, Purpose.READING, 0))
        say(m, day, Phase.SEAT, i, Event.SEATED, kind, 1, read(m, i, kind)[1])
        return
    domain, gate = read(m, i, kind)[0], gate_bit(m, i, kind)
    dose = number(m, DOSE, kind, number(m, ENTRY_YEAR, row[PROGRAMME]) + row[GRADE])
    if domain >= 0:
        keep_balance(m, i, domain, row[BALANCE + domain] + dose)
        readings_of(m, i)[domain] += dose
        note_furthest(m, i)
    if gate >= 0 and bernoulli(luck(m, i, Purpose.SEAT, month * 64 + kind)[0], chance(m, CLEARS, kind)):
        row[PASSED] |= 1 << gate
    say(m, day, Phase.SEAT, i, Event.SEATED, kind, 0, dose)
