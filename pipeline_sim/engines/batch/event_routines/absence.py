"""Away from work: the year's luck, leave, out of programme, return; compare engines/reference/absence."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.career import changeover, next_year, suit
from pipeline_sim.engines.batch.event_routines.learning import behind_now, reckon, settle
from pipeline_sim.engines.batch.event_routines.leaving import end_grace
from pipeline_sim.engines.batch.memory.access import (
    chance,
    chance_length,
    length,
    number,
    one_of_row,
    pick_chance,
    row_of,
)
from pipeline_sim.engines.batch.memory.batched_draws import lot
from pipeline_sim.engines.batch.memory.books import ask_for_slot, luck, release_slot
from pipeline_sim.engines.batch.memory.layout import (
    ABSENT_DAYS,
    AWAY_FROM,
    BALANCE,
    GRADE,
    ISOLATING,
    LAST_OUTCOME,
    OFFICE,
    OOP,
    OOP_DAYS,
    OOP_KIND,
    PARENTAL,
    PARENTAL_DAYS,
    PROGRAMME,
    REDEPLOYED_DAYS,
    RESIGNATION,
    RETURNS,
    ROTATION,
    SHIELDS,
    SICK,
    SICK_DAYS,
    STATE,
    WOMAN,
    WTE,
    YEAR,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    LONG_ABSENCE_DAYS,
    MAJOR_DAYS,
    MONTH_OF,
    RAMP_DAYS,
    RAMP_DAYS_SUPPORTED,
    RESIGN,
    SHIELD,
    SHIELD_DAYS,
    STAGE,
    STRAIN_SHARE,
    SUPPORTED,
    WEIGHT,
    YEAR_OF,
    YEAR_START,
)
from pipeline_sim.engines.batch.memory.table_index import OOP as OOP_TABLE
from pipeline_sim.engines.batch.memory.table_index import OOP_DAYS as OOP_DAYS_TABLE
from pipeline_sim.engines.batch.memory.table_index import PARENTAL as PARENTAL_CHANCE
from pipeline_sim.engines.batch.memory.table_index import PARENTAL_DAYS as PARENTAL_DAYS_TABLE
from pipeline_sim.engines.batch.memory.table_index import SICK as SICK_CHANCE
from pipeline_sim.engines.batch.memory.table_index import SICK_DAYS as SICK_DAYS_TABLE
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.rules import competence, working_life
from pipeline_sim.rules.codes import NEVER, Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli, uniform_index

LIFE, HEALTH, ELSEWHERE = range(3)  # among the lots of those whose year begins
Words = tuple[int, int, int, int]


@kernel
def begin_year(m: Memory, i: int, day: int, place: int) -> None:
    """What the training year holds. A doctor who is away on its first day still draws, so that nobody's luck moves."""
    year = number(m, YEAR_OF, day)
    settle(m, i, day)
    span = number(m, YEAR_START, year + 1) - day
    plan_resignation_and_parental(m, i, day, lot(m, LIFE, place), span)
    plan_sickness(m, i, day, lot(m, HEALTH, place), span)
    plan_out_of_programme(m, i, day, lot(m, ELSEWHERE, place))
    row_of(m, i)[ABSENT_DAYS] = 0
    row_of(m, i)[YEAR] = next_year(m, day)


@kernel
def plan_resignation_and_parental(m: Memory, i: int, day: int, words: Words, span: int) -> None:
    """Resignation is likelier under strain; parental leave follows a rate per woman and year."""
    row = row_of(m, i)
    major = number(m, MAJOR_DAYS, number(m, STAGE, row[PROGRAMME]))
    signs = working_life.strain(row[LAST_OUTCOME], behind_now(m, i), major, row[REDEPLOYED_DAYS])
    threshold = working_life.resign_threshold(chance(m, RESIGN, row[PROGRAMME]), chance(m, STRAIN_SHARE), signs)
    row[RESIGNATION] = day + uniform_index(words[1], span) if bernoulli(words[0], threshold) else NEVER
    parental = row[WOMAN] and bernoulli(words[2], chance(m, PARENTAL_CHANCE))
    row[PARENTAL] = day + uniform_index(words[3], span) if parental else NEVER


@kernel
def plan_sickness(m: Memory, i: int, day: int, words: Words, span: int) -> None:
    """One episode at most, on a day of the year that is drawn first, at that month's rate; or shielding."""
    row = row_of(m, i)
    begins = day + uniform_index(words[1], span)
    month = number(m, MONTH_OF, begins)
    row[SICK], row[SHIELDS] = NEVER, 0
    if bernoulli(words[3], chance(m, SHIELD, month, row[OFFICE])):
        row[SICK], row[SICK_DAYS], row[SHIELDS] = begins, chance(m, SHIELD_DAYS), 1
    elif bernoulli(words[0], chance(m, SICK_CHANCE, month, row[OFFICE])):
        row[SICK], row[SICK_DAYS] = begins, one_of_row(m, words[2], SICK_DAYS_TABLE)


@kernel
def plan_out_of_programme(m: Memory, i: int, day: int, words: Words) -> None:
    """Out of programme starts with the training year, for those whom the last review allows it."""
    row = row_of(m, i)
    row[OOP] = NEVER
    stage = number(m, STAGE, row[PROGRAMME])
    may = row[STATE] == State.TRAINING and working_life.oop_allowed(stage, row[GRADE], row[LAST_OUTCOME])
    if not may and row[PARENTAL] >= NEVER:
        return  # nothing hangs on this luck
    row[PARENTAL_DAYS] = one_of_row(m, words[2], PARENTAL_DAYS_TABLE)
    kinds = chance_length(m, OOP_TABLE, 1)
    kind = pick_chance(m, words[0], OOP_TABLE, stage, kinds)
    if may and kind < kinds:
        row[OOP], row[OOP_KIND] = day, State.OOPT + kind
        row[OOP_DAYS] = number(m, OOP_DAYS_TABLE, kind, uniform_index(words[1], length(m, OOP_DAYS_TABLE, 1)))


@kernel
def go_away(m: Memory, i: int, day: int) -> None:
    """Take the leave that is due; leave that falls while already away is not taken."""
    row = row_of(m, i)
    if row[OOP] <= day:
        leave(m, i, day, row[OOP_KIND], row[OOP_DAYS])
        row[OOP] = NEVER
    if row[PARENTAL] <= day:
        leave(m, i, day, State.PARENTAL, row[PARENTAL_DAYS])
        row[PARENTAL] = NEVER
    if row[SICK] <= day:
        leave(m, i, day, State.SICK, row[SICK_DAYS])
        row[SICK] = NEVER


@kernel
def leave(m: Memory, i: int, day: int, kind: int, days: int) -> None:
    """Settle, go, and let the end date wait for the return."""
    row = row_of(m, i)
    if row[STATE] not in (State.TRAINING, State.REDEPLOYED):
        return
    settle(m, i, day)
    say(m, day, Phase.LEAVE, i, Event.AWAY, row[STATE], kind, days)
    row[STATE], row[AWAY_FROM] = kind, day
    row[ISOLATING] = row[SHIELDS] if kind == State.SICK else 0
    row[RETURNS] = day + days
    if kind != State.SICK:
        release_slot(m, i)
        row[ROTATION] = NEVER
    reckon(m, i, day)


@kernel
def return_to_work(m: Memory, i: int, day: int) -> None:
    """Back from a COVID ward, from leave or from out of programme; or grace in post is over."""
    row = row_of(m, i)
    was = row[STATE]
    if was == State.GRACE:
        end_grace(m, i, day)
        return
    settle(m, i, day)
    away, supported = day - row[AWAY_FROM], 0
    if away > chance(m, LONG_ABSENCE_DAYS) and was not in (State.REDEPLOYED, State.OOPT):
        supported = ramp(m, i, day)
    row[STATE], row[RETURNS], row[ISOLATING] = State.TRAINING, NEVER, 0
    say(m, day, Phase.RETURN, i, Event.RETURNED, was, supported, away)
    reckon(m, i, day)
    if was not in (State.SICK, State.REDEPLOYED):
        row[ROTATION] = changeover(m, i, day)
        suit(m, i, luck(m, i, Purpose.PLACE, day)[0])
        ask_for_slot(m, i)


@kernel
def ramp(m: Memory, i: int, day: int) -> int:
    """Take off what a returner loses; 1 if supported."""
    row = row_of(m, i)
    threshold = chance(m, SUPPORTED, number(m, MONTH_OF, day), row[OFFICE])
    supported = bernoulli(luck(m, i, Purpose.RETURN, row[AWAY_FROM])[0], threshold)
    days = chance(m, RAMP_DAYS_SUPPORTED) if supported else chance(m, RAMP_DAYS)
    for domain in range(4):
        row[BALANCE + domain] -= competence.ramp_loss(days, number(m, WEIGHT, row[PROGRAMME], domain), row[WTE])
    return 1 if supported else 0
