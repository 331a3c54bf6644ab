"""The ARCP panel of an office: once a week it decides, in an explicit order, as many reviews as it can hold."""

from collections.abc import Generator

import simpy

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.exams import (
    attempts_allowed,
    cancelled_ahead,
    current_part,
    gates_missing,
    last_result,
    not_yet_held,
    result_awaited,
)
from pipeline_sim.engines.reference.learning import accrue_learning, gaps, schedule_grade_end_and_review, season_review
from pipeline_sim.engines.reference.scheduled_turn import Turn
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules import arcp, competence, exams, extension
from pipeline_sim.rules.codes import GATES, NEVER, Event, Outcome, Phase, Purpose, State


class Panel:
    """Panel of one office."""

    def __init__(self, shared: SharedState, office: int) -> None:
        self.shared, self.office = shared, office
        self.rules = shared.rules
        self.queue = shared.panel_queues[office]

    def meet(self) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process of the panel, every week in which it meets."""
        capacity = self.rules.panels.capacity
        for week in range(capacity.shape[0]):
            room = capacity.item(week, self.office)
            if room and week * DAYS_PER_WEEK < self.shared.last_day:
                day, _ = yield Turn(self.shared.env, week * DAYS_PER_WEEK, Phase.PANEL, self.office)
                for doctor in sorted(self.queue.values(), key=self.order)[:room]:
                    self.review(doctor, day)

    def order(self, doctor: Doctor) -> tuple[int, int, int]:
        """Sort key of a review: critical points first, then who has waited longest, then trainee number."""
        critical = self.rules.programmes.critical.item(doctor.programme, doctor.grade)
        return -critical, doctor.asked, doctor.number

    def review(self, doctor: Doctor, day: int) -> None:
        """Review one doctor: decide, emit the outcome and apply it."""
        del self.queue[doctor.number]
        doctor.queued = 0
        accrue_learning(self.shared, doctor, day)
        decision = arcp.away_outcome(int(doctor.state), doctor.returns_due - doctor.away_from)
        if decision == arcp.PUT_OFF:
            doctor.review_due = doctor.returns_due
            return
        length = 0
        if decision < 0:
            decision, length = self.judge(doctor, day)
        outcome = arcp.outcome_of(decision)
        self.shared.emit_for_doctor(
            day, Phase.PANEL, doctor, Event.REVIEWED, arcp.reason_of(decision), outcome, day - doctor.asked
        )
        self.apply_outcome(doctor, day, outcome, length)
        if doctor.process and doctor.process.is_alive:
            doctor.process.interrupt(int(Phase.PANEL))

    def judge(self, doctor: Doctor, day: int) -> tuple[int, int]:
        """Decision and the extension that comes with it, in whole-time days."""
        book, programmes, stage = self.rules.panels, self.rules.programmes, self.shared.stage(doctor)
        self.carry_over(doctor)
        behind, covid_gap = gaps(doctor.balance, doctor.covid)
        at_end = self.at_grade_end(doctor, day)
        missing, missing_covid, exhausted, unwaived = self.count_gates(doctor, day)
        left = programmes.allowance_days.item(doctor.programme) - doctor.allowance_used
        incomplete = self.evidence(doctor, day, at_end)
        month, group = self.shared.month(day), programmes.group.item(doctor.programme)
        critical = programmes.critical.item(doctor.programme, doctor.grade)
        derogation = arcp.derogation_for(book.derogation.item(day), unwaived)
        waived = arcp.days_waived(covid_gap, book.waiver_days.item(month, group))
        decision = arcp.decide(
            stage,
            critical,
            at_end,
            incomplete,
            behind,
            covid_gap,
            waived,
            book.minor_days.item(stage),
            book.major_days.item(stage),
            *missing,
            *missing_covid,
            exhausted,
            derogation,
            doctor.redeployed_days,
            doctor.isolation_days,
            left,
            book.foundation_has_2,
        )
        outcome, length = arcp.outcome_of(decision), 0
        if outcome in (Outcome.O3, Outcome.O10_2):
            length = self.extension_length(doctor, day, behind, arcp.reason_of(decision))
        return decision, arcp.extension_given(outcome, length, left)

    def window(self, doctor: Doctor) -> int:
        """Days before the end of the grade within which a review decides it: few in an extension still needed."""
        book = self.rules.panels
        behind, _ = gaps(doctor.balance, doctor.covid)
        lacks = gates_missing(self.shared, doctor) or behind >= book.minor_days.item(self.shared.stage(doctor))
        return extension.decides_within(book.lead_first, book.lead_spread, doctor.extension_days if lacks else 0)

    def at_grade_end(self, doctor: Doctor, day: int) -> int:
        """Review for the end of the grade: 1, else 0."""
        return int(doctor.served - day <= self.window(doctor))

    def evidence(self, doctor: Doctor, day: int, at_end: int) -> int:
        """Whether evidence is complete, missing, came late or was lost: `incomplete` of the decision."""
        look = doctor.programme * 1024 + doctor.grade * 64 + doctor.looks
        doctor.looks += 1
        if doctor.second_look:
            return arcp.EVIDENCE_CAME_LATE
        if at_end and result_awaited(self.shared, doctor, day):
            return arcp.EVIDENCE_MISSING
        book, month = self.rules.panels, self.shared.month(day)
        missing = book.incomplete.item(month, self.shared.stage(doctor))
        lost = book.evidence_lost.item(month, self.rules.programmes.group.item(doctor.programme))
        word = self.shared.random_words(doctor.number, Purpose.REVIEW, look)[0]
        return arcp.evidence_at_review(word, missing, lost)

    def carry_over(self, doctor: Doctor) -> None:
        """Cap what is ahead; being ahead again wipes out what shocks took."""
        weight = self.rules.programmes.weight
        for domain in range(4):
            limit = self.rules.competence.surplus_days * weight.item(doctor.programme, domain)
            doctor.balance[domain] = competence.capped(doctor.balance[domain], limit)
            gap = competence.gap_of(doctor.balance[domain])
            doctor.covid[domain] = competence.due_to_covid(gap, doctor.covid[domain])

    def count_gates(self, doctor: Doctor, day: int) -> tuple[tuple[int, int], tuple[int, int], int, int]:
        """Exams and courses due and missing; those lost in this grade; attempts used up; how many are never waived."""
        book = self.rules.exams
        missing, shut, exhausted, unwaived = [0, 0], [0, 0], 0, 0
        for i in range(GATES):
            part = current_part(self.shared, doctor, i)
            held = i if part >= 0 else -1
            exhausted |= self.attempts_exhausted(doctor, i, part)
            if not exams.gate_missing(doctor.passed, held, book.gate_by.item(doctor.programme, i), doctor.grade):
                continue
            course = book.is_course.item(part)
            missing[course] += 1
            waits = not_yet_held(self.shared, doctor, i)
            lost = doctor.lost & (1 << i | waits) or cancelled_ahead(self.shared, doctor, i, part, day)
            shut[course] += int(lost > 0)
            unwaived += 1 - book.waivable.item(part)
        return (missing[0], missing[1]), (shut[0], shut[1]), exhausted, unwaived

    def attempts_exhausted(self, doctor: Doctor, gate: int, part: int) -> int:
        """Attempts at an exam that is not held, due or not, are used up: 1, else 0. Courses may be taken again."""
        if part < 0 or doctor.passed >> gate & 1 or self.rules.exams.is_course.item(part):
            return 0
        used_up = doctor.attempts[gate] >= attempts_allowed(self.shared, part)
        return int(used_up and doctor.awaited[gate] == exams.NO_RESULT)

    def extension_length(self, doctor: Doctor, day: int, behind: int, reason: int) -> int:
        """Length of an extension: steps by the gap; a term of the calendar if only an exam or course is missing."""
        book, steps, p = self.rules.extensions, self.rules.extensions.gap_steps, doctor.programme
        missing, result = gates_missing(self.shared, doctor), 0
        for i in range(GATES):
            if missing >> i & 1:
                result = max(result, last_result(self.shared, doctor, i, day))
        begins, first = max(day, doctor.served), self.rules.panels.lead_first
        usual = self.rules.programmes.first_exam_extension_days.item(p)
        term = extension.exam_term(usual, book.step_days, begins, result, first)
        alone = extension.exam_only(
            reason, missing, behind, self.rules.panels.minor_days.item(self.shared.stage(doctor))
        )
        fixed = extension.fixed_term(term, doctor.wte)
        return extension.length_days(behind, book.step_days, steps.item(0), steps.item(1), steps.item(2), alone, fixed)

    def apply_outcome(self, doctor: Doctor, day: int, outcome: int, length: int) -> None:
        """Apply an outcome."""
        doctor.second_look = int(outcome == Outcome.O5)
        if outcome == Outcome.O5:
            result = result_awaited(self.shared, doctor, day) if self.at_grade_end(doctor, day) else 0
            doctor.review_due = max(day + self.rules.panels.resolve_days, result)
            return
        if outcome == Outcome.NOT_ASSESSED:
            doctor.review_due = NEVER
            return
        doctor.last_review, doctor.last_outcome = day, outcome
        if outcome == Outcome.O8:
            doctor.review_due = season_review(self.shared, doctor, day)
            return
        self.settle_outcome(doctor, day, outcome, length)

    def settle_outcome(self, doctor: Doctor, day: int, outcome: int, length: int) -> None:
        """Apply an outcome of a review that was held: go on, extend or release."""
        if outcome == Outcome.O4:
            self.release(doctor, day)
            return
        if outcome in (Outcome.O3, Outcome.O10_2):
            doctor.outcome = 0
            doctor.lost *= int(outcome == Outcome.O10_2)  # until a sitting has been offered
            grade_days = self.rules.programmes.grade_days.item(doctor.programme, doctor.grade)
            doctor.extension_days = extension.with_extension(
                doctor.extension_days, length, grade_days, doctor.training_days
            )
            doctor.extended_by = outcome
            doctor.allowance_used += length * arcp.counts_against_allowance(outcome)
            self.shared.emit_for_doctor(day, Phase.PANEL, doctor, Event.EXTENDED, outcome, 0, length)
        elif self.settles_grade(doctor, day):
            doctor.outcome = outcome
        doctor.redeployed_days = doctor.isolation_days = 0
        schedule_grade_end_and_review(self.shared, doctor, day)

    def settles_grade(self, doctor: Doctor, day: int) -> int:
        """Whether a review that the doctor passes also decides the end of the grade: 1 or 0."""
        critical = self.rules.programmes.critical.item(doctor.programme, doctor.grade)
        missing, (behind, _) = gates_missing(self.shared, doctor), gaps(doctor.balance, doctor.covid)
        book, stage = self.rules.panels, self.shared.stage(doctor)
        limits = book.minor_days.item(stage), book.major_days.item(stage)
        days = doctor.served - day, day - doctor.grade_since
        before_interim = int(days[0] <= book.sooner_days)
        ahead = extension.on_course(critical, doctor.last_outcome, missing, behind, *limits, before_interim)
        return extension.settles_grade(*days, self.window(doctor), ahead, doctor.extension_days)

    def release(self, doctor: Doctor, day: int) -> None:
        """Release a doctor after outcome 4: the training number is given up at once."""
        self.shared.emit_for_doctor(day, Phase.PANEL, doctor, Event.RELEASED, doctor.state, State.LEFT)
        self.shared.leave_office(doctor)
        self.shared.leave_post(doctor)
        doctor.state = State.LEFT
        doctor.clear_diary()
