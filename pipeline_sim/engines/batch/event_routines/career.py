"""Career of one doctor as functions on a row; the twin of engines/reference/career."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.exams import FOUND, current_part, first_sat_after, pass_part, plan_exam
from pipeline_sim.engines.batch.event_routines.learning import accrue_learning, schedule_grade_end_and_review
from pipeline_sim.engines.batch.event_routines.leaving import complete, set_revalidation
from pipeline_sim.engines.batch.memory.access import draw_category, draw_value, param, row_of, table_length, table_value
from pipeline_sim.engines.batch.memory.batched_draws import Draw, batched_words
from pipeline_sim.engines.batch.memory.books import (
    append_to_list,
    ask_for_slot,
    book_add,
    book_value,
    random_words,
    release_slot,
)
from pipeline_sim.engines.batch.memory.layout import WORD_OFFSET, Header, Memory, Row
from pipeline_sim.engines.batch.memory.sittings import ATTEMPT_MASK, PART, RESULT_DAY, note_sittings
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.engines.batch.output.tally import start_after_foundation
from pipeline_sim.rules import arcp, exams
from pipeline_sim.rules.codes import GATES, MAX_PARTS, NEVER, Event, Phase, Purpose, Stage, State
from pipeline_sim.rules.people import is_woman
from pipeline_sim.rules.random_numbers import bernoulli
from pipeline_sim.rules.working_life import ltft_column

# ---- taking up a post ----------------------------------------------------------------------------------------------


@kernel
def start(m: Memory, i: int, day: int, phase: int, programme: int, office: int, grade: int, how: int) -> None:
    """Take up a training post and open the diary."""
    row = row_of(m, i)
    start_after_foundation(m, i, day)
    was, passed = row[Row.PROGRAMME], row[Row.PASSED]
    cells = (row[Row.SITTINGS], row[Row.SITTINGS + 1], row[Row.SITTINGS + 2], row[Row.SITTINGS + 3])
    row[Row.PROGRAMME], row[Row.OFFICE], row[Row.GRADE] = programme, office, grade
    row[Row.STATE], row[Row.SUPERVISED], row[Row.QUEUED] = State.TRAINING, 0, 0
    for k in range(4):
        row[Row.BALANCE + k] = row[Row.COVID + k] = row[Row.SITTINGS + k] = 0
    row[Row.PASSED] = row[Row.EXTENDED_BY] = row[Row.ASKED] = 0
    row[Row.HELP] &= FOUND
    hold_parts(m, i)
    carry_gates(m, i, day, was, passed, cells)
    row[Row.ALLOWANCE_USED] = arcp.allowance_brought(table_value(m, Table.STAGE, programme), row[Row.ALLOWANCE_USED])
    row[Row.PROGRAMME_SINCE] = day
    row[Row.LAST_OUTCOME] = row[Row.REDEPLOYED_DAYS] = row[Row.ISOLATION_DAYS] = row[Row.ABSENT_DAYS] = row[
        Row.ISOLATING
    ] = 0
    row[Row.WTE] = working_time(m, i, day)
    over = take_post(m, i, day)
    emit_for_doctor(m, day, phase, i, Event.STARTED, how, table_value(m, Table.STAGE, programme), over)
    open_grade(m, i, day)
    row[Row.LAST_REVIEW] = day
    schedule_grade_end_and_review(m, i, day)
    row[Row.YEAR] = next_year(m, day - 1)
    row[Row.ROTATION] = changeover(m, i, day)
    draw_post_pace(m, i, random_words(m, i, Purpose.PLACE, day)[0])
    ask_for_slot(m, i)
    due = row[Row.REVALIDATION_AT]
    while due <= day:
        due += param(m, Param.INTERVAL_DAYS)
    set_revalidation(m, i, due)


@kernel
def hold_parts(m: Memory, i: int) -> None:
    """Hold the parts passed before a start, or, for those in post on the first day, in earlier grades."""
    row = row_of(m, i)
    programme = row[Row.PROGRAMME]
    for gate in range(GATES):
        if table_value(m, Table.GATE, programme, gate) < 0:
            row[Row.PASSED] |= 1 << gate  # there is nothing to pass
        elif held_threshold(m, i, gate) > 0:
            words = random_words(m, i, Purpose.HELD, programme * GATES + gate)
            for place in range(table_value(m, Table.GATE_PARTS, programme, gate)):
                if not bernoulli(words[place], held_threshold(m, i, gate)):
                    break
                pass_part(m, i, gate, 0)


@kernel
def held_threshold(m: Memory, i: int, gate: int) -> int:
    """Threshold of holding the current part of a gate on entry."""
    row, part = row_of(m, i), current_part(m, i, gate)
    programme, grade, held = row[Row.PROGRAMME], row[Row.GRADE], param(m, Param.HELD, part)
    first, last = table_value(m, Table.GATE_FROM, programme, gate), table_value(m, Table.GATE_BY, programme, gate)
    if grade <= min(first, last):
        return held  # it opens in no grade before this one
    after = table_value(m, Table.AFTER_GRADES, part)
    opens = exams.opening_grade(first, last, after, first_sat_after(m, i, gate, part))
    return exams.held_threshold(held, param(m, Param.PASS_FIRST, part, row[Row.PEOPLE]), grade, opens)


@kernel
def place_of(m: Memory, programme: int, part: int) -> int:
    """Gate of the programme before which was the same exam or course; -1 for none."""
    for gate in range(GATES):
        if programme >= 0 and part >= 0 and table_value(m, Table.GATE, programme, gate) == part:
            return gate
    return -1


@kernel
def carry_gates(m: Memory, i: int, day: int, programme: int, passed: int, cells: tuple[int, int, int, int]) -> None:
    """Take what was passed in the programme before into the next one: valid certificates, and exams held on entry.

    An exam that was postponed there is asked for here, from the part that is missing.
    """
    row = row_of(m, i)
    for gate in range(GATES):
        part = table_value(m, Table.GATE, row[Row.PROGRAMME], gate)
        was = place_of(m, programme, part)
        cell = cells[max(was, 0)]
        held = was >= 0 and passed >> was & 1
        if part >= 0 and table_value(m, Table.IS_COURSE, part):
            if held and exams.still_valid(day, cell >> RESULT_DAY, param(m, Param.VALID_DAYS)):
                row[Row.PASSED] |= 1 << gate
                note_sittings(row, gate, 0, 0, exams.NO_RESULT, cell >> RESULT_DAY)
        elif table_value(m, Table.ON_ENTRY, row[Row.PROGRAMME], gate):
            row[Row.PASSED] |= 1 << gate
            row[Row.SITTINGS + gate] = 0
            if was >= 0 and not held:
                row[Row.PASSED] &= ~(1 << gate)
                before, attempts = cell >> PART & MAX_PARTS - 1, cell & ATTEMPT_MASK
                note_sittings(row, gate, before, attempts, exams.NO_RESULT, 0)


@kernel
def take_post(m: Memory, i: int, day: int) -> int:
    """Count a doctor into a post; returns how many holders there now are above the establishment."""
    programme, office = row_of(m, i)[Row.PROGRAMME], row_of(m, i)[Row.OFFICE]
    book_add(m, Header.POSTS, programme, office, 1)
    posts = table_value(m, Table.ESTABLISHMENT, table_value(m, Table.YEAR_OF, day), programme, office)
    return max(0, book_value(m, Header.POSTS, programme, office) - posts)


@kernel
def open_grade(m: Memory, i: int, day: int) -> None:
    """Reset the records of a grade: nothing done, nothing decided."""
    row = row_of(m, i)
    row[Row.SINCE] = row[Row.GRADE_SINCE] = day
    row[Row.TRAINING_DAYS] = row[Row.EXTENSION_DAYS] = 0
    row[Row.OUTCOME] = row[Row.LOOKS] = row[Row.SECOND_LOOK] = row[Row.LOST] = 0
    plan_exam(m, i, day)


@kernel
def working_time(m: Memory, i: int, day: int) -> int:
    """Working time this year, in per cent of full time; changed only at a start or a rotation."""
    row = row_of(m, i)
    column = ltft_column(row[Row.GRADE], is_woman(row[Row.PEOPLE]))
    share = param(m, Param.LTFT, table_value(m, Table.YEAR_OF, day), row[Row.PROGRAMME], column)
    if row[Row.PROPENSITY] + WORD_OFFSET >= share:
        return 100
    width = table_length(m, Table.WTE_LEVELS, 0)
    return table_value(
        m,
        Table.WTE_LEVELS,
        min(draw_category(m, row[Row.LEVEL_WORD] + WORD_OFFSET, Param.WTE_CUMULATIVE, 0, width), width - 1),
    )


@kernel
def draw_post_pace(m: Memory, i: int, word: int) -> None:
    """Draw how well a placement suits this doctor."""
    row_of(m, i)[Row.POST_PACE] = draw_value(m, word, Table.POST_PACE)


@kernel
def changeover(m: Memory, i: int, day: int) -> int:
    """Next changeover of the doctor's programme strictly after a day."""
    return table_value(m, Table.NEXT_CHANGEOVER, table_value(m, Table.PATTERN, row_of(m, i)[Row.PROGRAMME]), day)


@kernel
def next_year(m: Memory, day: int) -> int:
    """First day of a training year after a day; NEVER once the run is over."""
    following = table_value(m, Table.YEAR_START, 0 if day < 0 else table_value(m, Table.YEAR_OF, day) + 1)
    return following if following < m[Header.LAST_DAY] else NEVER


@kernel
def rotate(m: Memory, i: int, day: int, place: int) -> None:
    """Rotate at a changeover: perhaps a new working pattern, and a new placement to be given by the office."""
    accrue_learning(m, i, day)
    row = row_of(m, i)
    wte = working_time(m, i, day)
    if wte != row[Row.WTE]:
        was, row[Row.WTE] = row[Row.WTE], wte
        emit_for_doctor(m, day, Phase.ROTATE, i, Event.WTE_CHANGED, was, wte, 0)
    release_slot(m, i)
    emit_for_doctor(m, day, Phase.ROTATE, i, Event.ROTATED, table_value(m, Table.PATTERN, row[Row.PROGRAMME]), 0, 0)
    row[Row.ROTATION] = changeover(m, i, day)
    draw_post_pace(m, i, batched_words(m, Draw.POST_PACE, place)[0])
    ask_for_slot(m, i)
    schedule_grade_end_and_review(m, i, day)


# ---- review and progress -------------------------------------------------------------------------------------------


@kernel
def ask_for_review(m: Memory, i: int, day: int) -> None:
    """Send evidence to the panel, which decides later; a doctor on leave is reviewed after the return."""
    row = row_of(m, i)
    row[Row.REVIEW] = NEVER
    absent = arcp.away_outcome(row[Row.STATE], row[Row.RETURNS] - row[Row.AWAY_FROM])
    if absent == arcp.PUT_OFF:
        row[Row.REVIEW] = row[Row.RETURNS]
        return
    if absent >= 0 and arcp.outcome_of(absent) == 0:
        emit_for_doctor(m, day, Phase.REVIEW, i, Event.REVIEWED, arcp.reason_of(absent), 0, 0)
        row[Row.SECOND_LOOK] = 0
        return
    row[Row.QUEUED], row[Row.ASKED], row[Row.QUEUE_INDEX] = 1, day, m[Header.QUEUE]
    append_to_list(m, Header.QUEUE_LIST, Header.QUEUE, i)


@kernel
def finish_grade(m: Memory, i: int, day: int) -> None:
    """Finish the time of a grade: on to the next one, complete, or wait in post for the panel."""
    accrue_learning(m, i, day)
    row = row_of(m, i)
    if not arcp.passes(row[Row.OUTCOME]) or row[Row.QUEUED] or row[Row.SECOND_LOOK]:
        row[Row.PROGRESS] = NEVER  # the panel's decision puts it in the diary again
        return
    if row[Row.GRADE] + 1 >= table_value(m, Table.GRADES, row[Row.PROGRAMME]):
        complete(m, i, day)
        return
    row[Row.GRADE] += 1
    open_grade(m, i, day)
    emit_for_doctor(m, day, Phase.PROGRESS, i, Event.PROGRESSED, row[Row.GRADE] - 1, row[Row.GRADE], 0)
    if table_value(m, Table.STAGE, row[Row.PROGRAMME]) == Stage.FOUNDATION and row[Row.GRADE] == 1:
        set_revalidation(m, i, day + param(m, Param.INTERVAL_DAYS))
    schedule_grade_end_and_review(m, i, day)
