"""Who is there on the first day and who arrives later; compare engines/reference/simulation."""

from pipeline_sim.base.compiler.jit import entry, kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.career import start
from pipeline_sim.engines.batch.event_routines.exams import plan_exam
from pipeline_sim.engines.batch.event_routines.learning import reckon
from pipeline_sim.engines.batch.event_routines.leaving import join_pool
from pipeline_sim.engines.batch.memory.access import (
    chance,
    chance_length,
    length,
    number,
    one_of_row,
    pick_chance,
    row_of,
)
from pipeline_sim.engines.batch.memory.agenda import ABROAD, FEBRUARY, FIRST_DAY
from pipeline_sim.engines.batch.memory.books import keep_for, new_row, schedule
from pipeline_sim.engines.batch.memory.layout import (
    ABILITY,
    FAULT,
    HOME,
    LEAD,
    LEVEL_WORD,
    NUMBER,
    PACE,
    PASSED,
    PROGRAMME_SINCE,
    PROMISE_DAY,
    PROMISE_KIND,
    PROPENSITY,
    REPLICATION,
    REVALIDATION_AT,
    SEED,
    STATE,
    TRAINING_DAYS,
    WOMAN,
    WORD_OFFSET,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    AGENDA,
    EXTERNAL,
    EXTERNAL_ABILITY_SHARE,
    FOUNDATION_PROGRAMME,
    GATE_BY,
    GRADE_DAYS,
    GRADUATES,
    INTERVAL_DAYS,
    LEAD_FIRST,
    LEAD_SPREAD,
    OFFICE_PULL,
    RETURNERS,
    STOCK,
    STRETCH,
    WOMEN,
)
from pipeline_sim.engines.batch.memory.table_index import PACE as PACE_TABLE
from pipeline_sim.engines.batch.memory.trainee_order import enrol
from pipeline_sim.engines.batch.output.emit import say, write
from pipeline_sim.rules import extension
from pipeline_sim.rules.codes import GATES, MAX_GRADES, NEVER, Event, Origin, Phase, Purpose, State
from pipeline_sim.rules.event_order import trainee_number
from pipeline_sim.rules.random_numbers import bernoulli, draw, uniform_index

FROM_STOCK = -1


@kernel
def new_doctor(m: Memory, cohort: int, origin: int, place: int, office: int) -> int:
    """A person with lasting traits, numbered within the cohort so that no scenario renames anyone."""
    i = new_row(m)
    row = row_of(m, i)
    who = trainee_number(cohort, origin, place)
    seed, replication = m[SEED], m[REPLICATION]
    words = draw(seed, replication, who, Purpose.PERSON, 0)
    more = draw(seed, replication, who, Purpose.PERSON, 1)
    row[NUMBER], row[ABILITY] = who, words[0] >> 16
    enrol(m, i)
    if origin == Origin.EXTERNAL:
        row[ABILITY] = row[ABILITY] * chance(m, EXTERNAL_ABILITY_SHARE) // 1000
    row[PACE] = one_of_row(m, words[1], PACE_TABLE)
    row[WOMAN] = int(bernoulli(words[2], chance(m, WOMEN)))
    row[PROPENSITY], row[LEVEL_WORD] = words[3] - WORD_OFFSET, more[0] - WORD_OFFSET
    row[LEAD] = chance(m, LEAD_FIRST) + uniform_index(more[1], chance(m, LEAD_SPREAD) + 1)
    offices = chance_length(m, OFFICE_PULL, 0)
    row[HOME] = office if office >= 0 else min(pick_chance(m, more[2], OFFICE_PULL, 0, offices), offices - 1)
    return i


@kernel
def say_entered(m: Memory, i: int, day: int, origin: int) -> None:
    """A row about someone who is in no programme yet."""
    write(m, day, Phase.ENTER, row_of(m, i)[NUMBER], Event.ENTERED, origin, -1, -1, -1, -1, 100, 0)


@kernel
def stock(m: Memory) -> None:
    """Doctors in post on day 0, by programme, grade and office."""
    place = 0
    for programme in range(length(m, STOCK, 0)):
        for grade in range(MAX_GRADES):
            for office in range(length(m, STOCK, 2)):
                for _ in range(number(m, STOCK, programme, grade, office)):
                    i = new_doctor(m, 0, Origin.STOCK, place, office)
                    if m[FAULT]:
                        return
                    place += 1
                    say_entered(m, i, 0, Origin.STOCK)
                    begin_part_way(m, i, programme, grade, office)
                    schedule(m, i, 0, Phase.ENTER)


@kernel
def begin_part_way(m: Memory, i: int, programme: int, grade: int, office: int) -> None:
    """Start in a grade that is under way for those less than full time, earlier gates passed, years served."""
    row = row_of(m, i)
    words = draw(m[SEED], m[REPLICATION], row[NUMBER], Purpose.STOCK, 0)
    row[REVALIDATION_AT] = uniform_index(words[1], chance(m, INTERVAL_DAYS))
    if programme == chance(m, FOUNDATION_PROGRAMME) and grade == 0:
        row[REVALIDATION_AT] = NEVER
    start(m, i, 0, Phase.ENTER, programme, office, grade, FROM_STOCK)
    for gate in range(GATES):
        if number(m, GATE_BY, programme, gate) < grade:
            row[PASSED] |= 1 << gate
    if row[WTE] < 100:
        row[TRAINING_DAYS] = 100 * uniform_index(words[0], number(m, GRADE_DAYS, programme, grade))
    earlier = 0
    for before in range(grade):
        earlier += number(m, GRADE_DAYS, programme, before)
    stretch = number(m, STRETCH, programme)
    row[PROGRAMME_SINCE] = -extension.past_days(earlier, row[TRAINING_DAYS], row[WTE], stretch)
    plan_exam(m, i, 0)
    reckon(m, i, 0)


@kernel
def graduates(m: Memory, year: int, season: int, day: int) -> None:
    """New F1 doctors, given an office by the foundation programme outside the rounds; they start later today."""
    place = 0
    for office in range(length(m, GRADUATES, 2)):
        place += number(m, GRADUATES, year, 0, office) if season else 0
    for office in range(length(m, GRADUATES, 2)):
        for _ in range(number(m, GRADUATES, year, season, office)):
            i = new_doctor(m, year, Origin.GRADUATE, place, office)
            if m[FAULT]:
                return
            place += 1
            say_entered(m, i, day, Origin.GRADUATE)
            row = row_of(m, i)
            row[STATE], row[REVALIDATION_AT] = State.POOL, NEVER
            row[PROMISE_DAY], row[PROMISE_KIND] = day + 1, FROM_STOCK
            keep_for(m, i, chance(m, FOUNDATION_PROGRAMME), office)


@kernel
def external(m: Memory, year: int, day: int) -> None:
    """Doctors from abroad or from trust-grade posts who first apply this year."""
    place = 0
    for stream in range(length(m, EXTERNAL, 1)):
        for _ in range(number(m, EXTERNAL, year, stream)):
            newcomer(m, year, Origin.EXTERNAL, place, stream, year, day)
            place += 1


@kernel
def returners(m: Memory) -> None:
    """Former F2 doctors who are on a break on day 0, by the year in which they mean to apply."""
    place = 0
    for year in range(length(m, RETURNERS, 0)):
        for stream in range(length(m, RETURNERS, 1)):
            for _ in range(number(m, RETURNERS, year, stream)):
                newcomer(m, 0, Origin.RETURNER, place, stream, year, 0)
                place += 1


@kernel
def newcomer(m: Memory, cohort: int, origin: int, place: int, stream: int, year: int, day: int) -> None:
    """One newcomer to the pool."""
    i = new_doctor(m, cohort, origin, place, -1)
    if m[FAULT]:
        return
    words = draw(m[SEED], m[REPLICATION], row_of(m, i)[NUMBER], Purpose.STOCK, 0)
    row_of(m, i)[REVALIDATION_AT] = day + uniform_index(words[1], chance(m, INTERVAL_DAYS))
    join_pool(m, i, stream, year)
    say(m, day, Phase.ENTER, i, Event.ENTERED, origin, stream, 0)


@entry
def arrive(address: int, day: int, item: int) -> None:
    """Let people in who come on a day, by an item of the agenda."""
    m = int64_at(address)
    who, year = number(m, AGENDA, item, 0), number(m, AGENDA, item, 1)
    if who == FIRST_DAY:
        stock(m)
        returners(m)
    elif who == ABROAD:
        external(m, year, day)
    else:
        graduates(m, year, int(who == FEBRUARY), day)
