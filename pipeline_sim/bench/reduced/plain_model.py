"""The reduced pipeline in plain Python, a heap and a dictionary: slow, and short enough to be believed.

What the fast programs are checked against.
"""

import heapq

from pipeline_sim.base.philox import philox4x32
from pipeline_sim.bench.reduced.reduced_spec import YEAR_DAYS, Kind, Phase, Purpose, Row, Spec
from pipeline_sim.bench.reduced.reduced_trainee import Trainee, Words, entrants, new_trainee


class Plain:
    """One run."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.rows: list[Row] = []
        self.trainees: dict[int, Trainee] = {}
        self.turns: list[tuple[int, int, int]] = []  # day, phase, trainee
        self.asking: list[Trainee] = []
        self.free = [spec.slots] * spec.offices

    def run(self) -> list[Row]:
        """All events, in order."""
        for day in range(self.spec.days):
            if day % YEAR_DAYS == 0:
                self.admit(day)
            while self.turns and self.turns[0][0] == day:
                _, phase, number = heapq.heappop(self.turns)
                self.act(self.trainees[number], day, phase)
            self.hand_out(day)
        return self.rows

    def admit(self, day: int) -> None:
        """The year's entrants."""
        for number, grade in entrants(self.spec, day):
            trainee = new_trainee(self.spec, number, grade, day, self.luck(number, Purpose.ENTRY, day))
            self.trainees[number] = trainee
            self.say(day, Phase.ENTER, trainee, Kind.ENTERED, grade)
            self.asking.append(trainee)
            self.schedule(trainee, day, Phase.ENTER)

    def act(self, trainee: Trainee, day: int, phase: int) -> None:
        """What is due, then what is due next."""
        if phase == Phase.REVIEW:
            kind, amount = trainee.review(day, self.luck(trainee.number, Purpose.REVIEW, day)[0])
        elif phase == Phase.FINISH:
            kind, amount = trainee.finish(day)
        else:
            self.free[trainee.office] += trainee.slot
            kind, amount = trainee.rotate(day, self.luck(trainee.number, Purpose.PLACE, day)[0])
            self.asking.append(trainee)
        self.say(day, phase, trainee, kind, amount)
        if kind == Kind.LEFT:
            self.free[trainee.office] += trainee.slot
            del self.trainees[trainee.number]
        else:
            self.schedule(trainee, day, phase)

    def hand_out(self, day: int) -> None:
        """Slots to those who asked today, in trainee order."""
        for trainee in sorted(self.asking, key=lambda one: one.number):
            trainee.slot = int(self.free[trainee.office] > 0)
            self.free[trainee.office] -= trainee.slot
            self.say(day, Phase.PLACE, trainee, Kind.GIVEN if trainee.slot else Kind.REFUSED, trainee.office)
        self.asking.clear()

    def schedule(self, trainee: Trainee, day: int, phase: int) -> None:
        """The first of what is due after this turn."""
        due = (
            (trainee.review_on, Phase.REVIEW, trainee.number),
            (trainee.finish_on, Phase.FINISH, trainee.number),
            (trainee.rotate_on, Phase.ROTATE, trainee.number),
        )
        heapq.heappush(self.turns, min(turn for turn in due if turn > (day, phase, trainee.number)))

    def luck(self, number: int, purpose: int, day: int) -> Words:
        """Four words for one decision."""
        return philox4x32(number, purpose, day, self.spec.seed >> 32, self.spec.seed, self.spec.replication)

    def say(self, day: int, phase: int, trainee: Trainee, kind: int, amount: int) -> None:
        """One row of the log."""
        self.rows.append((day, phase, trainee.number, kind, amount))


def run(spec: Spec) -> list[Row]:
    """All events of the spec, in order."""
    return Plain(spec).run()
