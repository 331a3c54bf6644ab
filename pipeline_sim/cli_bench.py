"""The command bench: how fast the engines are here, beside what is wanted of them."""

import tempfile
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.bench.benchmark_file import write_benchmarks
from pipeline_sim.bench.case import Plan
from pipeline_sim.bench.england import measure
from pipeline_sim.bench.tables import tables
from pipeline_sim.cli_console import console, progress_bar
from pipeline_sim.records.errors import RecordsError

ENGLAND = (Path("configs/england.toml"), Path("configs/covid.toml"))


class BenchRequest(NamedTuple):
    """What was asked for."""

    plan: Plan
    layers: tuple[Path, ...]
    out: Path | None


def bench_engines(request: BenchRequest) -> None:
    """Measure, show, write."""
    if request.out is not None:
        check_writable(request.out)
    with progress_bar("measuring") as report:
        found = measure(request.plan, request.layers or ENGLAND, report)
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
