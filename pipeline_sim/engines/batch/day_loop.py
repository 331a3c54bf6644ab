"""Main loop: day by day, phase by phase, every doctor who is due and every office that acts."""

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.base.compiler.jit import entry, kernel
from pipeline_sim.base.compiler.pointers import call_at, int32_at, int64_at
from pipeline_sim.engines.batch.event_routines.absence import begin_year, go_away, return_to_work
from pipeline_sim.engines.batch.event_routines.career import ask_for_review, finish_grade, rotate
from pipeline_sim.engines.batch.event_routines.census import census, headcount
from pipeline_sim.engines.batch.event_routines.exams import sit
from pipeline_sim.engines.batch.event_routines.intervention_places import give_places
from pipeline_sim.engines.batch.event_routines.learning import fetch_learning
from pipeline_sim.engines.batch.event_routines.leaving import resign, revalidate
from pipeline_sim.engines.batch.event_routines.panel import meet
from pipeline_sim.engines.batch.event_routines.post_starts import give_up, start_promised
from pipeline_sim.engines.batch.event_routines.redeployment import draw_redeployment
from pipeline_sim.engines.batch.event_routines.supervision_slots import allocate
from pipeline_sim.engines.batch.event_routines.transfer import decide_transfers
from pipeline_sim.engines.batch.memory.access import (
    INDEX_BITS,
    INDEX_MASK,
    PREFETCH_LEARNING,
    PREFETCH_ROW,
    fetch_row,
    row_of,
    table_value,
)
from pipeline_sim.engines.batch.memory.agenda import ROUND
from pipeline_sim.engines.batch.memory.batched_draws import DRAW_BATCH, Draw, draw_batch
from pipeline_sim.engines.batch.memory.books import fetch_chunk, schedule
from pipeline_sim.engines.batch.memory.layout import (
    BUSY_LINES,
    CHUNK,
    CHUNK_WORDS,
    COUNT_BITS,
    LINES,
    TURNS,
    Fault,
    Header,
    Memory,
    Row,
)
from pipeline_sim.engines.batch.memory.sort import order_log
from pipeline_sim.engines.batch.memory.table_index import Table
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.tally import Slot, fetch_count
from pipeline_sim.rules.codes import Pattern, Phase, Purpose, State

LAST_PHASE = int(Phase.CENSUS)
OFFICE_PHASES = sum(  # a bit for each in which `offices_act` does something
    1 << phase
    for phase in (
        Phase.PANEL, Phase.START, Phase.TRANSFER, Phase.PLACE, Phase.REDEPLOY, Phase.SEAT, Phase.CENSUS,
    )
)  # fmt: skip
TOLD_AT_ONCE = 1 << 17  # rows between two looks at the clock


@kernel
def run_turn(m: Memory, i: int, day: int, phase: int, place: int) -> None:
    """Run the event routine of a phase for one doctor, who has an index in the batch of draws."""
    if phase == Phase.RETURN:
        return_to_work(m, i, day)
    elif phase == Phase.EXAM:
        sit(m, i, day)
    elif phase == Phase.REVIEW:
        ask_for_review(m, i, day)
    elif phase == Phase.REVALIDATE:
        revalidate(m, i, day)
    elif phase == Phase.PROGRESS:
        finish_grade(m, i, day)
    elif phase == Phase.RESIGN:
        resign(m, i, day)
    elif phase == Phase.YEAR:
        begin_year(m, i, day, place)
    elif phase == Phase.LEAVE:
        go_away(m, i, day)
    elif phase == Phase.ROTATE:
        rotate(m, i, day, place)


@kernel
def drain_bucket(m: Memory, bucket: int) -> int:
    """Empty a bucket of the calendar queue onto the list of doctors whose turn it is; returns how many.

    Within a phase trainees commute, so they take their turns in trainee order only where rows are kept in it.
    """
    heads, count = int32_at(m[Header.HEADS]), 0
    head = heads[bucket]
    heads[bucket] = 0
    who = int64_at(m[Header.SCRATCH])
    while head > 0:
        chunk = (head >> COUNT_BITS) - 1
        words = int64_at(m[Header.CHUNKS] + chunk * 8 * CHUNK_WORDS)
        if count + CHUNK > m[Header.MOST_LISTED]:
            m[Header.FAULT] = Fault.LOG_FULL
            return 0
        before = words[CHUNK]
        fetch_chunk(m, before)
        for place in range(head & CHUNK):
            who[count] = words[place]
            count += 1
        int64_at(m[Header.FREE_CHUNK_LIST])[m[Header.FREE_CHUNKS]] = chunk
        m[Header.FREE_CHUNKS] += 1
        head = before
    if m[Header.LOGGING]:
        count = sort_turn(m, count)
    m[Header.TURN], m[Header.SCRATCH] = m[Header.SCRATCH], m[Header.TURN]
    return count


@kernel
def draw_for_turns(m: Memory, day: int, phase: int, first: int, count: int) -> None:
    """Draw random words for a batch of doctors whose turn it is, for what all of them decide in a phase."""
    if phase == Phase.YEAR:
        year = table_value(m, Table.YEAR_OF, day)
        draw_batch(m, Header.TURN, first, count, Draw.YEAR, Purpose.YEAR, year)
        draw_batch(m, Header.TURN, first, count, Draw.ABSENCE, Purpose.ABSENCE, year)
        draw_batch(m, Header.TURN, first, count, Draw.OOP, Purpose.OOP, year)
    elif phase == Phase.ROTATE:
        draw_batch(m, Header.TURN, first, count, Draw.POST_PACE, Purpose.PLACE, day)


@kernel
def counted_in(m: Memory, phase: int) -> int:
    """Slot of the tally in which most turns of a phase that are counted at all are counted; -1 if it is near anyway."""
    if m[Header.COUNTING]:
        if phase == Phase.LEAVE:
            return Slot.AWAY_SICK
        if phase == Phase.PROGRESS:
            return Slot.CCTS
        if phase == Phase.REVALIDATE:
            return Slot.REVALIDATIONS
    return -1


@kernel
def take_turns(m: Memory, day: int, phase: int) -> None:
    """Run the turns of all doctors due in a phase; those whose plans have changed since are passed over."""
    count, turn = drain_bucket(m, day * TURNS + phase), int64_at(m[Header.TURN])
    slot = counted_in(m, phase)
    lines = LINES if phase in (Phase.RETURN, Phase.YEAR, Phase.LEAVE) else BUSY_LINES
    for place in range(min(count, PREFETCH_ROW)):
        fetch_row(m, turn[place] & INDEX_MASK, lines)
    learns = phase not in (Phase.REVIEW, Phase.REVALIDATE)
    for place in range(min(count, PREFETCH_LEARNING) if learns else 0):
        fetch_learning(m, turn[place] & INDEX_MASK, day)
    for place in range(count):
        if place % DRAW_BATCH == 0:
            draw_for_turns(m, day, phase, place, min(DRAW_BATCH, count - place))
        if place + PREFETCH_ROW < count:
            fetch_row(m, turn[place + PREFETCH_ROW] & INDEX_MASK, lines)
        if place + PREFETCH_LEARNING < count:
            if learns:
                fetch_learning(m, turn[place + PREFETCH_LEARNING] & INDEX_MASK, day)
            if slot >= 0:
                fetch_count(m, turn[place + PREFETCH_LEARNING] & INDEX_MASK, day, slot)
        i = turn[place] & INDEX_MASK
        row = row_of(m, i)
        if row[Row.NEXT_DAY] == day and row[Row.NEXT_PHASE] == phase and row[Row.NUMBER] == turn[place] >> INDEX_BITS:
            row[Row.NEXT_DAY] = -1
            run_turn(m, i, day, phase, place % DRAW_BATCH)
            if State.TRAINING <= row[Row.STATE] <= State.GRACE:
                schedule(m, i, day, phase)


@entry
def offices_act(address: int, day: int, phase: int) -> None:
    """Offices' acts at the end of a phase, where scarce things are given. Half of the kernel: compiled by itself."""
    m = int64_at(address)
    if phase == Phase.PANEL:
        if day % DAYS_PER_WEEK == 0:
            meet(m, day)
    elif phase == Phase.START:
        start_promised(m, day)
        if day > 0 and table_value(m, Table.YEAR_START, table_value(m, Table.YEAR_OF, day)) == day:
            give_up(m, day)
    elif phase == Phase.TRANSFER:
        if day > 0 and table_value(m, Table.NEXT_CHANGEOVER, Pattern.SIX, day - 1) == day:
            decide_transfers(m, day)
    elif phase == Phase.PLACE:
        if m[Header.REQUESTS] > 0:
            allocate(m, day)
    elif phase == Phase.REDEPLOY:
        if day % DAYS_PER_WEEK == 0:
            draw_redeployment(m, day)
    elif phase == Phase.SEAT:
        month = table_value(m, Table.MONTH_OF, day)
        if table_value(m, Table.MONTH_START, month) == day:
            give_places(m, day, month)
    elif phase == Phase.CENSUS:
        year = table_value(m, Table.YEAR_OF, day)
        if table_value(m, Table.COUNT_DAY, year) == day:
            headcount(m, day)
        if table_value(m, Table.YEAR_START, year + 1) == day + 1:
            census(m, day)


@kernel
def run_agenda(m: Memory, day: int, rounds: bool) -> None:
    """Run the agenda of a day: arrivals, or rounds. For their arrays there may be no memory."""
    for item in range(table_value(m, Table.AGENDA_FROM, day), table_value(m, Table.AGENDA_FROM, day + 1)):
        meant = (table_value(m, Table.AGENDA, item, 0) == ROUND) == rounds
        if meant and not m[Header.FAULT] and call_at(m[Header.RUN_ROUND if rounds else Header.ARRIVE], m, day, item):
            m[Header.FAULT] = Fault.NO_MEMORY
    order_log(m)


@kernel
def run_day(m: Memory, day: int) -> None:
    """Run one day."""
    for phase in range(TURNS):
        fetch_chunk(m, int32_at(m[Header.HEADS])[day * TURNS + phase])
    run_agenda(m, day, False)
    for phase in range(LAST_PHASE + 1):
        if phase == Phase.OFFER:
            run_agenda(m, day, True)
        if phase < TURNS and int32_at(m[Header.HEADS])[day * TURNS + phase]:
            take_turns(m, day, phase)
        if OFFICE_PHASES >> phase & 1:
            call_at(m[Header.OFFICES_ACT], m, day, phase)
        if m[Header.LOG_USED] > m[Header.LOG_ORDERED]:
            order_log(m)
        if m[Header.FAULT]:
            return


@entry
def run_days(address: int, from_day: int, to_day: int) -> int:
    """Run the days [from_day, to_day), or as far as the log has room, or until many rows have been written.

    Returns the day to go on with.
    """
    m = int64_at(address)
    enough = m[Header.LOG_TOTAL] + TOLD_AT_ONCE
    for day in range(from_day, to_day):
        run_day(m, day)
        if m[Header.FAULT]:
            return to_day
        if m[Header.LOG_USED] > m[Header.LOG_STOP] or m[Header.LOG_TOTAL] > enough:
            return day + 1
    return to_day
