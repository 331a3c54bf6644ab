"""Thresholds of speed and memory, and whether each was met, not met or not measured."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from pipeline_sim.bench.benchmark_plan import ALONE, BATCH, DASK, PROCESSES, REFERENCE, THREADS, LogMode
from pipeline_sim.bench.reduced.run_peers import BATCH as PEER
from pipeline_sim.bench.results import (
    MEGABYTE,
    BenchmarkResults,
    CaseResult,
    ratio,
    ratio_per_doctor,
    seconds_between,
    speedup,
)

ENGLAND, TENFOLD, SMALL = 1.0, 10.0, 0.05  # scales
TWO_IDLE = "the batch engine at scale 1, two idle processors"


class Value(NamedTuple):
    """Value to compare with a threshold, and a detail to print beside it."""

    value: float
    detail: str


class Threshold(NamedTuple):
    """Threshold for one measured value."""

    name: str
    limit: float
    is_most: bool  # else it is the least
    unit: str
    needs: str  # what has to be measured for it
    read: Callable[[BenchmarkResults], Value | None]

    def is_met(self, value: float) -> bool:
        """Whether a value meets the threshold."""
        return value <= self.limit if self.is_most else value >= self.limit

    @property
    def wanted(self) -> str:
        """Requirement, as 'at most 150 MB'."""
        return f"at {'most' if self.is_most else 'least'} {self.limit:g}{self.unit}"


def engine_speedup(results: BenchmarkResults) -> Value | None:
    """Time of the reference engine to that of the batch engine, both with rows in memory and no counts."""
    slow, fast = (results.of(engine, SMALL, LogMode.ROWS) for engine in (REFERENCE, BATCH))
    counting = results.of(BATCH, SMALL, LogMode.KEPT)
    if slow is None or fast is None:
        return None
    detail = f"processor time; {ratio(slow.readings, fast.readings, 'wall'):.3g} elapsed time"
    if counting is not None:
        detail += f"; {ratio(slow.readings, counting.readings, 'processor'):.3g} if the batch engine counts as well"
    return Value(ratio(slow.readings, fast.readings, "processor"), detail)


def twin_ratio(results: BenchmarkResults) -> Value | None:
    """Time of the Numba program of the reduced pipeline to that of its C++ twin."""
    batch = next((peer for peer in results.peers if peer.name == PEER and peer.ratios), None)
    if batch is None:
        return None
    return Value(batch.ratio, f"rounds {min(batch.ratios):.3g} to {max(batch.ratios):.3g}")


def worker_speedup(kind: str, results: BenchmarkResults) -> Value | None:
    """Replications per second on two workers of a kind to those on one."""
    at_england = results.plan.workers_at is not None and results.plan.workers_at.scale == ENGLAND
    quiet = results.quiet_pairs(kind)
    if not quiet or not at_england:
        return None
    alone, rounds = results.quiet_pairs(ALONE), f"quiet rounds: {len(quiet)} of {len(results.workers[kind])}"
    bound = f"; {speedup(alone, 'wall'):.3g} by processes that only compute" if alone else ""
    return Value(speedup(quiet, "wall"), rounds + bound)


def log_overhead(results: BenchmarkResults) -> Value | None:
    """Time that streaming the log to Parquet adds, to that of a simulation without a log."""
    streamed, off = (results.of(BATCH, ENGLAND, log) for log in (LogMode.STREAMED, LogMode.OFF))
    if streamed is None or off is None:
        return None
    by_processor = ratio(streamed.readings, off.readings, "processor") - 1
    return Value(ratio(streamed.readings, off.readings, "wall") - 1, f"elapsed time; {by_processor:.3g} processor time")


def peak_memory(results: BenchmarkResults) -> Value | None:
    """Peak memory of a replication of England, its world included, in MB."""
    case = results.of(BATCH, ENGLAND, LogMode.OFF)
    return None if case is None else Value(case.peak_bytes / MEGABYTE, _parts(case))


def _parts(case: CaseResult) -> str:
    run = (case.peak_bytes - case.world_bytes) / MEGABYTE
    return f"the world {case.world_bytes / MEGABYTE:.0f}, the replication {run:.0f}"


def size_scaling(results: BenchmarkResults) -> Value | None:
    """Time per doctor at ten times England's size to that at England's size."""
    many, few = (results.of(BATCH, scale, LogMode.OFF) for scale in (TENFOLD, ENGLAND))
    if many is None or few is None:
        return None
    by_wall = ratio_per_doctor(many, few, "wall")
    return Value(ratio_per_doctor(many, few, "processor"), f"processor time; {by_wall:.3g} elapsed time")


def compile_seconds(results: BenchmarkResults) -> Value | None:
    """Seconds to compile everything."""
    if not results.cold:
        return None
    until = seconds_between(results.cold, None, "days", "wall")
    work = seconds_between(results.cold, "world", "kernels", "processor")
    wall = seconds_between(results.cold, "world", "kernels", "wall")
    return Value(wall, f"processor time {work:.3g}; {until:.3g} to the first days")


def start_seconds(results: BenchmarkResults) -> Value | None:
    """Seconds from process start to the first days, rules compiled before."""
    if not results.cached:
        return None
    work = seconds_between(results.cached, None, "days", "processor")
    return Value(seconds_between(results.cached, None, "days", "wall"), f"processor time {work:.3g}")


THRESHOLDS = (
    Threshold("Reference to batch engine, scale 0.05", 200, False, "", "both engines at scale 0.05", engine_speedup),
    Threshold("Batch to C++ twin, reduced pipeline", 1.6, True, "", "peers and a C++ compiler", twin_ratio),
    *(
        Threshold(f"Two to one: {kind}", 1.85, False, "", TWO_IDLE, partial(worker_speedup, kind))
        for kind in (THREADS, PROCESSES, DASK)
    ),
    Threshold("Writing the log as Parquet, to simulating", 1.0, True, "", "the batch engine at scale 1", log_overhead),
    Threshold("Memory of a replication of England", 150, True, " MB", "the batch engine at scale 1", peak_memory),
    Threshold("Time for a doctor, scale 10 to 1", 2.5, True, "", "the batch engine at scales 1 and 10", size_scaling),
    Threshold("Compiling everything", 30, True, " s", "the batch engine, not --quick", compile_seconds),
    Threshold("Start to the first days, compiled before", 2, True, " s", "the batch engine", start_seconds),
)


class Verdict(NamedTuple):
    """Verdict on a threshold."""

    threshold: Threshold
    value: float | None
    detail: str

    @property
    def outcome(self) -> str:
        """Outcome: met, not met or not measured."""
        if self.value is None:
            return "not measured"
        return "met" if self.threshold.is_met(self.value) else "not met"


def verdicts(results: BenchmarkResults) -> list[Verdict]:
    """Verdicts on all thresholds, in order."""
    read = [(each, each.read(results)) for each in THRESHOLDS]
    return [Verdict(each, *value) if value else Verdict(each, None, f"needs {each.needs}") for each, value in read]
