"""Exams and courses as functions on a row; the twin of engines/reference/exams."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, lowest_bit
from pipeline_sim.engines.batch.event_routines.learning import (
    accrue_learning,
    behind_now,
    schedule_grade_end_and_review,
)
from pipeline_sim.engines.batch.memory.access import param, row_of, table_value
from pipeline_sim.engines.batch.memory.books import random_words
from pipeline_sim.engines.batch.memory.layout import Header, Memory, Row
from pipeline_sim.engines.batch.memory.sittings import (
    RESULT_DAY,
    attempts_at,
    awaited_at,
    gates_left,
    note_sittings,
    part_of,
)
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.rules import arcp, exams, extension
from pipeline_sim.rules.codes import CERTAIN, GATES, NEVER, Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli

FOUND, SUPPORT = 1, 1  # of the cell HELP: the bit of a gap that was found, and the first bit of support


@kernel
def current_part(m: Memory, i: int, gate: int) -> int:
    """Part of a gate to be sat next, the last one once all are held; 0 or more for no gate."""
    row = row_of(m, i)
    return max(0, table_value(m, Table.GATE, row[Row.PROGRAMME], gate)) + part_of(row, gate)


@kernel
def first_sat_after(m: Memory, i: int, gate: int, part: int) -> int:
    """Days after which a doctor first sits a part: those of the part, and those by which this doctor puts it off.

    None for an exam that was postponed.
    """
    row = row_of(m, i)
    programme = row[Row.PROGRAMME]
    after, spread = table_value(m, Table.AFTER_DAYS, part), table_value(m, Table.SPREAD_DAYS, part)
    if table_value(m, Table.ON_ENTRY, programme, gate):
        return 0
    if spread == 0:
        return after
    word = random_words(m, i, Purpose.PUT_OFF, programme * GATES + gate)[part_of(row, gate)]
    first, last = table_value(m, Table.GATE_FROM, programme, gate), table_value(m, Table.GATE_BY, programme, gate)
    return after + exams.days_put_off(word, spread, first, last, table_value(m, Table.AFTER_GRADES, part), after)


@kernel
def pass_part(m: Memory, i: int, gate: int, result_day: int) -> None:
    """Pass the current part of a gate: on to the next one, or the gate is held."""
    row = row_of(m, i)
    part = part_of(row, gate)
    if part + 1 < table_value(m, Table.GATE_PARTS, row[Row.PROGRAMME], gate):
        note_sittings(row, gate, part + 1, 0, exams.NO_RESULT, result_day)
    else:
        row[Row.PASSED] |= 1 << gate


@kernel
def attempts_allowed(m: Memory, part: int) -> int:
    """Most attempts at a part."""
    return exams.attempts_allowed(table_value(m, Table.IS_COURSE, part), table_value(m, Table.MAX_ATTEMPTS, part))


@kernel
def gate_open(m: Memory, i: int, gate: int) -> int:
    """Gate has a part that may be sat: 1, else 0. Without branches on who has passed what, which no one can predict."""
    row = row_of(m, i)
    tries_left = int(attempts_at(row, gate) < attempts_allowed(m, current_part(m, i, gate)))
    free = int(awaited_at(row, gate) == exams.NO_RESULT) & int(not_yet_held(m, i, gate) == 0)
    return tries_left & free & ~(row[Row.PASSED] >> gate)


@kernel
def not_yet_held(m: Memory, i: int, gate: int) -> int:
    """Bit set of the gates that must be held before a gate is sat, and are not."""
    row = row_of(m, i)
    return exams.not_yet_held(table_value(m, Table.BEFORE, row[Row.PROGRAMME], gate), row[Row.PASSED])


@kernel
def may_sit_from(m: Memory, i: int, gate: int) -> int:
    """First day from which the current part of a gate may be sat; NEVER if it may not."""
    if not gate_open(m, i, gate):
        return NEVER
    row, part, programme = row_of(m, i), current_part(m, i, gate), row_of(m, i)[Row.PROGRAMME]
    first, last = table_value(m, Table.GATE_FROM, programme, gate), table_value(m, Table.GATE_BY, programme, gate)
    after, delay = table_value(m, Table.AFTER_GRADES, part), first_sat_after(m, i, gate, part)
    opens = exams.may_sit_from(row[Row.GRADE], row[Row.GRADE_SINCE], first, last, after, delay)
    result_day, before = row[Row.SITTINGS + gate] >> RESULT_DAY, table_value(m, Table.BEFORE, programme, gate)
    if before:
        for other in range(GATES):
            if before >> other & 1:
                result_day = max(result_day, row[Row.SITTINGS + other] >> RESULT_DAY)
    entry = result_day + table_value(m, Table.ENTRY_DAYS, part) if result_day else 0
    return max(opens, entry)


@kernel
def next_sitting(m: Memory, i: int, gate: int, day: int) -> int:
    """First sitting of a gate from a day on; NEVER if it may not be sat."""
    earliest, part = max(day, may_sit_from(m, i, gate)), current_part(m, i, gate)
    return table_value(m, Table.NEXT_SITTING, part, earliest) if earliest < as_constant(m)[Header.LAST_DAY] else NEVER


@kernel
def plan_exam(m: Memory, i: int, day: int) -> None:
    """Plan the first result or sitting after today of any gate still to be passed."""
    row, due = row_of(m, i), NEVER
    left = gates_left(row)
    while left != 0:
        gate = lowest_bit(left)
        left &= left - 1
        if awaited_at(row, gate) == exams.NO_RESULT:
            due = min(due, next_sitting(m, i, gate, day + 1))
        else:
            due = min(due, row[Row.SITTINGS + gate] >> RESULT_DAY)
    row[Row.EXAM] = due


@kernel
def sit(m: Memory, i: int, day: int) -> None:
    """Sit every part that is held today, and receive the results of today."""
    row = row_of(m, i)
    state = row[Row.STATE]
    sits = state in (State.TRAINING, State.REDEPLOYED, State.OOPT, State.OOPR, State.OOPE)
    left = gates_left(row)
    while left != 0:
        gate = lowest_bit(left)
        left &= left - 1
        part = current_part(m, i, gate)
        held = sits and table_value(m, Table.NEXT_SITTING, part, day) == day  # for most no more need be asked
        if held and may_sit_from(m, i, gate) <= day:
            sit_one(m, i, day, gate, part)
        if awaited_at(row, gate) != exams.NO_RESULT and row[Row.SITTINGS + gate] >> RESULT_DAY <= day:
            receive_result(m, i, day, gate)
    plan_exam(m, i, day)


@kernel
def sit_one(m: Memory, i: int, day: int, gate: int, part: int) -> None:
    """Sit one part, if there is a place."""
    row = row_of(m, i)
    places = param(m, Param.EXAM_PLACES, part, table_value(m, Table.MONTH_OF, day))
    if places < CERTAIN and not bernoulli(random_words(m, i, Purpose.EXAM_PLACE, day * GATES + gate)[0], places):
        row[Row.LOST] |= 1 << gate
        return
    attempt_part(m, i, day, gate, part)


@kernel
def attempt_part(m: Memory, i: int, day: int, gate: int, part: int) -> None:
    """Attempt one part: the chance to pass rises with ability, knowledge and support, falls with attempts."""
    row = row_of(m, i)
    if row[Row.EXTENSION_DAYS]:
        row[Row.LOST] &= ~(1 << gate)
    accrue_learning(m, i, day)
    attempts, before = attempts_at(row, gate), part_of(row, gate)
    threshold = exams.pass_threshold(
        param(m, Param.PASS_FIRST, part, row[Row.PEOPLE]),
        param(m, Param.ATTEMPT_STEP, part),
        param(m, Param.ABILITY_STEP, part),
        param(m, Param.GAP_STEP, part),
        attempts,
        row[Row.ABILITY],
        max(0, -row[Row.BALANCE + 3]) // 1000,
    )
    threshold = exams.with_support(threshold, use_support(m, i, gate))
    index = exams.attempt_index(row[Row.PROGRAMME], gate, before, attempts)
    result = exams.PASS if bernoulli(random_words(m, i, Purpose.EXAM, index)[0], threshold) else exams.FAIL
    note_sittings(row, gate, before, attempts + 1, result, day + table_value(m, Table.RESULT_DAYS, part))


@kernel
def use_support(m: Memory, i: int, gate: int) -> int:
    """Threshold that support for a gate adds to an attempt at it, after which it is used up; 0 without support."""
    row = row_of(m, i)
    support = row[Row.HELP] >> SUPPORT
    if support == 0 or support % GATES != gate:
        return 0
    row[Row.HELP] &= FOUND
    return param(m, Param.PLACE_RAISES, support // GATES - 1)


@kernel
def receive_result(m: Memory, i: int, day: int, gate: int) -> None:
    """Receive the result of a part."""
    row = row_of(m, i)
    result, attempt, part = awaited_at(row, gate), attempts_at(row, gate), current_part(m, i, gate)
    result_day = row[Row.SITTINGS + gate] >> RESULT_DAY
    note_sittings(row, gate, part_of(row, gate), attempt, exams.NO_RESULT, result_day)
    event = Event.EXAM_FAILED
    if result == exams.PASS:
        event = Event.EXAM_PASSED
        pass_part(m, i, gate, result_day)
    emit_for_doctor(m, day, Phase.EXAM, i, event, part, attempt, 0)
    due = table_value(m, Table.GATE_BY, row[Row.PROGRAMME], gate) <= row[Row.GRADE]
    if event == Event.EXAM_PASSED and due and row[Row.EXTENSION_DAYS] and not row[Row.OUTCOME]:
        shorten_extension(m, i, day)


@kernel
def shorten_extension(m: Memory, i: int, day: int) -> None:
    """End an extension early if a result was all that was missing: at a review soon, or when the grade itself ends."""
    row = row_of(m, i)
    programme = row[Row.PROGRAMME]
    accrue_learning(m, i, day)
    minor = table_value(m, Table.MINOR_DAYS, table_value(m, Table.STAGE, programme))
    if gates_missing(m, i) or behind_now(m, i) >= minor:
        return
    extended, days = row[Row.EXTENSION_DAYS], table_value(m, Table.GRADE_DAYS, programme, row[Row.GRADE])
    done, wte, first = row[Row.TRAINING_DAYS], row[Row.WTE], param(m, Param.LEAD_FIRST)
    needed = extension.extension_still_needed(extended, days, done, wte, first)
    spared, row[Row.EXTENSION_DAYS] = row[Row.EXTENSION_DAYS] - needed, needed
    if spared == 0:
        return
    row[Row.ALLOWANCE_USED] = arcp.allowance_regained(row[Row.ALLOWANCE_USED], spared, row[Row.EXTENDED_BY])
    emit_for_doctor(m, day, Phase.EXAM, i, Event.SHORTENED, row[Row.EXTENDED_BY], 0, spared)
    if row[Row.SERVED] < NEVER:
        schedule_grade_end_and_review(m, i, day)


@kernel
def gates_missing(m: Memory, i: int) -> int:
    """Bit set of the programme's gates whose exam or course is due and not held."""
    row, missing = row_of(m, i), 0
    for gate in range(GATES):
        by = table_value(m, Table.GATE_BY, row[Row.PROGRAMME], gate)
        missing |= exams.gate_missing(row[Row.PASSED], gate, by, row[Row.GRADE]) << gate
    return missing


@kernel
def exam_missing(m: Memory, i: int) -> int:
    """Whether an exam, not a course, is due by the end of the grade and not held: 1 or 0."""
    missing, found = gates_missing(m, i), 0
    for gate in range(GATES):
        found |= missing >> gate & 1 & (1 - table_value(m, Table.IS_COURSE, current_part(m, i, gate)))
    return found


@kernel
def cancelled_ahead(m: Memory, i: int, gate: int, day: int) -> int:
    """The next sitting of a gate is cancelled and is before the end of the grade: 1, else 0."""
    sitting = next_sitting(m, i, gate, day)
    if sitting == NEVER:
        return 0
    places = param(m, Param.EXAM_PLACES, current_part(m, i, gate), table_value(m, Table.MONTH_OF, sitting))
    return exams.cancelled_ahead(sitting, row_of(m, i)[Row.SERVED], places)


@kernel
def result_awaited(m: Memory, i: int, day: int, missing: int) -> int:
    """Last day on which the result of a gate that is due and missing is awaited; 0 if none is.

    It is if the part has been sat, or is to be before the end of the grade, at a sitting that is not cancelled.
    """
    row, last = row_of(m, i), 0
    for gate in range(GATES):
        if missing >> gate & 1 and (awaited_at(row, gate) != exams.NO_RESULT or sits_before_end(m, i, gate, day)):
            last = max(last, next_result(m, i, gate, day))
    return last


@kernel
def sits_before_end(m: Memory, i: int, gate: int, day: int) -> int:
    """The next sitting of a gate is before the end of the grade, and is held: 1, else 0."""
    sitting = next_sitting(m, i, gate, day + 1)
    return 0 if sitting > min(row_of(m, i)[Row.SERVED], NEVER - 1) else 1 - cancelled_ahead(m, i, gate, day + 1)


@kernel
def next_result(m: Memory, i: int, gate: int, day: int) -> int:
    """Day of the next result of a gate, awaited or of the next sitting; NEVER if it may not be sat."""
    row = row_of(m, i)
    if awaited_at(row, gate) != exams.NO_RESULT:
        return row[Row.SITTINGS + gate] >> RESULT_DAY
    sitting = next_sitting(m, i, gate, day + 1)
    return sitting + table_value(m, Table.RESULT_DAYS, current_part(m, i, gate)) if sitting < NEVER else NEVER


@kernel
def last_result(m: Memory, i: int, gate: int, day: int) -> int:
    """Day of the last result of a gate if all parts left are passed at once; NEVER if it may not be sat."""
    row, result, part = row_of(m, i), next_result(m, i, gate, day), current_part(m, i, gate)
    left = table_value(m, Table.GATE_PARTS, row[Row.PROGRAMME], gate) - part_of(row, gate)
    for later in range(part + 1, part + left):
        entered = result + table_value(m, Table.ENTRY_DAYS, later)
        sitting = table_value(m, Table.NEXT_SITTING, later, entered) if entered < m[Header.LAST_DAY] else NEVER
        if sitting >= NEVER:
            return result
        result = sitting + table_value(m, Table.RESULT_DAYS, later)
    return result
