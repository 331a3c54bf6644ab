"""Places on interventions: every month an office gives them in an explicit order."""

from collections.abc import Generator

import simpy

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.exams import attempt_part, current_part, may_sit_from, plan_exam
from pipeline_sim.engines.reference.learning import balances_on
from pipeline_sim.engines.reference.scheduled_turn import Turn
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules.codes import FURTHEST_BEHIND, GATES, NEVER, NO_GATE, Event, Phase, Purpose, SeatOrder, State
from pipeline_sim.rules.competence import gap_of
from pipeline_sim.rules.exams import NO_RESULT, gate_missing
from pipeline_sim.rules.intervention_places import (
    before_critical_review,
    displaced,
    is_meant,
    nearest_key,
    needs_place,
    place_key,
    read_balance,
    reading_error,
    taught,
    worth_going,
)
from pipeline_sim.rules.random_numbers import bernoulli


class PlaceDesk:
    """Desk for places on interventions in one office. It knows kinds by index, not by name."""

    def __init__(self, shared: SharedState, office: int) -> None:
        self.shared, self.office = shared, office
        self.book = shared.rules.seats

    def give_places(self) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process that gives places, every month in which there are some."""
        starts = self.shared.rules.calendar.month_start
        for month in range(self.book.seats.shape[1]):
            if self.book.seats[:, month, self.office].any() and starts.item(month) < self.shared.last_day:
                day, _ = yield Turn(self.shared.env, starts.item(month), Phase.SEAT, self.office)
                for kind in range(self.book.seats.shape[0]):
                    self.give_kind(day, kind, self.book.seats.item(kind, month, self.office))

    def give_kind(self, day: int, kind: int, seats: int) -> None:
        """Give the month's places of one kind in their explicit order."""
        if not seats:
            return
        meant = [d for d in self.shared.at_work(self.office) if self.is_eligible(d, kind)]
        wants = [(d, self.read_gap(d, kind, day)[1], self.gate_needed(d, kind, day)) for d in meant]
        claims = [(self.order(d, day, kind, gap, gate), d) for d, gap, gate in wants if self.needs(d, kind, gap, gate)]
        for _, doctor in sorted(claims, key=lambda pair: pair[0])[:seats]:
            self.give_place(doctor, day, kind)

    def is_eligible(self, doctor: Doctor, kind: int) -> bool:
        """True if in training, in a group that the places are for; a gap is found once."""
        meant = bool(self.book.groups.item(kind, self.shared.group(doctor)))
        return doctor.state == State.TRAINING and meant and not (self.book.finds.item(kind) and doctor.found)

    def needs(self, doctor: Doctor, kind: int, gap: int, gate: int) -> bool:
        """True if behind by enough in the domain as the office reads it, or still without the gate."""
        worth = worth_going(self.dose(doctor, kind), self.book.displaced.item(kind))
        return needs_place(gap if worth else -1, self.book.least_gap.item(kind), gate >= 0)

    def order(self, doctor: Doctor, day: int, kind: int, gap: int, gate: int) -> tuple[int, int]:
        """Sort key of the places' order, then the trainee number."""
        order, rank = self.book.order.item(kind), self.book.rank.item(kind, doctor.programme)
        if order == SeatOrder.NEAREST_TO_LINE:
            return self.key_by_line(doctor, day, kind, gap, gate), doctor.number
        critical = self.shared.rules.programmes.critical.item(doctor.programme, doctor.grade)
        return place_key(order, rank, critical, doctor.programme_since, gap), doctor.number

    def key_by_line(self, doctor: Doctor, day: int, kind: int, gap: int, gate: int) -> int:
        """Key of a doctor in the order NEAREST_TO_LINE."""
        programmes, gate_by = self.shared.rules.programmes, self.shared.rules.exams.gate_by
        critical = programmes.critical.item(doctor.programme, doctor.grade)
        gate_due = -1
        if self.book.gate.item(kind) != NO_GATE:
            gate_due = gate_missing(doctor.passed, gate, gate_by.item(doctor.programme, gate), doctor.grade)
        return nearest_key(
            self.book.rank.item(kind, doctor.programme),
            before_critical_review(critical, doctor.outcome, doctor.served - day),
            gate_due,
            sum(gap_of(balance) for balance in self.readings_of(doctor, day)),
            1000 * self.shared.rules.panels.minor_days.item(self.shared.stage(doctor)),
            gap,
        )

    def readings_of(self, doctor: Doctor, day: int) -> list[int]:
        """Balances of a doctor as the office reads them."""
        words = self.shared.random_words(doctor.number, Purpose.READING, 0)
        errors = [reading_error(word, self.book.reading_error) for word in words]
        balance, _ = balances_on(self.shared, doctor, day)
        return [read_balance(b, error, doctor.found) for b, error in zip(balance, errors, strict=True)]

    def read_gap(self, doctor: Doctor, kind: int, day: int) -> tuple[int, int]:
        """Domain that a place is for, -1 if none, and the gap in it, both as the office reads them."""
        domain = self.book.domain.item(kind)
        if domain < 0:
            return domain, 0
        reads = self.readings_of(doctor, day)
        if domain == FURTHEST_BEHIND:
            weights = self.shared.rules.programmes.weight[doctor.programme]
            domain = min((d for d in range(4) if weights[d] > 0), key=reads.__getitem__)
        return domain, gap_of(reads[domain])

    def gate_needed(self, doctor: Doctor, kind: int, day: int) -> int:
        """Index of the gate that a place is for, of those that the doctor lacks the one due soonest; -1 if none."""
        book, exam = self.shared.rules.exams, self.book.gate.item(kind)
        needed, soonest = -1, NEVER
        for gate in range(GATES):
            first, by = book.gate.item(doctor.programme, gate), book.gate_by.item(doctor.programme, gate)
            meant = first >= 0 and is_meant(exam, first, book.is_course.item(first))
            if meant and by < soonest and not doctor.passed >> gate & 1 and self.can_help(doctor, kind, gate, day):
                needed, soonest = gate, by
        return needed

    def can_help(self, doctor: Doctor, kind: int, gate: int, day: int) -> bool:
        """True if a place clears its gate, or if the next part of it may be sat and what the place asks for is so."""
        if not (self.book.raises.item(kind) or self.book.sits.item(kind)):
            return True
        unsupported = self.book.sits.item(kind) or not doctor.support
        failed = doctor.attempts[gate] >= self.book.attempts.item(kind)
        return bool(unsupported) and failed and may_sit_from(self.shared, doctor, gate) <= day

    def dose(self, doctor: Doctor, kind: int) -> int:
        """Dose in thousandths of a curriculum day, by postgraduate year, because the experienced gain less."""
        year = self.shared.rules.programmes.entry_year.item(doctor.programme) + doctor.grade
        return taught(self.book.dose.item(kind, year), self.book.time.item(kind))

    def give_place(self, doctor: Doctor, day: int, kind: int) -> None:
        """Give a place: so many curriculum days in a domain, the clearing of a gate, or knowledge of the gap."""
        if self.book.finds.item(kind):
            doctor.found = 1
            self.shared.emit_for_doctor(
                day, Phase.SEAT, doctor, Event.SEATED, kind, 1, self.read_gap(doctor, kind, day)[1]
            )
            return
        gate = self.gate_needed(doctor, kind, day)
        domain, dose = self.read_gap(doctor, kind, day)[0], self.dose(doctor, kind)
        for each in range(4):
            weight = self.shared.rules.programmes.weight.item(doctor.programme, each)
            doctor.balance[each] -= displaced(self.book.displaced.item(kind), weight)
        if domain >= 0:
            doctor.balance[domain] += dose
        self.shared.emit_for_doctor(day, Phase.SEAT, doctor, Event.SEATED, kind, 0, dose)
        if gate >= 0:
            self.help_with_gate(doctor, day, kind, gate)

    def help_with_gate(self, doctor: Doctor, day: int, kind: int, gate: int) -> None:
        """Help with a gate: clear it, support the next attempt, or sit its next part now; one of these."""
        if self.book.raises.item(kind):
            doctor.support = (kind + 1) * GATES + gate
        word = self.shared.random_words(doctor.number, Purpose.SEAT, self.shared.month(day) * 64 + kind)[0]
        if bernoulli(word, self.book.clears.item(kind)):
            doctor.passed |= 1 << gate
            doctor.awaited[gate], doctor.result_day[gate] = NO_RESULT, day
        elif self.book.sits.item(kind):
            attempt_part(self.shared, doctor, day, gate, current_part(self.shared, doctor, gate))
        plan_exam(self.shared, doctor, day)
        if doctor.process and doctor.process.is_alive:
            doctor.process.interrupt(int(Phase.SEAT))
