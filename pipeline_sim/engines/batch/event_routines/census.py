"""Yearly headcount, and census of the training still missing; the twin of engines/reference/simulation."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.learning import behind_on, fetch_learning
from pipeline_sim.engines.batch.memory.access import (
    PREFETCH_LEARNING,
    PREFETCH_ROW,
    fetch_ahead,
    fetch_row,
    push_scratch_if,
    row_of,
    scratch_row,
    table_value,
)
from pipeline_sim.engines.batch.memory.layout import LEARNING_LINES, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Table
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.engines.batch.output.tally import Slot, fetch_count
from pipeline_sim.rules.codes import Event, Phase, State


@kernel
def in_a_programme(m: Memory) -> int:
    """Put everyone in a programme on the scratch list, in trainee order if the log is kept; how many."""
    count = 0
    for i in range(m[Header.ROWS_USED]):
        fetch_ahead(m, i)
        state = row_of(m, i)[Row.STATE]
        count = push_scratch_if(m, count, i, int(state >= State.TRAINING) & int(state <= State.OOPP))
    if m[Header.LOGGING]:
        count = sort_turn(m, count)
    return count


@kernel
def headcount(m: Memory, day: int) -> None:
    """Count everyone in a programme, once a year."""
    count = in_a_programme(m)
    for place in range(count):
        if place + PREFETCH_ROW < count:
            fetch_row(m, scratch_row(m, place + PREFETCH_ROW), 1)
            fetch_count(m, scratch_row(m, place + PREFETCH_LEARNING), day, Slot.HEADCOUNT)
        i = scratch_row(m, place)
        emit_for_doctor(m, day, Phase.CENSUS, i, Event.COUNTED, row_of(m, i)[Row.STATE], 0, 0)


@kernel
def census(m: Memory, day: int) -> None:
    """Take the census of everyone in a programme, so nobody is ever dropped."""
    count = in_a_programme(m)
    for place in range(count):
        if place + PREFETCH_ROW < count:
            fetch_row(m, scratch_row(m, place + PREFETCH_ROW), LEARNING_LINES)
            fetch_learning(m, scratch_row(m, place + PREFETCH_LEARNING), day)
            fetch_count(m, scratch_row(m, place + PREFETCH_LEARNING), day, Slot.GAP_CARRIED_DAYS)
        i = scratch_row(m, place)
        row = row_of(m, i)
        critical = table_value(m, Table.CRITICAL, row[Row.PROGRAMME], row[Row.GRADE])
        emit_for_doctor(m, day, Phase.CENSUS, i, Event.CENSUS, row[Row.STATE], critical, behind_on(m, i, day))
