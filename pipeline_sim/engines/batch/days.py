"""The loop: day by day, phase by phase, every doctor who is due and every office that acts."""

from pipeline_sim.base.jit import chapter, entry
from pipeline_sim.engines.batch.absence import begin_year, go_away, return_to_work
from pipeline_sim.engines.batch.books import schedule
from pipeline_sim.engines.batch.career import ask_for_review, finish_grade, resign, revalidate, rotate, sit
from pipeline_sim.engines.batch.layout import (
    CHUNK,
    FAULT,
    FREE_CHUNK_LIST,
    FREE_CHUNKS,
    NEXT_DAY,
    NEXT_PHASE,
    PHASES,
    REQUESTS,
    STATE,
    Memory,
)
from pipeline_sim.engines.batch.look import number
from pipeline_sim.engines.batch.offices import allocate, call_up, census, decide_transfers, give_seats, headcount
from pipeline_sim.engines.batch.panel import meet
from pipeline_sim.engines.batch.rounds import give_up, start_promised
from pipeline_sim.engines.batch.tables import COUNT_DAY, MONTH_OF, MONTH_START, NEXT_CHANGEOVER, YEAR_OF, YEAR_START
from pipeline_sim.rules.codes import Pattern, Phase, State

WEEK = 7


@chapter
def act(m: Memory, i: int, day: int, phase: int) -> None:
    """One chapter of one doctor's story."""
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
        begin_year(m, i, day)
    elif phase == Phase.LEAVE:
        go_away(m, i, day)
    elif phase == Phase.ROTATE:
        rotate(m, i, day)


@chapter
def empty_bucket(m: Memory, day: int, phase: int) -> None:
    """Everyone whose turn this is; those whose plans have changed since are passed over."""
    bucket = day * PHASES + phase
    chunk = m.heads[bucket]
    m.heads[bucket] = -1
    while chunk >= 0:
        for place in range(m.chunks[chunk, CHUNK]):
            i = m.chunks[chunk, place]
            row = m.rows[i]
            if row[NEXT_DAY] == day and row[NEXT_PHASE] == phase:
                row[NEXT_DAY] = -1
                act(m, i, day, phase)
                if State.TRAINING <= row[STATE] <= State.GRACE:
                    schedule(m, i, day, phase)
        m.lists[FREE_CHUNK_LIST, m.counter[FREE_CHUNKS]] = chunk
        m.counter[FREE_CHUNKS] += 1
        chunk = m.chunks[chunk, CHUNK + 1]


@chapter
def offices_act(m: Memory, day: int, phase: int) -> None:
    """What is scarce is handed out at the end of its phase."""
    if phase == Phase.PANEL and day % WEEK == 0:
        meet(m, day)
    elif phase == Phase.START:
        if starts_today(m, day):
            start_promised(m, day)
        if day > 0 and number(m, YEAR_START, number(m, YEAR_OF, day)) == day:
            give_up(m, day)
    elif phase == Phase.TRANSFER and day > 0 and number(m, NEXT_CHANGEOVER, Pattern.SIX, day - 1) == day:
        decide_transfers(m, day)
    elif phase == Phase.PLACE and m.counter[REQUESTS] > 0:
        allocate(m, day)
    elif phase == Phase.REDEPLOY and day % WEEK == 0:
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


@chapter
def starts_today(m: Memory, day: int) -> bool:
    """Posts start at the beginning of a training year and at its first six-monthly changeover, or as a round says."""
    return day % WEEK == 0


@chapter
def advance(m: Memory, day: int, first: int, last: int) -> None:
    """Phases `first` to `last` of a day."""
    for phase in range(first, last + 1):
        if m.heads[day * PHASES + phase] >= 0:
            empty_bucket(m, day, phase)
        offices_act(m, day, phase)
        if m.counter[FAULT]:
            return


@entry
def run_days(m: Memory, from_day: int, to_day: int, first: int, last: int) -> None:
    """Phases `first` to `last` of every day from one to before the other."""
    for day in range(from_day, to_day):
        advance(m, day, first, last)
        if m.counter[FAULT]:
            return
