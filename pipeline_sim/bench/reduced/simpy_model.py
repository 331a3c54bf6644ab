"""The reduced pipeline as one writes it with SimPy: a process for each trainee, and one for each office.

Luck is Python's own generator: the same chances as everywhere, not the same bits.
"""

import random
from collections.abc import Generator
from typing import Any

import simpy

from pipeline_sim.bench.reduced.reduced_spec import YEAR_DAYS, Kind, Phase, Row, Spec
from pipeline_sim.bench.reduced.reduced_trainee import Trainee, entrants, new_trainee

Story = Generator[simpy.Event, Any, None]
EVENING = 0.5  # of a day


class Office:
    """Training slots, and those who ask for them today."""

    def __init__(self, env: simpy.Environment, spec: Spec) -> None:
        self.env, self.spec = env, spec
        self.slots = simpy.Container(env, capacity=spec.slots, init=spec.slots)
        self.asking: list[tuple[int, simpy.Event]] = []
        env.process(self.evenings())

    def ask(self, number: int) -> simpy.Event:
        """A slot for a trainee; the event's value says whether there was one."""
        answer = self.env.event()
        self.asking.append((number, answer))
        return answer

    def evenings(self) -> Story:
        """In the evening of every changeover slots are handed out in trainee order."""
        yield self.env.timeout(EVENING)
        while True:
            for _, answer in sorted(self.asking, key=lambda one: one[0]):
                is_free = self.slots.level > 0
                if is_free:
                    yield self.slots.get(1)
                answer.succeed(is_free)
            self.asking.clear()
            yield self.env.timeout(self.spec.rotation_days)


class Pipeline:
    """One run."""

    def __init__(self, spec: Spec) -> None:
        self.env, self.spec, self.rows = simpy.Environment(), spec, list[Row]()
        self.random = random.Random(f"{spec.seed} {spec.replication}")
        self.offices = [Office(self.env, spec) for _ in range(spec.offices)]
        self.env.process(self.years())

    def run(self) -> list[Row]:
        """All events, in order."""
        self.env.run(until=self.spec.days)
        return self.rows

    def years(self) -> Story:
        """Every year trainees enter."""
        while True:
            for number, grade in entrants(self.spec, int(self.env.now)):
                words = (self.luck(), self.luck(), self.luck(), self.luck())
                trainee = new_trainee(self.spec, number, grade, int(self.env.now), words)
                self.env.process(self.career(trainee))
            yield self.env.timeout(YEAR_DAYS)

    def career(self, trainee: Trainee) -> Story:
        """One trainee's road."""
        office = self.offices[trainee.office]
        day, was_reviewed = trainee.entered, -1
        self.say(trainee, day, Phase.ENTER, Kind.ENTERED, trainee.grade)
        yield from self.get_slot(trainee, office, day)
        while True:
            due = min(trainee.finish_on, trainee.rotate_on)
            if was_reviewed < trainee.review_on < due:
                due = trainee.review_on
            yield self.env.timeout(due - self.env.now)
            day = due
            if day == trainee.review_on:
                was_reviewed = day
                self.say(trainee, day, Phase.REVIEW, *trainee.review(day, self.luck()))
            if day == trainee.finish_on:
                self.say(trainee, day, Phase.FINISH, *trainee.finish(day))
                if trainee.grade == self.spec.grades:
                    break
            if day == trainee.rotate_on:
                if trainee.slot:
                    yield office.slots.put(1)
                self.say(trainee, day, Phase.ROTATE, *trainee.rotate(day, self.luck()))
                yield from self.get_slot(trainee, office, day)
        if trainee.slot:
            yield office.slots.put(1)

    def get_slot(self, trainee: Trainee, office: Office, day: int) -> Story:
        """Ask, and hear in the evening."""
        trainee.slot = int((yield office.ask(trainee.number)))
        self.say(trainee, day, Phase.PLACE, Kind.GIVEN if trainee.slot else Kind.REFUSED, trainee.office)

    def luck(self) -> int:
        """A word of luck."""
        return self.random.getrandbits(32)

    def say(self, trainee: Trainee, day: int, phase: int, kind: int, amount: int) -> None:
        """One row of the log."""
        self.rows.append((day, phase, trainee.number, kind, amount))


def run(spec: Spec) -> list[Row]:
    """All events of the spec, in order."""
    return Pipeline(spec).run()
