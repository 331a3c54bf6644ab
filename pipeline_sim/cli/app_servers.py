"""Commands for long runs: batch, status and plan. Heavy imports wait until a command runs."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli.terminal.console import say_if_compiling
from pipeline_sim.cli.terminal.options import MOST, Parameters, checked_engine, checked_scale, checked_seed

app = typer.Typer()
StudyFile = Annotated[Path, typer.Argument(help="Study file (TOML), or the folder that holds study.toml.")]
Full = Annotated[bool, typer.Option("--full", help="The study's full size: all of England, many times.")]
Scale = Annotated[float | None, typer.Option(help="Size of the model.", callback=checked_scale)]
Replications = Annotated[int | None, typer.Option(min=1, max=MOST, help="How many times.")]


@app.command()
def batch(
    study: StudyFile,
    full: Full = False,
    scale: Scale = None,
    replications: Replications = None,
    parameters: Annotated[
        Parameters | None, typer.Option(help="Figures in doubt: drawn within their ranges, or as stated.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Which luck.", callback=checked_seed)] = None,
    engine: Annotated[str, typer.Option(help="Which engine tells the story.", callback=checked_engine)] = "batch",
    workers: Annotated[int | None, typer.Option(min=1, help="Replications at a time; one a core if none.")] = None,
    processes: Annotated[int | None, typer.Option(min=1, help="Worker processes of this machine, not threads.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask scheduler, tcp://host:8786, or local for a cluster of this machine.")
    ] = None,
    slurm: Annotated[str | None, typer.Option(help="Slurm jobs as workers: cores=16,memory=32GB,queue=short.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="How many Slurm jobs.")] = 1,
    store: Annotated[str | None, typer.Option(help="Where replications are kept; beside the results if none.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One line of JSON an interval on stdout.")] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between lines, where there is no terminal.")] = 30.0,
) -> None:
    """Run the replications of a study, unattended: what is finished is kept, the same command goes on from there."""
    from pipeline_sim.cli.commands.batch import BatchRequest, Crewed, Told, run_batch
    from pipeline_sim.study.comparison.study_file import load_study, sized

    path = study / "study.toml" if study.is_dir() else study
    chosen = None if parameters is None else parameters.value
    given = {"scale": scale, "replications": replications, "parameters": chosen, "seed": seed}
    loaded = sized(load_study(path), path, full, given)
    say_if_compiling()
    crewed = Crewed(workers, processes, scheduler, slurm, jobs)
    run_batch(BatchRequest(loaded, path, engine, store, crewed, Told(json, every)))


@app.command()
def status(
    folder: Annotated[str, typer.Argument(help="Store that batch or compare fills, or one setting of it.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """What a store holds, whether all of it is sound, and how a run that fills it stands. Keeps nobody out."""
    from pipeline_sim.cli.commands.status import show_status

    raise typer.Exit(show_status(folder, json))


@app.command()
def plan(
    study: StudyFile,
    full: Full = False,
    scale: Scale = None,
    replications: Replications = None,
    engine: Annotated[str, typer.Option(help="Which engine tells the story.", callback=checked_engine)] = "batch",
    cores: Annotated[int | None, typer.Option(min=1, help="Of the machine or cluster; those here if none.")] = None,
    memory: Annotated[float | None, typer.Option(min=0.1, help="GB of it; what is free here if none.")] = None,
) -> None:
    """What a study would take on a machine: time, memory and disk, put up from two replications that are run here."""
    from pipeline_sim.cli.commands.plan import PlanRequest, plan_study
    from pipeline_sim.study.comparison.study_file import load_study, sized

    path = study / "study.toml" if study.is_dir() else study
    loaded = sized(load_study(path), path, full, {"scale": scale, "replications": replications})
    say_if_compiling()
    plan_study(PlanRequest(loaded, path, engine, cores, memory))
