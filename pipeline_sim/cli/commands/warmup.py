"""The command `warmup`: the length of the warm-up period that MSER-5 finds for each series."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline_sim.cli.terminal.console import console, print_if_compiling, progress_bar
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import Scale, Seed, world_paths

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline_sim.study.diagnostics.mser_warmup import WarmUpSeries

COLUMNS = ["series", "years_to_leave_out", "settles", "warm_up_years", "verdict"]


def warmup(
    world: Annotated[
        list[Path], typer.Argument(help="World files; shocks and mixes are left out.", callback=world_paths)
    ],
    years: Annotated[int, typer.Option(min=8, max=20, help="Years to run the world in steady state.")] = 20,
    scale: Scale = 0.05,
    replications: Annotated[int, typer.Option(min=1, max=100, help="Replications, whose mean is taken.")] = 5,
    seed: Seed = 2021,
    out: Annotated[Path | None, typer.Option(help="Folder for the table and a figure; none by default.")] = None,
) -> None:
    """Assess the length of the warm-up period by MSER-5."""
    from pipeline_sim.study.diagnostics.mser_warmup import assess_warm_up
    from pipeline_sim.study.replication.prepare import WorldSpec, world_of

    spec = WorldSpec(tuple(map(str, world)), scale=scale)
    loaded = world_of(spec)
    note_edited([loaded])
    warm_up_years = loaded.period.warm_up_years
    print_if_compiling()
    with progress_bar("warming up") as report:
        series = assess_warm_up(spec, years, (seed, replications), report)
    if out is not None:
        options = {"layers": list(spec.layers), "scale": scale, "years": years}
        write_result(out, series, warm_up_years, options | {"seed": seed, "replications": replications})
    console().print(verdict_table(series, warm_up_years, loaded.name))
    if out is not None:
        console().print(f"written to {out}", soft_wrap=True)


def verdict_table(series: list[WarmUpSeries], warm_up_years: int, name: str) -> Table:
    """Table of the series with the years that MSER-5 leaves out."""
    from rich.table import Table

    title = f"{name}: years to leave out by MSER-5, beside a warm-up of {warm_up_years}"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in ("series", "first year", "steady state", "years to leave out", "verdict"):
        table.add_column(column, justify="left" if column in ("series", "verdict") else "right")
    for one in series:
        first, rest = one.values[: one.a_year].mean(), one.values[len(one.values) // 2 :].mean()
        table.add_row(one.label, f"{first:,.4g}", f"{rest:,.4g}", f"{one.years:.1f}", verdict(one, warm_up_years))
    return table


def verdict(series: WarmUpSeries, warm_up_years: int) -> str:
    """Verdict on the warm-up period for a series."""
    if not series.settles:
        return "does not settle in half of the run"
    return "long enough" if series.years <= warm_up_years else f"{series.years - warm_up_years:.1f} years too short"


def write_result(folder: Path, series: list[WarmUpSeries], warm_up_years: int, options: dict[str, Any]) -> None:
    """Write the table, the figure and the manifest."""
    import pandas as pd

    from pipeline_sim.base.compiler.jit import rules_digest
    from pipeline_sim.records.files.result_files import write_manifest
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.report.figures.warmup_series import warmup_series
    from pipeline_sim.report.files.csv_files import write_bytes, write_csv
    from pipeline_sim.report.style import save_bytes

    rows = [(one.label, one.years, one.settles, warm_up_years, verdict(one, warm_up_years)) for one in series]
    with result_folder(folder) as draft:
        write_csv(draft / "warmup.csv", pd.DataFrame(rows, columns=COLUMNS))
        figure = warmup_series(series, warm_up_years)
        for kind in ("png", "svg"):
            write_bytes(draft / f"warmup.{kind}", save_bytes(figure, kind))
        origin = {"command": "warmup", "engine": "batch", "rules_digest": rules_digest()}
        write_manifest(draft, {**origin, "warmup": options})
