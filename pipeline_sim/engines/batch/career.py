"""The road of one doctor as functions on a row; compare engines/reference/career, chapter by chapter."""

from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.books import (
    ask_for_slot,
    clear_diary,
    count_in,
    free_row,
    held,
    leave_books,
    leave_post,
    luck,
    note,
    release_slot,
)
from pipeline_sim.engines.batch.layout import (
    ABILITY,
    ABSENT_DAYS,
    ALLOWANCE_USED,
    APPLIES_FROM,
    ASKED,
    ATTEMPTS,
    BALANCE,
    COVID,
    EXAM,
    EXTENSION_DAYS,
    GRADE,
    GRADE_SINCE,
    ISOLATING,
    ISOLATION_DAYS,
    LAST_DAY,
    LAST_OUTCOME,
    LAST_REVIEW,
    LEVEL_WORD,
    LOOKS,
    NUMBER,
    OFFICE,
    OUTCOME,
    PASSED,
    POST_PACE,
    POSTS,
    PROGRAMME,
    PROGRAMME_SINCE,
    PROGRESS,
    PROMISE_DAY,
    PROPENSITY,
    QUEUE,
    QUEUE_LIST,
    QUEUE_PLACE,
    QUEUED,
    REDEPLOYED_DAYS,
    REPLICATION,
    RETURNS,
    REVALIDATION,
    REVALIDATION_AT,
    REVIEW,
    ROTATION,
    SECOND_LOOK,
    SEED,
    SINCE,
    STATE,
    STREAM,
    SUPERVISED,
    TRAINING_DAYS,
    WORD_OFFSET,
    WTE,
    YEAR,
    Memory,
)
from pipeline_sim.engines.batch.learning import reckon, settle
from pipeline_sim.engines.batch.look import chance, chance_length, length, number, one_of_row, pick_chance, row_of
from pipeline_sim.engines.batch.tables import (
    ABILITY_STEP,
    AFTER_CORE,
    AFTER_F2,
    AGAIN,
    ATTEMPT_STEP,
    DEFER_DAYS,
    ESTABLISHMENT,
    GAP_STEP,
    GATE,
    GATE_FROM,
    GRACE,
    GRACE_DAYS,
    GRADES,
    INTERVAL_DAYS,
    LTFT,
    MAX_ATTEMPTS,
    NEXT_CHANGEOVER,
    NEXT_SITTING,
    PASS_FIRST,
    PATTERN,
    POSTPONED_DAYS,
    POSTPONED_FROM,
    POSTPONED_TO,
    REAPPLY_YEARS,
    REVALIDATION_DEFER,
    SOONER_DAYS,
    STAGE,
    STALE_DAYS,
    STREAM_AFTER,
    WTE_CUMULATIVE,
    WTE_LEVELS,
    YEAR_OF,
    YEAR_START,
)
from pipeline_sim.engines.batch.tables import POST_PACE as POST_PACE_TABLE
from pipeline_sim.engines.batch.tables import STREAM as STREAM_TABLE
from pipeline_sim.engines.batch.tally import finish_foundation, start_after_foundation
from pipeline_sim.engines.batch.telling import say
from pipeline_sim.rules import arcp, exams, life
from pipeline_sim.rules.codes import GATES, NEVER, Event, Phase, Purpose, Stage, State
from pipeline_sim.rules.luck import draw, happens

GONE = 4  # years out that mean never


# ---- taking up a post ----------------------------------------------------------------------------------------------


@kernel
def start(m: Memory, i: int, day: int, phase: int, programme: int, office: int, grade: int, how: int) -> None:
    """Take up a training post and open the diary."""
    row = row_of(m, i)
    start_after_foundation(m, i, day)
    row[PROGRAMME], row[OFFICE], row[GRADE] = programme, office, grade
    row[STATE], row[SUPERVISED], row[QUEUED] = State.TRAINING, 0, 0
    for k in range(4):
        row[BALANCE + k] = row[COVID + k] = row[ATTEMPTS + k] = 0
    row[PASSED] = row[ALLOWANCE_USED] = 0
    row[PROGRAMME_SINCE] = day
    row[LAST_OUTCOME] = row[REDEPLOYED_DAYS] = row[ISOLATION_DAYS] = row[ABSENT_DAYS] = row[ISOLATING] = 0
    row[WTE] = working_time(m, i, day)
    over = take_post(m, i, day)
    say(m, day, phase, i, Event.STARTED, how, number(m, STAGE, programme), over)
    open_grade(m, i, day)
    row[LAST_REVIEW] = day
    reckon(m, i, day)
    row[YEAR] = next_year(m, day - 1)
    row[ROTATION] = changeover(m, i, day)
    draw_post_pace(m, i, day)
    ask_for_slot(m, i)
    due = row[REVALIDATION_AT]
    while due <= day:
        due += chance(m, INTERVAL_DAYS)
    set_revalidation(m, i, due)


@kernel
def take_post(m: Memory, i: int, day: int) -> int:
    """Count a doctor into a post; returns how many holders there now are above the establishment."""
    programme, office = row_of(m, i)[PROGRAMME], row_of(m, i)[OFFICE]
    count_in(m, POSTS, programme, office, 1)
    posts = number(m, ESTABLISHMENT, number(m, YEAR_OF, day), programme, office)
    return max(0, held(m, POSTS, programme, office) - posts)


@kernel
def open_grade(m: Memory, i: int, day: int) -> None:
    """A clean page for a grade: nothing done, nothing decided."""
    row = row_of(m, i)
    row[SINCE] = row[GRADE_SINCE] = day
    row[TRAINING_DAYS] = row[EXTENSION_DAYS] = 0
    row[OUTCOME] = row[LOOKS] = row[SECOND_LOOK] = 0
    plan_exam(m, i, day)


@kernel
def working_time(m: Memory, i: int, day: int) -> int:
    """WTE per cent this year; changed only at a start or a rotation."""
    row = row_of(m, i)
    share = chance(m, LTFT, number(m, YEAR_OF, day), row[PROGRAMME])
    if row[PROPENSITY] + WORD_OFFSET >= share:
        return 100
    width = length(m, WTE_LEVELS, 0)
    return number(
        m, WTE_LEVELS, min(pick_chance(m, row[LEVEL_WORD] + WORD_OFFSET, WTE_CUMULATIVE, 0, width), width - 1)
    )


@kernel
def draw_post_pace(m: Memory, i: int, day: int) -> None:
    """How well this placement suits this doctor."""
    row_of(m, i)[POST_PACE] = one_of_row(m, luck(m, i, Purpose.PLACE, day)[0], POST_PACE_TABLE)


@kernel
def changeover(m: Memory, i: int, day: int) -> int:
    """Next changeover of the doctor's programme strictly after a day."""
    return number(m, NEXT_CHANGEOVER, number(m, PATTERN, row_of(m, i)[PROGRAMME]), day)


@kernel
def next_year(m: Memory, day: int) -> int:
    """First day of a training year after a day; NEVER once the run is over."""
    following = number(m, YEAR_START, 0 if day < 0 else number(m, YEAR_OF, day) + 1)
    return following if following < m[LAST_DAY] else NEVER


@kernel
def rotate(m: Memory, i: int, day: int) -> None:
    """Changeover: perhaps a new working pattern, and a new placement to be given by the office."""
    settle(m, i, day)
    row = row_of(m, i)
    wte = working_time(m, i, day)
    if wte != row[WTE]:
        was, row[WTE] = row[WTE], wte
        say(m, day, Phase.ROTATE, i, Event.WTE_CHANGED, was, wte, 0)
    release_slot(m, i)
    say(m, day, Phase.ROTATE, i, Event.ROTATED, number(m, PATTERN, row[PROGRAMME]), 0, 0)
    row[ROTATION] = changeover(m, i, day)
    draw_post_pace(m, i, day)
    ask_for_slot(m, i)
    reckon(m, i, day)


# ---- exams ---------------------------------------------------------------------------------------------------------


@kernel
def gate_open(m: Memory, i: int, gate: int) -> bool:
    """True if a gate may be sat now."""
    row = row_of(m, i)
    exam = number(m, GATE, row[PROGRAMME], gate)
    if exam < 0 or row[PASSED] >> gate & 1 or number(m, GATE_FROM, row[PROGRAMME], gate) > row[GRADE]:
        return False
    return row[ATTEMPTS + gate] < number(m, MAX_ATTEMPTS, exam)


@kernel
def plan_exam(m: Memory, i: int, day: int) -> None:
    """The first open sitting after today of any gate still to be passed."""
    tomorrow, first = min(day + 1, m[LAST_DAY]), NEVER
    for gate in range(GATES):
        if gate_open(m, i, gate):
            first = min(first, number(m, NEXT_SITTING, number(m, GATE, row_of(m, i)[PROGRAMME], gate), tomorrow))
    row_of(m, i)[EXAM] = first


@kernel
def sit(m: Memory, i: int, day: int) -> None:
    """Sit every gate that is open today."""
    if row_of(m, i)[STATE] in (State.TRAINING, State.REDEPLOYED, State.OOPR, State.OOPE):
        for gate in range(GATES):
            if gate_open(m, i, gate):
                exam = number(m, GATE, row_of(m, i)[PROGRAMME], gate)
                if number(m, NEXT_SITTING, exam, day) == day:
                    sit_one(m, i, day, gate, exam)
    plan_exam(m, i, day)


@kernel
def sit_one(m: Memory, i: int, day: int, gate: int, exam: int) -> None:
    """One sitting: the chance rises with ability and knowledge and falls with attempts."""
    settle(m, i, day)
    row = row_of(m, i)
    attempts = row[ATTEMPTS + gate]
    threshold = exams.pass_threshold(
        chance(m, PASS_FIRST, exam),
        chance(m, ATTEMPT_STEP, exam),
        chance(m, ABILITY_STEP, exam),
        chance(m, GAP_STEP, exam),
        attempts,
        row[ABILITY],
        max(0, -row[BALANCE + 3]) // 1000,
    )
    word = luck(m, i, Purpose.EXAM, row[PROGRAMME] * 256 + gate * 32 + attempts)[0]
    row[ATTEMPTS + gate] += 1
    event = Event.EXAM_FAILED
    if happens(word, threshold):
        row[PASSED] |= 1 << gate
        event = Event.EXAM_PASSED
    say(m, day, Phase.EXAM, i, event, exam, row[ATTEMPTS + gate], 0)


# ---- review and progress -------------------------------------------------------------------------------------------


@kernel
def ask_for_review(m: Memory, i: int, day: int) -> None:
    """Evidence goes to the panel, which decides in its own time; who is on leave is asked again on return."""
    row = row_of(m, i)
    row[REVIEW] = NEVER
    absent = arcp.away_outcome(row[STATE])
    if absent >= 0 and arcp.outcome_of(absent) == 0:
        say(m, day, Phase.REVIEW, i, Event.REVIEWED, arcp.reason_of(absent), 0, 0)
        row[SECOND_LOOK] = 0
        return
    row[QUEUED], row[ASKED], row[QUEUE_PLACE] = 1, day, m[QUEUE]
    note(m, QUEUE_LIST, QUEUE, i)


@kernel
def finish_grade(m: Memory, i: int, day: int) -> None:
    """The time of the grade is served: on to the next one, complete, or wait in post for the panel."""
    settle(m, i, day)
    row = row_of(m, i)
    if not arcp.passes(row[OUTCOME]):
        row[PROGRESS] = day + 7
        return
    if row[GRADE] + 1 >= number(m, GRADES, row[PROGRAMME]):
        complete(m, i, day)
        return
    sooner = row[LAST_REVIEW] + chance(m, SOONER_DAYS) if row[OUTCOME] == 2 else NEVER
    row[GRADE] += 1
    open_grade(m, i, day)
    say(m, day, Phase.PROGRESS, i, Event.PROGRESSED, row[GRADE] - 1, row[GRADE], 0)
    if number(m, STAGE, row[PROGRAMME]) == Stage.FOUNDATION and row[GRADE] == 1:
        set_revalidation(m, i, day + chance(m, INTERVAL_DAYS))
    reckon(m, i, day)
    if row[QUEUED] == 0:
        row[REVIEW] = max(day + 1, min(row[REVIEW], sooner))


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
    grace = happens(words[0], chance(m, GRACE, stage))
    after = State.GRACE if grace else State.COMPLETED
    late = life.revalidation_late(day, row_of(m, i)[LAST_REVIEW], chance(m, STALE_DAYS))
    say(m, day, Phase.PROGRESS, i, Event.REVALIDATED, 0, 0, late)
    say(m, day, Phase.PROGRESS, i, Event.COMPLETED, stage, after, served)
    close(m, i, after)
    if grace:
        row_of(m, i)[RETURNS] = day + one_of_row(m, words[1], GRACE_DAYS)


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


# ---- leaving and revalidation --------------------------------------------------------------------------------------


@kernel
def end_grace(m: Memory, i: int, day: int) -> None:
    """Grace in post is over."""
    say(m, day, Phase.RETURN, i, Event.GRACE_ENDED, State.GRACE, State.COMPLETED, 0)
    leave_post(m, i)
    free_row(m, i)


@kernel
def set_revalidation(m: Memory, i: int, due: int) -> None:
    """Put the recommendation in the diary, with any national postponement."""
    due = life.revalidation_due(due, chance(m, POSTPONED_FROM), chance(m, POSTPONED_TO), chance(m, POSTPONED_DAYS))
    row_of(m, i)[REVALIDATION_AT] = row_of(m, i)[REVALIDATION] = due


@kernel
def revalidate(m: Memory, i: int, day: int) -> None:
    """A recommendation from the last review, or a deferral; those outside training revalidate elsewhere."""
    words = luck(m, i, Purpose.REVALIDATE, day)
    if happens(words[0], chance(m, REVALIDATION_DEFER)):
        say(m, day, Phase.REVALIDATE, i, Event.REVALIDATED, 0, 1, 0)
        set_revalidation(m, i, day + one_of_row(m, words[1], DEFER_DAYS))
    else:
        late = life.revalidation_late(day, row_of(m, i)[LAST_REVIEW], chance(m, STALE_DAYS))
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
    comes_back = number(m, STAGE, programme) == Stage.HIGHER and happens(word, chance(m, AGAIN, stream))
    after = State.POOL if comes_back else State.LEFT
    say(m, day, Phase.RESIGN, i, Event.RESIGNED, row[STATE], after, 0)
    close(m, i, after)
    if comes_back:
        join_pool(m, i, stream, number(m, YEAR_OF, day) + chance(m, REAPPLY_YEARS))
