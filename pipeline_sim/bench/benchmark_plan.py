"""Plan of a benchmark: engines, scales, logs, rounds. Runs nothing."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

REFERENCE, BATCH = "reference", "batch"
SCALES = (0.01, 0.1, 1.0, 10.0)
REFERENCE_SCALES = (0.01, 0.05)
QUICK_SCALES, QUICK_REFERENCE_SCALES = (0.005, 0.01), (0.005,)
MAX_DEFAULT_REFERENCE = 0.05  # the reference engine takes over twenty seconds there, and more than in proportion above
ROUNDS, QUICK_ROUNDS = 3, 1
LARGEST_LOGGED = 1.0  # logs and workers are measured at the largest scale up to here
THREADS, PROCESSES, DASK = "threads", "processes", "Dask workers"
ALONE = "processes that only compute"  # the bound that this machine sets: they share nothing but its cores
SHORT = 0.1  # up to here a run of the batch engine is too short to be timed alone
SHORT_RUNS = 20  # seconds in all, as the runs of the reference engine that they are compared with


class LogMode(StrEnum):
    """Treatment of the event log."""

    OFF = "off"
    ROWS = "in memory, no counts"  # what the reference engine makes
    KEPT = "in memory"
    STREAMED = "to Parquet"


class Case(NamedTuple):
    """Case of a benchmark: what one process measures."""

    engine: str
    scale: float
    log: LogMode

    @property
    def label(self) -> str:
        """Label, as 'batch 0.05, log off'."""
        return f"{self.engine} {self.scale:g}, log {self.log}"

    @property
    def runs(self) -> int:
        """Number of replications timed together, so that short ones can be timed."""
        return SHORT_RUNS if self.engine == BATCH and self.scale <= SHORT else 1

    @property
    def has_collector(self) -> bool:
        """Whether the case is also measured with Python's garbage collector on, as it has work to do."""
        return self.engine == REFERENCE


class Plan(NamedTuple):
    """Plan of one run of the benchmark."""

    cases: tuple[Case, ...]
    rounds: int
    workers_at: Case | None  # where several workers are compared with one
    cached_start: bool
    cold_start: bool
    peers: bool

    @property
    def steps(self) -> int:
        """Number of steps, for a progress bar."""
        turns = len(self.cases) + (self.workers_at is not None) + self.cached_start
        return len(self.cases) + self.rounds * turns + self.cold_start + self.peers

    def logged_at(self) -> float | None:
        """Scale at which treatments of the log are compared; None if none is."""
        return next((case.scale for case in self.cases if case.log == LogMode.STREAMED), None)

    def scales(self) -> list[float]:
        """Scales of all cases, ascending."""
        return sorted({case.scale for case in self.cases})


def make_plan(
    engines: Sequence[str] | None = None,
    scales: Sequence[float] | None = None,
    rounds: int | None = None,
    quick: bool = False,
    peers: bool = True,
) -> Plan:
    """Plan for the options of the command; None means the default.

    The reference engine runs large scales only if it is requested by name.
    """
    chosen = tuple(scales or (QUICK_SCALES if quick else SCALES))
    both = engines is None
    batch = chosen if both or BATCH in (engines or ()) else ()
    reference = chosen if both or REFERENCE in (engines or ()) else ()
    if both:
        reference = tuple(scale for scale in chosen if scale <= MAX_DEFAULT_REFERENCE)
    if scales is None and reference:
        reference = QUICK_REFERENCE_SCALES if quick else REFERENCE_SCALES
    cases = tuple(sorted(set(_cases(reference, batch)), key=_turn))
    logged = next((case for case in cases if case.log == LogMode.STREAMED), None)
    return Plan(
        cases,
        rounds or (QUICK_ROUNDS if quick else ROUNDS),
        logged and logged._replace(log=LogMode.OFF),
        cached_start=bool(batch),
        cold_start=bool(batch) and not quick,
        peers=peers,
    )


def _cases(reference: Sequence[float], batch: Sequence[float]) -> Iterator[Case]:
    for scale in reference:
        yield Case(REFERENCE, scale, LogMode.ROWS)
        if batch:  # to compare with the reference engine, which always keeps rows and never counts
            yield Case(BATCH, scale, LogMode.ROWS)
            yield Case(BATCH, scale, LogMode.KEPT)
    for scale in batch:
        yield Case(BATCH, scale, LogMode.OFF)
    largest = max((scale for scale in batch if scale <= LARGEST_LOGGED), default=None)
    if largest is not None:
        yield Case(BATCH, largest, LogMode.KEPT)
        yield Case(BATCH, largest, LogMode.STREAMED)


def _turn(case: Case) -> tuple[float, bool, int]:
    return case.scale, case.engine == BATCH, list(LogMode).index(case.log)
