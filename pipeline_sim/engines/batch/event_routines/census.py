"""The yearly headcount and the census of training still missing; compare engines/reference/simulation."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.learning import (
    behind_on,
    fetch_learning,
)
from pipeline_sim.engines.batch.memory.access import (
    AHEAD,
    SOON,
    aside,
    fetch_ahead,
    fetch_row,
    number,
    row_of,
    set_aside_if,
)
from pipeline_sim.engines.batch.memory.layout import (
    BUSY_LINES,
    GRADE,
    LOGGING,
    PROGRAMME,
    ROWS_USED,
    STATE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    CRITICAL,
)
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.engines.batch.output.tally import GAP_CARRIED_DAYS, HEADCOUNT, fetch_count
from pipeline_sim.rules.codes import Event, Phase, State


@kernel
def in_a_programme(m: Memory) -> int:
    """Put everyone in a programme on the scratch list, in trainee order if the log is kept; how many."""
    count = 0
    for i in range(m[ROWS_USED]):
        fetch_ahead(m, i)
        state = row_of(m, i)[STATE]
        count = set_aside_if(m, count, i, int(state >= State.TRAINING) & int(state <= State.OOPP))
    if m[LOGGING]:
        count = sort_turn(m, count)
    return count


@kernel
def headcount(m: Memory, day: int) -> None:
    """The yearly count."""
    count = in_a_programme(m)
    for place in range(count):
        if place + AHEAD < count:
            fetch_row(m, aside(m, place + AHEAD), 1)
            fetch_count(m, aside(m, place + SOON), day, HEADCOUNT)
        i = aside(m, place)
        say(m, day, Phase.CENSUS, i, Event.COUNTED, row_of(m, i)[STATE], 0, 0)


@kernel
def census(m: Memory, day: int) -> None:
    """Everyone in a programme is counted, so nobody is ever dropped."""
    count = in_a_programme(m)
    for place in range(count):
        if place + AHEAD < count:
            fetch_row(m, aside(m, place + AHEAD), BUSY_LINES)
            fetch_learning(m, aside(m, place + SOON), day)
            fetch_count(m, aside(m, place + SOON), day, GAP_CARRIED_DAYS)
        i = aside(m, place)
        row = row_of(m, i)
        critical = number(m, CRITICAL, row[PROGRAMME], row[GRADE])
        say(m, day, Phase.CENSUS, i, Event.CENSUS, row[STATE], critical, behind_on(m, i, day))
