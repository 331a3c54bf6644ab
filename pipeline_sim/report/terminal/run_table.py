"""Terminal table of a run: one world by training year."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from pipeline_sim.report.text.number_format import plural, pounds, whole_or_rounded, with_unit, year_name
from pipeline_sim.study.estimates.indicators import LABELS
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.world.interventions.spending import PENCE_PER_GBP, UnitRow

SHOWN_BY_YEAR = (
    "headcount", "ltft_share", "extensions", "extensions_10_2", "hidden_backlog", "ccts", "outcome_10_share",
    "outcome_2_3_share", "fill_share", "gp_accepted", "late_share", "redeployed_weeks",
)  # fmt: skip
GP_ACCEPTED = "gp_accepted"

GAINS = {
    "extensions": "Extensions avoided",
    "months_short": "Months of training recovered",
    "ccts_on_time": "More CCTs on time",
}


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


def gain_table(gains: Mapping[str, Estimate]) -> Table:
    """What the mix of a run gains beside the same world without it."""
    table = _table(
        "Gain of the mix over all reported years, same random numbers", ["", "mean", "95 % Monte Carlo interval"]
    )
    for name, estimate in gains.items():
        mean, low, high = (whole_or_rounded(value) for value in estimate[:3])
        table.add_row(GAINS[name], mean, "-" if low == "-" else f"{low} to {high}")
    return table


def spending_table(rows: Sequence[UnitRow]) -> Table:
    """What the mix of a run buys."""
    table = _table("What the mix buys", ["intervention", "bought", "spent", "left by ceilings"])
    for row in rows:
        spent, left = (pounds(pence / PENCE_PER_GBP) for pence in (row.spent_pence, row.unspent_pence))
        table.add_row(row.intervention, f"{row.units:,.0f} {plural(row.unit)}", spent, left)
    return table


def _table(title: str, columns: list[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table
