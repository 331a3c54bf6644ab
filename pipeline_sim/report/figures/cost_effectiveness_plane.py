"""Cost-effectiveness plane: months of training recovered against net cost, draw by draw."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.report.figures import frame
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.figure_clauses import clause_with_interval, effect_clause
from pipeline_sim.report.text.number_format import counted, pounds, rounded, verb
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate, estimate
from pipeline_sim.study.estimates.random_effects import effects

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "What does a month of training cost, programme by programme?"
NOTE = (
    "Hollow: the interval of the months includes zero. Blue: none recovers as much for less; with intervals and, "
    "small, the draws without chance variation. Net cost: spending less savings on extensions; a month of extension "
    "is in both, as saving and as effect. Dashed: equal cost of a month."
)
MONTHS, COST, MILLION = "months_short", "net_budget_gbp", 1e6
THRESHOLDS = (5_000, 10_000, 20_000)  # pounds a month of training
FRONT, REST = LINES[0].colour, "#6a6a6a"
NAME_LETTERS, NUMBER = 40, 0.035  # width of a name; room of a number, as a part of the frame
HEIGHT = 5.4


class PlanePoint(NamedTuple):
    """Programme on the plane."""

    world: str
    months: npt.NDArray[np.float64]  # recovered [draws]
    millions: npt.NDArray[np.float64]  # net cost [draws]
    gained: Estimate
    cost: Estimate  # £m

    @property
    def mean(self) -> tuple[float, float]:
        """Mean months and mean net cost."""
        return self.gained.mean, self.cost.mean


def cost_effectiveness_plane(answer: Answer) -> frame.Picture | None:
    """Cost-effectiveness plane; None without programmes that have prices."""
    shown = plane_points(answer)
    if not shown:
        return None
    with frame.figure_style():
        drawn = frame.blank_figure(HEIGHT)
        axes, names = drawn.subplots(1, 2, width_ratios=[2.5, 1.15])
        front = frontier(shown)
        for place in sorted(shown, key=lambda each: each.world in front):
            _mean(axes, place, place.world in front)
        _frame(axes, shown, front)
        _thresholds(axes)
        _names(axes, names, answer, shown, front)
        title = finding(answer)
        return frame.captioned("plane", QUESTION, title, alt_text(answer), drawn, frame.source_note(answer, NOTE))


def plane_points(answer: Answer) -> list[PlanePoint]:
    """Points of the programmes whose worlds have prices."""
    base, points = answer.runs[answer.study.baseline][MONTHS], []
    for world, table in ((world, answer.runs[world]) for world in answer.programmes):
        if COST in table:
            both = ((base - table[MONTHS]).to_numpy(np.float64), table[COST].to_numpy(np.float64) / MILLION)
            months, millions = (effects(each, answer.sampling).drawn for each in both)
            gained, cost = (estimate(each, answer.sampling) for each in both)
            points.append(PlanePoint(world, months, millions, gained, cost))
    return points


def frontier(shown: Sequence[PlanePoint]) -> set[str]:
    """Efficient frontier: programmes with a gain that no other dominates, on average."""
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


def finding(answer: Answer) -> str:
    """Finding: net cost of the programme that recovers most, and how many programmes cost less than a threshold."""
    shown = plane_points(answer)
    first = max(shown, key=lambda place: place.mean[0])
    gained, cost = first.gained, first.cost
    money = f"for {in_millions(cost)}" if cost.mean >= 0 else f"and saves {in_millions(cost.negated())}"
    sentence = f"“{answer.label(first.world)}” {effect_clause(gained, 'months of lost training')} {money} net"
    if len(shown) == 1 or np.isnan(gained.low):
        return sentence
    most = THRESHOLDS[1]
    cheap = sum(_price(place) < most for place in shown)
    return (
        f"{sentence}; {cheap or 'none'} of {len(shown)} programmes {verb('show', cheap)} a clear gain and "
        f"{verb('cost', cheap)} less than £{most:,} a month on average"
    )


def in_millions(cost: Estimate) -> str:
    """Pounds with their interval from an estimate in millions: £4.5m (-£5.2m to £14m)."""
    mean, low, high = (pounds(value * MILLION, "-") for value in cost[:3])
    return mean if np.isnan(cost.low) or cost.low == cost.high else f"{mean} ({low} to {high})"


def alt_text(answer: Answer) -> str:
    """Alternative text with the numbers of the figure."""
    shown = plane_points(answer)
    parts = [
        f"Cost-effectiveness plane of {counted(len(shown), 'programme')}: months of training recovered against net cost"
        f" to the training budget, {counted(len(shown[0].months), 'draw')} each, with lines for"
        f" {', '.join(f'£{price:,}' for price in THRESHOLDS)} a month."
    ]
    for place in shown:
        gained, cost = clause_with_interval(place.gained, ""), in_millions(place.cost)
        parts.append(f"{answer.label(place.world)}: {gained} months for {cost}{_each(place, ', ')}.")
    return " ".join(parts)


def _price(place: PlanePoint) -> float:
    """Mean net cost over mean months, pounds; infinite without a clear gain."""
    months, millions = place.mean
    return millions * MILLION / months if place.gained.low > 0 else np.inf


def _each(place: PlanePoint, before: str) -> str:
    """Clause on pounds a month, where there are both a gain and a cost."""
    price = _price(place)
    return f"{before}{pounds(price)} a month" if 0 < price < np.inf else ""


def _mean(axes: "Axes", place: PlanePoint, in_front: bool) -> None:
    """Draw the mean, hollow where no gain is clear, and in front its intervals and draws."""
    colour, (months, millions) = FRONT if in_front else REST, (place.gained, place.cost)
    if in_front:
        axes.plot(place.months, place.millions, ".", color=colour, alpha=0.3, ms=4, mew=0)
        if not np.isnan(months.low):
            axes.plot([months.low, months.high], [millions.mean] * 2, color=colour, linewidth=1.3)
            axes.plot([months.mean] * 2, [millions.low, millions.high], color=colour, linewidth=1.3)
    inside = colour if months.excludes_zero else "white"
    axes.plot([months.mean], [millions.mean], "o", color=colour, ms=6, mfc=inside, mew=1.2, zorder=3)


def _frame(axes: "Axes", shown: Sequence[PlanePoint], front: set[str]) -> None:
    """Set limits that include zero and every mean, and in front every draw and interval."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for kind, end, limits in (("months", "gained", axes.set_xlim), ("millions", "cost", axes.set_ylim)):
        ahead = [place for place in shown if place.world in front]
        ends = [np.array(getattr(place, end)[: 3 if place in ahead else 1]) for place in shown]
        limits(frame.reach(np.concatenate([[0.0], *(getattr(place, kind) for place in ahead), *ends])))
    axes.axhline(0, color="black", linewidth=0.9, zorder=1)
    axes.axvline(0, color="black", linewidth=0.9, zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{'-' if value < 0 else ''}£{abs(value):,.4g}m"))
    axes.grid(True, axis="both")
    axes.set_xlabel("Months of training recovered")
    axes.set_title("Net cost to the training budget", pad=14)


def _thresholds(axes: "Axes") -> None:
    """Draw lines of equal cost per month, each named where it leaves the frame."""
    right, top = axes.get_xlim()[1], axes.get_ylim()[1]
    for price in THRESHOLDS:
        steep = price / MILLION
        end = (right, right * steep) if right * steep <= top else (top / steep, top)
        axes.plot([0, end[0]], [0, end[1]], color=frame.QUIET, linewidth=0.9, linestyle=(0, (5, 3)), zorder=0.9)
        at_top = end[1] == top
        axes.annotate(
            f"£{price // 1000:,}k", end, (0, 2) if at_top else (-2, 3), textcoords="offset points", size=7,
            color=frame.DARK, ha="center" if at_top else "right", va="bottom", annotation_clip=False,
        )  # fmt: skip


def _names(axes: "Axes", names: "Axes", answer: Answer, shown: Sequence[PlanePoint], front: set[str]) -> None:
    """Number the means, and name the numbers in a column at the right, the most months first."""
    names.set_axis_off()
    names.set_ylim(0, 1)
    order = sorted(shown, key=lambda place: -place.mean[0])
    low, high = axes.get_ylim()
    left, right = axes.get_xlim()
    dots = [((months - left) / (right - left), (cost - low) / (high - low)) for months, cost in (e.mean for e in order)]
    taken: list[tuple[float, float]] = []
    for number, (place, dot) in enumerate(zip(order, dots, strict=True), 1):
        colour = FRONT if place.world in front else frame.DARK
        at = _free_place(dot, [each for each in dots if each != dot], taken)
        taken.append(at)
        look: dict[str, Any] = {"color": colour, "size": frame.LABEL_SIZE, "weight": "bold"}
        axes.annotate(
            str(number), dot, at, "axes fraction", "axes fraction", va="center", ha="center", zorder=4,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkB": 3}, **look,
        )  # fmt: skip
        height = 1 - (number - 0.5) / len(order)
        names.text(-0.1, height, str(number), va="center", ha="right", **look)
        names.text(-0.04, height, _text(answer, place), va="center", size=frame.LABEL_SIZE - 0.8, color=colour)


def _free_place(
    dot: tuple[float, float], others: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Place of a number near its dot, away from other dots and numbers; parts of the frame."""
    around = [(reach, turn) for reach in (0.045, 0.065, 0.09) for turn in np.arange(0.25, 2.25, 0.25) * np.pi]
    places = [(dot[0] + reach * np.cos(turn), dot[1] + 1.2 * reach * np.sin(turn)) for reach, turn in around]

    def room(place: tuple[float, float]) -> float:
        return min((max(abs(place[0] - x), abs(place[1] - y)) for x, y in (*others, *taken)), default=1.0)

    return next((place for place in places if room(place) >= NUMBER), max(places, key=room))


def _text(answer: Answer, place: PlanePoint) -> str:
    name = frame.wrapped(answer.label(place.world), NAME_LETTERS)
    unclear = "" if place.gained.excludes_zero or place.mean[0] == 0 else ", not clear"
    return f"{name}\n{rounded(place.mean[0])} months{_each(place, ', ')}{unclear}"
