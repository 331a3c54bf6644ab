"""Exams and courses of one doctor: which gates are open, when the next sitting is, and how it ends."""

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.learning import accrue_learning
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules import exams
from pipeline_sim.rules.codes import NEVER, Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli

SITS = (State.TRAINING, State.REDEPLOYED, State.OOPR, State.OOPE)


def open_gates(shared: SharedState, doctor: Doctor) -> list[int]:
    """Gates that may be sat now."""
    book, p = shared.rules.exams, doctor.programme
    return [
        i
        for i in range(book.gate.shape[1])
        if book.gate.item(p, i) >= 0
        and not doctor.passed >> i & 1
        and book.gate_from.item(p, i) <= doctor.grade
        and doctor.attempts[i] < book.max_attempts.item(book.gate.item(p, i))
    ]


def plan_exam(shared: SharedState, doctor: Doctor, day: int) -> None:
    """Plan the first open sitting after today of any gate still to be passed."""
    book, tomorrow = shared.rules.exams, min(day + 1, shared.last_day)
    sittings = [
        book.next_sitting.item(book.gate.item(doctor.programme, i), tomorrow) for i in open_gates(shared, doctor)
    ]
    doctor.exam_due = min(sittings, default=NEVER)


def sit(shared: SharedState, doctor: Doctor, day: int) -> None:
    """Sit every gate that is open today."""
    book = shared.rules.exams
    if doctor.state in SITS:
        for i in open_gates(shared, doctor):
            exam = book.gate.item(doctor.programme, i)
            if book.next_sitting.item(exam, day) == day:
                sit_one(shared, doctor, day, i, exam)
    plan_exam(shared, doctor, day)


def sit_one(shared: SharedState, doctor: Doctor, day: int, gate: int, exam: int) -> None:
    """Sit one gate: the chance rises with ability and knowledge and falls with attempts."""
    accrue_learning(shared, doctor, day)
    book, attempts = shared.rules.exams, doctor.attempts[gate]
    threshold = exams.pass_threshold(
        book.pass_first.item(exam),
        book.attempt_step.item(exam),
        book.ability_step.item(exam),
        book.gap_step.item(exam),
        attempts,
        doctor.ability,
        max(0, -doctor.balance[3]) // 1000,
    )
    word = shared.random_words(doctor.number, Purpose.EXAM, doctor.programme * 256 + gate * 32 + attempts)[0]
    doctor.attempts[gate] += 1
    if bernoulli(word, threshold):
        doctor.passed |= 1 << gate
    event = Event.EXAM_PASSED if doctor.passed >> gate & 1 else Event.EXAM_FAILED
    shared.emit_for_doctor(day, Phase.EXAM, doctor, event, exam, doctor.attempts[gate])
