"""Commands that say how far results can be trusted. Heavy imports wait until a command runs."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli.terminal.console import say_if_compiling
from pipeline_sim.cli.terminal.options import Parameters, checked_engine, checked_scale, checked_seed

app = typer.Typer()
MOST = 100_000
TargetsFile = Annotated[Path | None, typer.Option(help="Published figures (TOML); those that ship if not given.")]
Scale = Annotated[float, typer.Option(help="Size of the model: 1 is the whole of England.", callback=checked_scale)]
Engine = Annotated[str, typer.Option(help="Which engine tells the story.", callback=checked_engine)]
Seed = Annotated[int | None, typer.Option(help="Which luck.", callback=checked_seed)]
Workers = Annotated[int | None, typer.Option(min=1, help="Runs at a time; one for each core if not given.")]
Identifier = Annotated[str, typer.Argument(help="Identifier of a figure, a table or a whole result, as F1-k7m3-q4dt.")]
Results = Annotated[Path, typer.Option(help="Folder that holds the results, or one result.")]
Folder = Annotated[
    Path | None, typer.Option("--register", help="Folder of the register; configs/register if not given.")
]


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
    from pipeline_sim.cli.commands.validate import ValidateRequest, validate_model
    from pipeline_sim.cli.terminal.console import say_if_compiling

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

    from pipeline_sim.cli.commands.calibrate import CalibrateRequest, calibrate_model
    from pipeline_sim.cli.terminal.console import say_if_compiling
    from pipeline_sim.study.fit.history_matching import Search

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
    from pipeline_sim.cli.commands.verify import VerifyRequest, verify_item

    raise typer.Exit(verify_item(VerifyRequest(identifier, results, kept)))


@app.command()
def explain(
    identifier: Identifier,
    results: Results = Path("results"),
    names: Annotated[bool, typer.Option("--names", help="Name every figure that was drawn or held.")] = False,
) -> None:
    """Say what a figure or table rests on: inputs, assumptions, seeds, program, machine, run time."""
    from pipeline_sim.cli.commands.explain import explain_item

    explain_item(identifier, results, names)


@app.command()
def warmup(
    world: Annotated[list[Path], typer.Argument(help="World files (TOML); shocks and mixes are left out.")],
    years: Annotated[int, typer.Option(min=8, max=20, help="How many years to run it at rest.")] = 20,
    scale: Annotated[float, typer.Option(help="Size of the model.", callback=checked_scale)] = 0.05,
    replications: Annotated[int, typer.Option(min=1, max=100, help="How many times; series are means of them.")] = 5,
    seed: Annotated[int, typer.Option(help="Which luck.", callback=checked_seed)] = 2021,
    out: Annotated[Path | None, typer.Option(help="A folder for the table and a figure.")] = None,
) -> None:
    """Judge the warm-up by MSER-5: how long each series remembers how the world began."""
    from pipeline_sim.cli.commands.warmup import WarmupRequest, judge_warmup
    from pipeline_sim.study.replication.prepare import Assumed

    say_if_compiling()
    judge_warmup(WarmupRequest(Assumed(tuple(map(str, world)), scale=scale), years, seed, replications, out))


@app.command()
def register(
    world: Annotated[list[Path] | None, typer.Argument(help="World files; all that are shipped if none.")] = None,
    mix: Annotated[Path | None, typer.Option(help="A mix of interventions (TOML).")] = None,
    find: Annotated[str, typer.Option(help="Only rows that hold this text.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Say only whether the register is whole and in date.")] = False,
    on: Annotated[str, typer.Option(help="The day to hold sunset dates against; today if not given.")] = "",
    folder: Folder = None,
) -> None:
    """List every assumption with its range, grade, reason, owner, sunset date and measured influence.

    CSV if not on a terminal. A register that is not whole, or of which a sunset date has passed, is refused.
    """
    from pipeline_sim.cli.commands.register import RegisterRequest, show_register

    show_register(RegisterRequest(tuple(world or ()), mix, find, check, on, folder))


@app.command()
def sensitivity(
    study: Annotated[Path, typer.Argument(help="Study file (TOML), or the folder that holds study.toml.")],
    method: Annotated[
        str, typer.Option(help="morris (how far outcomes move) or sobol (shares of variance).")
    ] = "morris",
    trajectories: Annotated[
        int, typer.Option(min=2, max=100_000, help="Paths through the ranges; for sobol a power of 2.")
    ] = 10,
    scale: Annotated[float | None, typer.Option(help="Size of the model.", callback=checked_scale)] = None,
    replications: Annotated[int, typer.Option(min=1, max=1000, help="Of each point, whose mean is taken.")] = 1,
    seed: Annotated[int, typer.Option(help="Of the paths; luck is the study's own.", callback=checked_seed)] = 1,
    worlds: Annotated[str, typer.Option(help="Only these worlds, with commas between; all if not given.")] = "",
    only: Annotated[str, typer.Option(help="Only these entries of the register, with commas between.")] = "",
    figures: Annotated[
        int, typer.Option(min=0, max=10_000, help="Figures of the strongest entries to move one by one.")
    ] = 40,
    register: Folder = None,
    record: Annotated[bool, typer.Option("--record", help="Keep the result in the register as well.")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Points at a time; one for each core if not given.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Result folder; results/<study>/<digest> if not given.")] = None,
) -> None:
    """Measure how strongly each assumption moves what a study decides, beside what mere luck does."""
    from pipeline_sim.cli.commands.sensitivity import SensitivityRequest, measure

    path = study / "study.toml" if study.is_dir() else study
    measure(
        SensitivityRequest(
            path, method, trajectories, scale, replications, seed, _listed(worlds), _listed(only), figures, register,
            record, workers, out,
        )
    )  # fmt: skip


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
