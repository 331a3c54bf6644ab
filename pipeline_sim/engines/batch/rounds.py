"""National recruitment on rows; compare engines/reference/rounds. It runs between days, so `hold` may allocate."""

import numpy as np

from pipeline_sim.base.jit import chapter, kernel, rule
from pipeline_sim.engines.batch.books import free_row, luck, say, schedule, sort_scratch, write
from pipeline_sim.engines.batch.career import start, years_before_applying
from pipeline_sim.engines.batch.layout import (
    ABILITY,
    APPLIES_FROM,
    GRADE,
    HOME,
    NUMBER,
    OFFICE,
    POSTS,
    PROGRAMME,
    PROGRESS,
    PROMISE_DAY,
    PROMISE_KIND,
    PROMISE_OFFICE,
    PROMISE_PROGRAMME,
    REPLICATION,
    RETURNS,
    ROWS_USED,
    SCRATCH,
    SEED,
    STATE,
    STREAM,
    WITHDRAWS,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.look import chance, number
from pipeline_sim.engines.batch.tables import (
    ABILITY_SHARE,
    AGAIN,
    APPLICATIONS,
    APPOINTABLE,
    CHOICE,
    DECLINE,
    DEFER,
    ESTABLISHMENT,
    EXPIRE,
    FIRM,
    GRADES,
    HOLD,
    HOME_FIRST,
    MAX_RUNS,
    OFFICE_PULL,
    OPENS,
    RECRUITS,
    ROUNDS,
    STAGE,
    STREAM_AFTER,
    TAKES,
    WITHDRAW,
    YEAR_OF,
    YEAR_START,
)
from pipeline_sim.rules import recruitment
from pipeline_sim.rules.codes import Event, Phase, Purpose, Stage, State
from pipeline_sim.rules.luck import happens
from pipeline_sim.rules.matching import match_round

MOST_PREFERENCES = 12


@rule
def hold(m: Memory, index: int) -> None:
    """One round: advertise, match, tell everyone."""
    day, start_day = number(m, ROUNDS, index, 0), number(m, ROUNDS, index, 1)
    kind, year = number(m, ROUNDS, index, 2), number(m, ROUNDS, index, 3)
    free = vacancies(m, start_day, kind, year)
    advertise(m, day, kind, free)
    count = applicants(m, start_day, kind, year)
    if count == 0:
        return
    programme = np.full(count * MOST_PREFERENCES, -1, np.int32)
    office, score = programme.copy(), programme.copy()
    answer = np.zeros(count * MOST_PREFERENCES, np.int8)
    begins = np.zeros(count + 1, np.int32)
    ids = np.empty(count, np.int64)
    for place in range(count):
        i = m.lists[SCRATCH, place]
        ids[place] = m.rows[i, NUMBER]
        rank_offices(m, i, kind, year, begins, place, programme, office)
        for entry in range(begins[place], begins[place + 1]):
            score[entry] = score_of(m, i, year, programme[entry])
            answer[entry] = answer_of(m, i, index, programme[entry])
    end = begins[count]
    appointable = table(m, APPOINTABLE)
    rank, first, run = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, np.int32)
    stats = np.zeros(4, np.int64)
    most_runs = chance(m, MAX_RUNS)
    match_round(
        ids, begins, programme[:end], office[:end], score[:end], appointable, answer[:end], free, most_runs,
        rank, first, run, stats,
    )  # fmt: skip
    write(m, day, Phase.OFFER, 0, Event.ROUND_CLOSED, kind, stats[2], -1, -1, -1, 0, stats[0])
    write(m, day, Phase.OFFER, 0, Event.REOFFERED, kind, stats[2], -1, -1, -1, 0, stats[1])
    for place in range(count):
        at = begins[place]
        i = m.lists[SCRATCH, place]
        if first[place] >= 0:
            entry = at + first[place]
            say_of_post(m, i, day, Event.OFFERED, kind, 0, programme[entry], office[entry], first[place])
        if rank[place] < 0:
            say(m, day, Phase.OFFER, i, Event.UNPLACED, kind, 0, 0)
        else:
            entry = at + rank[place]
            say_of_post(m, i, day, Event.ACCEPTED, kind, run[place], programme[entry], office[entry], rank[place])
            promise(m, i, index, day, start_day, programme[entry], office[entry], kind)


@rule
def table(m: Memory, name: int) -> np.ndarray:
    """A whole int32 table of one row."""
    at = m.at_number[name]
    return m.numbers[at[0] : at[0] + at[5]]


@rule
def vacancies(m: Memory, start_day: int, kind: int, year: int) -> np.ndarray:
    """Posts that no one will hold on the start day, as far as is known today: an extension still holds its post."""
    programmes, offices = m.at_number[ESTABLISHMENT, 6], m.at_number[ESTABLISHMENT, 7]
    free = np.zeros((programmes, offices), np.int32)
    for programme in range(programmes):
        for office in range(offices):
            free[programme, office] = (
                number(m, ESTABLISHMENT, year, programme, office) - m.held[POSTS, programme, office]
            )
    for i in range(m.counter[ROWS_USED]):
        row = m.rows[i]
        if State.TRAINING <= row[STATE] <= State.OOPP and leaves_by(m, i, start_day):
            free[row[PROGRAMME], row[OFFICE]] += 1
        if row[STATE] == State.GRACE and row[RETURNS] <= start_day:
            free[row[PROGRAMME], row[OFFICE]] += 1
        if row[PROMISE_DAY] > 0:
            free[row[PROMISE_PROGRAMME], row[PROMISE_OFFICE]] -= 1
    for programme in range(programmes):
        takes = number(m, RECRUITS, year, programme) * number(m, TAKES, kind, programme)
        for office in range(offices):
            free[programme, office] = max(0, free[programme, office]) * takes
    return free


@kernel
def leaves_by(m: Memory, i: int, day: int) -> bool:
    """In the last grade, which ends by that day."""
    return m.rows[i, GRADE] == number(m, GRADES, m.rows[i, PROGRAMME]) - 1 and m.rows[i, PROGRESS] <= day


@kernel
def stream_of(m: Memory, i: int) -> int:
    """Way of applying."""
    if m.rows[i, STATE] == State.POOL:
        return m.rows[i, STREAM]
    return number(m, STREAM_AFTER, m.rows[i, PROGRAMME])


@kernel
def applies(m: Memory, i: int, start_day: int, kind: int, year: int) -> bool:
    """In the pool, or about to finish foundation or core and meaning to go straight on."""
    row = m.rows[i]
    if row[PROMISE_DAY] > 0:
        return False
    if row[STATE] == State.POOL:
        return row[APPLIES_FROM] <= year and number(m, OPENS, kind, row[STREAM]) > 0
    if row[STATE] < State.TRAINING or row[STATE] > State.OOPP or not leaves_by(m, i, start_day):
        return False
    stage = number(m, STAGE, row[PROGRAMME])
    if stage not in (Stage.FOUNDATION, Stage.CORE):
        return False
    return number(m, OPENS, kind, stream_of(m, i)) > 0 and years_before_applying(m, i) == 0


@kernel
def applicants(m: Memory, start_day: int, kind: int, year: int) -> int:
    """Put everyone who applies on the scratch list in trainee order."""
    count = 0
    for i in range(m.counter[ROWS_USED]):
        if applies(m, i, start_day, kind, year):
            m.keys[count] = m.rows[i, NUMBER]
            m.lists[SCRATCH, count] = i
            count += 1
    sort_scratch(m, count)
    return count


@kernel
def advertise(m: Memory, day: int, kind: int, free: np.ndarray) -> None:
    """One row for each programme and office with posts."""
    for programme in range(free.shape[0]):
        for office in range(free.shape[1]):
            if free[programme, office] > 0:
                posts = free[programme, office]
                write(m, day, Phase.OFFER, office, Event.ADVERTISED, kind, 0, programme, -1, office, 0, posts)


@rule
def rank_offices(
    m: Memory,
    i: int,
    kind: int,
    year: int,
    begins: np.ndarray,
    place: int,
    programme: np.ndarray,
    office: np.ndarray,
) -> None:
    """The doctor's own ranking, keyed by year: it knows nothing of vacancies."""
    first = begins[place]
    choice, pull = m.at_chance[CHOICE], m.at_chance[OFFICE_PULL]
    applications, takes = m.at_chance[APPLICATIONS], m.at_number[TAKES]
    stream = stream_of(m, i)
    row_of_choice = choice[0] + year * choice[1] + stream * choice[2]
    row_of_takes = takes[0] + kind * takes[1]
    count = recruitment.preferences(
        m.counter[SEED],
        m.counter[REPLICATION],
        m.rows[i, NUMBER],
        year,
        m.rows[i, HOME],
        m.chances[row_of_choice : row_of_choice + choice[7]],
        m.chances[applications[0] : applications[0] + applications[5]],
        m.numbers[row_of_takes : row_of_takes + takes[6]],
        m.chances[pull[0] : pull[0] + pull[5]],
        chance(m, HOME_FIRST),
        programme[first:],
        office[first:],
    )
    begins[place + 1] = first + count


@kernel
def score_of(m: Memory, i: int, year: int, programme: int) -> int:
    """Score in a programme."""
    seed, replication = m.counter[SEED], m.counter[REPLICATION]
    share = chance(m, ABILITY_SHARE)
    return recruitment.score(seed, replication, m.rows[i, NUMBER], year, programme, m.rows[i, ABILITY], share)


@kernel
def answer_of(m: Memory, i: int, index: int, programme: int) -> int:
    """The answer that an offer of a programme would get."""
    return recruitment.answer(
        m.counter[SEED],
        m.counter[REPLICATION],
        m.rows[i, NUMBER],
        index,
        programme,
        chance(m, DECLINE),
        chance(m, EXPIRE),
        chance(m, FIRM),
        chance(m, HOLD),
    )


@kernel
def say_of_post(
    m: Memory, i: int, day: int, event: int, kind: int, now: int, programme: int, office: int, rank: int
) -> None:
    """A row about a post that a doctor does not hold yet."""
    write(m, day, Phase.OFFER, m.rows[i, NUMBER], event, kind, now, programme, -1, office, m.rows[i, WTE], rank)


@kernel
def promise(m: Memory, i: int, index: int, day: int, start_day: int, programme: int, office: int, kind: int) -> None:
    """Keep the post for the doctor, a year longer on statutory grounds; some will withdraw before they start."""
    row = m.rows[i]
    fate = recruitment.outcome_before_start(
        m.counter[SEED], m.counter[REPLICATION], row[NUMBER], index, chance(m, DEFER), chance(m, WITHDRAW)
    )
    row[PROMISE_DAY] = start_day + 1
    if fate == recruitment.DEFERS:
        last = m.at_number[YEAR_START, 5] - 1
        row[PROMISE_DAY] = number(m, YEAR_START, min(number(m, YEAR_OF, start_day) + 1, last)) + 1
        say(m, day, Phase.OFFER, i, Event.DEFERRED, 0, 0, 0)
    row[PROMISE_PROGRAMME], row[PROMISE_OFFICE], row[PROMISE_KIND] = programme, office, kind
    row[WITHDRAWS] = int(fate == recruitment.WITHDRAWS)


# ---- start ---------------------------------------------------------------------------------------------------------


@chapter
def start_promised(m: Memory, day: int) -> None:
    """Those who are free take up their posts in trainee order; the posts of the others stay empty."""
    count = 0
    for i in range(m.counter[ROWS_USED]):
        if m.rows[i, PROMISE_DAY] == day + 1:
            m.keys[count] = m.rows[i, NUMBER]
            m.lists[SCRATCH, count] = i
            count += 1
    sort_scratch(m, count)
    for place in range(count):
        start_one(m, m.lists[SCRATCH, place], day)


@chapter
def start_one(m: Memory, i: int, day: int) -> None:
    """One doctor with a promise that falls due today."""
    row = m.rows[i]
    row[PROMISE_DAY] = 0
    if row[WITHDRAWS] or row[STATE] != State.POOL:
        say(m, day, Phase.START, i, Event.WITHDREW, 1 if row[WITHDRAWS] else 2, 0, 0)
        if row[STATE] >= State.COMPLETED:
            free_row(m, i)
        return
    start(m, i, day, Phase.START, row[PROMISE_PROGRAMME], row[PROMISE_OFFICE], 0, row[PROMISE_KIND])
    schedule(m, i, day, Phase.START)


@chapter
def give_up(m: Memory, day: int) -> None:
    """Those who wanted a post this year and got none apply again, or leave the pool."""
    year = number(m, YEAR_OF, day)
    for i in range(m.counter[ROWS_USED]):
        row = m.rows[i]
        if row[STATE] == State.POOL and row[APPLIES_FROM] <= year and row[PROMISE_DAY] == 0:
            leave_pool(m, i, day, year)


@chapter
def leave_pool(m: Memory, i: int, day: int, year: int) -> None:
    """Apply again, or go."""
    row = m.rows[i]
    if not happens(luck(m, i, Purpose.POOL, year)[0], chance(m, AGAIN, row[STREAM])):
        row[STATE] = State.LEFT
        say(m, day, Phase.START, i, Event.LEFT_POOL, 0, 0, 0)
        free_row(m, i)
