"""Commands that say how far an answer can be trusted. Heavy imports wait until a command runs."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli_console import say_if_compiling
from pipeline_sim.cli_options import checked_scale, checked_seed

app = typer.Typer(add_completion=False, rich_markup_mode=None)


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
    from pipeline_sim.cli_warmup import WarmupRequest, judge_warmup
    from pipeline_sim.study.prepare import Assumed

    say_if_compiling()
    judge_warmup(WarmupRequest(Assumed(tuple(map(str, world)), scale=scale), years, seed, replications, out))
