"""Exams and courses as functions on a row; compare engines/reference/exams."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.engines.batch.event_routines.learning import settle
from pipeline_sim.engines.batch.memory.access import chance, number, row_of
from pipeline_sim.engines.batch.memory.books import (
    luck,
)
from pipeline_sim.engines.batch.memory.layout import (
    ABILITY,
    ATTEMPTS,
    BALANCE,
    EXAM,
    GRADE,
    LAST_DAY,
    PASSED,
    PROGRAMME,
    STATE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
    ABILITY_STEP,
    ATTEMPT_STEP,
    GAP_STEP,
    GATE,
    GATE_FROM,
    MAX_ATTEMPTS,
    NEXT_SITTING,
    PASS_FIRST,
)
from pipeline_sim.engines.batch.output.emit import say
from pipeline_sim.rules import exams
from pipeline_sim.rules.codes import GATES, NEVER, Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli


@kernel
def gate_open(m: Memory, i: int, gate: int) -> int:
    """1 if a gate may be sat now. Nothing jumps on who has passed what: it cannot be foreseen."""
    row = row_of(m, i)
    exam = number(m, GATE, row[PROGRAMME], gate)
    early = int(number(m, GATE_FROM, row[PROGRAMME], gate) > row[GRADE])
    tries_left = int(row[ATTEMPTS + gate] < number(m, MAX_ATTEMPTS, max(0, exam)))
    return int(exam >= 0) & tries_left & ~(row[PASSED] >> gate | early)


@kernel
def next_sitting(m: Memory, i: int, gate: int, day: int) -> int:
    """The first sitting of a gate from a day on; NEVER if it may not be sat."""
    sitting = number(m, NEXT_SITTING, max(0, number(m, GATE, row_of(m, i)[PROGRAMME], gate)), day)
    return sitting if gate_open(m, i, gate) else NEVER


@kernel
def plan_exam(m: Memory, i: int, day: int) -> None:
    """The first open sitting after today of any gate still to be passed."""
    tomorrow, first = min(day + 1, m[LAST_DAY]), NEVER
    for gate in range(GATES):
        first = min(first, next_sitting(m, i, gate, tomorrow))
    row_of(m, i)[EXAM] = first


@kernel
def sit(m: Memory, i: int, day: int) -> None:
    """Sit every gate that is open today."""
    if row_of(m, i)[STATE] in (State.TRAINING, State.REDEPLOYED, State.OOPR, State.OOPE):
        for gate in range(GATES):
            if next_sitting(m, i, gate, day) == day:
                sit_one(m, i, day, gate, number(m, GATE, row_of(m, i)[PROGRAMME], gate))
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
    if bernoulli(word, threshold):
        row[PASSED] |= 1 << gate
        event = Event.EXAM_PASSED
    say(m, day, Phase.EXAM, i, event, exam, row[ATTEMPTS + gate], 0)
