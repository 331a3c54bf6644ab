"""Inter-deanery transfer: two windows a year, a place must be free at the other end."""

from collections.abc import Generator

import simpy

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.learning import accrue_learning, schedule_grade_end_and_review
from pipeline_sim.engines.reference.scheduled_turn import Turn
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules.codes import Event, Pattern, Phase, Purpose, Stage, State
from pipeline_sim.rules.random_numbers import bernoulli, categorical


class TransferWindow:
    """National transfer office."""

    def __init__(self, shared: SharedState) -> None:
        self.shared = shared

    def open(self) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process of the office, every six-monthly changeover."""
        changeovers = self.shared.rules.calendar.next_changeover
        day = changeovers.item(Pattern.SIX, 0)
        while day < self.shared.last_day:
            yield Turn(self.shared.env, day, Phase.TRANSFER, 0)
            self.decide_transfers(day)
            day = changeovers.item(Pattern.SIX, day)

    def decide_transfers(self, day: int) -> None:
        """Decide requests in the order of a keyed random rank; a post must be free at the other end."""
        requests = []
        for office in range(self.shared.offices):
            for doctor in self.shared.at_work(office):
                words = self.shared.random_words(doctor.number, Purpose.TRANSFER, day)
                if self.may_transfer(doctor, day) and bernoulli(words[0], self.shared.rules.life.transfer):
                    target = categorical(words[1], self.shared.rules.recruitment.office_pull)
                    requests.append((words[2], doctor.number, doctor, target))
        for _, _, doctor, target in sorted(requests, key=lambda request: request[:2]):
            if target < self.shared.offices and target != doctor.office and self.has_room(doctor, target, day):
                self.move(doctor, target, day)

    def may_transfer(self, doctor: Doctor, day: int) -> bool:
        """True if in training after foundation, with a year still to go."""
        last = self.shared.rules.programmes.grades.item(doctor.programme) - 1
        long_enough = doctor.grade < last or doctor.served - day >= self.shared.rules.life.transfer_days_left
        return doctor.state == State.TRAINING and self.shared.stage(doctor) != Stage.FOUNDATION and long_enough

    def has_room(self, doctor: Doctor, target: int, day: int) -> bool:
        """True if the target office has a post of the programme that is neither held nor promised."""
        posts = self.shared.rules.posts.establishment.item(self.shared.year(day), doctor.programme, target)
        promised = sum(
            1
            for waiting in self.shared.promised.values()
            for other in waiting.values()
            if other.promise and other.promise[:2] == (doctor.programme, target)
        )
        return self.shared.holders.item(doctor.programme, target) + promised < posts

    def move(self, doctor: Doctor, target: int, day: int) -> None:
        """Move a doctor to another office and ask there for a placement; a pending review is requested again."""
        accrue_learning(self.shared, doctor, day)
        was, waiting = doctor.office, doctor.queued
        self.shared.leave_office(doctor)
        self.shared.leave_post(doctor)
        doctor.office = target
        self.shared.take_post(doctor)
        self.shared.emit_for_doctor(day, Phase.TRANSFER, doctor, Event.TRANSFERRED, was, target)
        doctor.rotation_due = day
        schedule_grade_end_and_review(self.shared, doctor, day)
        doctor.review_due = day + 1 if waiting else doctor.review_due
        if doctor.process:
            doctor.process.interrupt(int(Phase.TRANSFER))
