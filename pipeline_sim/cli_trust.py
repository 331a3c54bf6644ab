"""Commands that say how far results can be trusted. Heavy imports wait until a command runs."""

from pathlib import Path
from typing import Annotated

import typer

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
