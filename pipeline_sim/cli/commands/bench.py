"""The command `bench`: the speed and memory of the engines on this machine, beside their thresholds."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli.terminal.console import console, print_if_compiling, progress_bar
from pipeline_sim.cli.terminal.default_paths import shipped
from pipeline_sim.cli.terminal.options import checked_engine, checked_scale, world_paths
from pipeline_sim.records.records_error import RecordsError

ENGLAND = ("england.toml", "covid.toml")


def checked_engines(names: list[str] | None) -> list[str] | None:
    """Names of engines; BadParameter if there is none of a name."""
    return [checked_engine(name) for name in names] if names else None


def scales_of(text: str | None) -> tuple[float, ...] | None:
    """Scales between commas; BadParameter unless each is a number within range."""
    if text is None:
        return None
    try:
        scales = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"scales are '{text}', should be numbers with commas between, as 0.01,0.1,1") from None
    for scale in scales:
        checked_scale(scale)
    return scales


def bench(
    world: Annotated[
        list[Path] | None, typer.Argument(help="World files; England with COVID by default.", callback=world_paths)
    ] = None,
    scales: Annotated[str | None, typer.Option(help="Sizes of the model, such as 0.01,0.1,1.")] = None,
    rounds: Annotated[int | None, typer.Option(min=1, max=100, help="Rounds of each; 3 by default.")] = None,
    engine: Annotated[
        list[str] | None,
        typer.Option(help="Only this engine, at every scale; may be repeated.", callback=checked_engines),
    ] = None,
    peers: Annotated[bool, typer.Option(help="Measure a reduced pipeline in other packages as well.")] = True,
    out: Annotated[Path | None, typer.Option(help="JSON file for pytest-benchmark compare.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Small scales and one round, as a trial.")] = False,
) -> None:
    """Measure the speed and memory of the engines against their thresholds."""
    sizes = scales_of(scales)
    from pipeline_sim.bench.benchmark_plan import make_plan
    from pipeline_sim.bench.measure import measure
    from pipeline_sim.bench.pytest_benchmark_file import write_benchmarks
    from pipeline_sim.bench.result_tables import tables

    plan = make_plan(engine or None, sizes, rounds, quick, peers)
    print_if_compiling()
    if out is not None:
        check_writable(out)
    with progress_bar("measuring") as report:
        results = measure(plan, tuple(world or (Path(shipped(name)) for name in ENGLAND)), report)
    screen = console()
    for table in tables(results):
        screen.print(table)
        screen.print()
    if out is not None:
        write_benchmarks(out, results)
        screen.print(f"written to {out}", soft_wrap=True)


def check_writable(path: Path) -> None:
    """Check before minutes of measuring that a file can be written; RecordsError if not."""
    if path.is_dir():
        raise RecordsError(f"cannot write {path}: it is a folder, should be a file")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise RecordsError(f"cannot write {path}: {error.strerror or error}") from None
