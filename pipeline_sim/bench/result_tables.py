"""Benchmark results as tables for the terminal."""

import math
from collections.abc import Iterator, Sequence

from rich.table import Table

from pipeline_sim.bench.benchmark_plan import BATCH, REFERENCE, Case, LogMode
from pipeline_sim.bench.cold_start import MARKS
from pipeline_sim.bench.reduced.run_peers import Peer
from pipeline_sim.bench.results import (
    MEGABYTE,
    BenchmarkResults,
    CaseResult,
    Reading,
    median,
    other_load,
    predicted_speedup,
    ratio,
    seconds_between,
    speedup,
)
from pipeline_sim.bench.thresholds import verdicts
from pipeline_sim.records.provenance.machine import cores, machine_info

NANOSECONDS = 10**9
PREDICTED = (2, 16, 64, 256)  # numbers of workers


def tables(results: BenchmarkResults) -> Iterator[Table]:
    """Tables of all results; what was not measured is left out."""
    yield machine_table(results)
    if results.cases:
        yield speed_table(results)
        yield memory_table(results)
    if any(case.engine == REFERENCE for case in results.cases) and any(case.engine == BATCH for case in results.cases):
        yield ratios_table(results)
    if results.plan.logged_at() is not None:
        yield log_table(results)
    if any(rounds[0] for rounds in results.workers.values()):
        yield workers_table(results)
    if results.cached:
        yield starts_table(results)
    for size, peers in (("full size", results.peers), ("a fiftieth", results.small_peers)):
        if peers:
            yield peers_table(f"Reduced pipeline, {size}", peers)
    if results.absent:
        yield absent_table(results.absent)
    yield thresholds_table(results)


def machine_table(results: BenchmarkResults) -> Table:
    """Table of the machine."""
    facts = machine_info()
    table = _table("Machine", ["", ""], texts=2)
    table.add_row("Processor", f"{facts['cpu']['brand_raw']}, {cores()} to be used")
    table.add_row("System", f"{facts['system']} {facts['release']}")
    packages = ", ".join(f"{name} {facts[name]}" for name in ("numba", "numpy", "llvmlite", "simpy", "pyarrow"))
    table.add_row("Versions", f"Python {facts['python_version']}, {packages}")
    if results.cases:
        table.add_row("Other programs", f"used {other_load(results.readings()):.2f} processors meanwhile")
    return table


def speed_table(results: BenchmarkResults) -> Table:
    """Table of seconds and rows of every case."""
    heads = ["engine", "scale", "log", "collector", "rows", "processor, s", "wall, s", "rows a second", "ns a row"]
    table = _table(f"One replication of England with COVID, median of rounds: {results.plan.rounds}", heads, texts=4)
    for case, each in results.cases.items():
        table.add_row(*_speed(case, each, each.readings, "off"))
        if each.with_collector:
            table.add_row(*_speed(case, each, each.with_collector, "on"))
    table.caption = "Rows a second and ns a row: by processor time. Collector: Python's, of garbage."
    return table


def _speed(case: Case, results: CaseResult, readings: Sequence[Reading], collector: str) -> tuple[str, ...]:
    processor, wall = (median(readings, clock) for clock in ("processor", "wall"))
    each_second, each_row = results.rows / processor, NANOSECONDS * processor / results.rows
    speed = f"{results.rows:,}", f"{processor:.3g}", f"{wall:.3g}", f"{each_second:,.0f}", f"{each_row:,.0f}"
    return case.engine, f"{case.scale:g}", case.log, collector, *speed


def memory_table(results: BenchmarkResults) -> Table:
    """Table of the peak memory of one replication."""
    heads = ["engine", "scale", "log", "doctors", "peak, MB", "of it the world, MB", "replication, bytes a doctor"]
    table = _table("Memory above the interpreter with packages and kernels loaded", heads, texts=3)
    for case, each in results.cases.items():
        sizes = each.doctors, each.peak_bytes / MEGABYTE, each.world_bytes / MEGABYTE, each.bytes_per_doctor
        table.add_row(case.engine, f"{case.scale:g}", case.log, *(f"{size:,.0f}" for size in sizes))
    table.caption = "Collector on. Doctors: posts, mean of the years."
    return table


def ratios_table(results: BenchmarkResults) -> Table:
    """Table of ratios of reference to batch engine, both with rows in memory."""
    heads = ["scale", "processor time", "wall", "processor time, collector on", "processor time, batch engine counting"]
    table = _table("Reference to batch engine, rows in memory in both", heads)
    for scale in results.plan.scales():
        slow, fast = (results.of(engine, scale, LogMode.ROWS) for engine in (REFERENCE, BATCH))
        counting = results.of(BATCH, scale, LogMode.KEPT)
        if slow and fast and counting:
            pairs = (
                (slow.readings, fast.readings, "processor"),
                (slow.readings, fast.readings, "wall"),
                (slow.with_collector, fast.readings, "processor"),
                (slow.readings, counting.readings, "processor"),
            )
            table.add_row(f"{scale:g}", *(f"{ratio(one, other, clock):.4g}" for one, other, clock in pairs))
    table.caption = "The reference engine makes no counts; those of the batch engine cost it more."
    return table


def log_table(results: BenchmarkResults) -> Table:
    """Table of what the log costs."""
    scale = results.plan.logged_at()
    heads = ["log", "processor, s", "wall, s", "added, processor", "added, wall", "peak, MB", "bytes a row on disk"]
    table = _table(f"Batch engine, scale {scale:g}: what the log adds to a run without it", heads)
    off = results.of(BATCH, scale, LogMode.OFF)
    for log in LogMode:
        each = results.of(BATCH, scale, log)
        if each and off:
            clocks = ("processor", "wall")
            added = ("" if log == LogMode.OFF else f"{ratio(each.readings, off.readings, c) - 1:+.2f}" for c in clocks)
            disk = each.readings[0].disk_bytes
            memory, on_disk = f"{each.peak_bytes / MEGABYTE:,.0f}", f"{disk / each.rows:.2f}" if disk else "-"
            table.add_row(log, *(f"{median(each.readings, c):.3g}" for c in clocks), *added, memory, on_disk)
    return table


def workers_table(results: BenchmarkResults) -> Table:
    """Table of replications on one worker and on more: measured, then predicted by Amdahl's law."""
    scale = results.plan.workers_at.scale if results.plan.workers_at else math.nan
    heads = ["workers", "number", "replications a second", "speed-up", "serial part, %", "used by others"]
    table = _table(f"Batch engine, scale {scale:g}: several workers", heads)
    for kind, rounds in results.workers.items():
        one = [each[1] for each in rounds]
        for count in rounds[0]:
            some = [each[count] for each in rounds]
            speed = f"{1 / median(some, 'wall'):.3g}", f"{speedup(list(zip(one, some, strict=True)), 'wall'):.3g}"
            table.add_row(kind, f"{count}", *speed, f"{100 * ratio_serial(some, one):.2g}", f"{other_load(some):.2f}")
        for count in (count for count in PREDICTED if count > max(rounds[0])):
            gain = predicted_speedup(ratio_serial(one, one), count)
            table.add_row(kind, f"{count}", f"{gain / median(one, 'wall'):.3g}", f"{gain:.3g}", "predicted", "")
    table.caption = "Serial: processor time of the process that hands out jobs, outside the engine. Predicted: Amdahl."
    return table


def ratio_serial(some: Sequence[Reading], one: Sequence[Reading]) -> float:
    """Serial part of the work: of the time of one worker."""
    return median(some, "serial") / median(one, "wall")


def starts_table(results: BenchmarkResults) -> Table:
    """Table of the start: seconds to the first days."""
    heads = ["rules", "packages imported", "world made", "kernels ready", "first days run", "processor, s"]
    table = _table("Start of a batch run, seconds since the process began", heads)
    for name, starts in (("compiled before", results.cached), ("empty cache", results.cold)):
        if starts:
            marks = [f"{seconds_between(starts, None, mark, 'wall'):.3g}" for mark in MARKS]
            table.add_row(name, *marks, f"{seconds_between(starts, None, MARKS[-1], 'processor'):.3g}")
    return table


def peers_table(title: str, peers: Sequence[Peer]) -> Table:
    """Table of the programs of the reduced pipeline: medians, and the spread between rounds."""
    heads = ["program", "seconds", "spread, %", "events", "events a second", "time of an event, C++ = 1"]
    table = _table(title, heads)
    for peer in peers:
        part = "-" if math.isnan(peer.ratio) else f"{peer.ratio:.3g}"
        seconds, spread = f"{peer.median:.3g}", f"{100 * peer.spread:.0f}"
        table.add_row(peer.name, seconds, spread, f"{peer.events:,}", f"{peer.events_per_second:,.0f}", part)
    return table


def absent_table(absent: dict[str, str]) -> Table:
    """Table of the programs that could not be run here, and why."""
    table = _table("Not measured here", ["program", "why"], texts=2)
    for name, why in absent.items():
        table.add_row(name, why)
    return table


def thresholds_table(results: BenchmarkResults) -> Table:
    """Table of the thresholds, and whether each was met."""
    table = _table("Thresholds", ["", "wanted", "measured", "", "detail"], texts=5)
    for each in verdicts(results):
        value = "-" if each.value is None else f"{each.value:.3g}{each.threshold.unit}"
        table.add_row(each.threshold.name, each.threshold.wanted, value, each.outcome, each.detail)
    return table


def _table(title: str, heads: Sequence[str], texts: int = 1) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place < texts else "right")
    table.caption_justify = "left"
    return table
