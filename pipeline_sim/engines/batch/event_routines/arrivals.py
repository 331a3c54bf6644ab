"""Arrivals: who is there on the first day and who comes later; the twin of engines/reference/simulation."""

from pipeline_sim.base.compiler.jit import entry, kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.career import start
from pipeline_sim.engines.batch.event_routines.exams import plan_exam
from pipeline_sim.engines.batch.event_routines.learning import schedule_grade_end_and_review
from pipeline_sim.engines.batch.event_routines.leaving import join_pool
from pipeline_sim.engines.batch.memory.access import (
    draw_category,
    draw_value,
    param,
    param_length,
    row_of,
    table_length,
    table_value,
)
from pipeline_sim.engines.batch.memory.agenda import ABROAD, FEBRUARY, FIRST_DAY
from pipeline_sim.engines.batch.memory.books import new_row, promise_post, schedule
from pipeline_sim.engines.batch.memory.layout import WORD_OFFSET, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.memory.trainee_order import enrol
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.rules import extension, people
from pipeline_sim.rules.codes import GATES, MAX_GRADES, NEVER, OUTSIDE, Event, Origin, Phase, Purpose, Qualified, State
from pipeline_sim.rules.event_order import trainee_number
from pipeline_sim.rules.random_numbers import bernoulli, draw, uniform_index

FROM_STOCK = -1


@kernel
def new_doctor(
    m: Memory, day: int, cohort: int, origin: int, place: int, office: int, programme: int, stream: int
) -> int:
    """New doctor with lasting traits, numbered within the cohort so that no scenario renames anyone."""
    i = new_row(m)
    row = row_of(m, i)
    who = trainee_number(cohort, origin, place)
    seed, replication = m[Header.SEED], m[Header.REPLICATION]
    words = draw(seed, replication, who, Purpose.PERSON, 0)
    more = draw(seed, replication, who, Purpose.PERSON, 1)
    row[Row.NUMBER], row[Row.ABILITY] = who, words[0] >> 16
    enrol(m, i)
    qualified, woman, age = draw_attributes(m, who, origin, programme, stream, words[2])
    row[Row.PEOPLE] = people.people_group(qualified, woman, age)
    quantile = uniform_index(words[1], table_length(m, Table.PACE, 1))
    row[Row.PACE] = table_value(m, Table.PACE, row[Row.PEOPLE], quantile)
    row[Row.PROPENSITY], row[Row.LEVEL_WORD] = words[3] - WORD_OFFSET, more[0] - WORD_OFFSET
    row[Row.LEAD] = param(m, Param.LEAD_FIRST) + uniform_index(more[1], param(m, Param.LEAD_SPREAD) + 1)
    offices = param_length(m, Param.OFFICE_PULL, 0)
    row[Row.HOME] = (
        office if office >= 0 else min(draw_category(m, more[2], Param.OFFICE_PULL, 0, offices), offices - 1)
    )
    if not m[Header.FAULT]:
        emit_entered(m, i, day, origin, stream, people.attributes(qualified, woman, age))
    return i


@kernel
def draw_attributes(
    m: Memory, who: int, origin: int, programme: int, stream: int, sex_word: int
) -> tuple[int, int, int]:
    """Place of qualification, sex and age at entry; `programme` is that of those in post on day 0, else -1.

    `stream` is that of those who come as applicants, else -1.
    """
    words = draw(m[Header.SEED], m[Header.REPLICATION], who, Purpose.PEOPLE, 0)
    row = programme if programme >= 0 else param_length(m, Param.IN_POST, 0) + 1 + stream
    if programme < 0:
        qualified = draw_category(m, words[0], Param.ENTRANTS, origin, people.PLACES)
    else:
        qualified = draw_category(m, words[0], Param.IN_POST, programme, people.PLACES)
    qualified = min(qualified, people.PLACES - 1)
    age = draw_value(m, words[1], Table.AGES)
    if qualified != Qualified.UK:
        age += draw_value(m, words[2], Table.YEARS_BEFORE)
    return qualified, int(bernoulli(sex_word, param(m, Param.WOMEN, row, qualified))), age


@kernel
def emit_entered(m: Memory, i: int, day: int, origin: int, stream: int, attributes: int) -> None:
    """Emit an arrival, with the attributes of the doctor, which are kept nowhere else."""
    emit_for_doctor(m, day, Phase.ENTER, i, Event.ENTERED, origin, stream, attributes)


@kernel
def stock(m: Memory) -> None:
    """Create the doctors in post on day 0, by programme, grade and office."""
    place = 0
    for programme in range(table_length(m, Table.STOCK, 0)):
        for grade in range(MAX_GRADES):
            for office in range(table_length(m, Table.STOCK, 2)):
                for _ in range(table_value(m, Table.STOCK, programme, grade, office)):
                    i = new_doctor(m, 0, 0, Origin.STOCK, place, office, programme, -1)
                    if m[Header.FAULT]:
                        return
                    place += 1
                    begin_part_way(m, i, programme, grade, office)
                    schedule(m, i, 0, Phase.ENTER)


@kernel
def begin_part_way(m: Memory, i: int, programme: int, grade: int, office: int) -> None:
    """Start in a grade that is under way for those less than full time, earlier gates passed, years served."""
    row = row_of(m, i)
    words = draw(m[Header.SEED], m[Header.REPLICATION], row[Row.NUMBER], Purpose.STOCK, 0)
    row[Row.REVALIDATION_AT] = uniform_index(words[1], param(m, Param.INTERVAL_DAYS))
    if programme == param(m, Param.FOUNDATION_PROGRAMME) and grade == 0:
        row[Row.REVALIDATION_AT] = NEVER
    start(m, i, 0, Phase.ENTER, programme, office, grade, FROM_STOCK)
    for gate in range(GATES):
        if table_value(m, Table.GATE_BY, programme, gate) < grade:
            row[Row.PASSED] |= 1 << gate
    if row[Row.WTE] < 100:
        row[Row.TRAINING_DAYS] = 100 * uniform_index(words[0], table_value(m, Table.GRADE_DAYS, programme, grade))
    earlier = 0
    for before in range(grade):
        earlier += table_value(m, Table.GRADE_DAYS, programme, before)
    stretch = table_value(m, Table.STRETCH, programme)
    row[Row.PROGRAMME_SINCE] = -extension.past_days(earlier, row[Row.TRAINING_DAYS], row[Row.WTE], stretch)
    plan_exam(m, i, 0)
    schedule_grade_end_and_review(m, i, 0)


@kernel
def graduates(m: Memory, year: int, season: int, day: int) -> None:
    """Create F1 doctors, given an office by the foundation programme outside the rounds; they start later today."""
    place = 0
    for office in range(table_length(m, Table.GRADUATES, 2)):
        place += table_value(m, Table.GRADUATES, year, 0, office) if season else 0
    for office in range(table_length(m, Table.GRADUATES, 2)):
        for _ in range(table_value(m, Table.GRADUATES, year, season, office)):
            i = new_doctor(m, day, year, Origin.GRADUATE, place, office, -1, -1)
            if m[Header.FAULT]:
                return
            place += 1
            row = row_of(m, i)
            row[Row.STATE], row[Row.REVALIDATION_AT] = State.POOL, NEVER
            row[Row.PROMISE_DAY], row[Row.PROMISE_KIND] = day + 1, FROM_STOCK
            promise_post(m, i, param(m, Param.FOUNDATION_PROGRAMME), office)


@kernel
def external(m: Memory, year: int, day: int) -> None:
    """Create doctors from outside who first apply this year."""
    for kind in range(table_length(m, Table.EXTERNAL, 1)):
        place = 0
        for stream in range(table_length(m, Table.EXTERNAL, 2)):
            for _ in range(table_value(m, Table.EXTERNAL, year, kind, stream)):
                newcomer(m, year, OUTSIDE[kind], place, stream, year, day)
                place += 1


@kernel
def returners(m: Memory) -> None:
    """Create former F2 doctors who are on a break on day 0, by the year in which they mean to start."""
    place = 0
    for year in range(table_length(m, Table.RETURNERS, 0)):
        for stream in range(table_length(m, Table.RETURNERS, 1)):
            for _ in range(table_value(m, Table.RETURNERS, year, stream)):
                newcomer(m, 0, Origin.RETURNER, place, stream, year + 1, 0)
                place += 1


@kernel
def newcomer(m: Memory, cohort: int, origin: int, place: int, stream: int, year: int, day: int) -> None:
    """Create one doctor in the pool of applicants."""
    i = new_doctor(m, day, cohort, origin, place, -1, -1, stream)
    if m[Header.FAULT]:
        return
    words = draw(m[Header.SEED], m[Header.REPLICATION], row_of(m, i)[Row.NUMBER], Purpose.STOCK, 0)
    row_of(m, i)[Row.REVALIDATION_AT] = day + uniform_index(words[1], param(m, Param.INTERVAL_DAYS))
    join_pool(m, i, stream, year)


@entry
def arrive(address: int, day: int, item: int) -> None:
    """Create the doctors who arrive on a day, by an item of the agenda."""
    m = int64_at(address)
    who, year = table_value(m, Table.AGENDA, item, 0), table_value(m, Table.AGENDA, item, 1)
    if who == FIRST_DAY:
        stock(m)
        returners(m)
    elif who == ABROAD:
        external(m, year, day)
    else:
        graduates(m, year, int(who == FEBRUARY), day)
