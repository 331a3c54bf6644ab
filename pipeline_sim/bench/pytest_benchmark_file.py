"""Measurements as a file that `pytest-benchmark compare` reads; quartiles and outliers as it counts them."""

import json
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline_sim.bench.benchmark_plan import Case
from pipeline_sim.bench.reduced.run_peers import Peer
from pipeline_sim.bench.results import Findings, Found, Marks, Reading, others, seconds
from pipeline_sim.bench.thresholds import verdicts
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.provenance.machine import commit, machine

VERSION = "5.3.1"  # of pytest-benchmark, whose format it is
CLOCKS = {"processor": "processor time", "wall": "wall"}
FENCE = 1.5  # interquartile ranges


def write_benchmarks(path: Path, found: Findings) -> None:
    """Write the file, whole or not at all; RecordsError if it cannot be."""
    write_text(path, json.dumps(benchmarks_of(found), indent=2, allow_nan=False) + "\n")


def benchmarks_of(found: Findings) -> dict[str, Any]:
    """The content of the file; `bars` is ours, the rest pytest-benchmark's."""
    return {
        "machine_info": machine(),
        "commit_info": commit(),
        "benchmarks": list(_benchmarks(found)),
        "datetime": datetime.now(UTC).isoformat(),
        "version": VERSION,
        "bars": [
            {"name": each.bar.name, "wanted": each.bar.wanted, "value": each.value, "said": each.said}
            for each in verdicts(found)
        ],
    }


def _benchmarks(found: Findings) -> Iterator[dict[str, Any]]:
    for case, each in found.cases.items():
        yield from _replications(case.label, each.readings, case, each)
        if each.with_collector:
            yield from _replications(f"{case.label}, collector on", each.with_collector, case, each)
    if found.threads and found.plan.threads_at:
        for count, readings in enumerate(zip(*found.threads, strict=True), start=1):
            yield from _clocks("threads", f"{found.plan.threads_at.label}, threads: {count}", readings)
    for name, starts in (("compiled before", found.cached), ("empty cache", found.cold)):
        if starts:
            yield from _clocks("start", f"start to first days, {name}", _first_days(starts))
    for size, peers in (("full size", found.peers), ("a fiftieth", found.small_peers)):
        yield from (_peer(size, peer) for peer in peers)


def _replications(name: str, readings: list[Reading], case: Case, found: Found) -> Iterator[dict[str, Any]]:
    extra = {
        "scale": case.scale,
        "rows": found.rows,
        "doctors": found.doctors,
        "peak_bytes": found.peak_bytes,
        "world_bytes": found.world_bytes,
        "disk_bytes": readings[0].disk_bytes,
    }
    return _clocks("replication", name, readings, extra, case.runs)


def _first_days(starts: Sequence[Marks]) -> list[Reading]:
    return [start["days"] for start in starts]


def _peer(size: str, peer: Peer) -> dict[str, Any]:
    extra = {"events": peer.events, "ratios_to_twin": peer.ratios}
    return benchmark(f"reduced pipeline, {size}", f"{peer.name}, {size}", peer.seconds, extra)


def _clocks(
    group: str, name: str, readings: Sequence[Reading], extra: dict[str, Any] | None = None, runs: int = 1
) -> Iterator[dict[str, Any]]:
    noted = {**(extra or {}), "processors_used_by_others": round(others(readings), 3)}
    for clock, said in CLOCKS.items():
        yield benchmark(f"{group}: {said}", f"{name}, {said}", seconds(readings, clock), noted, runs)


def benchmark(group: str, name: str, data: list[float], extra: dict[str, Any], runs: int = 1) -> dict[str, Any]:
    """One line of pytest-benchmark."""
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
    """Of the seconds of each round."""
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
    """By method 2 of Wikipedia's for an even number, by method 3 for an odd one."""
    count, half = len(ordered), len(ordered) // 2
    if count == 1:
        return ordered[0], ordered[0]
    if count % 2 == 0:
        return statistics.median(ordered[:half]), statistics.median(ordered[half:])
    n, near, far = count // 4, 0.75, 0.25
    if count % 4 == 1:
        return far * ordered[n - 1] + near * ordered[n], near * ordered[3 * n] + far * ordered[3 * n + 1]
    return near * ordered[n] + far * ordered[n + 1], far * ordered[3 * n + 1] + near * ordered[3 * n + 2]
