"""The reduced pipeline as one writes it with salabim: a component for each trainee, a resource for each office.

Whoever holds until the evening with the trainee number as priority is called in trainee order, so a request that fails
when it is not met at once hands out slots as the model wants. Processes yield: salabim's other way, without yield,
needs greenlet and took a fifth longer here. Random numbers are Python's own: the same chances as everywhere, not
the same bits.
"""

import random
from collections.abc import Generator
from typing import Any

import salabim as sim  # type: ignore[import-untyped, import-not-found, unused-ignore]

from pipeline_sim.bench.reduced.reduced_spec import YEAR_DAYS, Kind, Phase, Row, Spec
from pipeline_sim.bench.reduced.reduced_trainee import Trainee, entrants, new_trainee

Process = Generator[Any, None, None]
EVENING = 0.5  # of a day


class Career(sim.Component):  # type: ignore[misc]
    """Process of one trainee."""

    def setup(self, trainee: Trainee, pipeline: "Pipeline") -> None:
        """Set up the process; statistics on components are off, as nobody reads them."""
        self.trainee, self.pipeline, self.slots = trainee, pipeline, pipeline.slots[trainee.office]
        self.status.monitor(False)
        self.mode.monitor(False)

    def process(self) -> Process:
        """Career from entry to the end of the last grade; salabim gives back a slot still held."""
        trainee, pipeline = self.trainee, self.pipeline
        day, was_reviewed = trainee.entered, -1
        self.emit(day, Phase.ENTER, Kind.ENTERED, trainee.grade)
        yield from self.get_slot(day)
        while True:
            due = min(trainee.finish_on, trainee.rotate_on)
            if was_reviewed < trainee.review_on < due:
                due = trainee.review_on
            yield self.hold(till=due)
            day = due
            if day == trainee.review_on:
                was_reviewed = day
                self.emit(day, Phase.REVIEW, *trainee.review(day, pipeline.random_word()))
            if day == trainee.finish_on:
                self.emit(day, Phase.FINISH, *trainee.finish(day))
                if trainee.grade == trainee.spec.grades:
                    return
            if day == trainee.rotate_on:
                if trainee.slot:
                    self.release(self.slots)
                self.emit(day, Phase.ROTATE, *trainee.rotate(day, pipeline.random_word()))
                yield from self.get_slot(day)

    def get_slot(self, day: int) -> Process:
        """Request a slot in the evening, and go without if there is none."""
        yield self.hold(till=day + EVENING, priority=self.trainee.number)
        yield self.request(self.slots, fail_delay=0)
        self.trainee.slot = int(not self.failed())
        self.emit(day, Phase.PLACE, Kind.GIVEN if self.trainee.slot else Kind.REFUSED, self.trainee.office)

    def emit(self, day: int, phase: int, kind: int, amount: int) -> None:
        """Write one row of the log."""
        self.pipeline.rows.append((day, phase, self.trainee.number, kind, amount))


class Years(sim.Component):  # type: ignore[misc]
    """Process of entry: trainees enter every year."""

    def process(self, pipeline: "Pipeline") -> Process:
        """Enter the entrants of each year."""
        while True:
            day = int(self.env.now())
            for number, grade in entrants(pipeline.spec, day):
                words = (pipeline.random_word(), pipeline.random_word(), pipeline.random_word(), pipeline.random_word())
                trainee = new_trainee(pipeline.spec, number, grade, day, words)
                Career(trainee=trainee, pipeline=pipeline, env=self.env)
            yield self.hold(YEAR_DAYS)


class Pipeline:
    """One run of the reduced pipeline."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.rows = spec, list[Row]()
        self.random = random.Random(f"{spec.seed} {spec.replication}")
        self.env = sim.Environment(trace=False, yieldless=False)
        self.slots = [
            sim.Resource(f"slots {office}", capacity=spec.slots, monitor=False, env=self.env)
            for office in range(spec.offices)
        ]
        Years(pipeline=self, env=self.env)

    def run(self) -> list[Row]:
        """Run to the end; all events, in order."""
        self.env.run(till=self.spec.days - EVENING)  # salabim runs up to a moment and through it
        return self.rows

    def random_word(self) -> int:
        """Random word of 32 bits."""
        return self.random.getrandbits(32)


def run(spec: Spec) -> list[Row]:
    """Run a spec; all events, in order."""
    return Pipeline(spec).run()
