"""The loop: day by day, phase by phase, every doctor who is due and every office that acts."""

from pipeline_sim.base.compiler.jit import entry, kernel
from pipeline_sim.base.compiler.pointers import call_at, int32_at, int64_at
from pipeline_sim.engines.batch.event_routines.absence import (
    ELSEWHERE,
    HEALTH,
    LIFE,
    begin_year,
    go_away,
    return_to_work,
)
from pipeline_sim.engines.batch.event_routines.career import POST, ask_for_review, finish_grade, rotate
from pipeline_sim.engines.batch.event_routines.census import census, headcount
from pipeline_sim.engines.batch.event_routines.exams import sit
from pipeline_sim.engines.batch.event_routines.intervention_places import give_seats
from pipeline_sim.engines.batch.event_routines.learning import fetch_learning
from pipeline_sim.engines.batch.event_routines.leaving import resign, revalidate
from pipeline_sim.engines.batch.event_routines.panel import meet
from pipeline_sim.engines.batch.event_routines.post_starts import give_up, start_promised
from pipeline_sim.engines.batch.event_routines.redeployment import call_up
from pipeline_sim.engines.batch.event_routines.supervision_slots import allocate
from pipeline_sim.engines.batch.event_routines.transfer import decide_transfers
from pipeline_sim.engines.batch.memory.access import AHEAD, NUMBER_BITS, PLACE_MASK, SOON, fetch_row, number, row_of
from pipeline_sim.engines.batch.memory.agenda import ROUND
from pipeline_sim.engines.batch.memory.batched_draws import draw_stretch
from pipeline_sim.engines.batch.memory.books import schedule
from pipeline_sim.engines.batch.memory.layout import (
    ARRIVE,
    BUSY_LINES,
    CHUNK,
    CHUNK_WORDS,
    CHUNKS,
    COUNT_BITS,
    FAULT,
    FREE_CHUNK_LIST,
    FREE_CHUNKS,
    HEADS,
    HOLD,
    LINES,
    LOG_FULL,
    LOG_ORDERED,
    LOG_STOP,
    LOG_TOLD,
    LOG_USED,
    LOGGING,
    MOST_LISTED,
    NEXT_DAY,
    NEXT_PHASE,
    NO_MEMORY,
    NUMBER,
    OFFICES_ACT,
    REQUESTS,
    SCRATCH,
    STATE,
    STRETCH,
    TURN,
    TURNS,
    Memory,
)
from pipeline_sim.engines.batch.memory.sort import order_log
from pipeline_sim.engines.batch.memory.table_index import (
    AGENDA,
    AGENDA_FROM,
    COUNT_DAY,
    MONTH_OF,
    MONTH_START,
    NEXT_CHANGEOVER,
    YEAR_OF,
    YEAR_START,
)
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.rules.codes import Pattern, Phase, Purpose, State

WEEK = 7
LAST_PHASE = int(Phase.CENSUS)
OFFICE_PHASES = sum(  # a bit for each in which `offices_act` does something
    1 << phase
    for phase in (
        Phase.PANEL, Phase.START, Phase.TRANSFER, Phase.PLACE, Phase.REDEPLOY, Phase.SEAT, Phase.CENSUS,
    )
)  # fmt: skip
TOLD_AT_ONCE = 1 << 17  # rows between two looks at the clock


@kernel
def act(m: Memory, i: int, day: int, phase: int, place: int) -> None:
    """One chapter of the story of one doctor, who stands at a place of a stretch."""
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
def call(m: Memory, bucket: int) -> int:
    """Empty a bucket onto the list of those whose turn it is; how many.

    Within a phase trainees commute, so they take their turns in trainee order only where rows are kept in it.
    """
    heads, count = int32_at(m[HEADS]), 0
    head = heads[bucket]
    heads[bucket] = 0
    who = int64_at(m[SCRATCH])
    while head > 0:
        chunk = (head >> COUNT_BITS) - 1
        words = int64_at(m[CHUNKS] + chunk * 8 * CHUNK_WORDS)
        if count + CHUNK > m[MOST_LISTED]:
            m[FAULT] = LOG_FULL
            return 0
        for place in range(head & CHUNK):
            who[count] = words[place]
            count += 1
        int64_at(m[FREE_CHUNK_LIST])[m[FREE_CHUNKS]] = chunk
        m[FREE_CHUNKS] += 1
        head = words[CHUNK]
    if m[LOGGING]:
        count = sort_turn(m, count)
    m[TURN], m[SCRATCH] = m[SCRATCH], m[TURN]
    return count


@kernel
def draw_for(m: Memory, day: int, phase: int, first: int, count: int) -> None:
    """The luck of a stretch of those whose turn it is, for what all of them decide in a phase."""
    if phase == Phase.YEAR:
        year = number(m, YEAR_OF, day)
        draw_stretch(m, TURN, first, count, LIFE, Purpose.YEAR, year)
        draw_stretch(m, TURN, first, count, HEALTH, Purpose.ABSENCE, year)
        draw_stretch(m, TURN, first, count, ELSEWHERE, Purpose.OOP, year)
    elif phase == Phase.ROTATE:
        draw_stretch(m, TURN, first, count, POST, Purpose.PLACE, day)


@kernel
def take_turns(m: Memory, day: int, phase: int) -> None:
    """Everyone whose turn this is; those whose plans have changed since are passed over."""
    count, turn = call(m, day * TURNS + phase), int64_at(m[TURN])
    lines = LINES if phase in (Phase.RETURN, Phase.YEAR, Phase.LEAVE) else BUSY_LINES
    for place in range(min(count, AHEAD)):
        fetch_row(m, turn[place] & PLACE_MASK, lines)
    for place in range(min(count, SOON)):
        fetch_learning(m, turn[place] & PLACE_MASK, day)
    for place in range(count):
        if place % STRETCH == 0:
            draw_for(m, day, phase, place, min(STRETCH, count - place))
        if place + AHEAD < count:
            fetch_row(m, turn[place + AHEAD] & PLACE_MASK, lines)
        if place + SOON < count:
            fetch_learning(m, turn[place + SOON] & PLACE_MASK, day)
        i = turn[place] & PLACE_MASK
        row = row_of(m, i)
        if row[NEXT_DAY] == day and row[NEXT_PHASE] == phase and row[NUMBER] == turn[place] >> NUMBER_BITS:
            row[NEXT_DAY] = -1
            act(m, i, day, phase, place % STRETCH)
            if State.TRAINING <= row[STATE] <= State.GRACE:
                schedule(m, i, day, phase)


@entry
def offices_act(address: int, day: int, phase: int) -> None:
    """What is scarce is handed out at the end of its phase. Half of the kernel: it is compiled apart."""
    m = int64_at(address)
    if phase == Phase.PANEL:
        if day % WEEK == 0:
            meet(m, day)
    elif phase == Phase.START:
        start_promised(m, day)
        if day > 0 and number(m, YEAR_START, number(m, YEAR_OF, day)) == day:
            give_up(m, day)
    elif phase == Phase.TRANSFER:
        if day > 0 and number(m, NEXT_CHANGEOVER, Pattern.SIX, day - 1) == day:
            decide_transfers(m, day)
    elif phase == Phase.PLACE:
        if m[REQUESTS] > 0:
            allocate(m, day)
    elif phase == Phase.REDEPLOY:
        if day % WEEK == 0:
            call_up(m, day)
    elif phase == Phase.SEAT:
        month = number(m, MONTH_OF, day)
        if number(m, MONTH_START, month) == day:
            give_seats(m, day, month)
    elif phase == Phase.CENSUS:
        year = number(m, YEAR_OF, day)
        if number(m, COUNT_DAY, year) == day:
            headcount(m, day)
        if number(m, YEAR_START, year + 1) == day + 1:
            census(m, day)


@kernel
def attend(m: Memory, day: int, rounds: bool) -> None:
    """What the agenda of a day says: who arrives, or which rounds are decided. For arrays there may be no memory."""
    for item in range(number(m, AGENDA_FROM, day), number(m, AGENDA_FROM, day + 1)):
        meant = (number(m, AGENDA, item, 0) == ROUND) == rounds
        if meant and not m[FAULT] and call_at(m[HOLD if rounds else ARRIVE], m, day, item):
            m[FAULT] = NO_MEMORY
    order_log(m)


@kernel
def advance(m: Memory, day: int) -> None:
    """One day."""
    attend(m, day, False)
    for phase in range(LAST_PHASE + 1):
        if phase == Phase.OFFER:
            attend(m, day, True)
        if phase < TURNS and int32_at(m[HEADS])[day * TURNS + phase]:
            take_turns(m, day, phase)
        if OFFICE_PHASES >> phase & 1:
            call_at(m[OFFICES_ACT], m, day, phase)
        if m[LOG_USED] > m[LOG_ORDERED]:
            order_log(m)
        if m[FAULT]:
            return


@entry
def run_days(address: int, from_day: int, to_day: int) -> int:
    """Every day from one to before the other, or to where the log is to be handed on, or where much has been told.

    Returns the day to go on with.
    """
    m = int64_at(address)
    enough = m[LOG_TOLD] + TOLD_AT_ONCE
    for day in range(from_day, to_day):
        advance(m, day)
        if m[FAULT]:
            return to_day
        if m[LOG_USED] > m[LOG_STOP] or m[LOG_TOLD] > enough:
            return day + 1
    return to_day
