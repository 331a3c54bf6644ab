"""Simulation of England: who is there on the first day, who arrives later, and the run itself."""

from collections.abc import Generator

import numpy as np
import simpy

from pipeline_sim.engines.interface import Progress
from pipeline_sim.engines.reference.career import Career
from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.intervention_places import PlaceDesk
from pipeline_sim.engines.reference.learning import balances_on, gaps
from pipeline_sim.engines.reference.panel import Panel
from pipeline_sim.engines.reference.recruitment import Recruitment
from pipeline_sim.engines.reference.redeployment import RedeploymentDesk
from pipeline_sim.engines.reference.scheduled_turn import Turn
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.engines.reference.supervision_slots import PlacementDesk
from pipeline_sim.engines.reference.transfer import TransferWindow
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules import extension
from pipeline_sim.rules.codes import NEVER, OUTSIDE, Event, Origin, Pattern, Phase, Purpose, Qualified, RoundKind, State
from pipeline_sim.rules.event_order import trainee_number
from pipeline_sim.rules.people import attributes, is_woman, people_group, qualified_in
from pipeline_sim.rules.random_numbers import bernoulli, categorical, uniform_index
from pipeline_sim.rules.rulebook import Rulebook

FROM_STOCK = -1  # STARTED rows of doctors who did not come through a round


def run(rulebook: Rulebook, seed: int, replication: int, log: EventLog, progress: Progress | None = None) -> None:
    """One replication of the Rulebook's world, day by day, into the log."""
    shared = SharedState(rulebook, seed, replication, log)
    Simulation(shared).open(progress)
    shared.env.run()


class Simulation:
    """Simulation of one replication: opens every office and lets doctors arrive."""

    def __init__(self, shared: SharedState) -> None:
        self.shared, self.rules = shared, shared.rules
        self.career = Career(shared)
        self.cohort_sizes: dict[tuple[int, int], int] = {}

    def open(self, progress: Progress | None) -> None:
        """Start the processes; nothing happens before day 0 begins."""
        process = self.shared.env.process
        recruitment = Recruitment(self.shared, self.career)
        process(recruitment.offers())
        process(recruitment.starts(self.intake_days()))
        process(self.arrivals(recruitment))
        process(TransferWindow(self.shared).open())
        process(self.headcount())  # before the census, should both fall on one day
        process(self.census())
        process(self.placements(progress))
        for office in range(self.shared.offices):
            process(Panel(self.shared, office).meet())
            process(RedeploymentDesk(self.shared, office).watch())
            process(PlaceDesk(self.shared, office).give_places())

    # ---- people -----------------------------------------------------------------------------------------------

    def new_doctor(
        self, cohort: int, origin: Origin, office: int = -1, programme: int = -1, stream: int = -1
    ) -> Doctor:
        """New doctor with lasting traits, numbered within the cohort so that no scenario renames anyone."""
        place = self.cohort_sizes.get((cohort, origin), 0)
        self.cohort_sizes[cohort, origin] = place + 1
        doctor = Doctor(trainee_number(cohort, origin, place))
        words = self.shared.random_words(doctor.number, Purpose.PERSON, 0)
        more = self.shared.random_words(doctor.number, Purpose.PERSON, 1)
        table, panels = self.rules.competence.pace, self.rules.panels
        doctor.ability = words[0] >> 16
        self.draw_attributes(doctor, origin, programme, stream, words[2])
        doctor.pace = table.item(doctor.people, uniform_index(words[1], table.shape[1]))
        doctor.propensity, doctor.level_word = words[3], more[0]
        doctor.lead = panels.lead_first + uniform_index(more[1], panels.lead_spread + 1)
        pull = self.rules.recruitment.office_pull
        doctor.home = office if office >= 0 else min(categorical(more[2], pull), self.shared.offices - 1)
        return doctor

    def draw_attributes(self, doctor: Doctor, origin: Origin, programme: int, stream: int, sex_word: int) -> None:
        """Place of qualification, sex and age at entry; `programme` is that of those in post on day 0, else -1.

        `stream` is that of those who come as applicants, else -1.
        """
        book, words = self.rules.people, self.shared.random_words(doctor.number, Purpose.PEOPLE, 0)
        who = programme if programme >= 0 else len(book.in_post) + 1 + stream
        row = book.entrants[origin] if programme < 0 else book.in_post[programme]
        qualified = min(categorical(words[0], row), Qualified.INTERNATIONAL)
        woman = int(bernoulli(sex_word, book.women.item(who, qualified)))
        doctor.age = book.ages.item(uniform_index(words[1], book.ages.shape[0]))
        if qualified != Qualified.UK:
            doctor.age += book.years_before.item(uniform_index(words[2], book.years_before.shape[0]))
        doctor.people = people_group(qualified, woman, doctor.age)

    def emit_entered(self, doctor: Doctor, day: int, origin: Origin, stream: int = -1) -> None:
        """Emit an arrival, with the attributes of the doctor."""
        place, woman = qualified_in(doctor.people), is_woman(doctor.people)
        amount = attributes(place, woman, doctor.age)
        self.shared.emit_for_doctor(day, Phase.ENTER, doctor, Event.ENTERED, origin, stream, amount)

    def follow(self, doctor: Doctor) -> None:
        """Start the process of a doctor."""
        doctor.process = self.shared.env.process(self.career.follow(doctor))

    def intake_days(self) -> set[int]:
        """Days on which F1 doctors start: every August, and out of phase in February."""
        augusts = self.rules.calendar.year_start[:-1].tolist()
        return {*augusts, *(self.february(august) for august in augusts)}

    def february(self, august: int) -> int:
        """First six-monthly changeover of a training year."""
        return self.rules.calendar.next_changeover.item(Pattern.SIX, august)

    def arrivals(self, recruitment: Recruitment) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process of arrivals: stock on day 0, then graduates and applicants from elsewhere on their days."""
        days: dict[int, list[tuple[Origin, int]]] = {}
        for year in range(self.rules.posts.graduates.shape[0]):
            august = self.rules.calendar.year_start.item(year)
            days.setdefault(august, []).append((Origin.GRADUATE, year))
            days.setdefault(self.february(august), []).append((Origin.GRADUATE, year))
        for year in range(self.rules.posts.external.shape[0]):
            days.setdefault(self.first_offer_day(recruitment, year), []).append((Origin.EXTERNAL, year))
        for day in sorted(d for d in {0, *days} if d < self.shared.last_day):
            yield Turn(self.shared.env, day, Phase.ENTER, 0)
            if day == 0:
                self.stock()
                self.returners()
            for origin, year in days.get(day, []):
                if origin == Origin.GRADUATE:
                    self.graduates(year, day)
                else:
                    self.external(year, day)

    def first_offer_day(self, recruitment: Recruitment, year: int) -> int:
        """Day on which those who first apply for a training year arrive."""
        days = [r.offer_day for r in recruitment.rounds if r.year == year and r.kind != RoundKind.FEBRUARY]
        return max(0, min(days, default=0))

    def stock(self) -> None:
        """Create the doctors in post on day 0, by programme, grade and office."""
        stock = self.rules.posts.stock
        for programme, grade, office in np.argwhere(stock):
            for _ in range(int(stock[programme, grade, office])):
                doctor = self.new_doctor(0, Origin.STOCK, int(office), int(programme))
                self.emit_entered(doctor, 0, Origin.STOCK)
                self.begin_part_way(doctor, int(programme), int(grade), int(office))
                self.follow(doctor)

    def begin_part_way(self, doctor: Doctor, programme: int, grade: int, office: int) -> None:
        """Start in a grade that is under way for those less than full time, earlier gates passed, years served."""
        words = self.shared.random_words(doctor.number, Purpose.STOCK, 0)
        doctor.revalidation_at = uniform_index(words[1], self.rules.revalidation.interval_days)
        if programme == self.rules.posts.foundation and grade == 0:
            doctor.revalidation_at = NEVER
        self.career.start(doctor, 0, Phase.ENTER, programme, office, grade, FROM_STOCK)
        book = self.rules.exams
        for i in range(book.gate.shape[1]):
            if book.gate_by.item(programme, i) < grade:
                doctor.passed |= 1 << i
        if doctor.wte < 100:
            doctor.training_days = 100 * uniform_index(
                words[0], self.rules.programmes.grade_days.item(programme, grade)
            )
        earlier = int(self.rules.programmes.grade_days[programme, :grade].sum())
        stretch = self.rules.posts.stretch.item(programme)
        doctor.programme_since = -extension.past_days(earlier, doctor.training_days, doctor.wte, stretch)
        self.career.reopen(doctor, 0)

    def graduates(self, year: int, day: int) -> None:
        """Create F1 doctors, given an office by the foundation programme outside the rounds; they start later today."""
        august = day == self.rules.calendar.year_start.item(year)
        posts = self.rules.posts
        for office in range(self.shared.offices):
            for _ in range(posts.graduates.item(year, 0 if august else 1, office)):
                doctor = self.new_doctor(year, Origin.GRADUATE, office)
                self.emit_entered(doctor, day, Origin.GRADUATE)
                doctor.state, doctor.promise = State.POOL, (posts.foundation, office, FROM_STOCK, 0)
                self.shared.promised.setdefault(day, {})[doctor.number] = doctor
                self.follow(doctor)

    def returners(self) -> None:
        """Create former F2 doctors who are on a break on day 0, by the year in which they mean to start."""
        for year, streams in enumerate(self.rules.posts.returners, 1):
            self.applicants(0, year, streams, Origin.RETURNER, 0)

    def external(self, year: int, day: int) -> None:
        """Create doctors from outside who first apply this year."""
        for origin, streams in zip(OUTSIDE, self.rules.posts.external[year], strict=True):
            self.applicants(year, year, streams, origin, day)

    def applicants(self, cohort: int, year: int, streams: np.ndarray, origin: Origin, day: int) -> None:
        """Create doctors in the pool of applicants, stream by stream."""
        for stream, count in enumerate(streams.tolist()):
            for _ in range(count):
                doctor = self.new_doctor(cohort, origin, stream=stream)
                words = self.shared.random_words(doctor.number, Purpose.STOCK, 0)
                doctor.revalidation_at = day + uniform_index(words[1], self.rules.revalidation.interval_days)
                self.career.join_pool(doctor, stream, year)
                self.emit_entered(doctor, day, origin, stream)
                self.follow(doctor)

    # ---- offices that act for the whole nation ------------------------------------------------------------------

    def placements(self, progress: Progress | None) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process of the placement desks, which answer requests at the end of every day."""
        desks = [PlacementDesk(self.shared, office) for office in range(self.shared.offices)]
        for day in range(self.shared.last_day):
            yield Turn(self.shared.env, day, Phase.PLACE, 0)
            for office, desk in enumerate(desks):
                if self.shared.placement_requests[office]:
                    desk.allocate(day)
            if progress and day % 28 == 0:
                progress(day, self.shared.last_day)

    def headcount(self) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process of the headcount, in spring as in the national training survey."""
        for count_day in self.rules.calendar.count_day.tolist():
            day, _ = yield Turn(self.shared.env, count_day, Phase.CENSUS, 0)
            for office in range(self.shared.offices):
                for doctor in self.shared.at_work(office):
                    self.shared.emit_for_doctor(day, Phase.CENSUS, doctor, Event.COUNTED, doctor.state)

    def census(self) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process of the census, on the last day of each training year, of everyone in a programme."""
        for year_end in self.rules.calendar.year_start[1:].tolist():
            day = year_end - 1
            yield Turn(self.shared.env, day, Phase.CENSUS, 0)
            for office in range(self.shared.offices):
                for doctor in self.shared.at_work(office):
                    behind, _ = gaps(*balances_on(self.shared, doctor, day))
                    critical = self.rules.programmes.critical.item(doctor.programme, doctor.grade)
                    self.shared.emit_for_doctor(day, Phase.CENSUS, doctor, Event.CENSUS, doctor.state, critical, behind)
