"""The table of a run on a terminal: one world year by year."""

import math
from typing import TYPE_CHECKING

from rich.table import Table

from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.study.estimates.indicators import LABELS

if TYPE_CHECKING:
    import pandas as pd

SHOWN_BY_YEAR = (
    "headcount", "ltft_share", "extensions", "extensions_10_2", "hidden_backlog", "ccts", "outcome_10_share",
    "outcome_2_3_share", "fill_share", "gp_accepted", "late_share", "redeployed_weeks",
)  # fmt: skip


def years_table(yearly: "pd.DataFrame") -> Table:
    """Indicators of one world by training year; `yearly` has the index (year, indicator)."""
    years = sorted(yearly.index.get_level_values("year").unique())
    table = _table("By training year; doctors counted in spring, backlog at its end", ["", *map(year_name, years)])
    for name in SHOWN_BY_YEAR:
        table.add_row(_name(name), *(rounded_or_dash(yearly.loc[(year, name), "mean"]) for year in years))
    table.caption = "Rounds for starts after the last day are not held, so the last year's recruitment is part of one."
    table.caption_justify = "left"
    return table


def rounded_or_dash(value: float) -> str:
    """Whole numbers from ten on; a dash where there is none."""
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def _table(title: str, columns: list[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table


def _name(indicator: str) -> str:
    label, unit = LABELS[indicator]
    return label if unit in label.lower() else f"{label}, {unit}"
