"""Transfers between offices; compare engines/reference/transfer."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.career import take_post
from pipeline_sim.engines.batch.event_routines.learning import (
    reckon,
    settle,
)
from pipeline_sim.engines.batch.memory.access import (
    aside,
    chance,
    chance_length,
    fetch_ahead,
    number,
    pick_chance,
    row_of,
    set_aside,
    set_aside_if,
)
from pipeline_sim.engines.batch.memory.books import (
    draw_lots,
    held,
    leave_books,
    leave_post,
    luck,
    schedule,
)
from pipeline_sim.engines.batch.memory.layout import (
    GRADE,
    KEYS,
    OFFICE,
    POSTS,
    PROGRAMME,
    PROMISED,
    QUEUED,
    REVIEW,
    ROTATION,
    ROWS_USED,
    SERVED,
    STATE,
    Memory,
)
from pipeline_sim.engines.batch.memory.sort import sort_scratch
from pipeline_sim.engines.batch.memory.table_index import (
    ESTABLISHMENT,
    GRADES,
    OFFICE_PULL,
    STAGE,
    TRANSFER,
    TRANSFER_DAYS_LEFT,
    YEAR_OF,
)
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.rules.codes import Event, Phase, Purpose, Stage, State
from pipeline_sim.rules.random_numbers import bernoulli


@kernel
def decide_transfers(m: Memory, day: int) -> None:
    """Requests in the order of a keyed random rank; a place must be free at the other end."""
    offices, count = chance_length(m, OFFICE_PULL, 0), ask_to_transfer(m, day)
    sort_scratch(m, count)
    for place in range(count):
        i = aside(m, place)
        target = pick_chance(m, luck(m, i, Purpose.TRANSFER, day)[1], OFFICE_PULL, 0, offices)
        if target < offices and target != row_of(m, i)[OFFICE] and has_room(m, i, target, day):
            move(m, i, target, day)


@kernel
def ask_to_transfer(m: Memory, day: int) -> int:
    """Put those who ask on the scratch list with their keyed random rank; how many."""
    count, asking, lots = 0, 0, int64_at(m[KEYS])
    for i in range(m[ROWS_USED]):
        fetch_ahead(m, i)
        count = set_aside_if(m, count, i, may_transfer(m, i, day))
    draw_lots(m, count, Purpose.TRANSFER, day)
    for place in range(count):
        if bernoulli(lots[place], chance(m, TRANSFER)):
            i = aside(m, place)
            set_aside(m, asking, i, luck(m, i, Purpose.TRANSFER, day)[2])
            asking += 1
    return asking


@kernel
def may_transfer(m: Memory, i: int, day: int) -> int:
    """1 for a doctor in training after foundation, with a year still to go."""
    row = row_of(m, i)
    programme = max(0, row[PROGRAMME])
    in_training = int(row[STATE] == State.TRAINING) & int(number(m, STAGE, programme) != Stage.FOUNDATION)
    more_grades = int(row[GRADE] + 1 < number(m, GRADES, programme))
    return in_training & (more_grades | int(row[SERVED] - day >= chance(m, TRANSFER_DAYS_LEFT)))


@kernel
def has_room(m: Memory, i: int, target: int, day: int) -> bool:
    """A post of the programme that no one holds, nor has been promised."""
    programme = row_of(m, i)[PROGRAMME]
    posts = number(m, ESTABLISHMENT, number(m, YEAR_OF, day), programme, target)
    return held(m, POSTS, programme, target) + held(m, PROMISED, programme, target) < posts


@kernel
def move(m: Memory, i: int, target: int, day: int) -> None:
    """Leave one office's books for another's, and ask there for a placement; a pending review is asked for anew."""
    settle(m, i, day)
    row = row_of(m, i)
    was, queued = row[OFFICE], row[QUEUED]
    leave_books(m, i)
    leave_post(m, i)
    row[OFFICE] = target
    take_post(m, i, day)
    say(m, day, Phase.TRANSFER, i, Event.TRANSFERRED, was, target, 0)
    row[ROTATION] = day
    reckon(m, i, day)
    if queued:
        row[REVIEW] = day + 1
    schedule(m, i, day, Phase.TRANSFER)
