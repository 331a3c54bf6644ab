"""Commands by which a result is trusted or not: register and sensitivity."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli_options import checked_scale, checked_seed

app = typer.Typer()
Folder = Annotated[
    Path | None, typer.Option("--register", help="Folder of the register; configs/register if not given.")
]


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
    from pipeline_sim.cli_register import RegisterRequest, show_register

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
    from pipeline_sim.cli_sensitivity import SensitivityRequest, measure

    path = study / "study.toml" if study.is_dir() else study
    measure(
        SensitivityRequest(
            path, method, trajectories, scale, replications, seed, _listed(worlds), _listed(only), figures, register,
            record, workers, out,
        )
    )  # fmt: skip


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
