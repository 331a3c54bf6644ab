"""One replication: lay out the memory, let people arrive, run the days, hold the rounds between them."""

from itertools import pairwise

import numpy as np

from pipeline_sim.engines.batch.arrivals import external, graduates, returners, stock
from pipeline_sim.engines.batch.days import run_days
from pipeline_sim.engines.batch.layout import (
    CHUNK,
    CHUNKS_FULL,
    COLUMNS,
    COUNTERS,
    FAULT,
    LAST_DAY,
    LOG_FULL,
    LOG_ROW,
    LOG_USED,
    LOGGING,
    PHASES,
    RANGE,
    REPLICATION,
    ROWS_FULL,
    SEED,
    Memory,
)
from pipeline_sim.engines.batch.rounds import hold
from pipeline_sim.engines.batch.tables import tables
from pipeline_sim.engines.contract import Progress
from pipeline_sim.records.errors import RecordsError
from pipeline_sim.records.log import EventLog
from pipeline_sim.rules.codes import Pattern, Phase, RoundKind
from pipeline_sim.rules.rulebook import Rulebook

SEGMENT_DAYS = 28  # between two looks at the log and at the clock
SCRATCH_FACTOR = 2


def run(rulebook: Rulebook, seed: int, replication: int, log: EventLog, progress: Progress | None = None) -> None:
    """One replication of the Rulebook's world into the log; the same rows as the reference engine."""
    doctors, rows = first_guess(rulebook)
    while True:
        kept = EventLog()
        memory = lay_out(rulebook, seed, replication, doctors, rows)
        play(rulebook, memory, kept, progress)
        fault = memory.counter[FAULT]
        if fault == RANGE:
            raise RecordsError("a number of the event log does not fit its column; the run was stopped")
        if fault == 0:
            log.extend(kept)
            return
        doctors *= SCRATCH_FACTOR if fault in (ROWS_FULL, CHUNKS_FULL) else 1
        rows *= SCRATCH_FACTOR if fault == LOG_FULL else 1


def first_guess(rulebook: Rulebook) -> tuple[int, int]:
    """Room for doctors at once and for rows of log in a segment; too little is noticed and doubled."""
    posts = rulebook.posts
    yearly = int(posts.graduates.sum(axis=(1, 2)).max() + posts.external.sum(axis=1).max())
    doctors = int(posts.stock.sum() + posts.returners.sum()) + 2 * yearly + 64
    return doctors, 16 * doctors + 4096


def lay_out(rulebook: Rulebook, seed: int, replication: int, doctors: int, rows: int) -> Memory:
    """Allocate everything once."""
    days = int(rulebook.calendar.year_start[-1])
    programmes, offices = rulebook.posts.establishment.shape[1:]
    groups = rulebook.placements.slots.shape[1]
    chunks = days * 12 + doctors
    counter = np.zeros(COUNTERS, np.int64)
    counter[LAST_DAY], counter[SEED], counter[REPLICATION], counter[LOGGING] = days, seed, replication, 1
    return Memory(
        *tables(rulebook),
        np.zeros((doctors, COLUMNS), np.int64),
        np.zeros((5, max(doctors, chunks) * SCRATCH_FACTOR), np.int64),
        np.full((days + 1) * PHASES, -1, np.int64),
        np.zeros((chunks, CHUNK + 2), np.int64),
        np.zeros((2, max(programmes, groups), offices), np.int64),
        np.zeros(doctors * SCRATCH_FACTOR, np.int64),
        np.zeros(rows, LOG_ROW),
        counter,
    )


def play(rulebook: Rulebook, memory: Memory, log: EventLog, progress: Progress | None) -> None:
    """The days, cut where people arrive, where offers are made and where the log is read out."""
    days = int(rulebook.calendar.year_start[-1])
    rounds = rulebook.recruitment.rounds
    arriving = arrivals(rulebook)
    offers: dict[int, list[int]] = {}
    for index, day in enumerate(rounds[:, 0].tolist()):
        offers.setdefault(day, []).append(index)
    cuts = sorted({*range(0, days, SEGMENT_DAYS), *arriving, *offers, days})
    cuts = [day for day in cuts if 0 <= day <= days]
    for day, following in pairwise(cuts):
        arrive(memory, day, arriving.get(day, []))
        run_days(memory, day, day + 1, int(Phase.ENTER), int(Phase.RESIGN))
        for index in offers.get(day, []):
            hold(memory, index)
        run_days(memory, day, day + 1, int(Phase.START), int(Phase.CENSUS))
        run_days(memory, day + 1, following, int(Phase.ENTER), int(Phase.CENSUS))
        if memory.counter[FAULT]:
            return
        log.append(memory.log[: memory.counter[LOG_USED]])
        memory.counter[LOG_USED] = 0
        if progress:
            progress(day, days)


def arrivals(rulebook: Rulebook) -> dict[int, list[tuple[str, int]]]:
    """Who arrives on which day: stock, F1 doctors in August and February, applicants from elsewhere."""
    days: dict[int, list[tuple[str, int]]] = {0: [("stock", 0)]}
    starts, posts, rounds = rulebook.calendar.year_start, rulebook.posts, rulebook.recruitment.rounds
    for year in range(posts.graduates.shape[0]):
        august = int(starts[year])
        february = int(rulebook.calendar.next_changeover[Pattern.SIX, august])
        days.setdefault(august, []).append(("august", year))
        days.setdefault(february, []).append(("february", year))
    for year in range(posts.external.shape[0]):
        mine = rounds[(rounds[:, 3] == year) & (rounds[:, 2] != RoundKind.FEBRUARY), 0]
        days.setdefault(max(0, int(mine.min()) if mine.size else 0), []).append(("external", year))
    return days


def arrive(memory: Memory, day: int, who: list[tuple[str, int]]) -> None:
    """Let them in."""
    for kind, year in who:
        if kind == "stock":
            stock(memory)
            returners(memory)
        elif kind == "external":
            external(memory, year, day)
        else:
            graduates(memory, year, int(kind == "february"), day)
