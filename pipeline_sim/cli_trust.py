"""Commands that say how far results can be trusted. Heavy imports wait until a command runs."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli_console import say_if_compiling
from pipeline_sim.cli_options import checked_scale, checked_seed

app = typer.Typer()
Identifier = Annotated[str, typer.Argument(help="Identifier of a figure, a table or a whole result, as F1-k7m3-q4dt.")]
Results = Annotated[Path, typer.Option(help="Folder that holds the results, or one result.")]


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
