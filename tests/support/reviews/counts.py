"""What the bars on reviews count, from the rows of whole replications of England: one doctor at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.codes import Event, Outcome, Phase, Reason, Stage, State
from pipeline_sim.rules.rulebook import Rulebook
from support.log_laws import UNDECIDED
from support.reviews.cancelled_exams import only_cancelled_since
from support.reviews.season import WARM_UP, in_season, settled_reviews
from support.run_and_read import FIRST_DOCTOR, Row

LATE = 28  # days
FOR_AN_EXAM = (Reason.U5, Reason.C8, Reason.C10)
CCTS = (Stage.RUN_THROUGH, Stage.HIGHER, Stage.GP)
OUT = range(State.OOPT, State.OOPP + 1)
ENDS = (Event.COMPLETED, Event.RESIGNED, Event.RELEASED)
ASIDE = (Event.PLACED, Event.OFFERED, Event.ACCEPTED, Event.UNPLACED, Event.REVALIDATED, Event.ENTERED)
Share = list[int]  # how many, of how many


def pair() -> Share:
    """Nobody of nobody."""
    return [0, 0]


def part(shares: list[Share]) -> float:
    """Share of all."""
    return sum(share[0] for share in shares) / sum(share[1] for share in shares)


@dataclass
class ReviewCounts:
    """Counts over replications; `whole` is at full time, `stage` that of the programme, a year is one of the run."""

    book: Rulebook
    decisions: Counter[tuple[int, int]] = field(default_factory=Counter)  # outcome, reason
    shut_out: Counter[tuple[int, int]] = field(default_factory=Counter)  # of who had only cancelled sittings
    gp_extended: int = 0  # for an exam
    gp_released: int = 0  # attempts used up
    season: dict[tuple[int, bool, bool], Share] = field(
        default_factory=lambda: defaultdict(pair)
    )  # stage, final, whole
    after_leave: dict[tuple[int, bool, bool], Share] = field(
        default_factory=lambda: defaultdict(pair)
    )  # instead of final
    late: dict[bool, Share] = field(default_factory=lambda: defaultdict(pair))  # whole
    outcomes: Counter[tuple[int, int, int, int]] = field(default_factory=Counter)  # year, stage, group, outcome
    extended: Counter[tuple[int, int]] = field(default_factory=Counter)  # year, outcome
    ccts: Counter[int] = field(default_factory=Counter)  # year
    away: Counter[tuple[int, int]] = field(default_factory=Counter)  # days out of programme; programme, kind
    days: Counter[int] = field(default_factory=Counter)  # in a programme
    straight_out: int = 0  # out of programme again without a review in between

    def add(self, log: EventLog) -> None:
        """Count a replication."""
        for career in careers(log):
            self.shut_out.update(only_cancelled_since(self.book, career))
            self.count_reviews(career)
            self.count_time(career)

    def count_reviews(self, career: list[Row]) -> None:
        """Decisions and when they were made."""
        programmes, before = self.book.programmes, career[0]
        for row in career:
            year, stage = int(self.book.calendar.year_of[row.day]), int(programmes.stage[row.programme])
            if row.event == Event.REVIEWED:
                self.decisions[row.to_code, row.from_code] += 1
                self.outcomes[year, stage, int(programmes.group[row.programme]), row.to_code] += 1
                self.gp_released += (stage, row.to_code, row.from_code) == (Stage.GP, Outcome.O4, Reason.U6)
            if row.event == Event.EXTENDED:
                self.extended[year, row.from_code] += 1
                self.gp_extended += stage == Stage.GP and before.from_code in FOR_AN_EXAM
            self.ccts[year] += row.event == Event.COMPLETED and row.from_code in CCTS
            before = row
        for row, leave in settled_reviews(career):
            if self.book.calendar.year_of[row.day] >= WARM_UP:
                stage, final = int(programmes.stage[row.programme]), row.to_code == Outcome.O6
                seen = in_season(self.book, row.day)
                for table, kind in ((self.season, final), (self.after_leave, leave)):
                    add_to(table[stage, kind, row.wte == 100], seen)
                add_to(self.late[row.wte == 100], row.amount > LATE)

    def count_time(self, career: list[Row]) -> None:
        """Days in programmes and out of them, in the reported years."""
        starts = self.book.calendar.year_start
        first, last = int(starts[WARM_UP]), int(starts[-1])
        since, gone, reviewed = None, None, True
        for row in [*career, career[-1]._replace(day=last, event=Event.RESIGNED)]:
            ends = row.event in ENDS
            if gone is not None and (row.event == Event.RETURNED or ends):
                self.away[row.programme, gone.to_code] += max(0, row.day - max(gone.day, first))
                reviewed, gone = False, None
            if since is not None and (ends or row.event == Event.STARTED):
                self.days[since.programme] += max(0, row.day - max(since.day, first))
                since = None
            if row.event == Event.STARTED:
                since, reviewed = row, True
            reviewed |= row.event == Event.REVIEWED and row.phase == Phase.PANEL and row.to_code not in UNDECIDED
            if row.event == Event.AWAY and row.to_code in OUT:
                gone = row
                self.straight_out += not reviewed

    def seen_in_season(self, whole: bool, finals: bool = True) -> float:
        """Share of reviews from May to July, with or without those that end a programme."""
        return part([share for key, share in self.season.items() if key[2] == whole and (finals or not key[1])])

    def season_apart(self, by_leave: bool) -> float:
        """Less in the season less than full time, like with like by stage (and long leave), weighted by the latter."""
        table: dict[tuple[int, bool, bool], Share] = defaultdict(pair)
        for (stage, leave, whole), share in self.after_leave.items():
            for i in range(2):
                table[stage, leave and by_leave, whole][i] += share[i]
        less = {key[:2]: share for key, share in table.items() if not key[2]}
        apart = [share[1] * (part([table[*like, True]]) - part([share])) for like, share in less.items()]
        return sum(apart) / sum(share[1] for share in less.values())

    def share_of(self, outcome: int, year: int, stages: tuple[int, ...], group: int | None = None) -> float:
        """An outcome in per cent of all, but for what is not assessed or open, in a year of the run."""
        here = Counter[int]()
        for (when, stage, of, code), count in self.outcomes.items():
            if when == year and stage in stages and group in (None, of):
                here[code] += count * (code not in (Outcome.NOT_ASSESSED, Outcome.O5))
        return 100 * here[outcome] / here.total()


def add_to(share: Share, counts: bool) -> None:
    """Count one."""
    share[0] += counts
    share[1] += 1


def careers(log: EventLog) -> Iterator[list[Row]]:
    """Rows of each doctor, but for events that say nothing of reviews."""
    columns = log.columns()
    kept = ~np.isin(columns["event"], [int(event) for event in ASIDE]) & (columns["trainee"] >= FIRST_DOCTOR)
    order = np.flatnonzero(kept)[np.argsort(columns["trainee"][kept], kind="stable")]
    in_order = map(Row, *(columns[name][order].tolist() for name in Row._fields))
    for _, career in groupby(in_order, key=lambda row: row.trainee):
        yield list(career)
