"""National recruitment on rows; compare engines/reference/recruitment. `hold` comes between phases: it may allocate."""

import numpy as np

from pipeline_sim.base.compiler.jit import allocating, kernel
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.event_routines.leaving import years_before_applying
from pipeline_sim.engines.batch.event_routines.preferences import (
    Market,
    apply_all,
    enter,
    room_for_one,
    tables_of,
    wish_all,
)
from pipeline_sim.engines.batch.memory.access import (
    AHEAD,
    aside,
    aside_number,
    chance,
    fetch_ahead,
    fetch_row,
    length,
    number,
    number_row,
    row_of,
    set_aside_if,
    stream_of,
)
from pipeline_sim.engines.batch.memory.books import held, keep_for
from pipeline_sim.engines.batch.memory.layout import (
    APPLIES_FROM,
    BUSY_LINES,
    GRADE,
    NUMBER,
    OFFICE,
    POSTS,
    PROGRAMME,
    PROMISE_DAY,
    PROMISE_KIND,
    PROMISED,
    REPLICATION,
    ROWS_USED,
    SEED,
    SERVED,
    STATE,
    STREAM,
    WITHDRAWS,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    AGENDA,
    APPOINTABLE,
    DEFER,
    ESTABLISHMENT,
    GRADES,
    MAX_RUNS,
    OPENS,
    RECRUITS,
    ROUNDS,
    STAGE,
    TAKES,
    WITHDRAW,
    YEAR_OF,
    YEAR_START,
)
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import say, write
from pipeline_sim.rules import recruitment
from pipeline_sim.rules.codes import Event, Phase, Stage, State
from pipeline_sim.rules.matching import match_round


@allocating
def hold(address: int, day: int, item: int) -> None:
    """One round, by an item of the agenda: advertise, match, tell everyone."""
    m = int64_at(address)
    index = number(m, AGENDA, item, 1)
    start_day = number(m, ROUNDS, index, 1)
    kind, year = number(m, ROUNDS, index, 2), number(m, ROUNDS, index, 3)
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
    begins, ids = np.empty(count + 1, np.int32), np.empty(count, np.int64)
    wish_all(m, count, year, tables_of(m, year), ranking)
    applications = apply_all(m, count, index, year, number_row(m, TAKES, 1, kind))
    enter(m, applications, begins, offered, market)
    for place in range(count):
        ids[place] = aside_number(m, place)
    end = begins[count]
    rank, first, run = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, np.int32)
    stats = np.empty(4, np.int64)
    most_runs, appointable = chance(m, MAX_RUNS), number_row(m, APPOINTABLE, 0)
    match_round(
        ids, begins, programme[:end], office[:end], score[:end], appointable, answer[:end], free, most_runs,
        rank, first, run, stats,
    )  # fmt: skip
    write(m, day, Phase.OFFER, 0, Event.ROUND_CLOSED, kind, stats[2], -1, -1, -1, 0, stats[0])
    write(m, day, Phase.OFFER, 0, Event.REOFFERED, kind, stats[2], -1, -1, -1, 0, stats[1])
    for place in range(count):
        if place + AHEAD < count:
            fetch_row(m, aside(m, place + AHEAD), BUSY_LINES)
        at = begins[place]
        i = aside(m, place)
        if first[place] >= 0:
            entry = at + first[place]
            say_of_post(m, i, day, Event.OFFERED, kind, 0, programme[entry], office[entry], first[place])
        if rank[place] < 0:
            say(m, day, Phase.OFFER, i, Event.UNPLACED, kind, 0, 0)
        else:
            entry = at + rank[place]
            say_of_post(m, i, day, Event.ACCEPTED, kind, run[place], programme[entry], office[entry], rank[place])
            promise(m, i, index, day, start_day, programme[entry], office[entry], kind)


# ---- posts and applicants ------------------------------------------------------------------------------------------


@allocating
def empty_posts(m: Memory, year: int) -> np.ndarray:
    """Posts that no one holds nor has been promised today; below nought where there are too many doctors."""
    programmes, offices = length(m, ESTABLISHMENT, 1), length(m, ESTABLISHMENT, 2)
    free = np.empty((programmes, offices), np.int32)
    for programme in range(programmes):
        for office in range(offices):
            free[programme, office] = (
                number(m, ESTABLISHMENT, year, programme, office)
                - held(m, POSTS, programme, office)
                - held(m, PROMISED, programme, office)
            )
    return free


@kernel
def leavers_and_applicants(m: Memory, start_day: int, kind: int, year: int, free: np.ndarray) -> int:
    """Add posts that will fall free by the start day, and put all who apply on the scratch list in trainee order.

    What will fall free is what is known today: an extension still holds its post.
    """
    count = 0
    for i in range(m[ROWS_USED]):
        fetch_ahead(m, i)
        row = row_of(m, i)
        asks = may_apply(m, i, kind, year)
        if leaves_by(m, i, start_day):
            free[row[PROGRAMME], row[OFFICE]] += 1
            asks = int(row[STATE] != State.GRACE and goes_on(m, i, kind))
        count = set_aside_if(m, count, i, asks)
    count = sort_turn(m, count)
    return count


@kernel
def may_apply(m: Memory, i: int, kind: int, year: int) -> int:
    """1 for a doctor in the pool who has no post yet, means to apply and may do so in a round of that kind."""
    row = row_of(m, i)
    free = int(row[STATE] == State.POOL) & int(row[PROMISE_DAY] == 0) & int(row[APPLIES_FROM] <= year)
    return free & int(number(m, OPENS, kind, max(0, row[STREAM])) > 0)


@kernel
def leaves_by(m: Memory, i: int, day: int) -> int:
    """1 if by that day the last grade, or grace in post, ends."""
    row = row_of(m, i)
    state = row[STATE]
    last = int(row[GRADE] == number(m, GRADES, max(0, row[PROGRAMME])) - 1)
    in_programme = int(state >= State.TRAINING) & int(state <= State.OOPP)
    return (in_programme & last | int(state == State.GRACE)) & int(row[SERVED] <= day)


@kernel
def goes_on(m: Memory, i: int, kind: int) -> bool:
    """About to finish foundation or core, without a post yet, and meaning to go straight on."""
    row = row_of(m, i)
    stage = number(m, STAGE, row[PROGRAMME])
    if stage not in (Stage.FOUNDATION, Stage.CORE) or row[PROMISE_DAY] > 0:
        return False
    return number(m, OPENS, kind, stream_of(m, i)) > 0 and years_before_applying(m, i) == 0


@kernel
def close_the_rest(m: Memory, kind: int, year: int, free: np.ndarray) -> None:
    """No posts below nought, and none where a programme does not recruit."""
    for programme in range(free.shape[0]):
        takes = number(m, RECRUITS, year, programme) * number(m, TAKES, kind, programme)
        for office in range(free.shape[1]):
            free[programme, office] = max(0, free[programme, office]) * takes


@allocating
def posts_offered(free: np.ndarray) -> np.ndarray:
    """Posts by programme."""
    offered = np.empty(free.shape[0], np.int32)
    for programme in range(free.shape[0]):
        offered[programme] = 0
        for office in range(free.shape[1]):
            offered[programme] += free[programme, office]
    return offered


@kernel
def advertise(m: Memory, day: int, kind: int, free: np.ndarray) -> None:
    """One row for each programme and office with posts."""
    for programme in range(free.shape[0]):
        for office in range(free.shape[1]):
            if free[programme, office] > 0:
                posts = free[programme, office]
                write(m, day, Phase.OFFER, office, Event.ADVERTISED, kind, 0, programme, -1, office, 0, posts)


# ---- telling -------------------------------------------------------------------------------------------------------


@kernel
def say_of_post(
    m: Memory, i: int, day: int, event: int, kind: int, now: int, programme: int, office: int, rank: int
) -> None:
    """A row about a post that a doctor does not hold yet."""
    write(m, day, Phase.OFFER, row_of(m, i)[NUMBER], event, kind, now, programme, -1, office, row_of(m, i)[WTE], rank)


@kernel
def promise(m: Memory, i: int, index: int, day: int, start_day: int, programme: int, office: int, kind: int) -> None:
    """Keep the post for the doctor, a year longer on statutory grounds; some will withdraw before they start."""
    row = row_of(m, i)
    fate = recruitment.outcome_before_start(
        m[SEED], m[REPLICATION], row[NUMBER], index, chance(m, DEFER), chance(m, WITHDRAW)
    )
    row[PROMISE_DAY] = start_day + 1
    if fate == recruitment.DEFERS:
        last = length(m, YEAR_START, 0) - 1
        row[PROMISE_DAY] = number(m, YEAR_START, min(number(m, YEAR_OF, start_day) + 1, last)) + 1
        say(m, day, Phase.OFFER, i, Event.DEFERRED, 0, 0, 0)
    row[PROMISE_KIND] = kind
    keep_for(m, i, programme, office)
    row[WITHDRAWS] = int(fate == recruitment.WITHDRAWS)
