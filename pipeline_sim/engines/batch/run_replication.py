"""One replication of the batch engine: lay out its memory, run its days, pass its rows and counts to the log."""

from bisect import bisect
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from pipeline_sim.engines.batch.arena import Arena, Room, doubled, first_guess, lay_out, recycle
from pipeline_sim.engines.batch.day_loop import run_days
from pipeline_sim.engines.batch.flatten import Tables, tables
from pipeline_sim.engines.batch.memory.layout import Fault, Header
from pipeline_sim.engines.batch.output.read_counts import counted
from pipeline_sim.engines.interface import Progress
from pipeline_sim.records.event_log import Counts, EventLog, PeopleCounts
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.rules.rulebook import Rulebook


def run(rulebook: Rulebook, seed: int, replication: int, log: EventLog, progress: Progress | None = None) -> None:
    """One replication of the Rulebook's world into the log; the same rows as the reference engine, and their counts."""
    flat, days = flattened(Identity(rulebook)), int(rulebook.calendar.year_start[-1])

    def attempt(room: Room) -> int:
        arena = lay_out(rulebook, flat, room, seed, replication, log.keep_rows)
        arena.header[Header.COUNTING] = log.keep_counts
        play(rulebook, arena, [log], 0, days, progress)
        return end(rulebook, arena, [log])

    until_it_fits(attempt, first_guess(rulebook), [log])


def until_it_fits(attempt: Callable[[Room], int], room: Room, logs: Sequence[EventLog]) -> None:
    """Repeat an attempt, which returns a fault or 0, with more memory of the kind that ran out."""
    while fault := attempt(room):
        if fault == Fault.RANGE:
            raise RecordsError(
                "a number of the event log or of the counts is too large for its column; the run was stopped"
            )
        if fault == Fault.NO_MEMORY:
            raise MemoryError
        room = doubled(room, fault)
        for log in logs:
            log.restart()


class Identity:
    """Rulebook as a key of a cache: replications of one world share its flat tables."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def __hash__(self) -> int:
        return id(self.rulebook)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and other.rulebook is self.rulebook


@lru_cache(maxsize=2)
def flattened(key: Identity, roll: bytes | None = None) -> Tables:
    """Flat tables of a Rulebook, with a shared roll or its own; the last two are cached."""
    return tables(key.rulebook, None if roll is None else np.frombuffer(roll, np.int64))


def play(
    rulebook: Rulebook, arena: Arena, logs: Sequence[EventLog], first: int, last: int, progress: Progress | None
) -> None:
    """Run the days [first, last), with a pause where a year's counts are complete or the log is to be emptied.

    All logs hear the same: rows, or counts, or both, as each one keeps them.
    """
    header, starts = arena.header, rulebook.calendar.year_start.tolist()
    header[Header.LOGGING] = any(log.keep_rows for log in logs)
    arena.prompt = any(log.streams for log in logs)
    arena.bind_log()
    day = first
    while day < last:
        year = bisect(starts, day) - 1
        if starts[year] == day and year >= 2:
            read_counts(arena, year - 2, logs)
        day = run_days(arena.address, day, min(starts[year + 1], last))
        if header.item(Header.FAULT):
            return
        if header.item(Header.LOG_USED) > header.item(Header.LOG_STOP):
            empty_log(arena, logs)
        if progress:
            progress(day, starts[-1])
    empty_log(arena, logs)


def finish(rulebook: Rulebook, arena: Arena, logs: Sequence[EventLog]) -> int:
    """Hand on the counts of the last years; the fault, or 0."""
    if arena.header[Header.FAULT] == 0:
        years = len(rulebook.calendar.year_start) - 1
        for year in range(max(0, years - 2), years):
            read_counts(arena, year, logs)
        for log in logs:
            log.rows_emitted = int(arena.header[Header.LOG_TOTAL])
    return int(arena.header[Header.FAULT])


def end(rulebook: Rulebook, arena: Arena, logs: Sequence[EventLog]) -> int:
    """Hand on the counts of the last years and recycle the memory; the fault, or 0."""
    fault = finish(rulebook, arena, logs)
    if not fault:
        recycle(arena)
    return fault


def empty_log(arena: Arena, logs: Sequence[EventLog]) -> None:
    """Pass the rows that are pending to the logs."""
    if arena.pending_rows():
        rows = arena.take_rows()
        for log in logs:
            if log.keep_rows:
                log.append(rows)


def read_counts(arena: Arena, year: int, logs: Sequence[EventLog]) -> None:
    """Pass the counts of a training year to the logs, and clear its block for the next but one."""
    if not arena.header.item(Header.COUNTING):
        return
    keys, values, people_keys, people_values = counted(arena.address, year)
    found = Counts(keys[0], keys[1], keys[2], keys[3], keys[4], keys[5], values)
    people = PeopleCounts(people_keys[0], people_keys[1], people_keys[2], people_values)
    for log in logs:
        if log.keep_counts:
            log.count(found, people)
