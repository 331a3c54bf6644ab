"""One replication: lay out the memory, let people arrive, run the days, hold the rounds between them."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from pipeline_sim.engines.batch.arena import Arena, Room, doubled, first_guess, lay_out, leave_to_the_next
from pipeline_sim.engines.batch.arrivals import ABROAD, AUGUST, FEBRUARY, FIRST_DAY, arrive
from pipeline_sim.engines.batch.counted import counted
from pipeline_sim.engines.batch.days import run_days
from pipeline_sim.engines.batch.flat import Tables, tables
from pipeline_sim.engines.batch.layout import FAULT, LOG_TOLD, LOG_USED, LOGGING, MOST_LOG, RANGE
from pipeline_sim.engines.batch.rounds import hold
from pipeline_sim.engines.batch.wishes import Wishes
from pipeline_sim.engines.contract import Progress
from pipeline_sim.records.errors import RecordsError
from pipeline_sim.records.log import Counts, EventLog
from pipeline_sim.rules.codes import Pattern, Phase, RoundKind
from pipeline_sim.rules.rulebook import Rulebook

SEGMENT_DAYS = 56  # between two looks at the clock
FULL_ENOUGH = 0.25  # part of the log's room; people who arrive and rounds need some of the rest
ENTER, RESIGN, START, CENSUS = map(int, (Phase.ENTER, Phase.RESIGN, Phase.START, Phase.CENSUS))
Offers = dict[int, list[int]]
Arrivals = dict[int, list[tuple[int, int]]]  # by day: who, of which year


def run(rulebook: Rulebook, seed: int, replication: int, log: EventLog, progress: Progress | None = None) -> None:
    """One replication of the Rulebook's world into the log; the same rows as the reference engine, and their counts."""
    flat, days = flattened(Identity(rulebook)), int(rulebook.calendar.year_start[-1])

    def attempt(room: Room) -> int:
        arena = lay_out(rulebook, flat, room, seed, replication, log.keeps)
        play(rulebook, arena, [log], 0, days, progress)
        return end(rulebook, arena, [log])

    until_it_fits(attempt, first_guess(rulebook), [log])


def until_it_fits(attempt: Callable[[Room], int], room: Room, logs: Sequence[EventLog]) -> None:
    """Try, and try again with more of what there was too little of; an attempt returns a fault, or 0."""
    while fault := attempt(room):
        if fault == RANGE:
            raise RecordsError(
                "a number of the event log or of the counts is too large for its column; the run was stopped"
            )
        room = doubled(room, fault)
        for log in logs:
            log.begin_again()


class Identity:
    """A Rulebook as a key: replications of one world share its flat tables."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def __hash__(self) -> int:
        return id(self.rulebook)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and other.rulebook is self.rulebook


@lru_cache(maxsize=2)
def flattened(key: Identity) -> Tables:
    """The flat tables of a Rulebook; the last two are kept."""
    return tables(key.rulebook)


def play(
    rulebook: Rulebook, arena: Arena, logs: Sequence[EventLog], first: int, last: int, progress: Progress | None
) -> None:
    """The days from one to before another, cut where people arrive, offers are made and a year's counts are complete.

    All logs hear the same; one that keeps no rows hears the counts alone.
    """
    header, address, days = arena.header, arena.address, int(rulebook.calendar.year_start[-1])
    years = {int(day): year for year, day in enumerate(rulebook.calendar.year_start)}
    arriving, offers, wishes = arrivals(rulebook), rounds(rulebook), wishes_of(rulebook)
    cuts = {first, *range(0, days, SEGMENT_DAYS), *years, *arriving, *offers, last}
    header[LOGGING] = any(log.keeps for log in logs)
    for day, following in pairwise(sorted(cut for cut in cuts if first <= cut <= last)):
        if years.get(day, 0) >= 2:
            read_counts(arena, years[day] - 2, logs)
        for who, year in arriving.get(day, []):
            arrive(address, who, year, day)
        reached = day
        if day in offers:
            run_days(address, day, day + 1, ENTER, RESIGN)
            for index in offers[day] if not header[FAULT] else []:
                hold(address, index, wishes)
            reached = run_days(address, day, day + 1, START, CENSUS)
        while reached < following and not header.item(FAULT):
            reached = run_days(address, reached, following, ENTER, CENSUS)
            empty_log(arena, logs, FULL_ENOUGH)
        if header.item(FAULT):
            return
        if progress:
            progress(day, days)
    empty_log(arena, logs)


def finish(rulebook: Rulebook, arena: Arena, logs: Sequence[EventLog]) -> int:
    """Hand on the counts of the last years; the fault, or 0."""
    if arena.header[FAULT] == 0:
        years = len(rulebook.calendar.year_start) - 1
        for year in range(max(0, years - 2), years):
            read_counts(arena, year, logs)
        for log in logs:
            log.rows_told = int(arena.header[LOG_TOLD])
    return int(arena.header[FAULT])


def end(rulebook: Rulebook, arena: Arena, logs: Sequence[EventLog]) -> int:
    """The same where nobody will live on in this memory."""
    fault = finish(rulebook, arena, logs)
    if not fault:
        leave_to_the_next(arena)
    return fault


def empty_log(arena: Arena, logs: Sequence[EventLog], part: float = 0.0) -> None:
    """Hand on what has been written, if it fills more than a part of the room."""
    header = arena.header
    if header.item(LOG_USED) > part * header.item(MOST_LOG):
        rows = arena.new_log()
        for log in logs:
            if log.keeps:
                log.append(rows)


def read_counts(arena: Arena, year: int, logs: Sequence[EventLog]) -> None:
    """Hand on the counts of a training year, and clear its block for the next but one."""
    keys, values = counted(arena.address, year)
    found = Counts(keys[0], keys[1], keys[2], keys[3], keys[4], keys[5], values)
    for log in logs:
        log.count(found)


def wishes_of(rulebook: Rulebook) -> Wishes:
    """What recruitment rules take as whole rows."""
    recruitment = rulebook.recruitment
    return Wishes(
        recruitment.choice,
        recruitment.applications,
        recruitment.takes,
        recruitment.office_pull,
        recruitment.appointable,
    )


def rounds(rulebook: Rulebook) -> Offers:
    """Which rounds are decided on which day."""
    offers: Offers = {}
    for index, day in enumerate(rulebook.recruitment.rounds[:, 0].tolist()):
        offers.setdefault(day, []).append(index)
    return offers


def arrivals(rulebook: Rulebook) -> Arrivals:
    """Who arrives on which day: stock, F1 doctors in August and February, applicants from elsewhere."""
    days: Arrivals = {0: [(FIRST_DAY, 0)]}
    starts, posts, held = rulebook.calendar.year_start, rulebook.posts, rulebook.recruitment.rounds
    for year in range(posts.graduates.shape[0]):
        august = int(starts[year])
        february = int(rulebook.calendar.next_changeover[Pattern.SIX, august])
        days.setdefault(august, []).append((AUGUST, year))
        days.setdefault(february, []).append((FEBRUARY, year))
    for year in range(posts.external.shape[0]):
        mine = held[(held[:, 3] == year) & (held[:, 2] != RoundKind.FEBRUARY), 0]
        days.setdefault(max(0, int(mine.min()) if mine.size else 0), []).append((ABROAD, year))
    return days
