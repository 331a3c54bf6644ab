"""The command warmup: how much of a run is owed to its beginning."""

from pathlib import Path
from typing import NamedTuple

from rich.table import Table

from pipeline_sim.base.compiler.jit import rules_digest
from pipeline_sim.cli.terminal.console import console, progress_bar
from pipeline_sim.records.files.result_files import write_manifest
from pipeline_sim.records.provenance.result_folder import result_folder
from pipeline_sim.report.figures.warmup_series import settling
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.style import save_bytes
from pipeline_sim.study.diagnostics.mser_warmup import Judged, judged
from pipeline_sim.study.replication.prepare import Assumed, world_of


class WarmupRequest(NamedTuple):
    """What was asked for."""

    assumed: Assumed
    years: int
    seed: int
    replications: int
    out: Path | None


def judge_warmup(request: WarmupRequest) -> None:
    """Run the world at rest, say series by series what MSER-5 leaves out, draw it if asked."""
    world = world_of(request.assumed)
    given = world.period.warm_up_years
    with progress_bar("warming up") as report:
        found = judged(request.assumed, request.years, (request.seed, request.replications), report)
    if request.out is not None:
        with result_folder(request.out) as draft:
            keep(draft, found, given, request)
    console().print(verdicts(found, given, world.name))
    if request.out is not None:
        console().print(f"written to {request.out}", soft_wrap=True)


def verdicts(found: list[Judged], given: int, name: str) -> Table:
    """A row a series."""
    title = f"{name}: years to be left out by MSER-5, beside a warm-up of {given}"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for head in ("series", "first year", "at rest", "years to leave out", "verdict"):
        table.add_column(head, justify="left" if head in ("series", "verdict") else "right")
    for each in found:
        first, rest = each.values[: each.a_year].mean(), each.values[len(each.values) // 2 :].mean()
        table.add_row(each.label, f"{first:,.4g}", f"{rest:,.4g}", f"{each.years:.1f}", verdict(each, given))
    return table


def verdict(each: Judged, given: int) -> str:
    """Is the warm-up long enough for a series?"""
    if not each.settles:
        return "does not settle in half of the run"
    return "long enough" if each.years <= given else f"{each.years - given:.1f} years too short"


def keep(draft: Path, found: list[Judged], given: int, request: WarmupRequest) -> None:
    """The table, the figure and what made them."""
    import pandas as pd

    rows = [(each.label, each.years, each.settles, given, verdict(each, given)) for each in found]
    columns = ["series", "years_to_leave_out", "settles", "warm_up_years", "verdict"]
    write_csv(draft / "warmup.csv", pd.DataFrame(rows, columns=columns))
    drawn = settling(found, given)
    for kind in ("png", "svg"):
        (draft / f"warmup.{kind}").write_bytes(save_bytes(drawn, kind))
    asked = {"layers": list(request.assumed.layers), "scale": request.assumed.scale, "years": request.years}
    luck = {"seed": request.seed, "replications": request.replications}
    write_manifest(
        draft, {"command": "warmup", "engine": "batch", "rules_digest": rules_digest(), "warmup": asked | luck}
    )
