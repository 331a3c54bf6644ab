"""Ranking of mixes: gain by the headline with its interval, and other gains and costs beside it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.report.figures import frame
from pipeline_sim.report.style import LINES, thousands
from pipeline_sim.report.text.figure_clauses import (
    clause_with_interval,
    direction_clause,
    effect_clause,
    interval_clause,
    interval_name,
    price_clause,
)
from pipeline_sim.report.text.headline import best_clause
from pipeline_sim.report.text.number_format import percent, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate, Ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "Which mix gains most?"
NOTE = (
    "Hollow: the interval includes zero. Best: probability of gaining most, and its Monte Carlo interval. £ each: "
    "all that is spent. Net cost: spending less savings on extensions."
)
EXTENSIONS, MONTHS = "extensions", "months_short"
WHAT = {EXTENSIONS: "extensions", MONTHS: "months of lost training"}
HEADS = {EXTENSIONS: "Extensions\navoided", MONTHS: "Months\nrecovered"}
GAINS, HARMS, UNSURE = LINES[0], LINES[1], "#6a6a6a"
STRIPE, RULE = "#f3f5f7", "#b5b5b5"
NAME_LETTERS = 24
MILLION = 1e6


class Cell(NamedTuple):
    """Number and interval of a column."""

    text: str
    interval: str = ""
    is_sure: bool = True


class Column(NamedTuple):
    """Column beside the dots."""

    head: str
    cells: list[Cell]


def mixes(answer: Answer) -> frame.Picture | None:
    """Ranking of mixes as dots with intervals and columns of numbers; None without a programme."""
    order = answer.ranked()
    if not order:
        return None
    with frame.figure_style():
        drawn = frame.blank_figure(1.75 + 0.36 * len(order))
        drawn.get_layout_engine().set(wspace=0, w_pad=0.02)  # type: ignore[union-attr, call-arg]
        names, dots, table = drawn.subplots(1, 3, width_ratios=[1.55, 2.75, 3.2])
        for axes in (names, dots, table):
            _stripes(axes, len(order))
        _names(names, answer, order)
        _dots(dots, answer, order)
        _columns(table, columns(answer, order))
        title = finding(answer)
        return frame.captioned("mixes", QUESTION, title, alt_text(answer), drawn, frame.source_note(answer, NOTE))


def finding(answer: Answer) -> str:
    """Finding: gain of the mix with the highest mean, and how surely it is the best."""
    first, *others = answer.ranked()
    what = WHAT[answer.study.headline]
    gain = f"“{answer.label(first)}” {effect_clause(answer.avoided(first), what)}{_also(answer, first)}"
    if not others:
        return gain
    gain = _first_of(answer, gain, len(others) + 1)
    return f"{gain}; it gains most of all with a probability of {_best(answer, first).text}"


def _also(answer: Answer, world: str) -> str:
    """Clause on the other of extensions and months, where both gains are clear."""
    other = MONTHS if answer.study.headline == EXTENSIONS else EXTENSIONS
    gained = answer.difference(world, other).negated()
    if not (gained.low > 0 and answer.avoided(world).low > 0):
        return ""
    return f" and {rounded(gained.mean)} {WHAT[other]} ({interval_clause(gained, name='')})"


def _first_of(answer: Answer, gain: str, mixes: int) -> str:
    """Clause on the mix with the highest mean of several, from the clause on its gain."""
    first, what = answer.ranked()[0], WHAT[answer.study.headline]
    gained = answer.avoided(first)
    effect = "avoids most" if gained.mean >= 0 else "adds fewest"
    if gained.is_nothing:
        return f"{gain}; none of {mixes} mixes avoids more on average"
    if not np.isnan(gained.low) and not gained.excludes_zero:
        return (
            f"Of {mixes} mixes “{answer.label(first)}” {effect} {what} on average, but its effect is not clear "
            f"({direction_clause(gained)})"
        )
    return f"{gain}, the {effect.split()[1]} {what} on average of {mixes} mixes"


def alt_text(answer: Answer) -> str:
    """Alternative text with the numbers of the figure."""
    what = WHAT[answer.study.headline]
    order = answer.ranked()
    parts = [f"Dots with 95 % intervals for {len(order)} programmes by {what} avoided, the best first."]
    parts += [_mix_text(answer, world) for world in order]
    return " ".join(parts)


def columns(answer: Answer, order: Sequence[str]) -> list[Column]:
    """Columns beside the dots."""
    other = MONTHS if answer.study.headline == EXTENSIONS else EXTENSIONS
    priced = "£ per\nextension" if answer.study.headline == EXTENSIONS else "£ per\nmonth"
    return [
        Column(HEADS[other], [_gained(answer.difference(world, other).negated()) for world in order]),
        Column(priced, [_priced(answer, world) for world in order]),
        Column("Net cost,\n£m", [_net(answer.prices[world].net_budget_gbp) for world in order]),
        Column("Best", [_best(answer, world) for world in order]),
    ]


def _mix_text(answer: Answer, world: str) -> str:
    headline = answer.study.headline
    other = MONTHS if headline == EXTENSIONS else EXTENSIONS
    cost = answer.prices[world].net_budget_gbp
    clauses = [
        f"{answer.label(world)} {effect_clause(answer.avoided(world), WHAT[headline])}",
        effect_clause(answer.difference(world, other).negated(), WHAT[other], name=""),
        f"cost per {'extension' if headline == EXTENSIONS else 'month'}: {_each(answer, world)}",
        f"the best: {best_clause(answer, world)}",
    ]
    if cost is not None:
        clauses.insert(3, f"net cost to the training budget in £m {clause_with_interval(_millions(cost), '')}")
    return f"{'; '.join(clauses)}."


def _each(answer: Answer, world: str) -> str:
    gained = answer.avoided(world)
    return "no gain" if gained.is_nothing else price_clause(_ratio(answer, world), "")


def _ratio(answer: Answer, world: str) -> Ratio:
    prices = answer.prices[world]
    return prices.per_extension_avoided_gbp if answer.study.headline == EXTENSIONS else prices.per_month_recovered_gbp


def _gained(gained: Estimate) -> Cell:
    return Cell(rounded(gained.mean), _small(gained), gained.excludes_zero)


def _priced(answer: Answer, world: str) -> Cell:
    """Cell with the cost of one unit gained."""
    estimate, gained = _ratio(answer, world), answer.avoided(world)
    if gained.is_nothing:
        return Cell("no gain")
    if not estimate.excludes_zero:
        return Cell("no clear gain", is_sure=False)
    return Cell(rounded(estimate.mean), f"{rounded(estimate.low)} to {rounded(estimate.high)}")


def _best(answer: Answer, world: str) -> Cell:
    found = answer.best.loc[world]
    ends = f"{100 * found['probability_low']:.0f} to {100 * found['probability_high']:.0f} %"
    return Cell(percent(float(found["probability"])), ends)


def _net(cost: Estimate | None) -> Cell:
    if cost is None:
        return Cell("no price", is_sure=False)
    shown = _millions(cost)
    return Cell(rounded(shown.mean), _small(shown), shown.excludes_zero)


def _millions(cost: Estimate) -> Estimate:
    return cost.times(1 / MILLION)


def _small(estimate: Estimate) -> str:
    """Interval without its name; empty where there is none or it has no width."""
    return "" if np.isnan(estimate.low) or estimate.low == estimate.high else interval_clause(estimate, "")


def _stripes(axes: "Axes", rows: int) -> None:
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_facecolor("none")
    for row in range(0, rows, 2):
        axes.axhspan(row - 0.5, row + 0.5, color=STRIPE, linewidth=0, zorder=0)
    for edge in (-0.5, rows - 0.5):
        axes.axhline(edge, color=RULE, linewidth=0.8, clip_on=False)


def _names(axes: "Axes", answer: Answer, order: Sequence[str]) -> None:
    frame.bare_axes(axes)
    axes.set_xlim(0, 1)
    _head(axes, 0.02, "Mix", "left")
    for row, world in enumerate(order):
        text = frame.wrapped(answer.label(world), NAME_LETTERS)
        axes.text(0.02, row, text, va="center", size=frame.LABEL_SIZE, linespacing=1.0)


def _dots(axes: "Axes", answer: Answer, order: Sequence[str]) -> None:
    from matplotlib.ticker import MaxNLocator

    frame.bare_axes(axes)
    gains = [answer.avoided(world) for world in order]
    low, high = frame.reach([0.0, *(value for gained in gains for value in gained[:3])], 0.06)
    axes.set_xlim(low, high)
    axes.grid(True, axis="x")
    axes.axvline(0, color="black", linewidth=1)
    for row, gained in enumerate(gains):
        _dot(axes, row, gained)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    thousands(axes.xaxis)
    axes.tick_params(axis="x", labelsize=7, length=0)
    heads = {EXTENSIONS: "Extensions avoided", MONTHS: "Months of training recovered"}
    _head(
        axes, float(np.mean([low, high])), f"{heads[answer.study.headline]}\nmean and {interval_name(answer)}", "center"
    )


def _dot(axes: "Axes", row: int, gained: Estimate) -> None:
    """Draw one mix: filled where the interval excludes zero, else hollow."""
    look = HARMS if gained.high < 0 else GAINS
    colour = look.colour if gained.excludes_zero else UNSURE
    if not np.isnan(gained.low):
        dashes = "solid" if gained.excludes_zero else (0, (3, 1.5))
        axes.plot([gained.low, gained.high], [row, row], color=colour, linewidth=1.8, linestyle=dashes)
        axes.plot([gained.low, gained.high], [row, row], "|", color=colour, ms=6, mew=1.4)
    axes.plot(
        [gained.mean], [row], look.marker, color=colour, ms=7.5, mew=1.6,
        mfc=colour if gained.excludes_zero else "white", zorder=3,
    )  # fmt: skip


def _columns(axes: "Axes", shown: Sequence[Column]) -> None:
    frame.bare_axes(axes)
    axes.set_xlim(0, 4)
    for place, column in zip((0.5, 1.6, 2.7, 3.6), shown, strict=True):
        _head(axes, place, column.head, "center")
        for row, cell in enumerate(column.cells):
            _cell(axes, place, row, cell)


def _cell(axes: "Axes", place: float, row: int, cell: Cell) -> None:
    """Draw a number above its interval."""
    lift = 0.17 if cell.interval else 0
    colour = "black" if cell.is_sure else UNSURE
    axes.text(place, row - lift, cell.text, ha="center", va="center", size=frame.LABEL_SIZE, color=colour)
    axes.text(place, row + 0.24, cell.interval, ha="center", va="center", size=frame.PRINT_SIZE - 0.3, color=UNSURE)


def _head(axes: "Axes", place: float, text: str, side: str) -> None:
    axes.annotate(
        text, (place, -0.5), (0, 4), textcoords="offset points", ha=side, va="bottom", size=7.5, color=frame.DARK,
        weight="bold", annotation_clip=False,
    )  # fmt: skip
