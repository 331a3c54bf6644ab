"""Measurements as tables for the terminal."""

import math
from collections.abc import Iterator, Sequence

from rich.table import Table

from pipeline_sim.bench.benchmark_plan import BATCH, REFERENCE, Case, Log
from pipeline_sim.bench.cold_start import MARKS
from pipeline_sim.bench.reduced.run_peers import Peer
from pipeline_sim.bench.results import (
    MEGABYTE,
    Findings,
    Found,
    Marks,
    Reading,
    between,
    median,
    others,
    ratio,
    speedup,
)
from pipeline_sim.bench.thresholds import verdicts
from pipeline_sim.records.provenance.machine import cores, machine

NANOSECONDS = 10**9


def tables(found: Findings) -> Iterator[Table]:
    """All of them; what was not measured is left out."""
    yield machine_table(found)
    if found.cases:
        yield speed_table(found)
        yield memory_table(found)
    if any(case.engine == REFERENCE for case in found.cases) and any(case.engine == BATCH for case in found.cases):
        yield ratios_table(found)
    if found.plan.logged_at() is not None:
        yield log_table(found)
    if found.threads:
        yield threads_table(found)
    if found.cached:
        yield starts_table(found)
    for title, peers in (
        ("Reduced pipeline, full size", found.peers),
        ("Reduced pipeline, a fiftieth", found.small_peers),
    ):
        if peers:
            yield peers_table(title, peers)
    if found.absent:
        yield absent_table(found.absent)
    yield bars_table(found)


def machine_table(found: Findings) -> Table:
    """Where this was measured."""
    facts = machine()
    table = _table("Machine", ["", ""], texts=2)
    table.add_row("Processor", f"{facts['cpu']['brand_raw']}, {cores()} to be used")
    table.add_row("System", f"{facts['system']} {facts['release']}")
    packages = ", ".join(f"{name} {facts[name]}" for name in ("numba", "numpy", "llvmlite", "simpy", "pyarrow"))
    table.add_row("Versions", f"Python {facts['python_version']}, {packages}")
    if found.cases:
        table.add_row("Other programs", f"used {others(found.readings()):.2f} processors meanwhile")
    return table


def speed_table(found: Findings) -> Table:
    """Seconds and rows of every case."""
    heads = ["engine", "scale", "log", "collector", "rows", "processor, s", "wall, s", "rows a second", "ns a row"]
    table = _table(f"One replication of England with COVID, median of rounds: {found.plan.rounds}", heads, texts=4)
    for case, each in found.cases.items():
        table.add_row(*_speed(case, each, each.readings, "off"))
        if each.with_collector:
            table.add_row(*_speed(case, each, each.with_collector, "on"))
    table.caption = "Rows a second and ns a row: by processor time. Collector: Python's, of garbage."
    return table


def _speed(case: Case, found: Found, readings: Sequence[Reading], collector: str) -> tuple[str, ...]:
    processor, wall = (median(readings, clock) for clock in ("processor", "wall"))
    each_second, each_row = found.rows / processor, NANOSECONDS * processor / found.rows
    speed = f"{found.rows:,}", f"{processor:.3g}", f"{wall:.3g}", f"{each_second:,.0f}", f"{each_row:,.0f}"
    return case.engine, f"{case.scale:g}", case.log, collector, *speed


def memory_table(found: Findings) -> Table:
    """Most memory that one replication had."""
    heads = ["engine", "scale", "log", "doctors", "peak, MB", "of it the world, MB", "replication, bytes a doctor"]
    table = _table("Memory above the interpreter with packages and kernels loaded", heads, texts=3)
    for case, each in found.cases.items():
        memory = (
            f"{each.peak_bytes / MEGABYTE:,.0f}",
            f"{each.world_bytes / MEGABYTE:,.0f}",
            f"{each.bytes_a_doctor:,.0f}",
        )
        table.add_row(case.engine, f"{case.scale:g}", case.log, f"{each.doctors:,.0f}", *memory)
    table.caption = "Collector on. Doctors: posts, mean of the years."
    return table


def ratios_table(found: Findings) -> Table:
    """Reference to batch engine, both with rows in memory."""
    heads = ["scale", "processor time", "wall", "processor time, collector on", "processor time, batch engine counting"]
    table = _table("Reference to batch engine, rows in memory in both", heads)
    for scale in found.plan.scales():
        slow, fast = (found.of(engine, scale, Log.ROWS) for engine in (REFERENCE, BATCH))
        counting = found.of(BATCH, scale, Log.KEPT)
        if slow and fast and counting:
            pairs = (
                (slow.readings, fast.readings, "processor"),
                (slow.readings, fast.readings, "wall"),
                (slow.with_collector, fast.readings, "processor"),
                (slow.readings, counting.readings, "processor"),
            )
            table.add_row(f"{scale:g}", *(f"{ratio(mine, other, clock):.4g}" for mine, other, clock in pairs))
    table.caption = "The reference engine makes no counts; those of the batch engine cost it more."
    return table


def log_table(found: Findings) -> Table:
    """What the log costs."""
    scale = found.plan.logged_at()
    heads = ["log", "processor, s", "wall, s", "added, processor", "added, wall", "peak, MB", "bytes a row on disk"]
    table = _table(f"Batch engine, scale {scale:g}: what the log adds to a run without it", heads)
    off = found.of(BATCH, scale, Log.OFF)
    for log in Log:
        each = found.of(BATCH, scale, log)
        if each and off:
            clocks = ("processor", "wall")
            added = ("" if log == Log.OFF else f"{ratio(each.readings, off.readings, c) - 1:+.2f}" for c in clocks)
            disk = each.readings[0].disk_bytes
            memory, on_disk = f"{each.peak_bytes / MEGABYTE:,.0f}", f"{disk / each.rows:.2f}" if disk else "-"
            table.add_row(log, *(f"{each.median(c):.3g}" for c in clocks), *added, memory, on_disk)
    return table


def threads_table(found: Findings) -> Table:
    """Replications side by side."""
    scale = found.plan.threads_at.scale if found.plan.threads_at else math.nan
    table = _table(
        f"Batch engine, scale {scale:g}: two replications",
        ["threads", "replications a second", "processor, s", "processors used by others"],
    )
    for count, readings in enumerate(zip(*found.threads, strict=True), start=1):
        speed, used = f"{1 / median(readings, 'wall'):.3g}", f"{others(readings):.2f}"
        table.add_row(f"{count}", speed, f"{median(readings, 'processor'):.3g}", used)
    many, work = f"{speedup(found.threads, 'wall'):.3g}", f"{1 / speedup(found.threads, 'processor'):.3g}"
    table.add_row("2 to 1", many, work, "")
    return table


def starts_table(found: Findings) -> Table:
    """From nothing to the first days."""
    heads = ["rules", "packages imported", "world made", "kernels ready", "first days run", "processor, s"]
    table = _table("Start of a batch run, seconds since the process began", heads)
    for name, starts in (("compiled before", found.cached), ("empty cache", found.cold)):
        if starts:
            table.add_row(name, *_marks(starts), f"{between(starts, None, MARKS[-1], 'processor'):.3g}")
    return table


def _marks(starts: Sequence[Marks]) -> list[str]:
    return [f"{between(starts, None, mark, 'wall'):.3g}" for mark in MARKS]


def peers_table(title: str, peers: Sequence[Peer]) -> Table:
    """The programs of the reduced pipeline: medians, and the spread between rounds."""
    heads = ["program", "seconds", "spread, %", "events", "events a second", "time of an event, C++ = 1"]
    table = _table(title, heads)
    for peer in peers:
        part = "-" if math.isnan(peer.ratio) else f"{peer.ratio:.3g}"
        seconds, spread = f"{peer.median:.3g}", f"{100 * peer.spread:.0f}"
        table.add_row(peer.name, seconds, spread, f"{peer.events:,}", f"{peer.events_per_second:,.0f}", part)
    return table


def absent_table(absent: dict[str, str]) -> Table:
    """What could not be run here."""
    table = _table("Not measured here", ["program", "why"], texts=2)
    for name, why in absent.items():
        table.add_row(name, why)
    return table


def bars_table(found: Findings) -> Table:
    """Every bar, and whether it was met."""
    table = _table("Bars", ["", "wanted", "measured", "", "beside it"], texts=5)
    for each in verdicts(found):
        value = "-" if each.value is None else f"{each.value:.3g}{each.bar.unit}"
        table.add_row(each.bar.name, each.bar.wanted, value, each.said, each.detail)
    return table


def _table(title: str, heads: Sequence[str], texts: int = 1) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place < texts else "right")
    table.caption_justify = "left"
    return table
