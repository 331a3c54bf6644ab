"""The reduced pipeline as one writes it with SimPy: a process for each trainee, and one for each office.

Random numbers are from Python's own generator: the same distributions, not the same bits.
"""

import random
from collections.abc import Generator
from typing import Any

import simpy

from pipeline_sim.bench.reduced.reduced_spec import YEAR_DAYS, Kind, Phase, Row, Spec
from pipeline_sim.bench.reduced.reduced_trainee import Trainee, entrants, new_trainee

Process = Generator[simpy.Event, Any, None]
EVENING = 0.5  # of a day


class Office:
    """Training slots of an office, and the requests of today."""

    def __init__(self, env: simpy.Environment, spec: Spec) -> None:
        self.env, self.spec = env, spec
        self.slots = simpy.Container(env, capacity=spec.slots, init=spec.slots)
        self.asking: list[tuple[int, simpy.Event]] = []
        env.process(self.evenings())

    def request_slot(self, number: int) -> simpy.Event:
        """Request a slot; the value of the event says whether there was one."""
        answer = self.env.event()
        self.asking.append((number, answer))
        return answer

    def evenings(self) -> Process:
        """Process of the office: in the evening of every changeover slots are allocated in trainee order."""
        yield self.env.timeout(EVENING)
        while True:
            for _, answer in sorted(self.asking, key=lambda request: request[0]):
                is_free = self.slots.level > 0
                if is_free:
                    yield self.slots.get(1)
                answer.succeed(is_free)
            self.asking.clear()
            yield self.env.timeout(self.spec.rotation_days)


class Pipeline:
    """One run of the reduced pipeline."""

    def __init__(self, spec: Spec) -> None:
        self.env, self.spec, self.rows = simpy.Environment(), spec, list[Row]()
        self.random = random.Random(f"{spec.seed} {spec.replication}")
        self.offices = [Office(self.env, spec) for _ in range(spec.offices)]
        self.env.process(self.years())

    def run(self) -> list[Row]:
        """Run to the end; all events, in order."""
        self.env.run(until=self.spec.days)
        return self.rows

    def years(self) -> Process:
        """Process of entry: trainees enter every year."""
        while True:
            for number, grade in entrants(self.spec, int(self.env.now)):
                words = (self.random_word(), self.random_word(), self.random_word(), self.random_word())
                trainee = new_trainee(self.spec, number, grade, int(self.env.now), words)
                self.env.process(self.career(trainee))
            yield self.env.timeout(YEAR_DAYS)

    def career(self, trainee: Trainee) -> Process:
        """Process of one trainee."""
        office = self.offices[trainee.office]
        day, was_reviewed = trainee.entered, -1
        self.emit(trainee, day, Phase.ENTER, Kind.ENTERED, trainee.grade)
        yield from self.get_slot(trainee, office, day)
        while True:
            due = min(trainee.finish_on, trainee.rotate_on)
            if was_reviewed < trainee.review_on < due:
                due = trainee.review_on
            yield self.env.timeout(due - self.env.now)
            day = due
            if day == trainee.review_on:
                was_reviewed = day
                self.emit(trainee, day, Phase.REVIEW, *trainee.review(day, self.random_word()))
            if day == trainee.finish_on:
                self.emit(trainee, day, Phase.FINISH, *trainee.finish(day))
                if trainee.grade == self.spec.grades:
                    break
            if day == trainee.rotate_on:
                if trainee.slot:
                    yield office.slots.put(1)
                self.emit(trainee, day, Phase.ROTATE, *trainee.rotate(day, self.random_word()))
                yield from self.get_slot(trainee, office, day)
        if trainee.slot:
            yield office.slots.put(1)

    def get_slot(self, trainee: Trainee, office: Office, day: int) -> Process:
        """Request a slot and wait for the evening."""
        trainee.slot = int((yield office.request_slot(trainee.number)))
        self.emit(trainee, day, Phase.PLACE, Kind.GIVEN if trainee.slot else Kind.REFUSED, trainee.office)

    def random_word(self) -> int:
        """Random word of 32 bits."""
        return self.random.getrandbits(32)

    def emit(self, trainee: Trainee, day: int, phase: int, kind: int, amount: int) -> None:
        """Write one row of the log."""
        self.rows.append((day, phase, trainee.number, kind, amount))


def run(spec: Spec) -> list[Row]:
    """Run a spec; all events, in order."""
    return Pipeline(spec).run()
