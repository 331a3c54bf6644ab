"""Results of a benchmark: medians, and ratios within a round. Knows no clock and no process."""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline_sim.bench.benchmark_plan import Case, LogMode, Plan
from pipeline_sim.bench.reduced.run_peers import Peer

MEGABYTE = 10**6
QUIET = 0.1  # processors that others may use where two are wanted


class Reading(NamedTuple):
    """Reading of a case in one round; seconds of one replication."""

    processor: float
    wall: float
    others: float = 0.0  # seconds of processors that other programs and the host used meanwhile
    rows: int = 0
    disk_bytes: int = 0
    serial: float = 0.0  # seconds of this process outside the engine: workers cannot share that work


Marks = dict[str, Reading]  # seconds since the process began, by mark of `cold_start`


class CaseResult(NamedTuple):
    """Result of a case."""

    doctors: float  # posts, mean of the years
    world_bytes: int  # of the world once made, above packages and kernels
    peak_bytes: int  # most that one replication had in memory, the world included, above packages and kernels
    readings: list[Reading]
    with_collector: list[Reading]  # the same with Python's collector on; empty where it makes no difference

    @property
    def rows(self) -> int:
        """Rows of a replication."""
        return self.readings[0].rows

    @property
    def bytes_per_doctor(self) -> float:
        """Peak memory of the replication itself, bytes per doctor."""
        return (self.peak_bytes - self.world_bytes) / self.doctors


class BenchmarkResults(NamedTuple):
    """Results of a benchmark."""

    plan: Plan
    cases: dict[Case, CaseResult]
    workers: dict[str, list[dict[int, Reading]]]  # by kind and round: by number of workers
    cached: list[Marks]
    cold: list[Marks]
    peers: list[Peer]  # compiled programs at full size
    small_peers: list[Peer]  # all programs at a fiftieth
    absent: dict[str, str]  # programs that could not be run, and why
    processors: int  # that the program might use

    def of(self, engine: str, scale: float | None, log: LogMode) -> CaseResult | None:
        """Result of a case; None if it was not measured."""
        return self.cases.get(Case(engine, scale, log)) if scale is not None else None

    def quiet_pairs(self, kind: str) -> list[tuple[Reading, Reading]]:
        """Readings of one worker and of two, in rounds without other load on the processors."""
        free = self.processors - 2 + QUIET
        pairs = [(each[1], each[2]) for each in self.workers.get(kind, []) if 2 in each]
        return [pair for pair in pairs if other_load([pair[1]]) < free]

    def readings(self) -> Iterator[Reading]:
        """Readings of every case and of the workers."""
        for result in self.cases.values():
            yield from (*result.readings, *result.with_collector)
        for readings in (each for rounds in self.workers.values() for each in rounds):
            yield from readings.values()


def other_load(readings: Iterable[Reading]) -> float:
    """Processors used by other programs meanwhile, on average."""
    every = list(readings)
    return sum(reading.others for reading in every) / sum(reading.wall for reading in every)


def median(readings: Sequence[Reading], clock: str) -> float:
    """Median seconds of some readings by a clock."""
    return statistics.median(seconds(readings, clock))


def seconds(readings: Sequence[Reading], clock: str) -> list[float]:
    """Seconds of each reading by a clock."""
    return [getattr(reading, clock) for reading in readings]


def ratio(one: Sequence[Reading], other: Sequence[Reading], clock: str) -> float:
    """Median of the ratios of two times in the same round."""
    pairs = zip(seconds(one, clock), seconds(other, clock), strict=True)
    return statistics.median(first / second for first, second in pairs)


def ratio_per_doctor(one: CaseResult, other: CaseResult, clock: str) -> float:
    """Median of the ratios of two times per doctor in the same round."""
    return ratio(one.readings, other.readings, clock) * other.doctors / one.doctors


def speedup(pairs: Sequence[tuple[Reading, Reading]], clock: str) -> float:
    """Speed-up of the second of each pair over the first."""
    return ratio([one for one, _ in pairs], [two for _, two in pairs], clock)


def predicted_speedup(serial: float, workers: int) -> float:
    """Speed-up of so many workers over one where a part of the work is serial (Amdahl's law)."""
    return 1 / (serial + (1 - serial) / workers)


def seconds_between(starts: Sequence[Marks], first: str | None, last: str, clock: str) -> float:
    """Median seconds from one mark, or the beginning, to another."""
    return statistics.median(
        getattr(start[last], clock) - (getattr(start[first], clock) if first else 0.0) for start in starts
    )
