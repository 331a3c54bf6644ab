"""National recruitment on rows; the twin of engines/reference/recruitment.

`run_round` comes between phases, so it may allocate.
"""

import numpy as np

from pipeline_sim.base.compiler.jit import allocating, kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.exams import exam_missing
from pipeline_sim.engines.batch.event_routines.leaving import years_before_applying
from pipeline_sim.engines.batch.event_routines.preferences import (
    Market,
    build_market,
    list_applications,
    rank_all,
    room_for_one,
    tables_of,
)
from pipeline_sim.engines.batch.memory.access import (
    PREFETCH_ROW,
    fetch_ahead,
    fetch_row,
    param,
    push_scratch_if,
    row_of,
    scratch_row,
    scratch_trainee,
    stream_of,
    table_length,
    table_row,
    table_value,
)
from pipeline_sim.engines.batch.memory.books import book_value, promise_post
from pipeline_sim.engines.batch.memory.layout import BUSY_LINES, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import emit, emit_for_doctor
from pipeline_sim.rules import recruitment
from pipeline_sim.rules.codes import Event, Phase, RoundKind, Stage, State
from pipeline_sim.rules.event_order import origin_of
from pipeline_sim.rules.matching import match_round
from pipeline_sim.rules.people import NOBODY


@allocating
def run_round(address: int, day: int, item: int) -> None:
    """Run one round, by an item of the agenda: advertise, match, announce."""
    m = int64_at(address)
    index = table_value(m, Table.AGENDA, item, 1)
    start_day = table_value(m, Table.ROUNDS, index, 1)
    kind, year = table_value(m, Table.ROUNDS, index, 2), table_value(m, Table.ROUNDS, index, 3)
    free = empty_posts(m, year)
    count = leavers_and_applicants(m, start_day, kind, year, free)
    close_the_rest(m, kind, year, free)
    advertise(m, day, kind, free)
    if count == 0:
        return
    entries = count * recruitment.MAX_PREFERENCES
    programme, office = np.empty(entries, np.int32), np.empty(entries, np.int32)
    score, answer = np.empty(entries, np.int32), np.empty(entries, np.int8)
    market, ranking = Market(programme, office, score, answer), room_for_one(free.shape[0])
    offered = posts_offered(free)
    begins, ids, later = np.empty(count + 1, np.int32), np.empty(count, np.int64), np.empty(count, np.int8)
    rank_all(m, count, year, tables_of(m, year), ranking)
    applications = list_applications(m, count, index, year, table_row(m, Table.TAKES, 1, kind))
    build_market(m, applications, begins, offered, market)
    for place in range(count):
        ids[place] = scratch_trainee(m, place)
        later[place] = comes_later(m, scratch_row(m, place), index)
    end = begins[count]
    rank, first, run = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, np.int32)
    stats = np.empty(4, np.int64)
    most_runs, appointable = param(m, Param.MAX_RUNS), table_row(m, Table.APPOINTABLE, 0)
    match_round(
        ids, begins, programme[:end], office[:end], score[:end], appointable, answer[:end], later, free,
        param(m, Param.SHORTLIST), most_runs, rank, first, run, stats,
    )  # fmt: skip
    emit_of_round(m, day, kind, stats)
    for place in range(count):
        if place + PREFETCH_ROW < count:
            fetch_row(m, scratch_row(m, place + PREFETCH_ROW), BUSY_LINES)
        i, entry = scratch_row(m, place), begins[place]
        if first[place] >= 0:
            offer = entry + first[place]
            emit_of_post(m, i, day, Event.OFFERED, kind, 0, programme[offer], office[offer], first[place])
        if rank[place] < 0:
            emit_for_doctor(m, day, Phase.OFFER, i, Event.UNPLACED, kind, 0, 0)
        else:
            post = entry + rank[place]
            emit_of_post(m, i, day, Event.ACCEPTED, kind, run[place], programme[post], office[post], rank[place])
            promise(m, i, index, day, start_day, programme[post], office[post], kind)


# ---- posts and applicants ------------------------------------------------------------------------------------------


@allocating
def empty_posts(m: Memory, year: int) -> np.ndarray:
    """Empty posts today, neither held nor promised; below 0 where there are too many doctors."""
    programmes, offices = table_length(m, Table.ESTABLISHMENT, 1), table_length(m, Table.ESTABLISHMENT, 2)
    free = np.empty((programmes, offices), np.int32)
    for programme in range(programmes):
        for office in range(offices):
            free[programme, office] = (
                table_value(m, Table.ESTABLISHMENT, year, programme, office)
                - book_value(m, Header.POSTS, programme, office)
                - book_value(m, Header.PROMISED, programme, office)
            )
    return free


@kernel
def leavers_and_applicants(m: Memory, start_day: int, kind: int, year: int, free: np.ndarray) -> int:
    """Add posts that will fall free soon enough, and list all who apply, in trainee order.

    What will fall free is what is known today: an extension still holds its post.
    """
    count, soon = 0, start_day + table_value(m, Table.AHEAD, kind)
    for i in range(m[Header.ROWS_USED]):
        fetch_ahead(m, i)
        row = row_of(m, i)
        asks = may_apply(m, i, kind, year)
        if leaves_by(m, i, soon):
            free[row[Row.PROGRAMME], row[Row.OFFICE]] += 1
            asks = int(row[Row.SERVED] <= start_day and row[Row.STATE] != State.GRACE and goes_on(m, i, kind, year))
        count = push_scratch_if(m, count, i, asks)
    count = sort_turn(m, count)
    return count


@kernel
def may_apply(m: Memory, i: int, kind: int, year: int) -> int:
    """Applicant from the pool, without a post, in a round of that kind: 1, else 0."""
    row = row_of(m, i)
    free = int(row[Row.STATE] == State.POOL) & int(row[Row.PROMISE_DAY] == 0) & int(row[Row.APPLIES_FROM] <= year)
    return free & int(table_value(m, Table.OPENS, kind, max(0, row[Row.STREAM])) > 0)


@kernel
def leaves_by(m: Memory, i: int, day: int) -> int:
    """Last grade, or grace in post, ends by that day: 1, else 0."""
    row = row_of(m, i)
    state = row[Row.STATE]
    last = int(row[Row.GRADE] == table_value(m, Table.GRADES, max(0, row[Row.PROGRAMME])) - 1)
    in_programme = int(state >= State.TRAINING) & int(state <= State.OOPP)
    return (in_programme & last | int(state == State.GRACE)) & int(row[Row.SERVED] <= day)


@kernel
def goes_on(m: Memory, i: int, kind: int, year: int) -> bool:
    """True if about to finish foundation or core, without a post yet, and meaning to go straight on.

    Where exams of core must be held by the offers, only with these.
    """
    row = row_of(m, i)
    stage = table_value(m, Table.STAGE, row[Row.PROGRAMME])
    if stage not in (Stage.FOUNDATION, Stage.CORE) or row[Row.PROMISE_DAY] > 0:
        return False
    if table_value(m, Table.EXAM_BY_OFFERS, stream_of(m, i)) <= year and exam_missing(m, i):
        return False
    return table_value(m, Table.OPENS, kind, stream_of(m, i)) > 0 and years_before_applying(m, i) == 0


@kernel
def comes_later(m: Memory, i: int, index: int) -> int:
    """Offered posts of a round after all others: 1, else 0; those who finish a programme here never are."""
    row = row_of(m, i)
    first = param(m, Param.PRIORITY, index, origin_of(row[Row.NUMBER]))
    if row[Row.STATE] != State.POOL:
        return 0
    return recruitment.comes_later(m[Header.SEED], m[Header.REPLICATION], row[Row.NUMBER], first)


@kernel
def close_the_rest(m: Memory, kind: int, year: int, free: np.ndarray) -> None:
    """Close posts below 0, those beyond the year's intake in the first round, and those not recruited for."""
    for programme in range(free.shape[0]):
        takes = table_value(m, Table.RECRUITS, year, programme) * table_value(m, Table.TAKES, kind, programme)
        for office in range(free.shape[1]):
            if kind == RoundKind.FIRST:
                intake = table_value(m, Table.INTAKE, year, programme, office)
                free[programme, office] = min(free[programme, office], intake)
            free[programme, office] = max(0, free[programme, office]) * takes


@allocating
def posts_offered(free: np.ndarray) -> np.ndarray:
    """Number of posts offered by each programme."""
    offered = np.empty(free.shape[0], np.int32)
    for programme in range(free.shape[0]):
        offered[programme] = 0
        for office in range(free.shape[1]):
            offered[programme] += free[programme, office]
    return offered


@kernel
def advertise(m: Memory, day: int, kind: int, free: np.ndarray) -> None:
    """Emit the posts of each programme and office that has some."""
    for programme in range(free.shape[0]):
        for office in range(free.shape[1]):
            if free[programme, office] > 0:
                posts = free[programme, office]
                emit(m, day, Phase.OFFER, office, Event.ADVERTISED, kind, 0, programme, -1, office, 0, posts, NOBODY)


# ---- telling -------------------------------------------------------------------------------------------------------


@kernel
def emit_of_round(m: Memory, day: int, kind: int, stats: np.ndarray) -> None:
    """Emit how many offers the round took, and how many of them were of posts declined before."""
    emit(m, day, Phase.OFFER, 0, Event.ROUND_CLOSED, kind, stats[2], -1, -1, -1, 0, stats[0], NOBODY)
    emit(m, day, Phase.OFFER, 0, Event.REOFFERED, kind, stats[2], -1, -1, -1, 0, stats[1], NOBODY)


@kernel
def emit_of_post(
    m: Memory, i: int, day: int, event: int, kind: int, now: int, programme: int, office: int, rank: int
) -> None:
    """Emit a row about a post that a doctor does not hold yet."""
    emit(
        m,
        day,
        Phase.OFFER,
        row_of(m, i)[Row.NUMBER],
        event,
        kind,
        now,
        programme,
        -1,
        office,
        row_of(m, i)[Row.WTE],
        rank,
        row_of(m, i)[Row.PEOPLE],
    )


@kernel
def promise(m: Memory, i: int, index: int, day: int, start_day: int, programme: int, office: int, kind: int) -> None:
    """Promise a post to a doctor, a year later on statutory grounds; some will withdraw before they start."""
    row = row_of(m, i)
    fate = recruitment.outcome_before_start(
        m[Header.SEED], m[Header.REPLICATION], row[Row.NUMBER], index, param(m, Param.DEFER), param(m, Param.WITHDRAW)
    )
    row[Row.PROMISE_DAY] = start_day + 1
    if fate == recruitment.DEFERS:
        last = table_length(m, Table.YEAR_START, 0) - 1
        row[Row.PROMISE_DAY] = (
            table_value(m, Table.YEAR_START, min(table_value(m, Table.YEAR_OF, start_day) + 1, last)) + 1
        )
        emit_for_doctor(m, day, Phase.OFFER, i, Event.DEFERRED, 0, 0, 0)
    row[Row.PROMISE_KIND] = kind
    promise_post(m, i, programme, office)
    row[Row.WITHDRAWS] = int(fate == recruitment.WITHDRAWS)
