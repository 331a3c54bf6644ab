"""Promised posts are taken up, and those who got none apply again or go; compare engines/reference/recruitment."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.career import start
from pipeline_sim.engines.batch.memory.access import AHEAD, aside, chance, fetch_ahead, fetch_row, number, row_of
from pipeline_sim.engines.batch.memory.books import due_promises, free_row, luck, schedule
from pipeline_sim.engines.batch.memory.layout import (
    APPLIES_FROM,
    LINES,
    PROMISE_DAY,
    PROMISE_KIND,
    PROMISE_OFFICE,
    PROMISE_PROGRAMME,
    ROWS_USED,
    STATE,
    STREAM,
    WITHDRAWS,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    AGAIN,
    YEAR_OF,
)
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.rules.codes import Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli


@kernel
def start_promised(m: Memory, day: int) -> None:
    """Those who are free take up their posts in trainee order; the posts of the others stay empty."""
    count = due_promises(m, day)
    count = sort_turn(m, count)
    for place in range(count):
        if place + AHEAD < count:
            fetch_row(m, aside(m, place + AHEAD), LINES)
        start_one(m, aside(m, place), day)


@kernel
def start_one(m: Memory, i: int, day: int) -> None:
    """One doctor with a promise that falls due today."""
    row = row_of(m, i)
    row[PROMISE_DAY] = 0
    if row[WITHDRAWS] or row[STATE] != State.POOL:
        say(m, day, Phase.START, i, Event.WITHDREW, 1 if row[WITHDRAWS] else 2, 0, 0)
        if row[STATE] >= State.COMPLETED:
            free_row(m, i)
        return
    start(m, i, day, Phase.START, row[PROMISE_PROGRAMME], row[PROMISE_OFFICE], 0, row[PROMISE_KIND])
    schedule(m, i, day, Phase.START)


@kernel
def give_up(m: Memory, day: int) -> None:
    """Those who wanted a post this year and got none apply again, or leave the pool."""
    year = number(m, YEAR_OF, day)
    for i in range(m[ROWS_USED]):
        fetch_ahead(m, i)
        row = row_of(m, i)
        if row[STATE] == State.POOL and row[APPLIES_FROM] <= year and row[PROMISE_DAY] == 0:
            leave_pool(m, i, day, year)


@kernel
def leave_pool(m: Memory, i: int, day: int, year: int) -> None:
    """Apply again, or go."""
    row = row_of(m, i)
    if not bernoulli(luck(m, i, Purpose.POOL, year)[0], chance(m, AGAIN, row[STREAM])):
        row[STATE] = State.LEFT
        say(m, day, Phase.START, i, Event.LEFT_POOL, 0, 0, 0)
        free_row(m, i)
