"""The answer on a terminal: worlds in rows, the best first, and what COVID itself did."""

import math

from rich.table import Table

from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.indicators import LABELS
from pipeline_sim.study.estimates.intervals import Estimate, Ratio

ACROSS = (
    ("extensions", "extensions avoided", -1),
    ("months_short", "months recovered", -1),
    ("ccts_on_time", "CCTs on time", 1),
)
CONTEXT = ("extensions", "extensions_10_2", "extension_months", "mean_backlog", "ccts_on_time", "outcome_10_share")


def ranking_table(answer: Answer) -> Table:
    """Programmes by the headline, best first, each with its interval and its price."""
    base = answer.label(answer.study.baseline)
    table = _table(f"What each mix gains beside “{base}”, under the same luck (95 % interval)", "mix")
    for _, label, _ in ACROSS:
        table.add_column(label, justify="right")
    for label in ("spent, £m", "£ for one extension avoided", "net cost to the training budget, £m", "best in"):
        table.add_column(label, justify="right")
    for world in answer.ranked():
        gains = [_gain(answer.difference(world, name), sign) for name, _, sign in ACROSS]
        table.add_row(answer.label(world), *gains, *_money(answer, world), f"{100 * answer.best[world]:.0f} %")
    table.caption = "?: the interval holds zero, so it cannot be told yet. Best in: part of the draws."
    table.caption_justify = "left"
    return table


def _money(answer: Answer, world: str) -> tuple[str, str, str]:
    price = answer.prices[world]
    net = price.net_budget_gbp
    shown = "no prices" if net is None else _interval(net, 1e6)
    return (
        f"{price.spent_gbp / 1e6:.1f}",
        _ratio(price.per_extension_avoided_gbp, answer.difference(world, "extensions")),
        shown,
    )


def context_table(answer: Answer) -> Table:
    """Every world that spends nothing: level, and difference from the baseline."""
    worlds = [world for world in answer.worlds if world not in answer.programmes]
    table = _table("Without a programme, all reported years", "")
    others = [world for world in worlds if world != answer.study.baseline]
    for world in worlds:
        table.add_column(answer.label(world), justify="right")
    for world in others:
        table.add_column(f"{answer.label(world)}, less “{answer.label(answer.study.baseline)}”", justify="right")
    for name in CONTEXT:
        cells = [_interval(Estimate(*answer.totals.loc[(world, name)])) for world in worlds]
        cells += [_gain(answer.difference(world, name), 1) for world in others]
        label, unit = LABELS[name]
        table.add_row(label if unit in label.lower() else f"{label}, {unit}", *cells)
    return table


def _table(title: str, first: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column(first, justify="left")
    return table


def _gain(found: Estimate, sign: int) -> str:
    gain = found.turned() if sign < 0 else found
    if gain.low == gain.high == 0:
        return "none"
    return _interval(gain) if gain.can_tell else f"{_interval(gain)} ?"


def _interval(found: Estimate, unit: float = 1.0) -> str:
    mean, low, high = (_short(value / unit) for value in found)
    return mean if math.isnan(found.low) else f"{mean} ({low} to {high})"


def _short(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.1f}"


def _ratio(found: Ratio, gained: Estimate) -> str:
    if gained.low == gained.high == 0:
        return "none"
    return f"{rounded(found.mean)} ({rounded(found.low)} to {rounded(found.high)})" if found.can_tell else "cannot tell"
