"""The command bench: how fast the engines are here, beside what is wanted of them."""

import tempfile
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.bench.benchmark_plan import planned
from pipeline_sim.bench.measure import measure
from pipeline_sim.bench.pytest_benchmark_file import write_benchmarks
from pipeline_sim.bench.result_tables import tables
from pipeline_sim.cli.terminal.console import console, progress_bar, say_if_compiling
from pipeline_sim.records.records_error import RecordsError

ENGLAND = (Path("configs/england.toml"), Path("configs/covid.toml"))


class BenchRequest(NamedTuple):
    """What was asked for."""

    engines: list[str] | None  # none: all
    scales: tuple[float, ...] | None
    rounds: int | None
    quick: bool
    peers: bool
    layers: tuple[Path, ...]
    out: Path | None


def bench_engines(request: BenchRequest) -> None:
    """Measure, show, write."""
    plan = planned(request.engines, request.scales, request.rounds, request.quick, request.peers)
    say_if_compiling()
    if request.out is not None:
        check_writable(request.out)
    with progress_bar("measuring") as report:
        found = measure(plan, request.layers or ENGLAND, report)
    screen = console()
    for table in tables(found):
        screen.print(table)
        screen.print()
    if request.out is not None:
        write_benchmarks(request.out, found)
        screen.print(f"written to {request.out}", soft_wrap=True)


def check_writable(path: Path) -> None:
    """RecordsError for a file that could not be written after minutes of measuring."""
    if path.is_dir():
        raise RecordsError(f"cannot write {path}: it is a folder, should be a file")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise RecordsError(f"cannot write {path}: {error.strerror or error}") from None
