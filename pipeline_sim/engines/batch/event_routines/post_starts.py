"""Start of promised posts, and applicants who give up; the twin of engines/reference/recruitment."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.career import start
from pipeline_sim.engines.batch.memory.access import (
    PREFETCH_ROW,
    fetch_ahead,
    fetch_row,
    param,
    row_of,
    scratch_row,
    table_value,
)
from pipeline_sim.engines.batch.memory.books import due_promises, free_row, random_words, schedule
from pipeline_sim.engines.batch.memory.layout import LINES, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.rules.codes import Event, Phase, Purpose, State
from pipeline_sim.rules.event_order import qualified_abroad
from pipeline_sim.rules.random_numbers import bernoulli


@kernel
def start_promised(m: Memory, day: int) -> None:
    """Start the doctors whose promise falls due, in trainee order; posts of those who withdraw stay empty."""
    count = due_promises(m, day)
    count = sort_turn(m, count)
    for place in range(count):
        if place + PREFETCH_ROW < count:
            fetch_row(m, scratch_row(m, place + PREFETCH_ROW), LINES)
        start_one(m, scratch_row(m, place), day)


@kernel
def start_one(m: Memory, i: int, day: int) -> None:
    """Start one doctor with a promise that falls due today."""
    row = row_of(m, i)
    row[Row.PROMISE_DAY] = 0
    if row[Row.WITHDRAWS] or row[Row.STATE] != State.POOL:
        emit_for_doctor(m, day, Phase.START, i, Event.WITHDREW, 1 if row[Row.WITHDRAWS] else 2, 0, 0)
        if row[Row.STATE] >= State.COMPLETED:
            free_row(m, i)
        return
    start(m, i, day, Phase.START, row[Row.PROMISE_PROGRAMME], row[Row.PROMISE_OFFICE], 0, row[Row.PROMISE_KIND])
    schedule(m, i, day, Phase.START)


@kernel
def give_up(m: Memory, day: int) -> None:
    """Let those who wanted a post this year and got none apply again, or leave the pool."""
    year = table_value(m, Table.YEAR_OF, day)
    for i in range(m[Header.ROWS_USED]):
        fetch_ahead(m, i)
        row = row_of(m, i)
        if row[Row.STATE] == State.POOL and row[Row.APPLIES_FROM] <= year and row[Row.PROMISE_DAY] == 0:
            leave_pool(m, i, day, year)


@kernel
def leave_pool(m: Memory, i: int, day: int, year: int) -> None:
    """Let one doctor apply again, or leave the pool."""
    row = row_of(m, i)
    again = param(m, Param.AGAIN, qualified_abroad(row[Row.NUMBER]), row[Row.STREAM])
    if not bernoulli(random_words(m, i, Purpose.POOL, year)[0], again):
        row[Row.STATE] = State.LEFT
        emit_for_doctor(m, day, Phase.START, i, Event.LEFT_POOL, 0, 0, 0)
        free_row(m, i)
