"""Away from work: a year's draws, leave, out of programme, return; the twin of engines/reference/absence."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.career import changeover, draw_post_pace, next_year
from pipeline_sim.engines.batch.event_routines.learning import (
    accrue_learning,
    behind_now,
    schedule_grade_end_and_review,
    season_review,
)
from pipeline_sim.engines.batch.event_routines.leaving import end_grace
from pipeline_sim.engines.batch.memory.access import (
    draw_value,
    param,
    param_length,
    row_of,
    table_length,
    table_value,
)
from pipeline_sim.engines.batch.memory.batched_draws import Draw, batched_words
from pipeline_sim.engines.batch.memory.books import ask_for_slot, random_words, release_slot
from pipeline_sim.engines.batch.memory.layout import Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.rules import arcp, competence, extension, people, working_life
from pipeline_sim.rules.codes import NEVER, Event, Outcome, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli, uniform_index

Words = tuple[int, int, int, int]


@kernel
def begin_year(m: Memory, i: int, day: int, place: int) -> None:
    """Draw the events of a training year. A doctor who is away on its first day still draws: no random number moves."""
    year = table_value(m, Table.YEAR_OF, day)
    accrue_learning(m, i, day)
    span = table_value(m, Table.YEAR_START, year + 1) - day
    plan_resignation_and_parental(m, i, day, batched_words(m, Draw.YEAR, place), span)
    plan_sickness(m, i, day, batched_words(m, Draw.ABSENCE, place), span)
    plan_out_of_programme(m, i, day, year, batched_words(m, Draw.OOP, place))
    row_of(m, i)[Row.ABSENT_DAYS] = 0
    row_of(m, i)[Row.YEAR] = next_year(m, day)


@kernel
def plan_resignation_and_parental(m: Memory, i: int, day: int, words: Words, span: int) -> None:
    """Plan resignation, which is likelier under strain, and parental leave, by a rate per woman and year."""
    row = row_of(m, i)
    stage = table_value(m, Table.STAGE, row[Row.PROGRAMME])
    major = table_value(m, Table.MAJOR_DAYS, stage)
    signs = working_life.strain(row[Row.LAST_OUTCOME], behind_now(m, i), major, row[Row.REDEPLOYED_DAYS])
    threshold = working_life.resign_threshold(
        param(m, Param.RESIGN, row[Row.PROGRAMME]), param(m, Param.STRAIN_SHARE), signs
    )
    row[Row.RESIGNATION] = day + uniform_index(words[1], span) if bernoulli(words[0], threshold) else NEVER
    parental = people.is_woman(row[Row.PEOPLE]) and bernoulli(words[2], param(m, Param.PARENTAL, stage))
    row[Row.PARENTAL] = day + uniform_index(words[3], span) if parental else NEVER


@kernel
def plan_sickness(m: Memory, i: int, day: int, words: Words, span: int) -> None:
    """Plan sickness: one episode at most, on a day of the year drawn first, at that month's rate; or shielding."""
    row = row_of(m, i)
    begins = day + uniform_index(words[1], span)
    month = table_value(m, Table.MONTH_OF, begins)
    row[Row.SICK], row[Row.SHIELDS] = NEVER, 0
    if bernoulli(words[3], param(m, Param.SHIELD, month, row[Row.OFFICE])):
        row[Row.SICK], row[Row.SICK_DAYS], row[Row.SHIELDS] = begins, param(m, Param.SHIELD_DAYS), 1
    elif bernoulli(words[0], param(m, Param.SICK, month, row[Row.OFFICE])):
        row[Row.SICK], row[Row.SICK_DAYS] = begins, draw_value(m, words[2], Table.SICK_DAYS)


@kernel
def plan_out_of_programme(m: Memory, i: int, day: int, year: int, words: Words) -> None:
    """Plan time out of programme, from the start of the training year, for those whom the last review allows it."""
    row = row_of(m, i)
    row[Row.OOP] = NEVER
    stage = table_value(m, Table.STAGE, row[Row.PROGRAMME])
    critical = table_value(m, Table.CRITICAL, row[Row.PROGRAMME], row[Row.GRADE])
    allowed = working_life.oop_allowed(stage, critical, row[Row.GRADE], row[Row.LAST_OUTCOME])
    may = row[Row.STATE] == State.TRAINING and allowed
    if not may and row[Row.PARENTAL] >= NEVER:
        return  # nothing depends on these words
    row[Row.PARENTAL_DAYS] = draw_value(m, words[2], Table.PARENTAL_DAYS)
    kind, kinds = 0, param_length(m, Param.OOP, 2)
    while kind < kinds and words[0] >= param(m, Param.OOP, year, row[Row.PROGRAMME], kind):
        kind += 1
    may = may and working_life.interrupts_extension(State.OOPT + kind, row[Row.EXTENSION_DAYS])
    if may and kind < kinds:
        row[Row.OOP], row[Row.OOP_KIND] = day, State.OOPT + kind
        length = uniform_index(words[1], table_length(m, Table.OOP_DAYS, 2))
        row[Row.OOP_DAYS] = table_value(m, Table.OOP_DAYS, stage, kind, length)


@kernel
def go_away(m: Memory, i: int, day: int) -> None:
    """Take the leave that is due; leave that falls while already away is not taken."""
    row = row_of(m, i)
    if row[Row.OOP] <= day:
        leave(m, i, day, row[Row.OOP_KIND], row[Row.OOP_DAYS])
        row[Row.OOP] = NEVER
    if row[Row.PARENTAL] <= day:
        leave(m, i, day, State.PARENTAL, row[Row.PARENTAL_DAYS])
        row[Row.PARENTAL] = NEVER
    if row[Row.SICK] <= day:
        leave(m, i, day, State.SICK, row[Row.SICK_DAYS])
        row[Row.SICK] = NEVER


@kernel
def leave(m: Memory, i: int, day: int, kind: int, days: int) -> None:
    """Begin an absence: accrue learning, go, and leave the end of the grade open until the return."""
    row = row_of(m, i)
    if row[Row.STATE] not in (State.TRAINING, State.REDEPLOYED):
        return
    accrue_learning(m, i, day)
    emit_for_doctor(m, day, Phase.LEAVE, i, Event.AWAY, row[Row.STATE], kind, days)
    row[Row.STATE], row[Row.AWAY_FROM] = kind, day
    row[Row.ISOLATING] = row[Row.SHIELDS] if kind == State.SICK else 0
    row[Row.RETURNS] = day + days
    if kind != State.SICK:
        release_slot(m, i)
        row[Row.ROTATION] = NEVER
    schedule_grade_end_and_review(m, i, day)
    ask_while_away(m, i, day)


@kernel
def ask_while_away(m: Memory, i: int, day: int) -> None:
    """Put the season's review in the diary of a doctor whose training time stops: outcome 8, or not assessed."""
    row = row_of(m, i)
    outcome = arcp.away_outcome(row[Row.STATE], row[Row.RETURNS] - day)
    if outcome < 0 or row[Row.QUEUED] or row[Row.SECOND_LOOK]:
        return
    if arcp.outcome_of(outcome) == Outcome.O8:
        row[Row.REVIEW] = season_review(m, i, day)
    else:
        row[Row.REVIEW] = extension.review_while_away(day, row[Row.REVIEW], season_review(m, i, row[Row.LAST_REVIEW]))


@kernel
def return_to_work(m: Memory, i: int, day: int) -> None:
    """Return from a COVID ward, from leave or from out of programme; or end grace in post."""
    row = row_of(m, i)
    was = row[Row.STATE]
    if was == State.GRACE:
        end_grace(m, i, day)
        return
    accrue_learning(m, i, day)
    away, supported = day - row[Row.AWAY_FROM], 0
    if away > param(m, Param.LONG_ABSENCE_DAYS) and was not in (State.REDEPLOYED, State.OOPT):
        supported = ramp(m, i, day)
        if not row[Row.QUEUED]:
            row[Row.ASKED] = first_review(m, i, day, away)
    row[Row.STATE], row[Row.RETURNS], row[Row.ISOLATING] = State.TRAINING, NEVER, 0
    row[Row.LAST_OUTCOME] = working_life.outcome_on_return(was, row[Row.LAST_OUTCOME])
    emit_for_doctor(m, day, Phase.RETURN, i, Event.RETURNED, was, supported, away)
    schedule_grade_end_and_review(m, i, day)
    if was not in (State.SICK, State.REDEPLOYED):
        row[Row.ROTATION] = changeover(m, i, day)
        draw_post_pace(m, i, random_words(m, i, Purpose.PLACE, day)[0])
        ask_for_slot(m, i)


@kernel
def first_review(m: Memory, i: int, day: int, away: int) -> int:
    """First day for a review of a doctor who is back from a long absence."""
    seen, last_review = day + extension.CLOSE_DAYS, row_of(m, i)[Row.LAST_REVIEW]
    season = season_review(m, i, max(last_review, seen - extension.APART_DAYS))
    return extension.first_seen(day, season, last_review, away, row_of(m, i)[Row.LAST_OUTCOME])


@kernel
def ramp(m: Memory, i: int, day: int) -> int:
    """Take off what a returner loses; 1 if supported."""
    row = row_of(m, i)
    threshold = param(m, Param.SUPPORTED, table_value(m, Table.MONTH_OF, day), row[Row.OFFICE])
    supported = bernoulli(random_words(m, i, Purpose.RETURN, row[Row.AWAY_FROM])[0], threshold)
    days = param(m, Param.RAMP_DAYS_SUPPORTED) if supported else param(m, Param.RAMP_DAYS)
    for domain in range(4):
        row[Row.BALANCE + domain] -= competence.ramp_loss(
            days, table_value(m, Table.WEIGHT, row[Row.PROGRAMME], domain), row[Row.WTE]
        )
    return 1 if supported else 0
