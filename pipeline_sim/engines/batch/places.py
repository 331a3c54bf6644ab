"""Places on interventions, handed out every month; compare engines/reference/surge."""

from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.books import (
    luck,
)
from pipeline_sim.engines.batch.layout import (
    BALANCE,
    GRADE,
    OFFICE,
    PASSED,
    PROGRAMME,
    PROGRAMME_SINCE,
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
    SEAT_DOMAIN,
    SEAT_GATE,
    SEAT_ORDER,
    SEATS,
)
from pipeline_sim.engines.batch.telling import say
from pipeline_sim.rules.codes import GATES, Event, Phase, Purpose, SeatOrder, State
from pipeline_sim.rules.competence import gap_of
from pipeline_sim.rules.luck import happens

GAP_BITS = 40


@kernel
def give_seats(m: Memory, day: int, month: int) -> None:
    """The month's places, kind by kind, in each kind's explicit order."""
    for kind in range(length(m, SEATS, 0)):
        total = 0
        for office in range(length(m, SEATS, 2)):
            total += number(m, SEATS, kind, month, office)
        if total > 0:
            give_kind(m, day, month, kind)


@kernel
def give_kind(m: Memory, day: int, month: int, kind: int) -> None:
    """All offices' places of one kind."""
    count = 0
    for i in range(m[ROWS_USED]):
        row = row_of(m, i)
        if row[STATE] == State.TRAINING and number(m, GROUPS, kind, number(m, GROUP, row[PROGRAMME])):
            gap = domain_gap(m, i, day, number(m, SEAT_DOMAIN, kind))
            gate = gate_bit(m, i, kind)
            if gap >= number(m, LEAST_GAP, kind) or (gate >= 0 and not row[PASSED] >> gate & 1):
                set_aside(m, count, i, (first_key(m, i, kind) + 1 << GAP_BITS) - gap)
                count += 1
    sort_scratch(m, count)
    for office in range(length(m, SEATS, 2)):
        room = number(m, SEATS, kind, month, office)
        for place in range(count):
            i = aside(m, place)
            if room > 0 and row_of(m, i)[OFFICE] == office:
                room -= 1
                seat(m, i, day, month, kind)


@kernel
def first_key(m: Memory, i: int, kind: int) -> int:
    """What stands before the gap in the order."""
    how, row = number(m, SEAT_ORDER, kind), row_of(m, i)
    if how == SeatOrder.CRITICAL_FIRST:
        return 2 - number(m, CRITICAL, row[PROGRAMME], row[GRADE])
    return row[PROGRAMME_SINCE] if how == SeatOrder.FIRST_COME else 0


@kernel
def domain_gap(m: Memory, i: int, day: int, domain: int) -> int:
    """Thousandths of a day behind in a domain on a day, nothing written down."""
    if domain < 0:
        return 0
    return gap_of(balance_on(m, i, day, domain, asked_days(m, i, counted_days(m, i, day))))


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
    """Worth so many curriculum days in a domain, or the clearing of a gate."""
    row = row_of(m, i)
    domain, gate = number(m, SEAT_DOMAIN, kind), gate_bit(m, i, kind)
    dose = number(m, DOSE, kind, number(m, ENTRY_YEAR, row[PROGRAMME]) + row[GRADE])
    if domain >= 0:
        keep_balance(m, i, domain, row[BALANCE + domain] + dose)
    if gate >= 0 and happens(luck(m, i, Purpose.SEAT, month * 64 + kind)[0], chance(m, CLEARS, kind)):
        row[PASSED] |= 1 << gate
    say(m, day, Phase.SEAT, i, Event.SEATED, kind, 0, dose)
