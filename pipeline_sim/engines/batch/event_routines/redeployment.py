"""Redeployment to COVID wards; the twin of engines/reference/redeployment."""

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.learning import accrue_learning
from pipeline_sim.engines.batch.memory.access import (
    draw_value,
    fetch_ahead,
    param,
    param_length,
    push_scratch_if,
    row_of,
    scratch_row,
    table_value,
)
from pipeline_sim.engines.batch.memory.books import draw_first_words, random_words, schedule
from pipeline_sim.engines.batch.memory.layout import Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.rules.codes import Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli


@kernel
def draw_redeployment(m: Memory, day: int) -> None:
    """Draw who is redeployed this week, in the middle of a rotation."""
    week = day // DAYS_PER_WEEK
    if week >= param_length(m, Param.PULL, 0) or not any_pull(m, week):
        return
    count, words, pulls = 0, int64_at(m[Header.KEYS]), int64_at(m[Header.SPARE_KEYS])
    for i in range(m[Header.ROWS_USED]):
        fetch_ahead(m, i)
        row = row_of(m, i)
        group, office = table_value(m, Table.GROUP, max(0, row[Row.PROGRAMME])), max(0, row[Row.OFFICE])
        pulls[count] = param(m, Param.PULL, week, group, office)
        count = push_scratch_if(m, count, i, int(row[Row.STATE] == State.TRAINING) & int(pulls[count] > 0))
    draw_first_words(m, count, Purpose.REDEPLOY, week)
    for place in range(count):
        if bernoulli(words[place], pulls[place]):
            i = scratch_row(m, place)
            redeploy(m, i, day, random_words(m, i, Purpose.REDEPLOY, week)[1])


@kernel
def any_pull(m: Memory, week: int) -> bool:
    """True if any ward asks for doctors in a week."""
    for group in range(param_length(m, Param.PULL, 1)):
        for office in range(param_length(m, Param.PULL, 2)):
            if param(m, Param.PULL, week, group, office) > 0:
                return True
    return False


@kernel
def redeploy(m: Memory, i: int, day: int, word: int) -> None:
    """Redeploy one doctor: accrue learning, go to the ward, plan the return."""
    weeks = draw_value(m, word, Table.WEEKS)
    accrue_learning(m, i, day)
    row = row_of(m, i)
    row[Row.STATE], row[Row.AWAY_FROM], row[Row.RETURNS] = State.REDEPLOYED, day, day + DAYS_PER_WEEK * weeks
    emit_for_doctor(m, day, Phase.REDEPLOY, i, Event.REDEPLOYED, State.TRAINING, State.REDEPLOYED, weeks)
    schedule(m, i, day, Phase.REDEPLOY)
