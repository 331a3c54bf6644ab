"""What was measured, and what follows from it: medians, and ratios within a round. Knows no clock and no process."""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline_sim.bench.benchmark_plan import Case, Log, Plan
from pipeline_sim.bench.reduced.run_peers import Peer

MEGABYTE = 10**6
QUIET = 0.1  # processors that others may use where two are wanted


class Reading(NamedTuple):
    """One turn in one round; seconds of one replication."""

    processor: float
    wall: float
    others: float = 0.0  # seconds of processors that other programs and the host used meanwhile
    rows: int = 0
    disk_bytes: int = 0


Marks = dict[str, Reading]  # seconds since the process began, by mark of `start`


class Found(NamedTuple):
    """What a case came to."""

    doctors: float  # posts, mean of the years
    world_bytes: int  # of the world once made, above packages and kernels
    peak_bytes: int  # most that one replication had in memory, the world included, above packages and kernels
    readings: list[Reading]
    with_collector: list[Reading]  # the same with Python's collector on; empty where it makes no difference

    @property
    def rows(self) -> int:
        """Of a replication."""
        return self.readings[0].rows

    def median(self, clock: str) -> float:
        """Seconds of the middle round by a clock, `processor` or `wall`."""
        return median(self.readings, clock)

    @property
    def bytes_a_doctor(self) -> float:
        """Of the replication itself, at its peak."""
        return (self.peak_bytes - self.world_bytes) / self.doctors


class Findings(NamedTuple):
    """All that was measured."""

    plan: Plan
    cases: dict[Case, Found]
    threads: list[tuple[Reading, Reading]]  # one thread, two threads, in each round; the same replications
    cached: list[Marks]
    cold: list[Marks]
    peers: list[Peer]  # compiled programs at full size
    small_peers: list[Peer]  # all programs at a fiftieth
    absent: dict[str, str]  # programs that could not be run, and why
    processors: int  # that the program might use

    def of(self, engine: str, scale: float | None, log: Log) -> Found | None:
        """A case, if it was measured."""
        return self.cases.get(Case(engine, scale, log)) if scale is not None else None

    def quiet_threads(self) -> list[tuple[Reading, Reading]]:
        """Rounds in which two threads had the processors to themselves."""
        free = self.processors - 2 + QUIET
        return [pair for pair in self.threads if others([pair[1]]) < free]

    def readings(self) -> Iterator[Reading]:
        """Every turn of every case and of the threads."""
        for found in self.cases.values():
            yield from (*found.readings, *found.with_collector)
        for pair in self.threads:
            yield from pair


def others(readings: Iterable[Reading]) -> float:
    """Processors that others used meanwhile, on average."""
    every = list(readings)
    return sum(reading.others for reading in every) / sum(reading.wall for reading in every)


def median(readings: Sequence[Reading], clock: str) -> float:
    """Of the middle round."""
    return statistics.median(seconds(readings, clock))


def seconds(readings: Sequence[Reading], clock: str) -> list[float]:
    """Of each round."""
    return [getattr(reading, clock) for reading in readings]


def ratio(mine: Sequence[Reading], other: Sequence[Reading], clock: str) -> float:
    """Time of one to time of the other in the same round; of the middle round."""
    both = zip(seconds(mine, clock), seconds(other, clock), strict=True)
    return statistics.median(one / two for one, two in both)


def per_doctor(mine: Found, other: Found, clock: str) -> float:
    """Time for one doctor, to that of the other in the same round."""
    return ratio(mine.readings, other.readings, clock) * other.doctors / mine.doctors


def speedup(threads: Sequence[tuple[Reading, Reading]], clock: str) -> float:
    """How many times quicker two threads are than one."""
    return ratio([one for one, _ in threads], [two for _, two in threads], clock)


def between(starts: Sequence[Marks], first: str | None, last: str, clock: str) -> float:
    """Seconds from one mark, or the beginning, to another; of the middle start."""
    return statistics.median(
        getattr(start[last], clock) - (getattr(start[first], clock) if first else 0.0) for start in starts
    )
