"""Redeployment: an office pulls doctors to COVID wards in the middle of a rotation."""

from collections.abc import Generator

import simpy

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.learning import accrue_learning
from pipeline_sim.engines.reference.scheduled_turn import Turn
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules.codes import Event, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli, uniform_index


class RedeploymentDesk:
    """Redeployment desk of one office."""

    def __init__(self, shared: SharedState, office: int) -> None:
        self.shared, self.office = shared, office

    def watch(self) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process of the desk, every week in which the wards ask for doctors."""
        pull = self.shared.rules.redeployment.pull
        for week in range(pull.shape[0]):
            if pull[week, :, self.office].any() and week * DAYS_PER_WEEK < self.shared.last_day:
                day, _ = yield Turn(self.shared.env, week * DAYS_PER_WEEK, Phase.REDEPLOY, self.office)
                self.draw_redeployment(day, week)

    def draw_redeployment(self, day: int, week: int) -> None:
        """Draw who is redeployed this week, in the middle of a rotation."""
        pull = self.shared.rules.redeployment.pull
        for doctor in self.shared.at_work(self.office):
            if doctor.state == State.TRAINING:
                words = self.shared.random_words(doctor.number, Purpose.REDEPLOY, week)
                if bernoulli(words[0], pull.item(week, self.shared.group(doctor), self.office)):
                    self.redeploy(doctor, day, words[1])

    def redeploy(self, doctor: Doctor, day: int, word: int) -> None:
        """Redeploy one doctor: accrue learning, go to the ward, plan the return."""
        table = self.shared.rules.redeployment.weeks
        weeks = table.item(uniform_index(word, table.shape[0]))
        accrue_learning(self.shared, doctor, day)
        doctor.state, doctor.away_from = State.REDEPLOYED, day
        doctor.returns_due = day + DAYS_PER_WEEK * weeks
        self.shared.emit_for_doctor(
            day, Phase.REDEPLOY, doctor, Event.REDEPLOYED, State.TRAINING, State.REDEPLOYED, weeks
        )
        if doctor.process:
            doctor.process.interrupt(int(Phase.REDEPLOY))
