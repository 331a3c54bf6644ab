"""Redeployment to COVID wards; compare engines/reference/redeployment."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.learning import (
    settle,
)
from pipeline_sim.engines.batch.memory.access import (
    aside,
    chance,
    chance_length,
    fetch_ahead,
    number,
    one_of_row,
    row_of,
    set_aside_if,
)
from pipeline_sim.engines.batch.memory.books import (
    draw_lots,
    luck,
    schedule,
)
from pipeline_sim.engines.batch.memory.layout import (
    AWAY_FROM,
    KEYS,
    OFFICE,
    PROGRAMME,
    RETURNS,
    ROWS_USED,
    SPARE_KEYS,
    STATE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    GROUP,
    PULL,
    WEEKS,
)
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.rules.codes import Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli

WEEK = 7


@kernel
def call_up(m: Memory, day: int) -> None:
    """Pull out, in the middle of a rotation, those whom the week's luck names."""
    week = day // WEEK
    if week >= chance_length(m, PULL, 0) or not asks(m, week):
        return
    count, lots, pulls = 0, int64_at(m[KEYS]), int64_at(m[SPARE_KEYS])
    for i in range(m[ROWS_USED]):
        fetch_ahead(m, i)
        row = row_of(m, i)
        group, office = number(m, GROUP, max(0, row[PROGRAMME])), max(0, row[OFFICE])
        pulls[count] = chance(m, PULL, week, group, office)
        count = set_aside_if(m, count, i, int(row[STATE] == State.TRAINING) & int(pulls[count] > 0))
    draw_lots(m, count, Purpose.REDEPLOY, week)
    for place in range(count):
        if bernoulli(lots[place], pulls[place]):
            i = aside(m, place)
            redeploy(m, i, day, luck(m, i, Purpose.REDEPLOY, week)[1])


@kernel
def asks(m: Memory, week: int) -> bool:
    """True if any ward asks for doctors this week."""
    for group in range(chance_length(m, PULL, 1)):
        for office in range(chance_length(m, PULL, 2)):
            if chance(m, PULL, week, group, office) > 0:
                return True
    return False


@kernel
def redeploy(m: Memory, i: int, day: int, word: int) -> None:
    """An interrupt: what was earned is settled, the ward teaches what it can, then back to what is left."""
    weeks = one_of_row(m, word, WEEKS)
    settle(m, i, day)
    row = row_of(m, i)
    row[STATE], row[AWAY_FROM], row[RETURNS] = State.REDEPLOYED, day, day + WEEK * weeks
    say(m, day, Phase.REDEPLOY, i, Event.REDEPLOYED, State.TRAINING, State.REDEPLOYED, weeks)
    schedule(m, i, day, Phase.REDEPLOY)
