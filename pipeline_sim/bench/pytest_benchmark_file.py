"""Benchmark results as a file that `pytest-benchmark compare` reads; quartiles and outliers as it computes them."""

import json
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline_sim.bench.benchmark_plan import Case
from pipeline_sim.bench.reduced.run_peers import Peer
from pipeline_sim.bench.results import BenchmarkResults, CaseResult, Reading, other_load, seconds
from pipeline_sim.bench.thresholds import verdicts
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.provenance.machine import commit_info, machine_info

VERSION = "5.3.1"  # of pytest-benchmark, whose format it is
CLOCKS = {"processor": "processor time", "wall": "wall"}
FENCE = 1.5  # interquartile ranges


def write_benchmarks(path: Path, results: BenchmarkResults) -> None:
    """Write the file atomically; RecordsError if it cannot be written."""
    write_text(path, json.dumps(benchmarks_of(results), indent=2, allow_nan=False) + "\n")


def benchmarks_of(results: BenchmarkResults) -> dict[str, Any]:
    """Content of the file: pytest-benchmark's entries, and `bars`, the thresholds."""
    return {
        "machine_info": machine_info(),
        "commit_info": commit_info(),
        "benchmarks": list(_benchmarks(results)),
        "datetime": datetime.now(UTC).isoformat(),
        "version": VERSION,
        "bars": [
            {"name": each.threshold.name, "wanted": each.threshold.wanted, "value": each.value, "said": each.outcome}
            for each in verdicts(results)
        ],
    }


def _benchmarks(results: BenchmarkResults) -> Iterator[dict[str, Any]]:
    for case, each in results.cases.items():
        yield from _replications(case.label, each.readings, case, each)
        if each.with_collector:
            yield from _replications(f"{case.label}, collector on", each.with_collector, case, each)
    for kind, rounds in results.workers.items():
        for count in rounds[0]:
            name = f"{results.plan.workers_at.label}, {kind}: {count}" if results.plan.workers_at else kind
            yield from _clocks(kind, name, [each[count] for each in rounds])
    for name, starts in (("compiled before", results.cached), ("empty cache", results.cold)):
        if starts:
            yield from _clocks("start", f"start to first days, {name}", [start["days"] for start in starts])
    for size, peers in (("full size", results.peers), ("a fiftieth", results.small_peers)):
        yield from (_peer(size, peer) for peer in peers)


def _replications(name: str, readings: list[Reading], case: Case, results: CaseResult) -> Iterator[dict[str, Any]]:
    extra = {
        "scale": case.scale,
        "rows": results.rows,
        "doctors": results.doctors,
        "peak_bytes": results.peak_bytes,
        "world_bytes": results.world_bytes,
        "disk_bytes": readings[0].disk_bytes,
    }
    return _clocks("replication", name, readings, extra, case.runs)


def _peer(size: str, peer: Peer) -> dict[str, Any]:
    extra = {"events": peer.events, "ratios_to_twin": peer.ratios}
    return benchmark(f"reduced pipeline, {size}", f"{peer.name}, {size}", peer.seconds, extra)


def _clocks(
    group: str, name: str, readings: Sequence[Reading], extra: dict[str, Any] | None = None, runs: int = 1
) -> Iterator[dict[str, Any]]:
    noted = {**(extra or {}), "processors_used_by_others": round(other_load(readings), 3)}
    for clock, label in CLOCKS.items():
        yield benchmark(f"{group}: {label}", f"{name}, {label}", seconds(readings, clock), noted, runs)


def benchmark(group: str, name: str, data: list[float], extra: dict[str, Any], runs: int = 1) -> dict[str, Any]:
    """Entry of one benchmark as pytest-benchmark writes it."""
    return {
        "group": group,
        "name": name,
        "fullname": f"pipeline-sim bench::{name}",
        "params": None,
        "param": None,
        "extra_info": extra,
        "options": {"disable_gc": True, "timer": "perf_counter", "min_rounds": len(data), "warmup": True},
        "stats": {**stats(data), "data": data, "iterations": runs},
    }


def stats(data: list[float]) -> dict[str, Any]:
    """Statistics of the seconds of each round as pytest-benchmark computes them."""
    ordered, mean, total = sorted(data), statistics.mean(data), sum(data)
    spread = statistics.stdev(data) if len(data) > 1 else 0.0
    first, third = _quartiles(ordered)
    range_ = third - first
    low, high = first - FENCE * range_, third + FENCE * range_
    far, out = _outside(data, mean - spread, mean + spread), _outside(data, low, high)
    return {
        "min": ordered[0],
        "max": ordered[-1],
        "mean": mean,
        "stddev": spread,
        "rounds": len(data),
        "median": statistics.median(data),
        "iqr": range_,
        "q1": first,
        "q3": third,
        "iqr_outliers": out,
        "stddev_outliers": far,
        "outliers": f"{far};{out}",
        "ld15iqr": ordered[bisect_left(ordered, low)],
        "hd15iqr": ordered[bisect_right(ordered, high) - 1],
        "ops": len(data) / total if total else 0.0,
        "total": total,
    }


def _outside(data: list[float], low: float, high: float) -> int:
    return sum(not low <= value <= high for value in data)


def _quartiles(ordered: list[float]) -> tuple[float, float]:
    """Quartiles by Wikipedia's method 2 for an even number, method 3 for an odd one."""
    count, half = len(ordered), len(ordered) // 2
    if count == 1:
        return ordered[0], ordered[0]
    if count % 2 == 0:
        return statistics.median(ordered[:half]), statistics.median(ordered[half:])
    n, near, far = count // 4, 0.75, 0.25
    if count % 4 == 1:
        return far * ordered[n - 1] + near * ordered[n], near * ordered[3 * n] + far * ordered[3 * n + 1]
    return near * ordered[n] + far * ordered[n + 1], far * ordered[3 * n + 1] + near * ordered[3 * n + 2]
