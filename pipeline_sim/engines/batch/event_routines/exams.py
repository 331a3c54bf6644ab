"""Exams and courses as functions on a row; the twin of engines/reference/exams."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.learning import accrue_learning
from pipeline_sim.engines.batch.memory.access import param, row_of, table_value
from pipeline_sim.engines.batch.memory.books import random_words
from pipeline_sim.engines.batch.memory.layout import Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.engines.batch.output.emit import emit_for_doctor
from pipeline_sim.rules import exams
from pipeline_sim.rules.codes import GATES, NEVER, Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli


@kernel
def gate_open(m: Memory, i: int, gate: int) -> int:
    """Gate may be sat now: 1, else 0. Without branches on who has passed what, which cannot be predicted."""
    row = row_of(m, i)
    exam = table_value(m, Table.GATE, row[Row.PROGRAMME], gate)
    early = int(table_value(m, Table.GATE_FROM, row[Row.PROGRAMME], gate) > row[Row.GRADE])
    tries_left = int(row[Row.ATTEMPTS + gate] < table_value(m, Table.MAX_ATTEMPTS, max(0, exam)))
    return int(exam >= 0) & tries_left & ~(row[Row.PASSED] >> gate | early)


@kernel
def next_sitting(m: Memory, i: int, gate: int, day: int) -> int:
    """First sitting of a gate from a day on; NEVER if it may not be sat."""
    sitting = table_value(
        m, Table.NEXT_SITTING, max(0, table_value(m, Table.GATE, row_of(m, i)[Row.PROGRAMME], gate)), day
    )
    return sitting if gate_open(m, i, gate) else NEVER


@kernel
def plan_exam(m: Memory, i: int, day: int) -> None:
    """Plan the first open sitting after today of any gate still to be passed."""
    tomorrow, first = min(day + 1, m[Header.LAST_DAY]), NEVER
    for gate in range(GATES):
        first = min(first, next_sitting(m, i, gate, tomorrow))
    row_of(m, i)[Row.EXAM] = first


@kernel
def sit(m: Memory, i: int, day: int) -> None:
    """Sit every gate that is open today."""
    if row_of(m, i)[Row.STATE] in (State.TRAINING, State.REDEPLOYED, State.OOPR, State.OOPE):
        for gate in range(GATES):
            if next_sitting(m, i, gate, day) == day:
                sit_one(m, i, day, gate, table_value(m, Table.GATE, row_of(m, i)[Row.PROGRAMME], gate))
    plan_exam(m, i, day)


@kernel
def sit_one(m: Memory, i: int, day: int, gate: int, exam: int) -> None:
    """Sit one gate: the chance rises with ability and knowledge and falls with attempts."""
    accrue_learning(m, i, day)
    row = row_of(m, i)
    attempts = row[Row.ATTEMPTS + gate]
    threshold = exams.pass_threshold(
        param(m, Param.PASS_FIRST, exam),
        param(m, Param.ATTEMPT_STEP, exam),
        param(m, Param.ABILITY_STEP, exam),
        param(m, Param.GAP_STEP, exam),
        attempts,
        row[Row.ABILITY],
        max(0, -row[Row.BALANCE + 3]) // 1000,
    )
    word = random_words(m, i, Purpose.EXAM, row[Row.PROGRAMME] * 256 + gate * 32 + attempts)[0]
    row[Row.ATTEMPTS + gate] += 1
    event = Event.EXAM_FAILED
    if bernoulli(word, threshold):
        row[Row.PASSED] |= 1 << gate
        event = Event.EXAM_PASSED
    emit_for_doctor(m, day, Phase.EXAM, i, event, exam, row[Row.ATTEMPTS + gate], 0)
