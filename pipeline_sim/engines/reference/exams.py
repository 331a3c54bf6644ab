"""Exams and courses of one doctor: which parts may be sat, when the next sitting is, and what its result is."""

from typing import NamedTuple

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.learning import accrue_learning, gaps, schedule_grade_end_and_review
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules import arcp, exams, extension
from pipeline_sim.rules.codes import GATES, NEVER, Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli

SITS = (State.TRAINING, State.REDEPLOYED, State.OOPT, State.OOPR, State.OOPE)


class Past(NamedTuple):
    """What a doctor had passed in the programme before."""

    programme: int
    passed: int
    part: list[int]
    attempts: list[int]
    days: list[int]


def place_of(shared: SharedState, programme: int, part: int) -> int:
    """Gate of the programme before which was the same exam or course; -1 for none."""
    gates = shared.rules.exams.gate
    places = [gate for gate in range(GATES) if min(programme, part) >= 0 and gates.item(programme, gate) == part]
    return places[0] if places else -1


def current_part(shared: SharedState, doctor: Doctor, gate: int) -> int:
    """Part of a gate to be sat next, the last one once all are held; -1 for no gate."""
    first = shared.rules.exams.gate.item(doctor.programme, gate)
    return first + doctor.part[gate] if first >= 0 else -1


def first_sat_after(shared: SharedState, doctor: Doctor, gate: int, part: int) -> int:
    """Days after which a doctor first sits a part: those of the part, and those by which this doctor puts it off.

    None for an exam that was postponed.
    """
    book, programme = shared.rules.exams, doctor.programme
    if book.on_entry.item(programme, gate):
        return 0
    after, spread = book.after_days.item(part), book.spread_days.item(part)
    if not spread:
        return after
    word = shared.random_words(doctor.number, Purpose.PUT_OFF, programme * GATES + gate)[doctor.part[gate]]
    first, last = book.gate_from.item(programme, gate), book.gate_by.item(programme, gate)
    return after + exams.days_put_off(word, spread, first, last, book.after_grades.item(part), after)


def hold_parts(shared: SharedState, doctor: Doctor) -> None:
    """Hold the parts passed before a start, or, for those in post on the first day, in earlier grades."""
    book, programme = shared.rules.exams, doctor.programme
    for gate in range(GATES):
        words = shared.random_words(doctor.number, Purpose.HELD, programme * GATES + gate)
        while current_part(shared, doctor, gate) >= 0 and not doctor.passed >> gate & 1:
            part = current_part(shared, doctor, gate)
            grades, after = (
                (book.gate_from.item(programme, gate), book.gate_by.item(programme, gate)),
                book.after_grades,
            )
            opens = exams.opening_grade(*grades, after.item(part), first_sat_after(shared, doctor, gate, part))
            first = book.pass_first.item(part, doctor.people)
            threshold = exams.held_threshold(book.held.item(part), first, doctor.grade, opens)
            if not bernoulli(words[doctor.part[gate]], threshold):
                break
            pass_part(shared, doctor, gate)


def carry_gates(shared: SharedState, doctor: Doctor, day: int, before: Past) -> None:
    """Take what was passed in the programme before into the next one: valid certificates, and exams held on entry.

    An exam that was postponed there is asked for here, from the part that is missing.
    """
    book = shared.rules.exams
    for gate in range(GATES):
        part = book.gate.item(doctor.programme, gate)
        was = place_of(shared, before.programme, part)
        if part >= 0 and book.is_course.item(part):
            if was >= 0 and before.passed >> was & 1 and exams.still_valid(day, before.days[was], book.valid_days):
                doctor.passed |= 1 << gate
                doctor.result_day[gate] = before.days[was]
        elif book.on_entry.item(doctor.programme, gate):
            doctor.passed |= 1 << gate
            doctor.part[gate] = 0
            if was >= 0 and not before.passed >> was & 1:
                doctor.passed &= ~(1 << gate)
                doctor.part[gate], doctor.attempts[gate] = before.part[was], before.attempts[was]


def pass_part(shared: SharedState, doctor: Doctor, gate: int) -> None:
    """Pass the current part of a gate: on to the next one, or the gate is held."""
    if doctor.part[gate] + 1 < shared.rules.exams.parts.item(doctor.programme, gate):
        doctor.part[gate] += 1
        doctor.attempts[gate] = 0
    else:
        doctor.passed |= 1 << gate


def gate_open(shared: SharedState, doctor: Doctor, gate: int) -> bool:
    """True if a gate has a part still to be passed, no result of it is awaited, and attempts are left."""
    part = current_part(shared, doctor, gate)
    return (
        part >= 0
        and not doctor.passed >> gate & 1
        and not not_yet_held(shared, doctor, gate)
        and doctor.awaited[gate] == exams.NO_RESULT
        and doctor.attempts[gate] < attempts_allowed(shared, part)
    )


def not_yet_held(shared: SharedState, doctor: Doctor, gate: int) -> int:
    """Bit set of the gates that must be held before a gate is sat, and are not."""
    return exams.not_yet_held(shared.rules.exams.before.item(doctor.programme, gate), doctor.passed)


def attempts_allowed(shared: SharedState, part: int) -> int:
    """Most attempts at a part."""
    book = shared.rules.exams
    return exams.attempts_allowed(book.is_course.item(part), book.max_attempts.item(part))


def may_sit_from(shared: SharedState, doctor: Doctor, gate: int) -> int:
    """First day from which the current part of a gate may be sat; NEVER if it may not."""
    if not gate_open(shared, doctor, gate):
        return NEVER
    book, part, p = shared.rules.exams, current_part(shared, doctor, gate), doctor.programme
    when = book.gate_from.item(p, gate), book.gate_by.item(p, gate), book.after_grades.item(part)
    opens = exams.may_sit_from(doctor.grade, doctor.grade_since, *when, first_sat_after(shared, doctor, gate, part))
    before = book.before.item(p, gate)
    result = max(doctor.result_day[i] for i in range(GATES) if i == gate or before >> i & 1)
    return max(opens, result + book.entry_days.item(part) if result else 0)


def next_sitting(shared: SharedState, doctor: Doctor, gate: int, day: int) -> int:
    """First sitting of a gate from a day on; NEVER if it may not be sat."""
    earliest, part = max(day, may_sit_from(shared, doctor, gate)), current_part(shared, doctor, gate)
    return shared.rules.exams.next_sitting.item(part, earliest) if earliest < shared.last_day else NEVER


def plan_exam(shared: SharedState, doctor: Doctor, day: int) -> None:
    """Plan the first result or sitting after today of any gate still to be passed."""
    due = NEVER
    for gate in range(GATES):
        if doctor.awaited[gate] == exams.NO_RESULT:
            due = min(due, next_sitting(shared, doctor, gate, day + 1))
        else:
            due = min(due, doctor.result_day[gate])
    doctor.exam_due = due


def sit(shared: SharedState, doctor: Doctor, day: int) -> None:
    """Sit every part that is held today, and receive the results of today."""
    for gate in range(GATES):
        if doctor.state in SITS and next_sitting(shared, doctor, gate, day) == day:
            sit_one(shared, doctor, day, gate, current_part(shared, doctor, gate))
        if doctor.awaited[gate] != exams.NO_RESULT and doctor.result_day[gate] <= day:
            receive_result(shared, doctor, day, gate)
    plan_exam(shared, doctor, day)


def sit_one(shared: SharedState, doctor: Doctor, day: int, gate: int, part: int) -> None:
    """Sit one part, if there is a place."""
    book = shared.rules.exams
    lot = shared.random_words(doctor.number, Purpose.EXAM_PLACE, day * GATES + gate)[0]
    if not bernoulli(lot, book.places.item(part, shared.month(day))):
        doctor.lost |= 1 << gate
        return
    attempt_part(shared, doctor, day, gate, part)


def attempt_part(shared: SharedState, doctor: Doctor, day: int, gate: int, part: int) -> None:
    """Attempt one part: the chance to pass rises with ability, knowledge and support, falls with attempts."""
    book = shared.rules.exams
    if doctor.extension_days:
        doctor.lost &= ~(1 << gate)
    accrue_learning(shared, doctor, day)
    threshold = exams.pass_threshold(
        book.pass_first.item(part, doctor.people),
        book.attempt_step.item(part),
        book.ability_step.item(part),
        book.gap_step.item(part),
        doctor.attempts[gate],
        doctor.ability,
        max(0, -doctor.balance[3]) // 1000,
    )
    threshold = exams.with_support(threshold, use_support(shared, doctor, gate))
    index = exams.attempt_index(doctor.programme, gate, doctor.part[gate], doctor.attempts[gate])
    word = shared.random_words(doctor.number, Purpose.EXAM, index)[0]
    doctor.attempts[gate] += 1
    doctor.awaited[gate] = exams.PASS if bernoulli(word, threshold) else exams.FAIL
    doctor.result_day[gate] = day + book.result_days.item(part)


def use_support(shared: SharedState, doctor: Doctor, gate: int) -> int:
    """Threshold that support for a gate adds to an attempt at it, after which it is used up; 0 without support."""
    if not doctor.support or doctor.support % GATES != gate:
        return 0
    kind, doctor.support = doctor.support // GATES - 1, 0
    return shared.rules.seats.raises.item(kind)


def receive_result(shared: SharedState, doctor: Doctor, day: int, gate: int) -> None:
    """Receive the result of a part."""
    event = Event.EXAM_PASSED if doctor.awaited[gate] == exams.PASS else Event.EXAM_FAILED
    part, attempt = current_part(shared, doctor, gate), doctor.attempts[gate]
    doctor.awaited[gate] = exams.NO_RESULT
    if event == Event.EXAM_PASSED:
        pass_part(shared, doctor, gate)
    shared.emit_for_doctor(day, Phase.EXAM, doctor, event, part, attempt)
    due = shared.rules.exams.gate_by.item(doctor.programme, gate) <= doctor.grade
    if event == Event.EXAM_PASSED and due and doctor.extension_days and not doctor.outcome:
        shorten_extension(shared, doctor, day)


def shorten_extension(shared: SharedState, doctor: Doctor, day: int) -> None:
    """End an extension early if a result was all that was missing: at a review soon, or when the grade itself ends."""
    programmes, first = shared.rules.programmes, shared.rules.panels.lead_first
    accrue_learning(shared, doctor, day)
    behind, _ = gaps(doctor.balance, doctor.covid)
    if gates_missing(shared, doctor) or behind >= shared.rules.panels.minor_days.item(shared.stage(doctor)):
        return
    days = programmes.grade_days.item(doctor.programme, doctor.grade)
    needed = extension.extension_still_needed(doctor.extension_days, days, doctor.training_days, doctor.wte, first)
    spared, doctor.extension_days = doctor.extension_days - needed, needed
    if spared == 0:
        return
    doctor.allowance_used = arcp.allowance_regained(doctor.allowance_used, spared, doctor.extended_by)
    shared.emit_for_doctor(day, Phase.EXAM, doctor, Event.SHORTENED, doctor.extended_by, 0, spared)
    if doctor.served < NEVER:
        schedule_grade_end_and_review(shared, doctor, day)


def gates_missing(shared: SharedState, doctor: Doctor) -> int:
    """Bit set of the programme's gates whose exam or course is due and not held."""
    book, missing = shared.rules.exams, 0
    for gate in range(GATES):
        held = gate if current_part(shared, doctor, gate) >= 0 else -1
        due = exams.gate_missing(doctor.passed, held, book.gate_by.item(doctor.programme, gate), doctor.grade)
        missing |= due << gate
    return missing


def exam_missing(shared: SharedState, doctor: Doctor) -> int:
    """Whether an exam, not a course, is due by the end of the grade and not held: 1 or 0."""
    book, missing = shared.rules.exams, gates_missing(shared, doctor)
    return int(any(missing >> i & 1 and not book.is_course.item(current_part(shared, doctor, i)) for i in range(GATES)))


def cancelled_ahead(shared: SharedState, doctor: Doctor, gate: int, part: int, day: int) -> int:
    """The next sitting of a gate is cancelled and is before the end of the grade: 1, else 0."""
    sitting = next_sitting(shared, doctor, gate, day)
    if sitting == NEVER:
        return 0
    return exams.cancelled_ahead(sitting, doctor.served, shared.rules.exams.places.item(part, shared.month(sitting)))


def result_awaited(shared: SharedState, doctor: Doctor, day: int) -> int:
    """Last day on which the result of a gate that is due and missing is awaited; 0 if none is.

    It is if the part has been sat, or is to be before the end of the grade, at a sitting that is not cancelled.
    """
    missing, last = gates_missing(shared, doctor), 0
    for i in range(GATES):
        if missing >> i & 1 and (doctor.awaited[i] != exams.NO_RESULT or sits_before_end(shared, doctor, i, day)):
            last = max(last, next_result(shared, doctor, i, day))
    return last


def sits_before_end(shared: SharedState, doctor: Doctor, gate: int, day: int) -> int:
    """The next sitting of a gate is before the end of the grade, and is held: 1, else 0."""
    sitting = next_sitting(shared, doctor, gate, day + 1)
    if sitting > doctor.served or sitting == NEVER:
        return 0
    return 1 - cancelled_ahead(shared, doctor, gate, current_part(shared, doctor, gate), day + 1)


def next_result(shared: SharedState, doctor: Doctor, gate: int, day: int) -> int:
    """Day of the next result of a gate, awaited or of the next sitting; NEVER if it may not be sat."""
    if doctor.awaited[gate] != exams.NO_RESULT:
        return doctor.result_day[gate]
    sitting, days = next_sitting(shared, doctor, gate, day + 1), shared.rules.exams.result_days
    return sitting + days.item(current_part(shared, doctor, gate)) if sitting < NEVER else NEVER


def last_result(shared: SharedState, doctor: Doctor, gate: int, day: int) -> int:
    """Day of the last result of a gate if all parts left are passed at once; NEVER if it may not be sat."""
    book, result = shared.rules.exams, next_result(shared, doctor, gate, day)
    part, left = current_part(shared, doctor, gate), book.parts.item(doctor.programme, gate) - doctor.part[gate]
    for later in range(part + 1, part + left):
        entered = result + book.entry_days.item(later)
        sitting = book.next_sitting.item(later, entered) if entered < shared.last_day else NEVER
        if sitting >= NEVER:
            return result
        result = sitting + book.result_days.item(later)
    return result
