"""Terminal tables of a comparison: programmes ranked by gain, and worlds without a programme."""

import math

from rich.table import Table

from pipeline_sim.report.text.figure_clauses import interval_name
from pipeline_sim.report.text.harm_sentences import share_mark, share_text
from pipeline_sim.report.text.headline import payment_notes
from pipeline_sim.report.text.number_format import percent, rounded, whole_or_rounded, with_unit
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.indicators import LABELS
from pipeline_sim.study.estimates.intervals import Estimate, Ratio

ACROSS = (
    ("extensions", "extensions avoided", -1),
    ("months_short", "months recovered", -1),
    ("ccts_on_time", "CCTs on time", 1),
)
WORTH_SAYING = 5e4  # pounds left unspent
GAIN = [f"gain_{end}" for end in Estimate._fields]
CONTEXT = ("extensions", "extensions_10_2", "extension_months", "mean_backlog", "ccts_on_time", "outcome_10_share")


def ranking_table(answer: Answer) -> Table:
    """Programmes ranked by the headline indicator, with intervals and costs."""
    base = answer.label(answer.study.baseline)
    table = _table(f"Gains of each mix compared with “{base}”, same random numbers ({interval_name(answer)})", "mix")
    for _, label, _ in ACROSS:
        table.add_column(label, justify="right")
    if len(answer.harm):
        table.add_column("of COVID's extensions / months", justify="right")
    for label in ("spent, £m", "£ per extension avoided", "net cost to the training budget, £m", "best"):
        table.add_column(label, justify="right")
    for world in answer.ranked():
        gains = [_gain(answer.difference(world, name), sign) for name, _, sign in ACROSS]
        if len(answer.harm):
            gains.append(" / ".join(_share(answer, world, name) for name in ("extensions", "months_short")))
        table.add_row(
            answer.label(world), *gains, *_money(answer, world), percent(float(answer.best.loc[world, "probability"]))
        )
    table.caption = "?: no clear difference, the interval includes zero. Best: probability of gaining most."
    table.caption += "".join(f" {each}" for each in payment_notes(answer))
    table.caption_justify = "left"
    return table


def _share(answer: Answer, world: str, name: str) -> str:
    mark = " ?" if share_mark(answer, world, name) else ""
    return f"{share_text(answer, world, name)[0]}{mark}"


def _money(answer: Answer, world: str) -> tuple[str, str, str]:
    price = answer.prices[world]
    net = price.net_budget_gbp
    shown = "no prices" if net is None else _interval(net, 1e6)
    given = f" of {(price.spent_gbp + price.unspent_gbp) / 1e6:.1f}" if price.unspent_gbp >= WORTH_SAYING else ""
    return (
        f"{price.spent_gbp / 1e6:.1f}{given}",
        _ratio(price.per_extension_avoided_gbp, answer.difference(world, "extensions")),
        shown,
    )


def context_table(answer: Answer) -> Table:
    """Levels of worlds without a programme, and their differences from the baseline."""
    worlds = [world for world in answer.worlds if world not in answer.programmes]
    table = _table("Without a programme, all reported years", "")
    others = [world for world in worlds if world != answer.study.baseline]
    for world in worlds:
        table.add_column(answer.label(world), justify="right")
    for world in others:
        table.add_column(
            f"{answer.label(world)}, difference from “{answer.label(answer.study.baseline)}”", justify="right"
        )
    for name in CONTEXT:
        cells = [_interval(Estimate(*answer.totals.loc[(world, name)])) for world in worlds]
        cells += [_gain(answer.difference(world, name), 1) for world in others]
        table.add_row(with_unit(*LABELS[name]), *cells)
    return table


def scenarios_table(answer: Answer) -> Table:
    """Gain of each mix in each scenario, against the same scenario without it."""
    what = ACROSS[0][1] if answer.study.headline == ACROSS[0][0] else ACROSS[1][1]
    table = _table(f"{what.capitalize()} by scenario", "mix")
    scenarios = answer.scenarios.index.unique("scenario")
    for scenario in scenarios:
        table.add_column(scenario, justify="right")
    for world in answer.scenarios.index.unique("world"):
        own = answer.scenarios.xs(world, level="world")
        cells = [_gain(Estimate(*own.loc[each, GAIN]), 1) if each in own.index else "not run" for each in scenarios]
        table.add_row(answer.label(world), *cells)
    table.caption = "Against the same scenario without the mix."
    table.caption_justify = "left"
    return table


def _table(title: str, first: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column(first, justify="left")
    return table


def _gain(estimate: Estimate, sign: int) -> str:
    gain = estimate.negated() if sign < 0 else estimate
    if gain.is_nothing:
        return "none"
    return _interval(gain) if gain.excludes_zero else f"{_interval(gain)} ?"


def _interval(estimate: Estimate, unit: float = 1.0) -> str:
    mean, low, high = (whole_or_rounded(value / unit) for value in estimate[:3])
    return mean if math.isnan(estimate.low) else f"{mean} ({low} to {high})"


def _ratio(estimate: Ratio, gained: Estimate) -> str:
    if gained.is_nothing:
        return "none"
    return (
        f"{rounded(estimate.mean)} ({rounded(estimate.low)} to {rounded(estimate.high)})"
        if estimate.excludes_zero
        else "no clear gain"
    )
