"""Transfers between offices; the twin of engines/reference/transfer."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.career import take_post
from pipeline_sim.engines.batch.event_routines.learning import accrue_learning, schedule_grade_end_and_review
from pipeline_sim.engines.batch.memory.access import (
    draw_category,
    fetch_ahead,
    param,
    param_length,
    push_scratch,
    push_scratch_if,
    row_of,
    scratch_row,
    table_value,
)
from pipeline_sim.engines.batch.memory.books import (
    book_value,
    draw_first_words,
    leave_office,
    leave_post,
    random_words,
    schedule,
)
from pipeline_sim.engines.batch.memory.layout import Header, Memory, Row
from pipeline_sim.engines.batch.memory.sort import sort_scratch
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.rules.codes import Event, Phase, Purpose, Stage, State
from pipeline_sim.rules.random_numbers import bernoulli


@kernel
def decide_transfers(m: Memory, day: int) -> None:
    """Decide requests in the order of a keyed random rank; a post must be free at the other end."""
    offices, count = param_length(m, Param.OFFICE_PULL, 0), ask_to_transfer(m, day)
    sort_scratch(m, count)
    for place in range(count):
        i = scratch_row(m, place)
        target = draw_category(m, random_words(m, i, Purpose.TRANSFER, day)[1], Param.OFFICE_PULL, 0, offices)
        if target < offices and target != row_of(m, i)[Row.OFFICE] and has_room(m, i, target, day):
            move(m, i, target, day)


@kernel
def ask_to_transfer(m: Memory, day: int) -> int:
    """List those who ask for a transfer with their keyed random rank; returns how many."""
    count, asking, words = 0, 0, int64_at(m[Header.KEYS])
    for i in range(m[Header.ROWS_USED]):
        fetch_ahead(m, i)
        count = push_scratch_if(m, count, i, may_transfer(m, i, day))
    draw_first_words(m, count, Purpose.TRANSFER, day)
    for place in range(count):
        if bernoulli(words[place], param(m, Param.TRANSFER)):
            i = scratch_row(m, place)
            push_scratch(m, asking, i, random_words(m, i, Purpose.TRANSFER, day)[2])
            asking += 1
    return asking


@kernel
def may_transfer(m: Memory, i: int, day: int) -> int:
    """In training after foundation, with a year still to go: 1, else 0."""
    row = row_of(m, i)
    programme = max(0, row[Row.PROGRAMME])
    in_training = int(row[Row.STATE] == State.TRAINING) & int(
        table_value(m, Table.STAGE, programme) != Stage.FOUNDATION
    )
    more_grades = int(row[Row.GRADE] + 1 < table_value(m, Table.GRADES, programme))
    return in_training & (more_grades | int(row[Row.SERVED] - day >= param(m, Param.TRANSFER_DAYS_LEFT)))


@kernel
def has_room(m: Memory, i: int, target: int, day: int) -> bool:
    """True if the target office has a post of the programme that is neither held nor promised."""
    programme = row_of(m, i)[Row.PROGRAMME]
    posts = table_value(m, Table.ESTABLISHMENT, table_value(m, Table.YEAR_OF, day), programme, target)
    return book_value(m, Header.POSTS, programme, target) + book_value(m, Header.PROMISED, programme, target) < posts


@kernel
def move(m: Memory, i: int, target: int, day: int) -> None:
    """Move a doctor to another office and ask there for a placement; a pending review is requested again."""
    accrue_learning(m, i, day)
    row = row_of(m, i)
    was, queued = row[Row.OFFICE], row[Row.QUEUED]
    leave_office(m, i)
    leave_post(m, i)
    row[Row.OFFICE] = target
    take_post(m, i, day)
    emit_for_doctor(m, day, Phase.TRANSFER, i, Event.TRANSFERRED, was, target, 0)
    row[Row.ROTATION] = day
    schedule_grade_end_and_review(m, i, day)
    if queued:
        row[Row.REVIEW] = day + 1
    schedule(m, i, day, Phase.TRANSFER)
