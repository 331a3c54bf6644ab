"""Places on interventions: every month an office gives them in an explicit order."""

from collections.abc import Generator

import simpy

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.learning import balances_on
from pipeline_sim.engines.reference.scheduled_turn import Turn
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules.codes import FURTHEST_BEHIND, Event, Phase, Purpose, State
from pipeline_sim.rules.competence import gap_of
from pipeline_sim.rules.intervention_places import needs_place, place_key, read_balance, reading_error
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
        gaps = [(d, self.read_gap(d, kind, day)[1]) for d in meant]
        claims = [(self.order(d, kind, gap), d) for d, gap in gaps if self.needs(d, kind, gap)]
        for _, doctor in sorted(claims, key=lambda pair: pair[0])[:seats]:
            self.give_place(doctor, day, kind)

    def is_eligible(self, doctor: Doctor, kind: int) -> bool:
        """True if in training, in a group that the places are for; a gap is found once."""
        meant = bool(self.book.groups.item(kind, self.shared.group(doctor)))
        return doctor.state == State.TRAINING and meant and not (self.book.finds.item(kind) and doctor.found)

    def needs(self, doctor: Doctor, kind: int, gap: int) -> bool:
        """True if behind by enough in the domain as the office reads it, or still without the gate."""
        gate = self.gate_bit(doctor, kind)
        return needs_place(gap, self.book.least_gap.item(kind), gate >= 0 and not doctor.passed >> gate & 1)

    def order(self, doctor: Doctor, kind: int, gap: int) -> tuple[int, int]:
        """Sort key of the places' order, then the trainee number."""
        critical = self.shared.rules.programmes.critical.item(doctor.programme, doctor.grade)
        return place_key(self.book.order.item(kind), critical, doctor.programme_since, gap), doctor.number

    def read_gap(self, doctor: Doctor, kind: int, day: int) -> tuple[int, int]:
        """Domain that a place is for, -1 if none, and the gap in it, both as the office reads them."""
        domain = self.book.domain.item(kind)
        if domain < 0:
            return domain, 0
        words = self.shared.random_words(doctor.number, Purpose.READING, 0)
        errors = [reading_error(word, self.book.reading_error) for word in words]
        balance, _ = balances_on(self.shared, doctor, day)
        reads = [read_balance(b, error, doctor.found) for b, error in zip(balance, errors, strict=True)]
        if domain == FURTHEST_BEHIND:
            weights = self.shared.rules.programmes.weight[doctor.programme]
            domain = min((d for d in range(4) if weights[d] > 0), key=reads.__getitem__)
        return domain, gap_of(reads[domain])

    def gate_bit(self, doctor: Doctor, kind: int) -> int:
        """Index of the programme's gate that a place can clear; -1 if none."""
        exam = self.book.gate.item(kind)
        gates = self.shared.rules.exams.gate
        held = [i for i in range(gates.shape[1]) if exam >= 0 and gates.item(doctor.programme, i) == exam]
        return held[0] if held else -1

    def dose(self, doctor: Doctor, kind: int) -> int:
        """Dose in thousandths of a curriculum day, by postgraduate year, because the experienced gain less."""
        return self.book.dose.item(kind, self.shared.rules.programmes.entry_year.item(doctor.programme) + doctor.grade)

    def give_place(self, doctor: Doctor, day: int, kind: int) -> None:
        """Give a place: so many curriculum days in a domain, the clearing of a gate, or knowledge of the gap."""
        if self.book.finds.item(kind):
            doctor.found = 1
            self.shared.emit_for_doctor(
                day, Phase.SEAT, doctor, Event.SEATED, kind, 1, self.read_gap(doctor, kind, day)[1]
            )
            return
        domain, dose = self.read_gap(doctor, kind, day)[0], self.dose(doctor, kind)
        if domain >= 0:
            doctor.balance[domain] += dose
        gate = self.gate_bit(doctor, kind)
        month = self.shared.month(day)
        word = self.shared.random_words(doctor.number, Purpose.SEAT, month * 64 + kind)[0]
        if gate >= 0 and bernoulli(word, self.book.clears.item(kind)):
            doctor.passed |= 1 << gate
        self.shared.emit_for_doctor(day, Phase.SEAT, doctor, Event.SEATED, kind, 0, dose)
