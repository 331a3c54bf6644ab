"""Terminal table of a run: one world by training year."""

from collections.abc import Mapping

from rich.table import Table

from pipeline_sim.report.text.number_format import whole_or_rounded, with_unit, year_name
from pipeline_sim.study.estimates.indicators import LABELS
from pipeline_sim.study.estimates.intervals import Estimate

SHOWN_BY_YEAR = (
    "headcount", "ltft_share", "extensions", "extensions_10_2", "hidden_backlog", "ccts", "outcome_10_share",
    "outcome_2_3_share", "fill_share", "gp_accepted", "late_share", "redeployed_weeks",
)  # fmt: skip
GP_ACCEPTED = "gp_accepted"


def years_table(yearly: Mapping[tuple[int, str], Estimate]) -> Table:
    """Indicators of one world by training year; `yearly` has them by (year, indicator)."""
    years = sorted({year for year, _ in yearly})
    table = _table(
        "By training year; doctors counted in spring, backlog at the end of the year", ["", *map(year_name, years)]
    )
    for name in SHOWN_BY_YEAR:
        if name == GP_ACCEPTED and not any(yearly[year, name].mean for year in years):
            continue  # a world without general practice
        table.add_row(with_unit(*LABELS[name]), *(whole_or_rounded(yearly[year, name].mean) for year in years))
    table.caption = (
        "Rounds for starts after the last day do not take place, so recruitment in the last year is incomplete."
    )
    table.caption_justify = "left"
    return table


def _table(title: str, columns: list[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table
