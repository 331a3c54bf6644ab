"""Places on interventions, handed out every month; compare engines/reference/surge."""

from pipeline_sim.base.cells import int64_at
from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.books import luck
from pipeline_sim.engines.batch.layout import (
    BALANCE,
    DIGITS,
    FOUND,
    GRADE,
    OFFICE,
    PASSED,
    PROGRAMME,
    PROGRAMME_SINCE,
    READINGS,
    ROWS_USED,
    STATE,
    Memory,
)
from pipeline_sim.engines.batch.learning import (
    asked_days,
    balance_on,
    counted_days,
    keep_balance,
)
from pipeline_sim.engines.batch.look import (
    aside,
    chance,
    length,
    number,
    row_of,
    set_aside,
)
from pipeline_sim.engines.batch.sorting import sort_scratch
from pipeline_sim.engines.batch.tables import (
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
from pipeline_sim.engines.batch.telling import say
from pipeline_sim.rules.codes import FURTHEST_BEHIND, GATES, Event, Phase, Purpose, State
from pipeline_sim.rules.competence import gap_of
from pipeline_sim.rules.luck import happens
from pipeline_sim.rules.seats import needs_place, place_key, read_balance, reading_error


@kernel
def give_seats(m: Memory, day: int, month: int) -> None:
    """The month's places, kind by kind, in each kind's explicit order."""
    gaps_are_read = False
    for kind in range(length(m, SEATS, 0)):
        total = 0
        for office in range(length(m, SEATS, 2)):
            total += number(m, SEATS, kind, month, office)
        if total > 0:
            if not gaps_are_read:
                read_everyone(m, day)
                gaps_are_read = True
            give_kind(m, day, month, kind, total)


@kernel
def give_kind(m: Memory, day: int, month: int, kind: int, total: int) -> None:
    """All offices' places of one kind."""
    count = 0
    for i in range(m[ROWS_USED]):
        row = row_of(m, i)
        if row[STATE] == State.TRAINING and may(m, i, kind):
            _, gap = read(m, i, kind)
            gate = gate_bit(m, i, kind)
            if needs_place(gap, number(m, LEAST_GAP, kind), gate >= 0 and not row[PASSED] >> gate & 1):
                critical = number(m, CRITICAL, row[PROGRAMME], row[GRADE])
                key = place_key(number(m, SEAT_ORDER, kind), critical, row[PROGRAMME_SINCE], gap)
                set_aside(m, count, i, key)
                count += 1
    sort_scratch(m, count)
    room = int64_at(m[DIGITS])  # free once the list is sorted
    for office in range(length(m, SEATS, 2)):
        room[office] = number(m, SEATS, kind, month, office)
    for place in range(count):
        i = aside(m, place)
        office = row_of(m, i)[OFFICE]
        if room[office] > 0:
            room[office] -= 1
            total -= 1
            seat(m, i, day, month, kind)
            if total == 0:
                return


@kernel
def may(m: Memory, i: int, kind: int) -> bool:
    """In a group that the places are for; a gap is found once."""
    row = row_of(m, i)
    if number(m, SEAT_FINDS, kind) and row[FOUND]:
        return False
    return number(m, GROUPS, kind, number(m, GROUP, row[PROGRAMME])) != 0


@kernel
def read_everyone(m: Memory, day: int) -> None:
    """Balances of all in training as their offices read them, kept while the month's places are given."""
    for i in range(m[ROWS_USED]):
        if row_of(m, i)[STATE] == State.TRAINING:
            read_doctor(m, i, day)


@kernel
def read_doctor(m: Memory, i: int, day: int) -> None:
    """Balances of one doctor as the office reads them."""
    words, asked = luck(m, i, Purpose.READING, 0), asked_days(m, i, counted_days(m, i, day))
    readings, found, most = int64_at(m[READINGS]), row_of(m, i)[FOUND], chance(m, READING_ERROR)
    for domain in range(4):
        error = reading_error(words[domain], most)
        readings[4 * i + domain] = read_balance(balance_on(m, i, day, domain, asked), error, found)


@kernel
def read(m: Memory, i: int, kind: int) -> tuple[int, int]:
    """Domain that a place is for, -1 if none, and the gap in it, as the office reads them."""
    domain, readings = number(m, SEAT_DOMAIN, kind), int64_at(m[READINGS])
    if domain < 0:
        return domain, 0
    if domain != FURTHEST_BEHIND:
        return domain, gap_of(readings[4 * i + domain])
    furthest, least = -1, 0
    for other in range(4):
        if number(m, WEIGHT, row_of(m, i)[PROGRAMME], other) > 0:
            balance = readings[4 * i + other]
            if furthest < 0 or balance < least:
                furthest, least = other, balance
    return furthest, gap_of(least)


@kernel
def gate_bit(m: Memory, i: int, kind: int) -> int:
    """Which of the programme's gates a place can clear; -1 if none."""
    exam = number(m, SEAT_GATE, kind)
    for gate in range(GATES):
        if exam >= 0 and number(m, GATE, row_of(m, i)[PROGRAMME], gate) == exam:
            return gate
    return -1


@kernel
def seat(m: Memory, i: int, day: int, month: int, kind: int) -> None:
    """Worth so many curriculum days in a domain, the clearing of a gate, or knowing the gap."""
    row = row_of(m, i)
    if number(m, SEAT_FINDS, kind):
        row[FOUND] = 1
        read_doctor(m, i, day)
        say(m, day, Phase.SEAT, i, Event.SEATED, kind, 1, read(m, i, kind)[1])
        return
    domain, gate = read(m, i, kind)[0], gate_bit(m, i, kind)
    dose = number(m, DOSE, kind, number(m, ENTRY_YEAR, row[PROGRAMME]) + row[GRADE])
    if domain >= 0:
        keep_balance(m, i, domain, row[BALANCE + domain] + dose)
        int64_at(m[READINGS])[4 * i + domain] += dose
    if gate >= 0 and happens(luck(m, i, Purpose.SEAT, month * 64 + kind)[0], chance(m, CLEARS, kind)):
        row[PASSED] |= 1 << gate
    say(m, day, Phase.SEAT, i, Event.SEATED, kind, 0, dose)
