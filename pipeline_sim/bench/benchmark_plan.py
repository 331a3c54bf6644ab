"""What is to be measured: engines, scales, logs, how often. Decides; runs nothing."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

REFERENCE, BATCH = "reference", "batch"
SCALES = (0.01, 0.1, 1.0, 10.0)
REFERENCE_SCALES = (0.01, 0.05)
QUICK_SCALES, QUICK_REFERENCE_SCALES = (0.005, 0.01), (0.005,)
LONGEST_UNASKED = 0.05  # the reference engine takes over twenty seconds there, and more than in proportion above
ROUNDS, QUICK_ROUNDS = 3, 1
LARGEST_LOGGED = 1.0  # logs and threads are measured at the largest scale up to here
SHORT = 0.1  # up to here a run of the batch engine is too short to be timed alone
RUNS_IF_SHORT = 20  # seconds, as the runs of the reference engine that they are held against


class Log(StrEnum):
    """What becomes of the event log."""

    OFF = "off"
    ROWS = "in memory, no counts"  # what the reference engine makes
    KEPT = "in memory"
    STREAMED = "to Parquet"


class Case(NamedTuple):
    """Something measured in a process of its own."""

    engine: str
    scale: float
    log: Log

    @property
    def label(self) -> str:
        """As 'batch 0.05, log off'."""
        return f"{self.engine} {self.scale:g}, log {self.log}"

    @property
    def runs(self) -> int:
        """Replications timed together, so that short ones are long enough for a clock."""
        return RUNS_IF_SHORT if self.engine == BATCH and self.scale <= SHORT else 1

    @property
    def has_collector(self) -> bool:
        """Whether Python's garbage collector has anything to do: measured with it on as well."""
        return self.engine == REFERENCE


class Plan(NamedTuple):
    """One run of the benchmark."""

    cases: tuple[Case, ...]
    rounds: int
    threads_at: Case | None  # where two threads are held against one
    cached_start: bool
    cold_start: bool
    peers: bool

    @property
    def steps(self) -> int:
        """How many things there are to do, for a bar of progress."""
        turns = len(self.cases) + (self.threads_at is not None) + self.cached_start
        return len(self.cases) + self.rounds * turns + self.cold_start + self.peers

    def logged_at(self) -> float | None:
        """Scale at which ways with the log are held against each other."""
        return next((case.scale for case in self.cases if case.log == Log.STREAMED), None)

    def scales(self) -> list[float]:
        """All scales, the smallest first."""
        return sorted({case.scale for case in self.cases})


def planned(
    engines: Sequence[str] | None = None,
    scales: Sequence[float] | None = None,
    rounds: int | None = None,
    quick: bool = False,
    peers: bool = True,
) -> Plan:
    """What to measure when so much was asked for; None: as is usual.

    The reference engine runs long scales only where it is asked for by name.
    """
    chosen = tuple(scales or (QUICK_SCALES if quick else SCALES))
    both = engines is None
    batch = chosen if both or BATCH in (engines or ()) else ()
    reference = chosen if both or REFERENCE in (engines or ()) else ()
    if both:
        reference = tuple(scale for scale in chosen if scale <= LONGEST_UNASKED)
    if scales is None and reference:
        reference = QUICK_REFERENCE_SCALES if quick else REFERENCE_SCALES
    cases = tuple(sorted(set(_cases(reference, batch)), key=_turn))
    logged = next((case for case in cases if case.log == Log.STREAMED), None)
    return Plan(
        cases,
        rounds or (QUICK_ROUNDS if quick else ROUNDS),
        logged and logged._replace(log=Log.OFF),
        cached_start=bool(batch),
        cold_start=bool(batch) and not quick,
        peers=peers,
    )


def _cases(reference: Sequence[float], batch: Sequence[float]) -> Iterator[Case]:
    for scale in reference:
        yield Case(REFERENCE, scale, Log.ROWS)
        if batch:  # to be held against the reference engine, which always keeps rows and never counts
            yield Case(BATCH, scale, Log.ROWS)
            yield Case(BATCH, scale, Log.KEPT)
    for scale in batch:
        yield Case(BATCH, scale, Log.OFF)
    largest = max((scale for scale in batch if scale <= LARGEST_LOGGED), default=None)
    if largest is not None:
        yield Case(BATCH, largest, Log.KEPT)
        yield Case(BATCH, largest, Log.STREAMED)


def _turn(case: Case) -> tuple[float, bool, int]:
    return case.scale, case.engine == BATCH, list(Log).index(case.log)
