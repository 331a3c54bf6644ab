"""The door: the commands, and those of `cli_trust` and `cli_servers`. Heavy imports wait until a command runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli import app_servers
from pipeline_sim.cli.app_evidence import app as trust
from pipeline_sim.cli.terminal.console import keep_compiled_rules, make_ready, one_line_errors, say_if_compiling
from pipeline_sim.cli.terminal.options import (
    MOST,
    Log,
    Parameters,
    checked_engine,
    checked_engines,
    checked_format,
    checked_scale,
    checked_seed,
    scales_of,
)

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Postgraduate medical training in England, doctor by doctor: what does a training-recovery mix buy back?",
)
app.add_typer(trust)
Layers = Annotated[list[Path], typer.Argument(help="World files (TOML), later ones laid over earlier ones.")]
Mix = Annotated[Path | None, typer.Option(help="A mix of interventions (TOML).")]
Scale = Annotated[float, typer.Option(help="Size of the model: 1 is the whole of England.", callback=checked_scale)]
Seed = Annotated[int, typer.Option(help="Which luck.", callback=checked_seed)]
Engine = Annotated[str, typer.Option(help="Which engine tells the story.", callback=checked_engine)]
Without = Annotated[list[str] | None, typer.Option(help="Leave out a shock or intervention; may be repeated.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Replications at a time; one for each core if not given.")]
Store = Annotated[
    str | None, typer.Option(help="Folder or s3://… of finished replications; beside the result if none.")
]
Out = Annotated[Path | None, typer.Option(help="Result folder; results/<name>/<digest> if not given.")]


@app.command()
def run(
    world: Layers,
    mix: Mix = None,
    engine: Engine = "batch",
    scale: Scale = 1.0,
    replications: Annotated[int, typer.Option(min=1, max=MOST, help="How many times, each with other luck.")] = 1,
    seed: Seed = 2021,
    log: Annotated[Log, typer.Option(help="Keep the event logs, or not.")] = Log.FULL,
    out: Out = None,
    without: Without = None,
    workers: Workers = None,
    check: Annotated[bool, typer.Option("--check", help="Hold every log against the laws of the model.")] = False,
) -> None:
    """Run one world: what happens by training year."""
    from pipeline_sim.cli.commands.run import RunRequest, run_world
    from pipeline_sim.study.replication.prepare import Assumed

    assumed = Assumed(tuple(map(str, world)), str(mix) if mix else None, frozenset(without or ()), scale)
    request = RunRequest(assumed, engine, seed, replications, log == Log.FULL, check, workers, out)
    say_if_compiling()
    run_world(request)


@app.command()
def compare(
    study: Annotated[Path, typer.Argument(help="Study file (TOML), or the folder that holds study.toml.")],
    full: Annotated[bool, typer.Option("--full", help="The study's full size: all of England, many times.")] = False,
    scale: Annotated[float | None, typer.Option(help="Size of the model.", callback=checked_scale)] = None,
    replications: Annotated[int | None, typer.Option(min=1, max=MOST, help="How many times, at most.")] = None,
    precision: Annotated[
        float | None, typer.Option(help="Stop when headline intervals are this narrow either way.")
    ] = None,
    parameters: Annotated[
        Parameters | None, typer.Option(help="Figures in doubt: drawn within their ranges, or as stated.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Which luck.", callback=checked_seed)] = None,
    engine: Engine = "batch",
    out: Out = None,
    store: Store = None,
    workers: Workers = None,
) -> None:
    """Compare the worlds of a study under the same luck: a report, its figures and tables in one folder."""
    from pipeline_sim.cli.commands.compare import CompareRequest, compare_worlds
    from pipeline_sim.study.comparison.study_file import load_study, sized

    path = study / "study.toml" if study.is_dir() else study
    chosen = None if parameters is None else parameters.value
    given = {"scale": scale, "replications": replications, "precision": precision, "parameters": chosen, "seed": seed}
    loaded = sized(load_study(path), path, full, given)
    say_if_compiling()
    compare_worlds(CompareRequest(loaded, path, engine, workers, out, store))


@app.command()
def trace(
    world: Annotated[list[Path], typer.Argument(help="World files, or one result folder of the command run.")],
    trainee: Annotated[int | None, typer.Option(help="Number of the doctor.")] = None,
    like: Annotated[str, typer.Option(help="Words that fit the doctor at some time, as 'surgery ST5 London'.")] = "",
    mix: Mix = None,
    engine: Engine = "batch",
    scale: Scale = 0.05,
    seed: Seed = 2021,
    replication: Annotated[int, typer.Option(min=0, max=MOST - 1, help="Which replication; 0 is the first.")] = 0,
    without: Without = None,
) -> None:
    """Tell one doctor's story in plain English, from the event log."""
    from pipeline_sim.cli.commands.trace import TraceRequest, tell_story
    from pipeline_sim.study.replication.prepare import Assumed

    assumed = Assumed(tuple(map(str, world)), str(mix) if mix else None, frozenset(without or ()), scale)
    tell_story(TraceRequest(assumed, engine, seed, replication, trainee, like))


@app.command()
def describe(
    world: Annotated[
        list[Path] | None, typer.Argument(help="World files; England with COVID, interventions and costs if none.")
    ] = None,
    mix: Mix = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="table, csv, or stress-des: the model report.", callback=checked_format),
    ] = None,
    study: Annotated[Path | None, typer.Option(help="The study that the model report tells.")] = None,
    find: Annotated[str, typer.Option(help="Only keys, units and sources that hold this text.")] = "",
    grade: Annotated[str, typer.Option(help="Only figures of this grade: A, B or C.")] = "",
) -> None:
    """List what a world assumes, every figure with unit, range, source and grade; or print the whole model report."""
    from pipeline_sim.cli.commands.describe import DescribeRequest
    from pipeline_sim.cli.commands.describe import describe as describe_world

    describe_world(DescribeRequest(tuple(world or ()), mix, form, find, grade, study))


@app.command()
def bench(
    world: Annotated[list[Path] | None, typer.Argument(help="World files; England with COVID if not given.")] = None,
    scales: Annotated[str | None, typer.Option(help="Sizes of the model, as 0.01,0.1,1.")] = None,
    rounds: Annotated[int | None, typer.Option(min=1, max=100, help="How many times each; 3 if not given.")] = None,
    engine: Annotated[
        list[str] | None,
        typer.Option(help="Only this engine, at every scale; may be repeated.", callback=checked_engines),
    ] = None,
    peers: Annotated[bool, typer.Option(help="Other ways of telling a reduced pipeline as well.")] = True,
    out: Annotated[Path | None, typer.Option(help="A file (JSON) that pytest-benchmark compare reads.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Small scales, one round: to try it, not to judge.")] = False,
) -> None:
    """Measure how fast the engines are here and what memory they take, beside what is wanted of them."""
    from pipeline_sim.cli.commands.bench import BenchRequest, bench_engines

    bench_engines(BenchRequest(engine or None, scales_of(scales), rounds, quick, peers, tuple(world or ()), out))


@app.command()
def parity(
    world: Annotated[
        list[Path] | None, typer.Argument(help="World files; England with COVID and a mix if none.")
    ] = None,
    mix: Mix = None,
    scale: Annotated[
        float | None, typer.Option(help="Size of the model; small if not given.", callback=checked_scale)
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=MOST, help="How many kinds of luck, from --seed on.")] = 3,
    seed: Seed = 2021,
    without: Without = None,
) -> None:
    """Hold the engines against each other, row by row: status 0 if all rows are equal, 1 if not."""
    from pipeline_sim.cli.commands.parity import ParityRequest, hold_against

    request = ParityRequest(
        tuple(map(str, world or ())), str(mix) if mix else None, frozenset(without or ()), scale, seed, seeds
    )
    say_if_compiling()
    raise typer.Exit(hold_against(request))


app.add_typer(app_servers.app)


def main() -> None:
    """Entry point: status 0, 1 if engines disagree, 2 with one line for what the user can put right, 130 for Ctrl-C."""
    arguments = sys.argv[1:] or ["--help"]
    make_ready()
    sys.exit(one_line_errors(lambda: obey(arguments)))


def obey(arguments: list[str]) -> object:
    """Do what was typed."""
    if "--help" not in arguments:
        keep_compiled_rules()
    return app(arguments, standalone_mode=False, prog_name="pipeline-sim")
