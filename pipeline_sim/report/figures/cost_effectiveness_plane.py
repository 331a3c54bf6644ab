"""What does a month of training cost? Programmes by the months they recover and what they cost, draw by draw."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.report.figures.frame import (
    DARK,
    LABEL_SIZE,
    QUIET,
    Picture,
    apart,
    counted,
    rules,
    sheet,
    small_print,
    told,
    wrapped,
)
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.figure_clauses import avoids, level, signed
from pipeline_sim.report.text.number_format import pounds
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate, estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "What does a month of training cost, programme by programme?"
NOTE = (
    "Points: single draws; crosses: means and their intervals. Net cost: spent less saved on extensions; below zero the"
    " programme saves. Coloured: no other programme recovers as much for less on average. Dashed: the same price for"
    " every month."
)
MONTHS, COST, MILLION = "months_short", "net_budget_gbp", 1e6
THRESHOLDS = (5_000, 10_000, 20_000)  # pounds a month of training
FRONT, REST = LINES[0].colour, "#6a6a6a"
NAME_LETTERS, LINE_INCHES = 25, 0.115
HEIGHT = 5.4


class Place(NamedTuple):
    """A programme on the plane."""

    world: str
    months: npt.NDArray[np.float64]  # [D] recovered
    millions: npt.NDArray[np.float64]  # [D] net cost

    @property
    def mean(self) -> tuple[float, float]:
        """Centre of its cross."""
        return float(np.nanmean(self.months)), float(np.nanmean(self.millions))


def plane(answer: Answer) -> Picture | None:
    """The cost-effectiveness plane; none without programmes that have prices."""
    shown = places(answer)
    if not shown:
        return None
    with rules():
        drawn = sheet(HEIGHT)
        axes, names = drawn.subplots(1, 2, width_ratios=[3.1, 1.0])
        front = frontier(shown)
        for place in sorted(shown, key=lambda each: each.world in front):
            _cross(axes, place, FRONT if place.world in front else REST)
        _frame(axes, shown)
        _thresholds(axes)
        _names(axes, names, answer, shown, front)
        finding = found(answer)
        return Picture("plane", QUESTION, finding, alt(answer), told(drawn, finding, small_print(answer, NOTE)))


def places(answer: Answer) -> list[Place]:
    """Programmes whose worlds have prices."""
    base = answer.draws[answer.study.baseline][MONTHS]
    return [
        Place(world, (base - table[MONTHS]).to_numpy(np.float64), table[COST].to_numpy(np.float64) / MILLION)
        for world, table in ((world, answer.draws[world]) for world in answer.programmes)
        if COST in table
    ]


def frontier(shown: Sequence[Place]) -> set[str]:
    """Programmes that gain something and that no other beats in both months and money, on average."""
    means = {place.world: place.mean for place in shown}
    return {
        world
        for world, (months, cost) in means.items()
        if months > 0
        and not any(
            (other[0] >= months and other[1] < cost) or (other[0] > months and other[1] <= cost)
            for other in means.values()
        )
    }


def found(answer: Answer) -> str:
    """The finding: what the programme that recovers most costs, and how many keep below a price."""
    shown = places(answer)
    first = max(shown, key=lambda place: place.mean[0])
    gained, cost = estimate(first.months), estimate(first.millions)
    says = f"“{answer.label(first.world)}” {avoids(gained, 'months of lost training')} for {in_millions(cost)} net"
    if len(shown) == 1 or np.isnan(gained.low):
        return says
    most = THRESHOLDS[1]
    cheap = sum(_price(place) < most for place in shown)
    return (
        f"{says}; {cheap or 'none'} of {len(shown)} programmes can be told to recover any and {_costs(cheap)} less than"
        f" £{most:,} a month on average"
    )


def _costs(number: int) -> str:
    return "costs" if number == 1 else "cost"


def in_millions(cost: Estimate) -> str:
    """Money with its interval: £4.5m (-£5.2m to £14m)."""
    mean, low, high = (pounds(value * MILLION, "-") for value in cost)
    return mean if np.isnan(cost.low) or cost.low == cost.high else f"{mean} ({low} to {high})"


def alt(answer: Answer) -> str:
    """What the picture shows, with its numbers."""
    shown = places(answer)
    parts = [
        f"Cost-effectiveness plane of {counted(len(shown), 'programme')}: months of training recovered against net cost"
        f" to the training budget, {counted(len(shown[0].months), 'draw')} each, with lines for"
        f" {', '.join(f'£{price:,}' for price in THRESHOLDS)} a month."
    ]
    for place in shown:
        gained, cost = level(estimate(place.months), False), in_millions(estimate(place.millions))
        parts.append(f"{answer.label(place.world)}: {gained} months for {cost}{_each(place, ', ')}.")
    return " ".join(parts)


def _price(place: Place) -> float:
    """Mean net cost over mean months, pounds; beyond all bounds where it cannot be told that any are recovered."""
    months, millions = place.mean
    return millions * MILLION / months if estimate(place.months).low > 0 else np.inf


def _each(place: Place, before: str) -> str:
    """Pounds a month, where something is recovered that costs something."""
    price = _price(place)
    return f"{before}{pounds(price)} a month" if 0 < price < np.inf else ""


def _cross(axes: "Axes", place: Place, colour: str) -> None:
    axes.plot(place.months, place.millions, ".", color=colour, alpha=0.3, ms=4, mew=0)
    months, millions = estimate(place.months), estimate(place.millions)
    if not np.isnan(months.low):
        axes.plot([months.low, months.high], [millions.mean] * 2, color=colour, linewidth=1.3)
        axes.plot([months.mean] * 2, [millions.low, millions.high], color=colour, linewidth=1.3)
    axes.plot([months.mean], [millions.mean], "o", color=colour, ms=5.5, mec="white", mew=0.7, zorder=3)


def _frame(axes: "Axes", shown: Sequence[Place]) -> None:
    """Limits that hold nothing, every draw and every interval."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for kind, limits in (("months", axes.set_xlim), ("millions", axes.set_ylim)):
        values = [getattr(place, kind) for place in shown]
        held = np.concatenate([[0.0], *values, *(np.array(estimate(each)) for each in values)])
        low, high = float(np.nanmin(held)), float(np.nanmax(held))
        room = 0.05 * (high - low) or 1.0
        limits(low - room, high + room)
    axes.axhline(0, color="black", linewidth=0.9, zorder=1)
    axes.axvline(0, color="black", linewidth=0.9, zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{'-' if value < 0 else ''}£{abs(value):,.4g}m"))
    axes.grid(True, axis="both")
    axes.set_xlabel("Months of training recovered")
    axes.set_title("Net cost to the training budget", pad=14)


def _thresholds(axes: "Axes") -> None:
    """Prices of a month, each named where its line leaves the frame."""
    right, top = axes.get_xlim()[1], axes.get_ylim()[1]
    for price in THRESHOLDS:
        steep = price / MILLION
        end = (right, right * steep) if right * steep <= top else (top / steep, top)
        axes.plot([0, end[0]], [0, end[1]], color=QUIET, linewidth=0.9, linestyle=(0, (5, 3)), zorder=0.9)
        at_top = end[1] == top
        axes.annotate(
            f"£{price // 1000:,}k", end, (0, 2) if at_top else (-2, 3), textcoords="offset points", size=7, color=DARK,
            ha="center" if at_top else "right", va="bottom", annotation_clip=False,
        )  # fmt: skip


def _names(axes: "Axes", names: "Axes", answer: Answer, shown: Sequence[Place], front: set[str]) -> None:
    """A column of names at the right, each led to its mean."""
    from matplotlib.patches import ConnectionPatch

    names.set_axis_off()
    names.set_xlim(0, 1)
    names.set_ylim(*axes.get_ylim())
    low, high = axes.get_ylim()
    texts = [_text(answer, place) for place in shown]
    inch = (high - low) / (HEIGHT - 1.55)
    gap = min((max(text.count("\n") for text in texts) + 1.35) * LINE_INCHES * inch, (high - low) / len(shown))
    heights = np.array(apart([place.mean[1] for place in shown], gap))
    heights += max(low + gap / 2 - heights.min(), 0) + min(high - gap / 2 - heights.max(), 0)
    for place, text, height in zip(shown, texts, heights.tolist(), strict=True):
        colour = FRONT if place.world in front else REST
        names.text(0.06, height, text, va="center", size=LABEL_SIZE - 0.8, color=colour, linespacing=1.05)
        line = ConnectionPatch(
            xyA=place.mean, coordsA=axes.transData, xyB=(0.04, height), coordsB=names.transData, color=colour,
            linewidth=0.5, alpha=0.7,
        )  # fmt: skip
        line.set_in_layout(False)
        names.add_artist(line)


def _text(answer: Answer, place: Place) -> str:
    name = wrapped(answer.label(place.world), NAME_LETTERS)
    unsure = "" if estimate(place.months).can_tell or place.mean[0] == 0 else ", cannot tell"
    return f"{name}\n{signed(place.mean[0])} months{_each(place, ', ')}{unsure}"
