"""Answers as tables: for the screen (rich) and as CSV."""

import math
from typing import TYPE_CHECKING

from rich.table import Table

from pipeline_sim.report.style import year_name
from pipeline_sim.report.words import rounded
from pipeline_sim.study.answer import Answer
from pipeline_sim.study.compare import Estimate, Ratio
from pipeline_sim.study.indicators import LABELS
from pipeline_sim.study.records_check import Line

if TYPE_CHECKING:
    import pandas as pd

SHOWN = (
    "extensions", "extensions_10_2", "extensions_3", "extension_months", "mean_backlog", "hidden_backlog",
    "months_short", "ccts",
    "outcome_10_share", "outcome_2_3_share", "resigned", "seats", "fill_share",
)  # fmt: skip
SHOWN_BY_YEAR = (
    "headcount", "ltft_share", "extensions", "extensions_10_2", "hidden_backlog", "ccts", "outcome_10_share",
    "outcome_2_3_share", "fill_share", "gp_accepted", "late_share", "redeployed_weeks",
)  # fmt: skip


def levels_table(answer: Answer) -> Table:
    """Every world, mean and 95 % interval."""
    table = _table("All reported years; backlog at the last census", ["", *map(answer.label, answer.worlds)])
    for name in SHOWN:
        cells = [_interval(Estimate(*answer.totals.loc[(world, name)])) for world in answer.worlds]
        table.add_row(_name(name), *cells)
    return table


def differences_table(answer: Answer) -> Table:
    """Every world less the baseline under the same luck."""
    worlds = [world for world in answer.worlds if world != answer.study.baseline]
    title = f"Less “{answer.label(answer.study.baseline)}”, the same luck in both"
    table = _table(title, ["", *map(answer.label, worlds)])
    for name in SHOWN:
        table.add_row(_name(name), *(_verdict(answer.difference(world, name)) for world in worlds))
    return table


def prices_table(answer: Answer) -> Table:
    """Spend and what a unit gained cost."""
    table = _table("What it cost, GBP", ["", *map(answer.label, answer.programmes)])
    prices = [answer.prices[world] for world in answer.programmes]
    table.add_row("Spent", *(f"{price.spent_gbp:,.0f}" for price in prices))
    table.add_row("Left unspent by ceilings", *(f"{price.unspent_gbp:,.0f}" for price in prices))
    savings = [price.extension_saving_gbp for price in prices]
    table.add_row("Saved on extensions", *("no prices" if saving is None else _verdict(saving) for saving in savings))
    table.add_row("For one extension avoided", *(_ratio(price.per_extension_avoided_gbp) for price in prices))
    table.add_row("For one month recovered", *(_ratio(price.per_month_recovered_gbp) for price in prices))
    return table


def years_table(yearly: "pd.DataFrame") -> Table:
    """Indicators of one world by training year; `yearly` has the index (year, indicator)."""
    years = sorted(yearly.index.get_level_values("year").unique())
    table = _table("By training year; doctors counted in spring, backlog at its end", ["", *map(year_name, years)])
    for name in SHOWN_BY_YEAR:
        table.add_row(_name(name), *(rounded_or_dash(yearly.loc[(year, name), "mean"]) for year in years))
    table.caption = "Rounds for starts after the last day are not held, so the last year's recruitment is part of one."
    table.caption_justify = "left"
    return table


def records_table(lines: list[Line]) -> Table:
    """Model beside record."""
    table = _table("Model against record", ["", "year", "model", "record", "range", "grade", "difference", ""])
    for line in sorted(lines, key=lambda each: (each.what, each.year)):
        has_range = line.low < line.high
        span = f"{rounded_or_dash(line.low)} to {rounded_or_dash(line.high)}" if has_range else "-"
        cells = rounded_or_dash(line.model), rounded_or_dash(line.record), span, line.grade, _signed(line.difference)
        verdict = ("inside" if line.is_inside else "outside") if has_range else ""
        table.add_row(f"{line.what}, {line.unit}", year_name(line.year), *cells, verdict)
    return table


def rounded_or_dash(value: float) -> str:
    """Whole numbers from ten on; a dash where there is none."""
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def estimates_frame(answer: Answer) -> "pd.DataFrame":
    """Levels and differences over all reported years with labels, for a file."""
    differences = answer.differences.add_prefix("difference_")
    return _labelled(answer, answer.totals.join(differences))


def yearly_frame(answer: Answer) -> "pd.DataFrame":
    """The same year by year."""
    return _labelled(answer, answer.yearly.join(answer.yearly_differences.add_prefix("difference_")))


def gains_frame(answer: Answer) -> "pd.DataFrame":
    """Who gains, for a file."""
    return answer.gains.reset_index()


def prices_frame(answer: Answer) -> "pd.DataFrame":
    """Prices by programme, for a file."""
    import pandas as pd

    rows = []
    for world, price in answer.prices.items():
        saving = price.extension_saving_gbp or Estimate(math.nan, math.nan, math.nan)
        row = {"world": world, "spent_gbp": price.spent_gbp, "unspent_gbp": price.unspent_gbp}
        row |= {f"extension_saving_gbp_{key}": value for key, value in saving._asdict().items()}
        row |= {f"per_extension_avoided_gbp_{k}": v for k, v in price.per_extension_avoided_gbp._asdict().items()}
        row |= {f"per_month_recovered_gbp_{k}": v for k, v in price.per_month_recovered_gbp._asdict().items()}
        rows.append(row)
    return pd.DataFrame(rows)


def _labelled(answer: Answer, table: "pd.DataFrame") -> "pd.DataFrame":
    table = table.reset_index()
    table.insert(1, "world_label", [answer.label(world) for world in table["world"]])
    place = list(table.columns).index("indicator") + 1
    table.insert(place, "indicator_label", [LABELS[name][0] for name in table["indicator"]])
    table.insert(place + 1, "unit", [LABELS[name][1] for name in table["indicator"]])
    return table


def _table(title: str, columns: list[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table


def _name(indicator: str) -> str:
    label, unit = LABELS[indicator]
    return label if unit in label.lower() else f"{label}, {unit}"


def _interval(found: Estimate) -> str:
    if math.isnan(found.low):
        return rounded_or_dash(found.mean)
    return f"{rounded_or_dash(found.mean)} ({rounded_or_dash(found.low)} to {rounded_or_dash(found.high)})"


def _verdict(found: Estimate) -> str:
    if math.isnan(found.mean):
        return "-"
    if found.low == found.high == 0:
        return "no change"
    if math.isnan(found.low):
        return f"{_signed(found.mean)}, cannot tell from one"
    mark = "" if found.can_tell else ", cannot tell"
    return f"{_signed(found.mean)} ({_signed(found.low)} to {_signed(found.high)}){mark}"


def _signed(value: float) -> str:
    return f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+.2g}"


def _ratio(found: Ratio) -> str:
    if not found.can_tell:
        return "cannot tell"
    return f"{rounded(found.mean)} ({rounded(found.low)} to {rounded(found.high)})"
