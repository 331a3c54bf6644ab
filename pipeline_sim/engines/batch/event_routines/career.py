"""The road of one doctor as functions on a row; compare engines/reference/career, chapter by chapter."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.exams import plan_exam
from pipeline_sim.engines.batch.event_routines.learning import reckon, settle
from pipeline_sim.engines.batch.event_routines.leaving import complete, set_revalidation
from pipeline_sim.engines.batch.memory.access import chance, length, number, one_of_row, pick_chance, row_of
from pipeline_sim.engines.batch.memory.batched_draws import lot
from pipeline_sim.engines.batch.memory.books import (
    ask_for_slot,
    count_in,
    held,
    luck,
    note,
    release_slot,
)
from pipeline_sim.engines.batch.memory.layout import (
    ABSENT_DAYS,
    ALLOWANCE_USED,
    ASKED,
    ATTEMPTS,
    BALANCE,
    COVID,
    EXTENDED_HERE,
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
    OFFICE,
    OUTCOME,
    PASSED,
    POST_PACE,
    POSTS,
    PROGRAMME,
    PROGRAMME_SINCE,
    PROGRESS,
    PROPENSITY,
    QUEUE,
    QUEUE_LIST,
    QUEUE_PLACE,
    QUEUED,
    REDEPLOYED_DAYS,
    REVALIDATION_AT,
    REVIEW,
    ROTATION,
    SECOND_LOOK,
    SINCE,
    STATE,
    SUPERVISED,
    TRAINING_DAYS,
    WORD_OFFSET,
    WTE,
    YEAR,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    ESTABLISHMENT,
    GRADES,
    INTERVAL_DAYS,
    LTFT,
    NEXT_CHANGEOVER,
    PATTERN,
    SOONER_DAYS,
    STAGE,
    WTE_CUMULATIVE,
    WTE_LEVELS,
    YEAR_OF,
    YEAR_START,
)
from pipeline_sim.engines.batch.memory.table_index import POST_PACE as POST_PACE_TABLE
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.engines.batch.output.tally import start_after_foundation
from pipeline_sim.rules import arcp
from pipeline_sim.rules.codes import NEVER, Event, Phase, Purpose, Stage, State

POST = 0  # among the lots of those who rotate on a day

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
    row[PASSED] = row[ALLOWANCE_USED] = row[EXTENDED_HERE] = 0
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
    suit(m, i, luck(m, i, Purpose.PLACE, day)[0])
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
def suit(m: Memory, i: int, word: int) -> None:
    """How well a placement suits this doctor."""
    row_of(m, i)[POST_PACE] = one_of_row(m, word, POST_PACE_TABLE)


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
def rotate(m: Memory, i: int, day: int, place: int) -> None:
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
    suit(m, i, lot(m, POST, place)[0])
    ask_for_slot(m, i)
    reckon(m, i, day)


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
        row[PROGRESS] = NEVER  # the panel's decision puts it in the diary again
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
