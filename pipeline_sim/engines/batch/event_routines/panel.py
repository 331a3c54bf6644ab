"""ARCP panels of all offices; compare engines/reference/panel."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.learning import behind_now, fetch_learning, owed_now, reckon, settle
from pipeline_sim.engines.batch.event_routines.panel_queue import admitted, waiting
from pipeline_sim.engines.batch.memory.access import AHEAD, SOON, aside, chance, fetch_row, length, number, row_of
from pipeline_sim.engines.batch.memory.books import (
    clear_diary,
    free_row,
    leave_books,
    leave_post,
    luck,
    schedule,
)
from pipeline_sim.engines.batch.memory.layout import (
    ALLOWANCE_USED,
    ASKED,
    ATTEMPTS,
    BALANCE,
    BUSY_LINES,
    COVID,
    EXTENDED_HERE,
    EXTENSION_DAYS,
    GRADE,
    GRADE_SINCE,
    ISOLATION_DAYS,
    LAST_OUTCOME,
    LAST_REVIEW,
    LOGGING,
    LOOKS,
    OUTCOME,
    PASSED,
    PROGRAMME,
    PROMISE_DAY,
    QUEUE,
    QUEUED,
    REDEPLOYED_DAYS,
    REVIEW,
    SECOND_LOOK,
    SERVED,
    STATE,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    ALLOWANCE_DAYS,
    CANCELLED_SUM,
    CAPACITY,
    CRITICAL,
    DEROGATION,
    FIRST_EXAM_EXTENSION_DAYS,
    FOUNDATION_HAS_2,
    GAP_STEPS,
    GATE,
    GATE_BY,
    INCOMPLETE,
    IS_COURSE,
    LEAD_FIRST,
    LEAD_SPREAD,
    MAJOR_DAYS,
    MAX_ATTEMPTS,
    MINOR_DAYS,
    MONTH_OF,
    RESOLVE_DAYS,
    STAGE,
    STEP_DAYS,
    SURPLUS_DAYS,
    WAIVER_DAYS,
    WEIGHT,
)
from pipeline_sim.engines.batch.memory.trainee_order import sort_turn
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.engines.batch.output.tally import NOT_ASSESSED, fetch_count
from pipeline_sim.rules import arcp, competence, exams, extension
from pipeline_sim.rules.codes import GATES, NEVER, Event, Outcome, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli

WEEK = 7


@kernel
def meet(m: Memory, day: int) -> None:
    """One panel day: each office decides its first `capacity` reviews; the rest wait on."""
    week = day // WEEK
    if week >= length(m, CAPACITY, 0) or m[QUEUE] == 0:
        return
    count = admitted(m, week, waiting(m))
    if m[LOGGING]:
        count = sort_turn(m, count)  # the log is cheaper written in order than put in order
    for place in range(count):
        if place + AHEAD < count:
            fetch_row(m, aside(m, place + AHEAD), BUSY_LINES)
            fetch_learning(m, aside(m, place + SOON), day)
            fetch_count(m, aside(m, place + SOON), day, NOT_ASSESSED)
        review(m, aside(m, place), day)


@kernel
def review(m: Memory, i: int, day: int) -> None:
    """Look at one doctor, write the outcome down and act on it."""
    row = row_of(m, i)
    row[QUEUED] = 0
    settle(m, i, day)
    decision = arcp.away_outcome(row[STATE])
    span = 0
    if decision < 0:
        carry_over(m, i)
        missing = missing_gates(m, i)
        span = extension_length(m, i, missing)
        decision = judge(m, i, day, span, missing)
    outcome = arcp.outcome_of(decision)
    say(m, day, Phase.PANEL, i, Event.REVIEWED, arcp.reason_of(decision), outcome, day - row[ASKED])
    if act(m, i, day, outcome, span):
        schedule(m, i, day, Phase.PANEL)


@kernel
def carry_over(m: Memory, i: int) -> None:
    """What is ahead is carried only so far; being ahead again wipes out what shocks took."""
    row = row_of(m, i)
    for domain in range(4):
        limit = chance(m, SURPLUS_DAYS) * number(m, WEIGHT, row[PROGRAMME], domain)
        row[BALANCE + domain] = competence.capped(row[BALANCE + domain], limit)
        gap = competence.gap_of(row[BALANCE + domain])
        row[COVID + domain] = competence.due_to_covid(gap, row[COVID + domain])


@kernel
def missing_gates(m: Memory, i: int) -> int:
    """A bit for each of the programme's gates whose exam or course is due and not held."""
    row, missing = row_of(m, i), 0
    for gate in range(GATES):
        exam = number(m, GATE, row[PROGRAMME], gate)
        held = gate if exam >= 0 else -1
        due = exams.gate_missing(row[PASSED], held, number(m, GATE_BY, row[PROGRAMME], gate), row[GRADE])
        missing |= int(due != 0) << gate
    return missing


@kernel
def extension_length(m: Memory, i: int, missing: int) -> int:
    """Steps by the gap; a fixed term, not stretched for LTFT, when only an exam or course is missing."""
    row = row_of(m, i)
    behind = behind_now(m, i)
    fixed = extension.fixed_term(number(m, FIRST_EXAM_EXTENSION_DAYS, row[PROGRAMME]), row[WTE])
    exam_only = int(missing != 0 and behind < number(m, MINOR_DAYS, number(m, STAGE, row[PROGRAMME])))
    steps = (number(m, GAP_STEPS, 0), number(m, GAP_STEPS, 1), number(m, GAP_STEPS, 2))
    return extension.length_days(behind, chance(m, STEP_DAYS), steps[0], steps[1], steps[2], exam_only, fixed)


@kernel
def at_grade_end(m: Memory, i: int, day: int) -> int:
    """1 if this is the review for the end of the grade."""
    return int(row_of(m, i)[SERVED] - day <= chance(m, LEAD_FIRST) + chance(m, LEAD_SPREAD))


@kernel
def judge(m: Memory, i: int, day: int, span: int, missing: int) -> int:
    """Gather what the decision table asks for, and decide."""
    row = row_of(m, i)
    exams_missing = courses_missing = exams_shut = courses_shut = exhausted = 0
    for gate in range(GATES):
        if missing >> gate & 1 == 0:
            continue
        exam = number(m, GATE, row[PROGRAMME], gate)
        lost = int(number(m, CANCELLED_SUM, exam, day) > number(m, CANCELLED_SUM, exam, row[GRADE_SINCE]))
        lost *= int(row[ATTEMPTS + gate] == 0)
        course = number(m, IS_COURSE, exam)
        exams_missing += 1 - course
        courses_missing += course
        exams_shut += lost * (1 - course)
        courses_shut += lost * course
        exhausted |= int(row[ATTEMPTS + gate] >= number(m, MAX_ATTEMPTS, exam))
    stage = number(m, STAGE, row[PROGRAMME])
    incomplete = arcp.EVIDENCE_CAME_LATE
    if row[SECOND_LOOK] == 0:
        word = luck(m, i, Purpose.REVIEW, row[PROGRAMME] * 1024 + row[GRADE] * 64 + row[LOOKS])[0]
        incomplete = int(bernoulli(word, chance(m, INCOMPLETE, number(m, MONTH_OF, day), stage)))
    row[LOOKS] += 1
    critical = number(m, CRITICAL, row[PROGRAMME], row[GRADE])
    at_end, derogation = at_grade_end(m, i, day), number(m, DEROGATION, day)
    owed = owed_now(m, i)
    waived = arcp.waived_days(owed, chance(m, WAIVER_DAYS), derogation, critical, at_end)
    return arcp.decide(
        stage,
        critical,
        at_end,
        incomplete,
        behind_now(m, i) - waived,
        owed - waived,
        number(m, MINOR_DAYS, stage),
        number(m, MAJOR_DAYS, stage),
        exams_missing,
        courses_missing,
        exams_shut,
        courses_shut,
        exhausted,
        derogation,
        row[REDEPLOYED_DAYS],
        row[ISOLATION_DAYS],
        span,
        number(m, ALLOWANCE_DAYS, row[PROGRAMME]) - row[ALLOWANCE_USED],
        chance(m, FOUNDATION_HAS_2),
    )


@kernel
def act(m: Memory, i: int, day: int, outcome: int, span: int) -> bool:
    """What follows from an outcome; False if the doctor has left."""
    row = row_of(m, i)
    row[SECOND_LOOK] = int(outcome == Outcome.O5)
    if outcome == Outcome.O5:
        row[REVIEW] = day + chance(m, RESOLVE_DAYS)
        return True
    if outcome == Outcome.NOT_ASSESSED:
        row[REVIEW] = NEVER
        return True
    row[LAST_REVIEW] = day
    if outcome == Outcome.O8:
        row[REVIEW] = extension.review_due(day, NEVER, day, 0)
        return True
    row[LAST_OUTCOME] = outcome
    if outcome == Outcome.O4:
        release(m, i, day)
        return False
    if outcome in (Outcome.O3, Outcome.O10_2):
        row[OUTCOME] = 0
        row[EXTENSION_DAYS] += span
        row[EXTENDED_HERE] = 1
        row[ALLOWANCE_USED] += span * arcp.counts_against_allowance(outcome)
        say(m, day, Phase.PANEL, i, Event.EXTENDED, outcome, 0, span)
    elif at_grade_end(m, i, day):
        row[OUTCOME] = outcome
    row[REDEPLOYED_DAYS] = row[ISOLATION_DAYS] = 0
    reckon(m, i, day)
    return True


@kernel
def release(m: Memory, i: int, day: int) -> None:
    """Outcome 4: the training number is given up at once."""
    say(m, day, Phase.PANEL, i, Event.RELEASED, row_of(m, i)[STATE], State.LEFT, 0)
    leave_books(m, i)
    leave_post(m, i)
    row_of(m, i)[STATE] = State.LEFT
    clear_diary(m, i)
    if row_of(m, i)[PROMISE_DAY] == 0:
        free_row(m, i)
