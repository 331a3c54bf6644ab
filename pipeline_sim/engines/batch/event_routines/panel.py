"""ARCP panels of all offices; the twin of engines/reference/panel."""

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import lowest_bit
from pipeline_sim.engines.batch.event_routines.exams import (
    attempts_allowed,
    cancelled_ahead,
    current_part,
    gates_missing,
    last_result,
    not_yet_held,
    result_awaited,
)
from pipeline_sim.engines.batch.event_routines.learning import (
    accrue_learning,
    behind_now,
    due_to_covid_now,
    fetch_learning,
    schedule_grade_end_and_review,
    season_review,
)
from pipeline_sim.engines.batch.event_routines.panel_queue import draw_for_reviews, list_queue, select_capacity
from pipeline_sim.engines.batch.memory.access import (
    PREFETCH_LEARNING,
    fetch_row,
    param,
    row_of,
    scratch_row,
    table_length,
    table_value,
)
from pipeline_sim.engines.batch.memory.batched_draws import DRAW_BATCH, Draw, draw_buffer
from pipeline_sim.engines.batch.memory.books import (
    clear_diary,
    free_row,
    leave_office,
    leave_post,
    schedule,
)
from pipeline_sim.engines.batch.memory.layout import BUSY_LINES, Header, Memory, Row
from pipeline_sim.engines.batch.memory.sittings import attempts_at, awaited_at, gates_left
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.engines.batch.output.tally import Slot, fetch_count
from pipeline_sim.rules import arcp, competence, exams, extension
from pipeline_sim.rules.codes import GATES, NEVER, Event, Outcome, Phase, State


@kernel
def meet(m: Memory, day: int) -> None:
    """Hold a panel day: each office decides its first `capacity` reviews; the rest wait on."""
    week = day // DAYS_PER_WEEK
    if week >= table_length(m, Table.CAPACITY, 0) or m[Header.QUEUE] == 0:
        return
    count = select_capacity(m, week, list_queue(m))
    if m[Header.LOGGING]:
        count = sort_turn(m, count)  # the log is cheaper written in order than put in order
    for place in range(min(DRAW_BATCH, count)):
        fetch_row(m, scratch_row(m, place), BUSY_LINES)
    for place in range(count):
        if place % DRAW_BATCH == 0:
            draw_for_reviews(m, place, min(DRAW_BATCH, count - place))
        if place + DRAW_BATCH < count:
            fetch_row(m, scratch_row(m, place + DRAW_BATCH), BUSY_LINES)
        if place + PREFETCH_LEARNING < count:
            fetch_learning(m, scratch_row(m, place + PREFETCH_LEARNING), day)
            fetch_count(m, scratch_row(m, place + PREFETCH_LEARNING), day, Slot.NOT_ASSESSED)
        review(m, scratch_row(m, place), day, draw_buffer(m, Draw.REVIEW)[place % DRAW_BATCH])


@kernel
def review(m: Memory, i: int, day: int, word: int) -> None:
    """Review one doctor: decide, emit the outcome and apply it. The word decides whether evidence is there."""
    row = row_of(m, i)
    row[Row.QUEUED] = 0
    accrue_learning(m, i, day)
    decision = arcp.away_outcome(row[Row.STATE], row[Row.RETURNS] - row[Row.AWAY_FROM])
    span = 0
    if decision == arcp.PUT_OFF:
        row[Row.REVIEW] = row[Row.RETURNS]
        schedule(m, i, day, Phase.PANEL)
        return
    if decision < 0:
        carry_over(m, i)
        missing = gates_missing(m, i)
        decision = judge(m, i, day, missing, word)
        if arcp.outcome_of(decision) in (Outcome.O3, Outcome.O10_2):
            span = extension_length(m, i, day, arcp.reason_of(decision), missing)
            span = arcp.extension_given(arcp.outcome_of(decision), span, allowance_left(m, i))
    outcome = arcp.outcome_of(decision)
    emit_for_doctor(m, day, Phase.PANEL, i, Event.REVIEWED, arcp.reason_of(decision), outcome, day - row[Row.ASKED])
    if apply_outcome(m, i, day, outcome, span):
        schedule(m, i, day, Phase.PANEL)


@kernel
def carry_over(m: Memory, i: int) -> None:
    """Cap what is ahead; being ahead again wipes out what shocks took."""
    row = row_of(m, i)
    for domain in range(4):
        limit = param(m, Param.SURPLUS_DAYS) * table_value(m, Table.WEIGHT, row[Row.PROGRAMME], domain)
        row[Row.BALANCE + domain] = competence.capped(row[Row.BALANCE + domain], limit)
        gap = competence.gap_of(row[Row.BALANCE + domain])
        row[Row.COVID + domain] = competence.due_to_covid(gap, row[Row.COVID + domain])


@kernel
def extension_length(m: Memory, i: int, day: int, reason: int, missing: int) -> int:
    """Length of an extension: steps by the gap; a term of the calendar if only an exam or course is missing."""
    row, result = row_of(m, i), 0
    programme, step, behind = row[Row.PROGRAMME], param(m, Param.STEP_DAYS), behind_now(m, i)
    for gate in range(GATES):
        if missing >> gate & 1:
            result = max(result, last_result(m, i, gate, day))
    begins, first = max(day, row[Row.SERVED]), param(m, Param.LEAD_FIRST)
    usual = table_value(m, Table.FIRST_EXAM_EXTENSION_DAYS, programme)
    fixed = extension.fixed_term(extension.exam_term(usual, step, begins, result, first), row[Row.WTE])
    minor = table_value(m, Table.MINOR_DAYS, table_value(m, Table.STAGE, programme))
    alone = extension.exam_only(reason, missing, behind, minor)
    steps = (table_value(m, Table.GAP_STEPS, 0), table_value(m, Table.GAP_STEPS, 1), table_value(m, Table.GAP_STEPS, 2))
    return extension.length_days(behind, step, steps[0], steps[1], steps[2], alone, fixed)


@kernel
def allowance_left(m: Memory, i: int) -> int:
    """What is left of the allowance for extensions, in whole-time days."""
    row = row_of(m, i)
    return table_value(m, Table.ALLOWANCE_DAYS, row[Row.PROGRAMME]) - row[Row.ALLOWANCE_USED]


@kernel
def window(m: Memory, i: int) -> int:
    """Days before the end of the grade within which a review decides it: few in an extension still needed."""
    row = row_of(m, i)
    extended, stage = row[Row.EXTENSION_DAYS], table_value(m, Table.STAGE, row[Row.PROGRAMME])
    if extended and not gates_missing(m, i) and behind_now(m, i) < table_value(m, Table.MINOR_DAYS, stage):
        extended = 0
    return extension.decides_within(param(m, Param.LEAD_FIRST), param(m, Param.LEAD_SPREAD), extended)


@kernel
def at_grade_end(m: Memory, i: int, day: int) -> int:
    """Review for the end of the grade: 1, else 0."""
    return int(row_of(m, i)[Row.SERVED] - day <= window(m, i))


@kernel
def attempts_exhausted(m: Memory, i: int, gate: int) -> int:
    """Attempts at a gate that is not held, due or not, are used up: 1, else 0. Courses may be taken again."""
    row = row_of(m, i)
    part = current_part(m, i, gate)
    used_up = int(attempts_at(row, gate) >= attempts_allowed(m, part))
    return used_up & int(awaited_at(row, gate) == exams.NO_RESULT) & (1 - table_value(m, Table.IS_COURSE, part))


@kernel
def count_gates(m: Memory, i: int, day: int, missing: int) -> tuple[int, int, int, int, int, int]:
    """Exams and courses missing; of both, those lost in this grade; 1 if attempts are used up; those never waived."""
    row = row_of(m, i)
    exams_missing = courses_missing = exams_shut = courses_shut = exhausted = unwaived = 0
    left = gates_left(row)
    while left != 0:
        gate = lowest_bit(left)
        left &= left - 1
        exhausted |= attempts_exhausted(m, i, gate)
        if missing >> gate & 1 == 0:
            continue
        part, waits = current_part(m, i, gate), not_yet_held(m, i, gate)
        lost = int(row[Row.LOST] & (1 << gate | waits) != 0) | cancelled_ahead(m, i, gate, day)
        course = table_value(m, Table.IS_COURSE, part)
        exams_missing += 1 - course
        courses_missing += course
        exams_shut += lost * (1 - course)
        courses_shut += lost * course
        unwaived += 1 - table_value(m, Table.WAIVABLE, part)
    return exams_missing, courses_missing, exams_shut, courses_shut, exhausted, unwaived


@kernel
def evidence(m: Memory, i: int, day: int, at_end: int, missing: int, word: int) -> int:
    """Whether evidence is complete, missing, came late or was lost: `incomplete` of the decision."""
    row = row_of(m, i)
    row[Row.LOOKS] += 1
    if row[Row.SECOND_LOOK]:
        return arcp.EVIDENCE_CAME_LATE
    if at_end and result_awaited(m, i, day, missing):
        return arcp.EVIDENCE_MISSING
    month, programme = table_value(m, Table.MONTH_OF, day), row[Row.PROGRAMME]
    not_there = param(m, Param.INCOMPLETE, month, table_value(m, Table.STAGE, programme))
    lost = param(m, Param.EVIDENCE_LOST, month, table_value(m, Table.GROUP, programme))
    return arcp.evidence_at_review(word, not_there, lost)


@kernel
def judge(m: Memory, i: int, day: int, missing: int, word: int) -> int:
    """Decision of a review, by the decision table."""
    row = row_of(m, i)
    exams_missing, courses_missing, exams_shut, courses_shut, exhausted, unwaived = count_gates(m, i, day, missing)
    stage = table_value(m, Table.STAGE, row[Row.PROGRAMME])
    month, group = table_value(m, Table.MONTH_OF, day), table_value(m, Table.GROUP, row[Row.PROGRAMME])
    at_end = at_grade_end(m, i, day)
    incomplete = evidence(m, i, day, at_end, missing, word)
    critical = table_value(m, Table.CRITICAL, row[Row.PROGRAMME], row[Row.GRADE])
    derogation = arcp.derogation_for(table_value(m, Table.DEROGATION, day), unwaived)
    covid_gap = due_to_covid_now(m, i)
    waived = arcp.days_waived(covid_gap, table_value(m, Table.WAIVER_DAYS, month, group))
    return arcp.decide(
        stage,
        critical,
        at_end,
        incomplete,
        behind_now(m, i),
        covid_gap,
        waived,
        table_value(m, Table.MINOR_DAYS, stage),
        table_value(m, Table.MAJOR_DAYS, stage),
        exams_missing,
        courses_missing,
        exams_shut,
        courses_shut,
        exhausted,
        derogation,
        row[Row.REDEPLOYED_DAYS],
        row[Row.ISOLATION_DAYS],
        allowance_left(m, i),
        param(m, Param.FOUNDATION_HAS_2),
    )


@kernel
def apply_outcome(m: Memory, i: int, day: int, outcome: int, span: int) -> bool:
    """Apply an outcome; False if the doctor has left."""
    row = row_of(m, i)
    row[Row.SECOND_LOOK] = int(outcome == Outcome.O5)
    if outcome == Outcome.O5:
        result = result_awaited(m, i, day, gates_missing(m, i)) if at_grade_end(m, i, day) else 0
        row[Row.REVIEW] = max(day + param(m, Param.RESOLVE_DAYS), result)
        return True
    if outcome == Outcome.NOT_ASSESSED:
        row[Row.REVIEW] = NEVER
        return True
    row[Row.LAST_REVIEW], row[Row.LAST_OUTCOME] = day, outcome
    if outcome == Outcome.O8:
        row[Row.REVIEW] = season_review(m, i, day)
        return True
    if outcome == Outcome.O4:
        release(m, i, day)
        return False
    if outcome in (Outcome.O3, Outcome.O10_2):
        row[Row.OUTCOME] = 0
        row[Row.LOST] *= int(outcome == Outcome.O10_2)  # until a sitting has been offered
        grade_days = table_value(m, Table.GRADE_DAYS, row[Row.PROGRAMME], row[Row.GRADE])
        row[Row.EXTENSION_DAYS] = extension.with_extension(
            row[Row.EXTENSION_DAYS], span, grade_days, row[Row.TRAINING_DAYS]
        )
        row[Row.EXTENDED_BY] = outcome
        row[Row.ALLOWANCE_USED] += span * arcp.counts_against_allowance(outcome)
        emit_for_doctor(m, day, Phase.PANEL, i, Event.EXTENDED, outcome, 0, span)
    elif settles_grade(m, i, day):
        row[Row.OUTCOME] = outcome
    row[Row.REDEPLOYED_DAYS] = row[Row.ISOLATION_DAYS] = 0
    schedule_grade_end_and_review(m, i, day)
    return True


@kernel
def settles_grade(m: Memory, i: int, day: int) -> int:
    """Whether a review that the doctor passes also decides the end of the grade: 1 or 0."""
    row = row_of(m, i)
    critical = table_value(m, Table.CRITICAL, row[Row.PROGRAMME], row[Row.GRADE])
    stage = table_value(m, Table.STAGE, row[Row.PROGRAMME])
    minor, major = table_value(m, Table.MINOR_DAYS, stage), table_value(m, Table.MAJOR_DAYS, stage)
    days_left, days_in_grade, extended = row[Row.SERVED] - day, day - row[Row.GRADE_SINCE], row[Row.EXTENSION_DAYS]
    outcome, before_interim = row[Row.LAST_OUTCOME], int(days_left <= param(m, Param.SOONER_DAYS))
    ahead = extension.on_course(critical, outcome, gates_missing(m, i), behind_now(m, i), minor, major, before_interim)
    return extension.settles_grade(days_left, days_in_grade, window(m, i), ahead, extended)


@kernel
def release(m: Memory, i: int, day: int) -> None:
    """Release a doctor after outcome 4: the training number is given up at once."""
    emit_for_doctor(m, day, Phase.PANEL, i, Event.RELEASED, row_of(m, i)[Row.STATE], State.LEFT, 0)
    leave_office(m, i)
    leave_post(m, i)
    row_of(m, i)[Row.STATE] = State.LEFT
    clear_diary(m, i)
    if row_of(m, i)[Row.PROMISE_DAY] == 0:
        free_row(m, i)
