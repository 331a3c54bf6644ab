"""What is wanted of the engines, and whether it was met. A bar that was not measured says so."""

from collections.abc import Callable
from typing import NamedTuple

from pipeline_sim.bench.benchmark_plan import BATCH, REFERENCE, Log
from pipeline_sim.bench.reduced.run_peers import BATCH as PEER
from pipeline_sim.bench.results import MEGABYTE, Findings, Found, between, per_doctor, ratio, speedup

ENGLAND, TENFOLD, SMALL = 1.0, 10.0, 0.05  # scales


class Value(NamedTuple):
    """What is held against a bar, and what else should be known of it."""

    value: float
    detail: str


class Bar(NamedTuple):
    """One thing that is wanted."""

    name: str
    limit: float
    is_most: bool  # else it is the least
    unit: str
    needs: str  # what has to be measured for it
    read: Callable[[Findings], Value | None]

    def is_met(self, value: float) -> bool:
        """True if a value will do."""
        return value <= self.limit if self.is_most else value >= self.limit

    @property
    def wanted(self) -> str:
        """As 'at most 150 MB'."""
        return f"at {'most' if self.is_most else 'least'} {self.limit:g}{self.unit}"


def quicker(found: Findings) -> Value | None:
    """Reference to batch engine, both with rows in memory and nothing else; counts cost the batch engine more."""
    slow, fast = (found.of(engine, SMALL, Log.ROWS) for engine in (REFERENCE, BATCH))
    counting = found.of(BATCH, SMALL, Log.KEPT)
    if slow is None or fast is None:
        return None
    detail = f"processor time; {ratio(slow.readings, fast.readings, 'wall'):.3g} by the clock"
    if counting is not None:
        detail += f"; {ratio(slow.readings, counting.readings, 'processor'):.3g} if the batch engine counts as well"
    return Value(ratio(slow.readings, fast.readings, "processor"), detail)


def twin(found: Findings) -> Value | None:
    """The Numba batch program of the reduced pipeline to its C++ twin."""
    batch = next((peer for peer in found.peers if peer.name == PEER and peer.ratios), None)
    if batch is None:
        return None
    return Value(batch.ratio, f"rounds {min(batch.ratios):.3g} to {max(batch.ratios):.3g}")


def two_threads(found: Findings) -> Value | None:
    """Replications a second on two threads, to those on one."""
    at_england = found.plan.threads_at is not None and found.plan.threads_at.scale == ENGLAND
    quiet = found.quiet_threads()
    if not quiet or not at_england:
        return None
    return Value(speedup(quiet, "wall"), f"quiet rounds: {len(quiet)} of {len(found.threads)}")


def written(found: Findings) -> Value | None:
    """What streaming the log to Parquet adds, to the simulation without a log."""
    streamed, off = (found.of(BATCH, ENGLAND, log) for log in (Log.STREAMED, Log.OFF))
    if streamed is None or off is None:
        return None
    by_processor = ratio(streamed.readings, off.readings, "processor") - 1
    return Value(ratio(streamed.readings, off.readings, "wall") - 1, f"by the clock; {by_processor:.3g} processor time")


def memory(found: Findings) -> Value | None:
    """Most that a replication of England had, its world included."""
    case = found.of(BATCH, ENGLAND, Log.OFF)
    return None if case is None else Value(case.peak_bytes / MEGABYTE, _parts(case))


def _parts(case: Found) -> str:
    run = (case.peak_bytes - case.world_bytes) / MEGABYTE
    return f"the world {case.world_bytes / MEGABYTE:.0f}, the replication {run:.0f}"


def large(found: Findings) -> Value | None:
    """Time for a doctor at ten times England's size, to that at England's size."""
    many, few = (found.of(BATCH, scale, Log.OFF) for scale in (TENFOLD, ENGLAND))
    if many is None or few is None:
        return None
    return Value(
        per_doctor(many, few, "processor"), f"processor time; {per_doctor(many, few, 'wall'):.3g} by the clock"
    )


def cold(found: Findings) -> Value | None:
    """Compiling everything, once."""
    if not found.cold:
        return None
    until, work = between(found.cold, None, "days", "wall"), between(found.cold, "world", "kernels", "processor")
    return Value(
        between(found.cold, "world", "kernels", "wall"), f"processor time {work:.3g}; {until:.3g} to the first days"
    )


def cached(found: Findings) -> Value | None:
    """From nothing to the first days."""
    if not found.cached:
        return None
    work = between(found.cached, None, "days", "processor")
    return Value(between(found.cached, None, "days", "wall"), f"processor time {work:.3g}")


BARS = (
    Bar("Reference to batch engine, scale 0.05", 200, False, "", "both engines at scale 0.05", quicker),
    Bar("Batch to C++ twin, reduced pipeline", 1.6, True, "", "peers and a C++ compiler", twin),
    Bar(
        "Two threads to one",
        1.8,
        False,
        "",
        "the batch engine at scale 1, and two processors that no one else uses",
        two_threads,
    ),
    Bar("Writing the log as Parquet, to simulating", 1.0, True, "", "the batch engine at scale 1", written),
    Bar("Memory of a replication of England", 150, True, " MB", "the batch engine at scale 1", memory),
    Bar("Time for a doctor, scale 10 to 1", 2.5, True, "", "the batch engine at scales 1 and 10", large),
    Bar("Compiling everything", 30, True, " s", "the batch engine, not --quick", cold),
    Bar("Start to the first days, compiled before", 2, True, " s", "the batch engine", cached),
)


class Verdict(NamedTuple):
    """A bar and how it went."""

    bar: Bar
    value: float | None
    detail: str

    @property
    def said(self) -> str:
        """Met, not met or not measured."""
        if self.value is None:
            return "not measured"
        return "met" if self.bar.is_met(self.value) else "not met"


def verdicts(found: Findings) -> list[Verdict]:
    """Every bar, in order."""
    read = [(bar, bar.read(found)) for bar in BARS]
    return [Verdict(bar, *value) if value else Verdict(bar, None, f"needs {bar.needs}") for bar, value in read]
