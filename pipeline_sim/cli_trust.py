"""Commands that say how far results can be trusted. Heavy imports wait until a command runs."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli_options import Parameters, checked_engine, checked_scale, checked_seed

app = typer.Typer()
MOST = 100_000
TargetsFile = Annotated[Path | None, typer.Option(help="Published figures (TOML); those that ship if not given.")]
Scale = Annotated[float, typer.Option(help="Size of the model: 1 is the whole of England.", callback=checked_scale)]
Engine = Annotated[str, typer.Option(help="Which engine tells the story.", callback=checked_engine)]
Seed = Annotated[int | None, typer.Option(help="Which luck.", callback=checked_seed)]
Workers = Annotated[int | None, typer.Option(min=1, help="Runs at a time; one for each core if not given.")]
Identifier = Annotated[str, typer.Argument(help="Identifier of a figure, a table or a whole result, as F1-k7m3-q4dt.")]
Results = Annotated[Path, typer.Option(help="Folder that holds the results, or one result.")]


@app.command()
def validate(
    scale: Scale = 0.2,
    replications: Annotated[int, typer.Option(min=1, max=MOST, help="How many times, each with other luck.")] = 16,
    targets: TargetsFile = None,
    role: Annotated[str | None, typer.Option(help="Only figures of this role: fit, input or test.")] = None,
    parameters: Annotated[
        Parameters | None, typer.Option(help="Figures in doubt: drawn within their ranges, or as stated.")
    ] = None,
    seed: Seed = None,
    engine: Engine = "batch",
    out: Annotated[Path | None, typer.Option(help="Result folder; results/validate/<digest> if not given.")] = None,
    workers: Workers = None,
) -> None:
    """Hold the model against published figures: a table, a page and a hindcast. Failures are shown first."""
    from pipeline_sim.cli_console import say_if_compiling
    from pipeline_sim.cli_validate import ValidateRequest, validate_model

    changes: dict[str, object] = {"scale": scale, "replications": replications}
    if seed is not None:
        changes["seed"] = seed
    if parameters is not None:
        changes["parameters"] = parameters.value
    say_if_compiling()
    validate_model(ValidateRequest(targets, role, changes, engine, workers, out))


@app.command()
def calibrate(
    scale: Scale = 0.2,
    points: Annotated[int, typer.Option(min=40, max=MOST, help="Points run in the first wave; then a third.")] = 300,
    waves: Annotated[int, typer.Option(min=1, max=20, help="How many waves.")] = 3,
    targets: TargetsFile = None,
    opened: Annotated[
        Path | None, typer.Option("--open", help="What is fitted (TOML); that which ships if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which luck, and which points.", callback=checked_seed)] = 1,
    engine: Engine = "batch",
    out: Annotated[Path | None, typer.Option(help="Result folder; results/calibrate/<digest> if not given.")] = None,
    workers: Workers = None,
) -> None:
    """Fit the open parameters to published figures by history matching, and keep every plausible point."""
    import os

    from pipeline_sim.cli_calibrate import CalibrateRequest, calibrate_model
    from pipeline_sim.cli_console import say_if_compiling
    from pipeline_sim.study.calibrate import Search

    say_if_compiling()
    search = Search(points, waves, seed, engine, workers or os.cpu_count() or 1)
    calibrate_model(CalibrateRequest(targets, opened, scale, search, out))


@app.command()
def verify(
    identifier: Identifier,
    results: Results = Path("results"),
    kept: Annotated[bool, typer.Option("--kept", help="Go on from finished replications, if there are any.")] = False,
) -> None:
    """Make a figure or table again and compare it bit for bit: status 0 if it is identical, 1 if not."""
    from pipeline_sim.cli_verify import VerifyRequest, verify_item

    raise typer.Exit(verify_item(VerifyRequest(identifier, results, kept)))


@app.command()
def explain(
    identifier: Identifier,
    results: Results = Path("results"),
    names: Annotated[bool, typer.Option("--names", help="Name every figure that was drawn or held.")] = False,
) -> None:
    """Say what a figure or table rests on: inputs, assumptions, seeds, program, machine, run time."""
    from pipeline_sim.cli_explain import explain_item

    explain_item(identifier, results, names)
