"""Trainee of the reduced pipeline in plain Python, for the programs in which a trainee is an object."""

from dataclasses import dataclass

from pipeline_sim.bench.reduced import reduced_spec as rules
from pipeline_sim.bench.reduced.reduced_spec import YEAR_DAYS, Kind, Spec

Words = tuple[int, int, int, int]  # random, 0 .. 2**32 - 1


@dataclass(slots=True)
class Trainee:
    """State of a trainee; days of the run, learning in points."""

    spec: Spec
    number: int
    grade: int
    entered: int
    office: int
    working: int
    rotation: int
    lead: int
    planned: int
    rotate_on: int
    finish_on: int = 0
    review_on: int = 0
    began: int = 0
    since: int = 0
    earned: int = 0
    extensions: int = 0
    pace: int = 10
    slot: int = 0

    def begin_grade(self, day: int) -> None:
        """Begin a grade: nothing learnt, nothing decided."""
        self.began, self.since, self.earned, self.extensions = day, day, 0, 0
        self.finish_on = day + self.planned
        self.review_on = rules.next_review(day, self.spec.review_days, self.finish_on, self.lead)

    def accrue_learning(self, day: int) -> None:
        """Accrue learning up to a day."""
        self.earned += (day - self.since) * rules.day_points(self.working, self.slot, self.pace)
        self.since = day

    def review(self, day: int, word: int) -> tuple[Kind, int]:
        """Review: pass or extend; returns which, and the gap."""
        self.accrue_learning(day)
        gap = rules.required_points(self.working, self.planned, day - self.began) - self.earned
        chance = self.spec.pass_if_behind if gap > 100 * self.spec.tolerance_days else self.spec.pass_if_level
        kind = Kind.PASSED
        if word >= chance and self.extensions < self.spec.most_extensions:
            kind = Kind.EXTENDED
            self.extensions += 1
            self.finish_on += self.spec.extension_days
        self.review_on = rules.next_review(day, self.spec.review_days, self.finish_on, self.lead)
        return kind, gap

    def finish(self, day: int) -> tuple[Kind, int]:
        """Finish a grade: progress or leave; returns which, and the grade or the days since entry."""
        self.grade += 1
        if self.grade < self.spec.grades:
            self.begin_grade(day)
            return Kind.PROGRESSED, self.grade
        return Kind.LEFT, day - self.entered

    def rotate(self, day: int, word: int) -> tuple[Kind, int]:
        """Rotate to another placement, as yet without a slot; returns its pace."""
        self.accrue_learning(day)
        self.slot = 0
        self.pace = self.spec.slowest + rules.uniform_index(word, self.spec.paces)
        self.rotate_on = rules.next_changeover(day, self.rotation)
        return Kind.ROTATED, self.pace


def new_trainee(spec: Spec, number: int, grade: int, day: int, words: Words) -> Trainee:
    """Trainee who enters on a day."""
    office, working = rules.uniform_index(words[0], spec.offices), rules.working_days(words[1], spec.part_time)
    rotation = spec.rotation_days * (1 + rules.uniform_index(words[2], 2))
    lead = spec.lead_days + rules.uniform_index(words[3], spec.lead_span)
    planned, rotate_on = rules.planned_days(spec.grade_days, working), rules.next_changeover(day, rotation)
    trainee = Trainee(spec, number, grade, day, office, working, rotation, lead, planned, rotate_on)
    trainee.begin_grade(day)
    return trainee


def entrants(spec: Spec, day: int) -> list[tuple[int, int]]:
    """Numbers and grades of those who enter at the beginning of a year; on day 0 also of those there already."""
    stock = spec.entrants * spec.grades
    last = stock + spec.entrants * (day // YEAR_DAYS + 1)
    first = last - spec.entrants if day > 0 else 0
    return [(number, number % spec.grades if number < stock else 0) for number in range(first, last)]
