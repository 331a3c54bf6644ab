"""The reduced pipeline in plain Python, with a heap and a dictionary: slow and short, to check the fast programs."""

import heapq

from pipeline_sim.base.philox import philox4x32
from pipeline_sim.bench.reduced.reduced_spec import YEAR_DAYS, Kind, Phase, Purpose, Row, Spec
from pipeline_sim.bench.reduced.reduced_trainee import Trainee, Words, entrants, new_trainee


class PlainPipeline:
    """One run of the reduced pipeline."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.rows: list[Row] = []
        self.trainees: dict[int, Trainee] = {}
        self.turns: list[tuple[int, int, int]] = []  # day, phase, trainee
        self.asking: list[Trainee] = []
        self.free = [spec.slots] * spec.offices

    def run(self) -> list[Row]:
        """Run to the end; all events, in order."""
        for day in range(self.spec.days):
            if day % YEAR_DAYS == 0:
                self.admit(day)
            while self.turns and self.turns[0][0] == day:
                _, phase, number = heapq.heappop(self.turns)
                self.run_turn(self.trainees[number], day, phase)
            self.allocate_slots(day)
        return self.rows

    def admit(self, day: int) -> None:
        """Enter the year's entrants."""
        for number, grade in entrants(self.spec, day):
            trainee = new_trainee(self.spec, number, grade, day, self.random_words(number, Purpose.ENTRY, day))
            self.trainees[number] = trainee
            self.emit(day, Phase.ENTER, trainee, Kind.ENTERED, grade)
            self.asking.append(trainee)
            self.schedule(trainee, day, Phase.ENTER)

    def run_turn(self, trainee: Trainee, day: int, phase: int) -> None:
        """Run what is due, then schedule what is due next."""
        if phase == Phase.REVIEW:
            kind, amount = trainee.review(day, self.random_words(trainee.number, Purpose.REVIEW, day)[0])
        elif phase == Phase.FINISH:
            kind, amount = trainee.finish(day)
        else:
            self.free[trainee.office] += trainee.slot
            kind, amount = trainee.rotate(day, self.random_words(trainee.number, Purpose.PLACE, day)[0])
            self.asking.append(trainee)
        self.emit(day, phase, trainee, kind, amount)
        if kind == Kind.LEFT:
            self.free[trainee.office] += trainee.slot
            del self.trainees[trainee.number]
        else:
            self.schedule(trainee, day, phase)

    def allocate_slots(self, day: int) -> None:
        """Allocate slots to those who requested one today, in trainee order."""
        for trainee in sorted(self.asking, key=lambda trainee: trainee.number):
            trainee.slot = int(self.free[trainee.office] > 0)
            self.free[trainee.office] -= trainee.slot
            self.emit(day, Phase.PLACE, trainee, Kind.GIVEN if trainee.slot else Kind.REFUSED, trainee.office)
        self.asking.clear()

    def schedule(self, trainee: Trainee, day: int, phase: int) -> None:
        """Schedule the first event due after this turn."""
        due = (
            (trainee.review_on, Phase.REVIEW, trainee.number),
            (trainee.finish_on, Phase.FINISH, trainee.number),
            (trainee.rotate_on, Phase.ROTATE, trainee.number),
        )
        heapq.heappush(self.turns, min(turn for turn in due if turn > (day, phase, trainee.number)))

    def random_words(self, number: int, purpose: int, day: int) -> Words:
        """Random words for one decision."""
        return philox4x32(number, purpose, day, self.spec.seed >> 32, self.spec.seed, self.spec.replication)

    def emit(self, day: int, phase: int, trainee: Trainee, kind: int, amount: int) -> None:
        """Write one row of the log."""
        self.rows.append((day, phase, trainee.number, kind, amount))


def run(spec: Spec) -> list[Row]:
    """Run a spec; all events, in order."""
    return PlainPipeline(spec).run()
