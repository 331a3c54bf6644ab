"""Which mix gains most? Every programme by the headline, the best first, and beside it what it buys and costs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.report.figures.frame import (
    DARK,
    LABEL_SIZE,
    PRINT_SIZE,
    Picture,
    plain,
    rules,
    sheet,
    small_print,
    told,
    wrapped,
)
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.figure_clauses import INTERVAL, avoids, level, percent, price, signed, span
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate, Ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "Which mix gains most?"
NOTE = (
    "Bold: may be the best, all compared at once (95 %). Filled: more than nothing is gained; hollow: cannot be told "
    "from nothing. Best in: share of draws in which the mix gains most. Net cost: to the training budget, spent less "
    "saved on extensions; below zero it saves. Small figures: 95 % intervals."
)
EXTENSIONS, MONTHS = "extensions", "months_short"
WHAT = {EXTENSIONS: "extensions", MONTHS: "months of lost training"}
HEADS = {EXTENSIONS: "Extensions\navoided", MONTHS: "Months\nrecovered"}
GAINS, HARMS, UNSURE = LINES[0], LINES[1], "#6a6a6a"
STRIPE, RULE = "#f3f5f7", "#b5b5b5"
NAME_LETTERS = 24
MILLION = 1e6


class Cell(NamedTuple):
    """A number and its interval, as they stand in a column."""

    text: str
    interval: str = ""
    is_sure: bool = True


class Column(NamedTuple):
    """A column beside the dots."""

    head: str
    cells: list[Cell]


def mixes(answer: Answer) -> Picture | None:
    """Dots and whiskers with columns beside them; none where there is no programme."""
    order = answer.ranked()
    if not order:
        return None
    with rules():
        drawn = sheet(1.75 + 0.36 * len(order))
        drawn.get_layout_engine().set(wspace=0, w_pad=0.02)  # type: ignore[union-attr, call-arg]
        names, dots, table = drawn.subplots(1, 3, width_ratios=[1.55, 2.75, 3.2])
        for axes in (names, dots, table):
            _stripes(axes, len(order))
        _names(names, answer, order)
        _dots(dots, answer, order)
        _columns(table, columns(answer, order))
        finding = found(answer)
        return Picture("mixes", QUESTION, finding, alt(answer), told(drawn, finding, small_print(answer, NOTE)))


def found(answer: Answer) -> str:
    """The finding: what the best on average gains, and how many may be the best of all."""
    first, *others = answer.ranked()
    what = WHAT[answer.study.headline]
    says = f"“{answer.label(first)}” {avoids(answer.avoided(first), what)}"
    if not others:
        return says
    says += f", the most on average of {len(others) + 1} mixes"
    may = len(answer.may_be_best)
    if may == 1:
        return f"{says}, and is the best of them with 95 % confidence"
    return f"{says}; {'any of them' if may == len(others) + 1 else f'{may} of them'} may be the best"


def alt(answer: Answer) -> str:
    """What the picture shows, with its numbers."""
    what = WHAT[answer.study.headline]
    order = answer.ranked()
    parts = [f"Dots with 95 % intervals for {len(order)} programmes by {what} avoided, the best first."]
    parts += [_told(answer, world) for world in order]
    return " ".join(parts)


def columns(answer: Answer, order: Sequence[str]) -> list[Column]:
    """What stands beside the dots."""
    other = MONTHS if answer.study.headline == EXTENSIONS else EXTENSIONS
    priced = "£ for one\nextension" if answer.study.headline == EXTENSIONS else "£ for one\nmonth"
    return [
        Column(HEADS[other], [_gained(answer.difference(world, other).turned()) for world in order]),
        Column(priced, [_priced(answer, world) for world in order]),
        Column("Net cost,\n£m", [_net(answer.prices[world].net_budget_gbp) for world in order]),
        Column("Best in", [Cell(percent(float(answer.best[world]))) for world in order]),
    ]


def _told(answer: Answer, world: str) -> str:
    headline = answer.study.headline
    other = MONTHS if headline == EXTENSIONS else EXTENSIONS
    cost = answer.prices[world].net_budget_gbp
    clauses = [
        f"{answer.label(world)} {avoids(answer.avoided(world), WHAT[headline])}",
        avoids(answer.difference(world, other).turned(), WHAT[other], named=False),
        f"{'one extension' if headline == EXTENSIONS else 'one month'} for: {_each(answer, world)}",
        f"best in {percent(float(answer.best[world]))} of draws",
        "may be the best of all" if world in answer.may_be_best else "not the best of all",
    ]
    if cost is not None:
        clauses.insert(3, f"net cost to the training budget in £m {level(_millions(cost), False)}")
    return f"{'; '.join(clauses)}."


def _each(answer: Answer, world: str) -> str:
    gained = answer.avoided(world)
    return "none gained" if gained.low == gained.high == 0 else price(_ratio(answer, world), False)


def _ratio(answer: Answer, world: str) -> Ratio:
    prices = answer.prices[world]
    return prices.per_extension_avoided_gbp if answer.study.headline == EXTENSIONS else prices.per_month_recovered_gbp


def _gained(gained: Estimate) -> Cell:
    return Cell(signed(gained.mean), _small(gained), gained.can_tell)


def _priced(answer: Answer, world: str) -> Cell:
    """What one costs; none where exactly none is gained."""
    found, gained = _ratio(answer, world), answer.avoided(world)
    if gained.low == gained.high == 0:
        return Cell("none")
    if not found.can_tell:
        return Cell("cannot tell", is_sure=False)
    return Cell(signed(found.mean), f"{signed(found.low)} to {signed(found.high)}")


def _net(cost: Estimate | None) -> Cell:
    if cost is None:
        return Cell("no price", is_sure=False)
    shown = _millions(cost)
    return Cell(signed(shown.mean), _small(shown), shown.can_tell)


def _millions(cost: Estimate) -> Estimate:
    return Estimate(*(value / MILLION for value in cost))


def _small(found: Estimate) -> str:
    """The interval without its name; nothing where there is none, or where it is nothing but the mean."""
    return "" if np.isnan(found.low) or found.low == found.high else span(found, named=False)


def _stripes(axes: "Axes", rows: int) -> None:
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_facecolor("none")
    for row in range(0, rows, 2):
        axes.axhspan(row - 0.5, row + 0.5, color=STRIPE, linewidth=0, zorder=0)
    for edge in (-0.5, rows - 0.5):
        axes.axhline(edge, color=RULE, linewidth=0.8, clip_on=False)


def _names(axes: "Axes", answer: Answer, order: Sequence[str]) -> None:
    plain(axes)
    axes.set_xlim(0, 1)
    _head(axes, 0.02, "Mix", "left")
    for row, world in enumerate(order):
        text = wrapped(answer.label(world), NAME_LETTERS)
        weight = "bold" if world in answer.may_be_best else "normal"
        axes.text(0.02, row, text, va="center", size=LABEL_SIZE, weight=weight, linespacing=1.0)


def _dots(axes: "Axes", answer: Answer, order: Sequence[str]) -> None:
    plain(axes)
    gains = [answer.avoided(world) for world in order]
    low, high = _reach(gains)
    axes.set_xlim(low, high)
    axes.grid(True, axis="x")
    axes.axvline(0, color="black", linewidth=1)
    for row, gained in enumerate(gains):
        _dot(axes, row, gained)
    _scale(axes)
    heads = {EXTENSIONS: "Extensions avoided", MONTHS: "Months of training recovered"}
    _head(axes, float(np.mean([low, high])), f"{heads[answer.study.headline]}\nmean and {INTERVAL.strip()}", "center")


def _dot(axes: "Axes", row: int, gained: Estimate) -> None:
    """Filled if more or less than nothing, hollow if that cannot be told."""
    look = HARMS if gained.high < 0 else GAINS
    colour = look.colour if gained.can_tell else UNSURE
    if not np.isnan(gained.low):
        dashes = "solid" if gained.can_tell else (0, (3, 1.5))
        axes.plot([gained.low, gained.high], [row, row], color=colour, linewidth=1.8, linestyle=dashes)
        axes.plot([gained.low, gained.high], [row, row], "|", color=colour, ms=6, mew=1.4)
    axes.plot(
        [gained.mean], [row], look.marker, color=colour, ms=7.5, mew=1.6,
        mfc=colour if gained.can_tell else "white", zorder=3,
    )  # fmt: skip


def _reach(gains: Sequence[Estimate]) -> tuple[float, float]:
    """Limits that hold every interval and nothing gained."""
    values = np.array([0.0, *(value for gained in gains for value in gained)])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def _scale(axes: "Axes") -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.tick_params(axis="x", labelsize=7, length=0)


def _columns(axes: "Axes", shown: Sequence[Column]) -> None:
    plain(axes)
    axes.set_xlim(0, 4)
    for place, column in zip((0.5, 1.6, 2.7, 3.6), shown, strict=True):
        _head(axes, place, column.head, "center")
        for row, cell in enumerate(column.cells):
            _cell(axes, place, row, cell)


def _cell(axes: "Axes", place: float, row: int, cell: Cell) -> None:
    """The number above its interval."""
    lift = 0.17 if cell.interval else 0
    colour = "black" if cell.is_sure else UNSURE
    axes.text(place, row - lift, cell.text, ha="center", va="center", size=LABEL_SIZE, color=colour)
    axes.text(place, row + 0.24, cell.interval, ha="center", va="center", size=PRINT_SIZE - 0.3, color=UNSURE)


def _head(axes: "Axes", place: float, text: str, side: str) -> None:
    axes.annotate(
        text, (place, -0.5), (0, 4), textcoords="offset points", ha=side, va="bottom", size=7.5, color=DARK,
        weight="bold", annotation_clip=False,
    )  # fmt: skip
