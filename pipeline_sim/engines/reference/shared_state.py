"""State that the offices share: Rulebook, random numbers, log, holders of posts and slots."""

from collections.abc import Iterable

import numpy as np
from simpy import Environment

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.codes import Event, Phase
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.rules.rulebook import Rulebook


class SharedState:
    """Shared state of one replication. Posts and slots are counted here and nowhere else."""

    def __init__(self, rulebook: Rulebook, seed: int, replication: int, log: EventLog) -> None:
        self.rules = rulebook
        self.env = Environment()
        self.seed, self.replication = seed, replication
        self.log = log
        self.last_day = int(rulebook.calendar.year_start[-1])
        self.programmes, self.offices = rulebook.posts.establishment.shape[1:]
        self.groups = rulebook.placements.slots.shape[1]
        self.holders = np.zeros((self.programmes, self.offices), np.int64)
        self.slots_held = np.zeros((self.groups, self.offices), np.int64)
        self.rosters: list[dict[int, Doctor]] = [{} for _ in range(self.offices)]
        self.pool: dict[int, Doctor] = {}
        self.grace: dict[int, Doctor] = {}
        self.promised: dict[int, dict[int, Doctor]] = {}  # start day -> number -> doctor
        self.panel_queues: list[dict[int, Doctor]] = [{} for _ in range(self.offices)]
        self.placement_requests: list[dict[int, Doctor]] = [{} for _ in range(self.offices)]

    def random_words(self, trainee: int, purpose: int, index: int) -> tuple[int, int, int, int]:
        """Four random words for one decision of a doctor."""
        return draw(self.seed, self.replication, trainee, int(purpose), index)

    def emit_for_doctor(
        self, day: int, phase: Phase, who: Doctor, event: Event, was: int = 0, now: int = 0, amount: int = 0
    ) -> None:
        """Emit one row about a doctor."""
        self.log.write(day, phase, who.number, event, was, now, who.programme, who.grade, who.office, who.wte, amount)

    def group(self, doctor: Doctor) -> int:
        """Specialty group of a doctor in a programme."""
        return self.rules.programmes.group.item(doctor.programme)

    def stage(self, doctor: Doctor) -> int:
        """Stage of a doctor's programme."""
        return self.rules.programmes.stage.item(doctor.programme)

    def year(self, day: int) -> int:
        """Training year of a day."""
        return self.rules.calendar.year_of.item(day)

    def month(self, day: int) -> int:
        """Calendar month of a day."""
        return self.rules.calendar.month_of.item(day)

    def changeover(self, doctor: Doctor, day: int) -> int:
        """Next changeover of the doctor's programme strictly after a day."""
        pattern = self.rules.programmes.pattern.item(doctor.programme)
        return self.rules.calendar.next_changeover.item(pattern, day)

    def take_post(self, doctor: Doctor) -> int:
        """Count a doctor into a post; returns how many holders there now are above the establishment."""
        self.holders[doctor.programme, doctor.office] += 1
        self.rosters[doctor.office][doctor.number] = doctor
        posts = self.rules.posts.establishment.item(self.year(int(self.env.now)), doctor.programme, doctor.office)
        return max(0, self.holders.item(doctor.programme, doctor.office) - posts)

    def leave_post(self, doctor: Doctor) -> None:
        """Count a doctor out of a post."""
        self.holders[doctor.programme, doctor.office] -= 1

    def leave_office(self, doctor: Doctor) -> None:
        """Take a doctor off the office's books: slot, panel queue and roster."""
        self.release_slot(doctor)
        self.panel_queues[doctor.office].pop(doctor.number, None)
        doctor.queued = False
        del self.rosters[doctor.office][doctor.number]

    def release_slot(self, doctor: Doctor) -> None:
        """Give back a supervised slot, if one is held."""
        if doctor.supervised:
            self.slots_held[self.group(doctor), doctor.office] -= 1
            doctor.supervised = 0

    def ask_for_slot(self, doctor: Doctor) -> None:
        """Ask the office for a slot; it answers at the end of the day's changeover."""
        self.placement_requests[doctor.office][doctor.number] = doctor

    def at_work(self, office: int) -> Iterable[Doctor]:
        """Doctors of an office in trainee order."""
        roster = self.rosters[office]
        return [roster[number] for number in sorted(roster)]
