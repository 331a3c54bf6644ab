"""Ends of a career, and revalidation, as functions on a row; the twin of engines/reference/career."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.learning import accrue_learning
from pipeline_sim.engines.batch.memory.access import draw_category, draw_value, param, param_length, row_of, table_value
from pipeline_sim.engines.batch.memory.books import clear_diary, free_row, leave_office, leave_post, random_words
from pipeline_sim.engines.batch.memory.layout import Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.engines.batch.output.tally import count_extended_cct, finish_foundation
from pipeline_sim.rules import working_life
from pipeline_sim.rules.codes import Event, Phase, Purpose, Stage, State
from pipeline_sim.rules.event_order import qualified_abroad
from pipeline_sim.rules.random_numbers import bernoulli, draw

GONE = 4  # years out that mean never


@kernel
def complete(m: Memory, i: int, day: int) -> None:
    """Complete a programme: into the pool after foundation or core, else a CCT, perhaps with grace in post."""
    row = row_of(m, i)
    stage, served = table_value(m, Table.STAGE, row[Row.PROGRAMME]), day - row[Row.PROGRAMME_SINCE]
    stream = table_value(m, Table.STREAM_AFTER, row[Row.PROGRAMME])
    if stream < 0:
        award_cct(m, i, day, stage, served)
        return
    years_out = years_before_applying(m, i)
    after = State.POOL if years_out < GONE else State.LEFT
    emit_for_doctor(m, day, Phase.PROGRESS, i, Event.COMPLETED, stage, after, served)
    if stage == Stage.FOUNDATION:
        finish_foundation(m, i, day)
    close(m, i, after)
    if years_out < GONE:
        join_pool(m, i, stream, table_value(m, Table.YEAR_OF, min(day + 21, m[Header.LAST_DAY])) + years_out)


@kernel
def award_cct(m: Memory, i: int, day: int, stage: int, served: int) -> None:
    """Award the certificate, with the recommendation that comes with it, and perhaps grace in the post."""
    words = random_words(m, i, Purpose.GRACE, row_of(m, i)[Row.PROGRAMME])
    grace = bernoulli(words[0], param(m, Param.GRACE, stage))
    after = State.GRACE if grace else State.COMPLETED
    late = working_life.revalidation_late(day, row_of(m, i)[Row.LAST_REVIEW], param(m, Param.STALE_DAYS))
    emit_for_doctor(m, day, Phase.PROGRESS, i, Event.REVALIDATED, 0, 0, late)
    emit_for_doctor(m, day, Phase.PROGRESS, i, Event.COMPLETED, stage, after, served)
    count_extended_cct(m, i, day)
    close(m, i, after)
    if grace:
        row_of(m, i)[Row.RETURNS] = row_of(m, i)[Row.SERVED] = day + draw_value(m, words[1], Table.GRACE_DAYS)


@kernel
def close(m: Memory, i: int, after: int) -> None:
    """Leave the office's books; the post falls free unless grace keeps it; rows of those who left are reused."""
    leave_office(m, i)
    if after != State.GRACE:
        leave_post(m, i)
    row_of(m, i)[Row.STATE] = after
    clear_diary(m, i)
    if after >= State.COMPLETED and row_of(m, i)[Row.PROMISE_DAY] == 0:
        free_row(m, i)


@kernel
def join_pool(m: Memory, i: int, stream: int, year: int) -> None:
    """Put a doctor into the pool, free to apply for a start in a training year or later."""
    row = row_of(m, i)
    row[Row.STATE], row[Row.STREAM], row[Row.APPLIES_FROM], row[Row.WTE] = State.POOL, stream, year, 100


@kernel
def years_before_applying(m: Memory, i: int) -> int:
    """Years out after foundation or core, drawn for the year in which F2 was to end; no extension redraws it."""
    row = row_of(m, i)
    if table_value(m, Table.STAGE, row[Row.PROGRAMME]) == Stage.FOUNDATION:
        last = param_length(m, Param.AFTER_F2, 0) - 1
        cohort = min(table_value(m, Table.YEAR_OF, row[Row.GRADE_SINCE]) + 1, last)
        return min(draw_category(m, random_words(m, i, Purpose.AFTER_F2, 0)[0], Param.AFTER_F2, cohort, 5), GONE)
    answer = draw_category(m, random_words(m, i, Purpose.AFTER_F2, 1)[0], Param.AFTER_CORE, 0, 2)
    return answer if answer < 2 else GONE


@kernel
def end_grace(m: Memory, i: int, day: int) -> None:
    """End grace in post."""
    emit_for_doctor(m, day, Phase.RETURN, i, Event.GRACE_ENDED, State.GRACE, State.COMPLETED, 0)
    leave_post(m, i)
    free_row(m, i)


@kernel
def set_revalidation(m: Memory, i: int, due: int) -> None:
    """Put the recommendation in the diary, with any national postponement."""
    due = working_life.revalidation_due(
        due, param(m, Param.POSTPONED_FROM), param(m, Param.POSTPONED_TO), param(m, Param.POSTPONED_DAYS)
    )
    row_of(m, i)[Row.REVALIDATION_AT] = row_of(m, i)[Row.REVALIDATION] = due


@kernel
def revalidate(m: Memory, i: int, day: int) -> None:
    """Make a recommendation from the last review, or a deferral; those outside training revalidate elsewhere."""
    words = random_words(m, i, Purpose.REVALIDATE, day)
    if bernoulli(words[0], param(m, Param.REVALIDATION_DEFER)):
        emit_for_doctor(m, day, Phase.REVALIDATE, i, Event.REVALIDATED, 0, 1, 0)
        set_revalidation(m, i, day + draw_value(m, words[1], Table.REVALIDATION_DEFER_DAYS))
    else:
        late = working_life.revalidation_late(day, row_of(m, i)[Row.LAST_REVIEW], param(m, Param.STALE_DAYS))
        emit_for_doctor(m, day, Phase.REVALIDATE, i, Event.REVALIDATED, 0, 0, late)
        set_revalidation(m, i, day + param(m, Param.INTERVAL_DAYS))


@kernel
def resign(m: Memory, i: int, day: int) -> None:
    """Give up the training number; a higher trainee may apply again later."""
    accrue_learning(m, i, day)
    row = row_of(m, i)
    programme = row[Row.PROGRAMME]
    stream = table_value(m, Table.STREAM, programme)
    word = draw(m[Header.SEED], m[Header.REPLICATION], row[Row.NUMBER], Purpose.POOL, 1 << 16 | programme)[0]
    comes_back = table_value(m, Table.STAGE, programme) == Stage.HIGHER and bernoulli(
        word, param(m, Param.AGAIN, qualified_abroad(row[Row.NUMBER]), stream)
    )
    after = State.POOL if comes_back else State.LEFT
    emit_for_doctor(m, day, Phase.RESIGN, i, Event.RESIGNED, row[Row.STATE], after, 0)
    close(m, i, after)
    if comes_back:
        join_pool(m, i, stream, table_value(m, Table.YEAR_OF, day) + param(m, Param.REAPPLY_YEARS))
