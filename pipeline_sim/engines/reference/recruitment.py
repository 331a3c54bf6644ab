"""National recruitment: count the posts that will be empty, rank, offer, answer, and start those who are free."""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np
import simpy

from pipeline_sim.engines.reference.career import Career, years_before_applying
from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.exams import exam_missing
from pipeline_sim.engines.reference.scheduled_turn import Turn
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules import recruitment
from pipeline_sim.rules.codes import Event, Phase, Purpose, RoundKind, Stage, State
from pipeline_sim.rules.event_order import origin_of, qualified_abroad
from pipeline_sim.rules.matching import match_round
from pipeline_sim.rules.people import KINDS_OF_PEOPLE, kind_of, qualified_in
from pipeline_sim.rules.random_numbers import bernoulli

NATION = 0  # the nation acts before any office


class Round(NamedTuple):
    """One round: when offers are made, when posts start, what kind, for which training year."""

    place: int
    offer_day: int
    start_day: int
    kind: int
    year: int


class Market(NamedTuple):
    """Input of the matching: one row for each applicant, one entry for each preference."""

    ids: np.ndarray
    start: np.ndarray
    programme: np.ndarray
    office: np.ndarray
    score: np.ndarray
    answer: np.ndarray
    later: np.ndarray  # one for each applicant


class Recruitment:
    """National recruitment office."""

    def __init__(self, shared: SharedState, career: Career) -> None:
        self.shared, self.career, self.book = shared, career, shared.rules.recruitment
        self.rounds = [Round(i, *map(int, row)) for i, row in enumerate(self.book.rounds)]

    def offers(self) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process of the rounds."""
        for this in self.rounds:
            if 0 <= this.offer_day < self.shared.last_day:
                yield Turn(self.shared.env, this.offer_day, Phase.OFFER, NATION)
                self.run_round(this)

    def starts(self, intake_days: set[int]) -> Generator[simpy.Event, tuple[int, int], None]:
        """Process of the start days; on the first day of a year those who got no post decide whether to go on."""
        days = intake_days | {this.start_day for this in self.rounds}
        for day in sorted(d for d in days if 0 <= d < self.shared.last_day):
            yield Turn(self.shared.env, day, Phase.START, NATION)
            self.start_promised(day)
            if 0 < day == self.shared.rules.calendar.year_start[self.shared.year(day)]:
                self.give_up(day)

    # ---- one round --------------------------------------------------------------------------------------------

    def run_round(self, this: Round) -> None:
        """Run one round: advertise, match, announce."""
        vacancies = self.vacancies(this)
        applicants = self.applicants(this)
        self.advertise(this, vacancies)
        if not applicants:
            return
        market = self.build_market(this, applicants)
        count = len(applicants)
        rank, first, run = (np.empty(count, np.int32) for _ in range(3))
        stats = np.zeros(4, np.int64)
        match_round(
            market.ids,
            market.start,
            market.programme,
            market.office,
            market.score,
            self.book.appointable,
            market.answer,
            market.later,
            vacancies,
            self.book.shortlist,
            self.book.max_runs,
            rank,
            first,
            run,
            stats,
        )
        self.emit_of_round(this, stats)
        for i, doctor in enumerate(applicants):
            entry = int(market.start[i]) + int(rank[i])
            self.announce(this, doctor, int(first[i]), int(rank[i]), int(run[i]), market, entry)

    def vacancies(self, this: Round) -> np.ndarray:
        """Posts empty soon enough, as known today: an extension holds its post; at first the year's intake at most."""
        posts, soon = self.shared.rules.posts, this.start_day + self.book.ahead_days.item(this.kind)
        free = posts.establishment[this.year].astype(np.int64) - self.shared.holders
        for roster in self.shared.rosters:
            for doctor in roster.values():
                if self.leaves_by(doctor, soon):
                    free[doctor.programme, doctor.office] += 1
        for doctor in self.shared.grace.values():
            free[doctor.programme, doctor.office] += int(doctor.returns_due <= soon)
        for waiting in self.shared.promised.values():
            for doctor in waiting.values():
                assert doctor.promise is not None
                free[doctor.promise[0], doctor.promise[1]] -= 1
        if this.kind == RoundKind.FIRST:
            free = np.minimum(free, posts.intake[this.year])
        open_to = posts.recruits[this.year] * self.book.takes[this.kind]
        return np.ascontiguousarray(np.maximum(free, 0) * open_to[:, None]).astype(np.int32)

    def leaves_by(self, doctor: Doctor, day: int) -> bool:
        """True if in the last grade, which ends by that day."""
        last = self.shared.rules.programmes.grades.item(doctor.programme) - 1
        return doctor.grade == last and doctor.served <= day

    def applicants(self, this: Round) -> list[Doctor]:
        """Applicants of a round in trainee order: the pool, and doctors about to finish foundation or core."""
        pool = [d for d in self.shared.pool.values() if d.applies_from <= this.year and not d.promise]
        finishing = [d for roster in self.shared.rosters for d in roster.values() if self.finishes(d, this)]
        able = [d for d in pool + finishing if self.book.opens.item(this.kind, self.stream_of(d))]
        return sorted(able, key=lambda d: d.number)

    def finishes(self, doctor: Doctor, this: Round) -> bool:
        """True if free by the start, without a post yet, going straight on, with the exams that are asked for."""
        if self.shared.stage(doctor) not in (Stage.FOUNDATION, Stage.CORE) or doctor.promise:
            return False
        if self.book.exam_by_offers.item(self.after(doctor)) <= this.year and exam_missing(self.shared, doctor):
            return False
        return self.leaves_by(doctor, this.start_day) and years_before_applying(self.shared, doctor) == 0

    def stream_of(self, doctor: Doctor) -> int:
        """Stream in which a doctor applies."""
        return doctor.stream if doctor.state == State.POOL else self.after(doctor)

    def after(self, doctor: Doctor) -> int:
        """Stream that the doctor's programme leads to."""
        return self.shared.rules.programmes.stream_after.item(doctor.programme)

    def advertise(self, this: Round, vacancies: np.ndarray) -> None:
        """Emit the posts of each programme and office that has some."""
        for programme, office in np.argwhere(vacancies):
            posts = int(vacancies[programme, office])
            self.shared.log.write(
                this.offer_day,
                Phase.OFFER,
                int(office),
                Event.ADVERTISED,
                this.kind,
                0,
                int(programme),
                -1,
                int(office),
                0,
                posts,
            )

    def emit_of_round(self, this: Round, stats: np.ndarray) -> None:
        """Emit how many offers the round took, and how many of them were of posts declined before."""
        offers, again, runs = int(stats[0]), int(stats[1]), int(stats[2])
        for event, amount in ((Event.ROUND_CLOSED, offers), (Event.REOFFERED, again)):
            self.shared.log.write(this.offer_day, Phase.OFFER, NATION, event, this.kind, runs, -1, -1, -1, 0, amount)

    def build_market(self, this: Round, applicants: list[Doctor]) -> Market:
        """Market of a round: rankings, scores and answers of every applicant."""
        count = len(applicants)
        programme = np.full(count * recruitment.MAX_PREFERENCES, -1, np.int32)
        office, score = programme.copy(), programme.copy()
        answer = np.zeros(count * recruitment.MAX_PREFERENCES, np.int8)
        start = np.zeros(count + 1, np.int32)
        for i, doctor in enumerate(applicants):
            first = int(start[i])
            length = self.rank(this, doctor, programme[first:], office[first:])
            for entry in range(first, first + length):
                if entry > first and programme[entry] == programme[entry - 1]:
                    score[entry], answer[entry] = score[entry - 1], answer[entry - 1]
                else:
                    score[entry], answer[entry] = self.score_and_answer(this, doctor, int(programme[entry]))
            start[i + 1] = first + length
        ids = np.array([d.number for d in applicants], np.int64)
        later = np.array([self.comes_later(this, d) for d in applicants], np.int8)
        end = int(start[-1])
        return Market(ids, start, programme[:end], office[:end], score[:end], answer[:end], later)

    def comes_later(self, this: Round, doctor: Doctor) -> int:
        """Offered posts after all others: 1, else 0; those who finish a programme here never are."""
        first = self.book.priority.item(this.place, origin_of(doctor.number))
        if doctor.state != State.POOL:
            return 0
        return recruitment.comes_later(self.shared.seed, self.shared.replication, doctor.number, first)

    def rank(self, this: Round, doctor: Doctor, programme: np.ndarray, office: np.ndarray) -> int:
        """Ranking of one doctor, keyed by year: it knows nothing of vacancies."""
        keyed = (self.shared.seed, self.shared.replication, doctor.number, this.year)
        words = np.empty(recruitment.PREFERENCE_WORDS, np.int64)
        recruitment.draw_preference_words(*keyed, words)
        return recruitment.preferences(
            words,
            0,
            *keyed,
            doctor.home,
            self.book.choice[this.year, self.stream_of(doctor) * KINDS_OF_PEOPLE + kind_of(doctor.people)],
            self.book.applications,
            self.book.takes[this.kind],
            self.book.office_pull,
            self.book.home_first,
            programme,
            office,
        )

    def score_and_answer(self, this: Round, doctor: Doctor, programme: int) -> tuple[int, int]:
        """Score in a programme, and the answer that an offer there would get."""
        book, words_of = self.book, self.shared.random_words
        word = words_of(doctor.number, Purpose.SCORE, recruitment.index_of(this.year, programme))[0]
        words = words_of(doctor.number, Purpose.OFFER, recruitment.index_of(this.place, programme))
        seen = self.shared.rules.people.selection_share.item(qualified_in(doctor.people))
        score = recruitment.score(word, doctor.ability * seen // 1000, book.ability_share)
        return score, recruitment.answer(*words[:3], book.decline, book.expire, book.firm, book.hold)

    def announce(
        self, this: Round, doctor: Doctor, first: int, rank: int, run: int, market: Market, entry: int
    ) -> None:
        """Emit the offer and the post of one applicant, and promise it."""
        if first >= 0:
            self.emit_of_post(this, doctor, Event.OFFERED, 0, first, market, entry - rank + first)
        if rank < 0:
            self.shared.emit_for_doctor(this.offer_day, Phase.OFFER, doctor, Event.UNPLACED, this.kind)
            return
        self.emit_of_post(this, doctor, Event.ACCEPTED, run, rank, market, entry)
        self.promise(this, doctor, int(market.programme[entry]), int(market.office[entry]))

    def emit_of_post(
        self, this: Round, doctor: Doctor, event: Event, now: int, rank: int, market: Market, entry: int
    ) -> None:
        """Emit a row about a post that a doctor does not hold yet."""
        programme, office = int(market.programme[entry]), int(market.office[entry])
        self.shared.log.write(
            this.offer_day, Phase.OFFER, doctor.number, event, this.kind, now, programme, -1, office, doctor.wte, rank
        )

    def promise(self, this: Round, doctor: Doctor, programme: int, office: int) -> None:
        """Promise a post to a doctor, a year later on statutory grounds; some will withdraw before they start."""
        fate = recruitment.outcome_before_start(
            self.shared.seed,
            self.shared.replication,
            doctor.number,
            this.place,
            self.book.defer,
            self.book.withdraw,
        )
        start_day = this.start_day
        if fate == recruitment.DEFERS:
            starts = self.shared.rules.calendar.year_start
            start_day = int(starts[min(self.shared.year(start_day) + 1, len(starts) - 1)])
            self.shared.emit_for_doctor(this.offer_day, Phase.OFFER, doctor, Event.DEFERRED)
        doctor.promise = (programme, office, this.kind, int(fate == recruitment.WITHDRAWS))
        self.shared.promised.setdefault(start_day, {})[doctor.number] = doctor

    # ---- start ------------------------------------------------------------------------------------------------

    def start_promised(self, day: int) -> None:
        """Start the doctors whose promise falls due, in trainee order; posts of those who withdraw stay empty."""
        waiting = self.shared.promised.pop(day, {})
        for number in sorted(waiting):
            doctor = waiting[number]
            assert doctor.promise is not None
            programme, office, kind, withdraws = doctor.promise
            doctor.promise = None
            if withdraws or doctor.state != State.POOL:
                self.shared.emit_for_doctor(day, Phase.START, doctor, Event.WITHDREW, 1 if withdraws else 2)
                continue
            self.shared.pool.pop(number, None)
            self.career.start(doctor, day, Phase.START, programme, office, 0, kind)
            if doctor.process:
                doctor.process.interrupt(int(Phase.START))

    def give_up(self, day: int) -> None:
        """Let those who wanted a post this year and got none apply again, or leave the pool."""
        year = self.shared.year(day)
        for number in sorted(self.shared.pool):
            doctor = self.shared.pool[number]
            if doctor.applies_from > year or doctor.promise:
                continue
            word = self.shared.random_words(number, Purpose.POOL, year)[0]
            if not bernoulli(word, self.book.again.item(qualified_abroad(number), doctor.stream)):
                doctor.state = State.LEFT
                self.shared.emit_for_doctor(day, Phase.START, doctor, Event.LEFT_POOL)
                del self.shared.pool[number]
