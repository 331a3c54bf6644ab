"""What offices do besides panels and slots: transfers, redeployment, census; compare engines/reference."""

from pipeline_sim.base.cells import int64_at
from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.books import (
    draw_lots,
    held,
    leave_books,
    leave_post,
    luck,
    schedule,
)
from pipeline_sim.engines.batch.career import take_post
from pipeline_sim.engines.batch.layout import (
    AWAY_FROM,
    BUSY_LINES,
    GRADE,
    KEYS,
    LOGGING,
    OFFICE,
    POSTS,
    PROGRAMME,
    PROMISED,
    QUEUED,
    RETURNS,
    REVIEW,
    ROTATION,
    ROWS_USED,
    SERVED,
    SPARE_KEYS,
    STATE,
    Memory,
)
from pipeline_sim.engines.batch.learning import (
    behind_on,
    fetch_learning,
    reckon,
    settle,
)
from pipeline_sim.engines.batch.look import (
    AHEAD,
    SOON,
    aside,
    chance,
    chance_length,
    fetch_ahead,
    fetch_row,
    number,
    one_of_row,
    pick_chance,
    row_of,
    set_aside,
    set_aside_if,
)
from pipeline_sim.engines.batch.roll import sort_turn
from pipeline_sim.engines.batch.sorting import sort_scratch
from pipeline_sim.engines.batch.tables import (
    CRITICAL,
    ESTABLISHMENT,
    GRADES,
    GROUP,
    OFFICE_PULL,
    PULL,
    STAGE,
    TRANSFER,
    TRANSFER_DAYS_LEFT,
    WEEKS,
    YEAR_OF,
)
from pipeline_sim.engines.batch.tally import GAP_CARRIED_DAYS, HEADCOUNT, fetch_count
from pipeline_sim.engines.batch.telling import say
from pipeline_sim.rules.codes import Event, Phase, Purpose, Stage, State
from pipeline_sim.rules.luck import happens

WEEK = 7


# ---- transfer ------------------------------------------------------------------------------------------------------


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
        if happens(lots[place], chance(m, TRANSFER)):
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


# ---- redeployment --------------------------------------------------------------------------------------------------


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
        if happens(lots[place], pulls[place]):
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


# ---- census --------------------------------------------------------------------------------------------------------


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
