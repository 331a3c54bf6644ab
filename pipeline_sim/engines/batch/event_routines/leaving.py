"""The ends of a road, and revalidation, as functions on a row; compare engines/reference/career."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.learning import settle
from pipeline_sim.engines.batch.memory.access import chance, chance_length, number, one_of_row, pick_chance, row_of
from pipeline_sim.engines.batch.memory.books import (
    clear_diary,
    free_row,
    leave_books,
    leave_post,
    luck,
)
from pipeline_sim.engines.batch.memory.layout import (
    APPLIES_FROM,
    GRADE_SINCE,
    LAST_DAY,
    LAST_REVIEW,
    NUMBER,
    PROGRAMME,
    PROGRAMME_SINCE,
    PROMISE_DAY,
    REPLICATION,
    RETURNS,
    REVALIDATION,
    REVALIDATION_AT,
    SEED,
    SERVED,
    STATE,
    STREAM,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    AFTER_CORE,
    AFTER_F2,
    AGAIN,
    DEFER_DAYS,
    GRACE,
    GRACE_DAYS,
    INTERVAL_DAYS,
    POSTPONED_DAYS,
    POSTPONED_FROM,
    POSTPONED_TO,
    REAPPLY_YEARS,
    REVALIDATION_DEFER,
    STAGE,
    STALE_DAYS,
    STREAM_AFTER,
    YEAR_OF,
)
from pipeline_sim.engines.batch.memory.table_index import STREAM as STREAM_TABLE
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.engines.batch.output.tally import count_extended_cct, finish_foundation
from pipeline_sim.rules import working_life
from pipeline_sim.rules.codes import Event, Phase, Purpose, Stage, State
from pipeline_sim.rules.random_numbers import bernoulli, draw

GONE = 4  # years out that mean never


@kernel
def complete(m: Memory, i: int, day: int) -> None:
    """Outcome 6 is taken up: into the pool after foundation or core, else a CCT, perhaps with grace in post."""
    row = row_of(m, i)
    stage, served = number(m, STAGE, row[PROGRAMME]), day - row[PROGRAMME_SINCE]
    stream = number(m, STREAM_AFTER, row[PROGRAMME])
    if stream < 0:
        award_cct(m, i, day, stage, served)
        return
    years_out = years_before_applying(m, i)
    after = State.POOL if years_out < GONE else State.LEFT
    say(m, day, Phase.PROGRESS, i, Event.COMPLETED, stage, after, served)
    if stage == Stage.FOUNDATION:
        finish_foundation(m, i, day)
    close(m, i, after)
    if years_out < GONE:
        join_pool(m, i, stream, number(m, YEAR_OF, min(day + 21, m[LAST_DAY])) + years_out)


@kernel
def award_cct(m: Memory, i: int, day: int, stage: int, served: int) -> None:
    """The certificate, the recommendation that comes with it, and perhaps months of grace in the post."""
    words = luck(m, i, Purpose.GRACE, row_of(m, i)[PROGRAMME])
    grace = bernoulli(words[0], chance(m, GRACE, stage))
    after = State.GRACE if grace else State.COMPLETED
    late = working_life.revalidation_late(day, row_of(m, i)[LAST_REVIEW], chance(m, STALE_DAYS))
    say(m, day, Phase.PROGRESS, i, Event.REVALIDATED, 0, 0, late)
    say(m, day, Phase.PROGRESS, i, Event.COMPLETED, stage, after, served)
    count_extended_cct(m, i, day)
    close(m, i, after)
    if grace:
        row_of(m, i)[RETURNS] = row_of(m, i)[SERVED] = day + one_of_row(m, words[1], GRACE_DAYS)


@kernel
def close(m: Memory, i: int, after: int) -> None:
    """Leave the office's books; the post falls free unless grace keeps it; rows of those who left are reused."""
    leave_books(m, i)
    if after != State.GRACE:
        leave_post(m, i)
    row_of(m, i)[STATE] = after
    clear_diary(m, i)
    if after >= State.COMPLETED and row_of(m, i)[PROMISE_DAY] == 0:
        free_row(m, i)


@kernel
def join_pool(m: Memory, i: int, stream: int, year: int) -> None:
    """Outside training, free to apply for a start in a training year or later."""
    row = row_of(m, i)
    row[STATE], row[STREAM], row[APPLIES_FROM], row[WTE] = State.POOL, stream, year, 100


@kernel
def years_before_applying(m: Memory, i: int) -> int:
    """Years out after foundation or core, drawn for the year in which F2 was to end; no extension redraws it."""
    row = row_of(m, i)
    if number(m, STAGE, row[PROGRAMME]) == Stage.FOUNDATION:
        last = chance_length(m, AFTER_F2, 0) - 1
        cohort = min(number(m, YEAR_OF, row[GRADE_SINCE]) + 1, last)
        return min(pick_chance(m, luck(m, i, Purpose.AFTER_F2, 0)[0], AFTER_F2, cohort, 5), GONE)
    answer = pick_chance(m, luck(m, i, Purpose.AFTER_F2, 1)[0], AFTER_CORE, 0, 2)
    return answer if answer < 2 else GONE


@kernel
def end_grace(m: Memory, i: int, day: int) -> None:
    """Grace in post is over."""
    say(m, day, Phase.RETURN, i, Event.GRACE_ENDED, State.GRACE, State.COMPLETED, 0)
    leave_post(m, i)
    free_row(m, i)


@kernel
def set_revalidation(m: Memory, i: int, due: int) -> None:
    """Put the recommendation in the diary, with any national postponement."""
    due = working_life.revalidation_due(
        due, chance(m, POSTPONED_FROM), chance(m, POSTPONED_TO), chance(m, POSTPONED_DAYS)
    )
    row_of(m, i)[REVALIDATION_AT] = row_of(m, i)[REVALIDATION] = due


@kernel
def revalidate(m: Memory, i: int, day: int) -> None:
    """A recommendation from the last review, or a deferral; those outside training revalidate elsewhere."""
    words = luck(m, i, Purpose.REVALIDATE, day)
    if bernoulli(words[0], chance(m, REVALIDATION_DEFER)):
        say(m, day, Phase.REVALIDATE, i, Event.REVALIDATED, 0, 1, 0)
        set_revalidation(m, i, day + one_of_row(m, words[1], DEFER_DAYS))
    else:
        late = working_life.revalidation_late(day, row_of(m, i)[LAST_REVIEW], chance(m, STALE_DAYS))
        say(m, day, Phase.REVALIDATE, i, Event.REVALIDATED, 0, 0, late)
        set_revalidation(m, i, day + chance(m, INTERVAL_DAYS))


@kernel
def resign(m: Memory, i: int, day: int) -> None:
    """Give up the training number; a higher trainee may apply again later."""
    settle(m, i, day)
    row = row_of(m, i)
    programme = row[PROGRAMME]
    stream = number(m, STREAM_TABLE, programme)
    word = draw(m[SEED], m[REPLICATION], row[NUMBER], Purpose.POOL, 1 << 16 | programme)[0]
    comes_back = number(m, STAGE, programme) == Stage.HIGHER and bernoulli(word, chance(m, AGAIN, stream))
    after = State.POOL if comes_back else State.LEFT
    say(m, day, Phase.RESIGN, i, Event.RESIGNED, row[STATE], after, 0)
    close(m, i, after)
    if comes_back:
        join_pool(m, i, stream, number(m, YEAR_OF, day) + chance(m, REAPPLY_YEARS))
