"""Acceptability curve: probability that each choice has the highest net benefit, by the value of a month."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.report.figures import frame
from pipeline_sim.report.style import BASELINE, LINES, Line, ink
from pipeline_sim.report.text.headline import payment_notes
from pipeline_sim.report.text.number_format import counted, listed, percent
from pipeline_sim.study.comparison.answer import Answer

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

QUESTION = "Which choice is the best value, depending on the value of a month of training?"
NOTE = (
    "Net benefit: months recovered at that value, less the net cost to the training budget, so the value is what a "
    "month is worth beyond what that budget saves. Band: Monte Carlo interval of the choice with the highest "
    "mean net benefit. Grey: never lead."
)
MOST_LEVEL = 3  # tied choices that are named
GAP, LETTERS = 0.09, 26  # share of draws between names; letters on a line
AS_SAID = 1e-9  # shares nearer than this are the same


class LeadRange(NamedTuple):
    """Range of values of a month in which the same choices lead."""

    choices: tuple[str, ...]  # several are tied; empty where too many are
    low: float  # first and last price, pounds
    high: float
    least: float  # share of draws over the range
    most: float


def acceptability(answer: Answer) -> frame.Picture | None:
    """Acceptability curve, a line a choice; None without prices or programmes."""
    if answer.acceptability_curve.empty:
        return None
    table = shares(answer)
    with frame.figure_style():
        drawn = frame.blank_figure(4.3)
        axes, names = drawn.subplots(1, 2, width_ratios=[3, 1], sharey=True)
        _lines(axes, names, answer, leading_choices(table))
        _frame(axes, table)
        title = finding(answer)
        return frame.captioned("acceptability", QUESTION, title, alt_text(answer), drawn, _small_print(answer))


def shares(answer: Answer, column: str = "probability") -> "pd.DataFrame":
    """A column of the curve by value of a month, a column a choice."""
    table = answer.acceptability_curve[column].unstack("world")
    return table[list(answer.acceptability_curve.index.unique("world"))]


def lead_ranges(table: "pd.DataFrame") -> list[LeadRange]:
    """Choices that lead, by range of values of a month, in ascending order."""
    shares, prices = table.to_numpy(np.float64), table.index.to_numpy(np.float64)
    ahead = [_ahead(list(table.columns), row) for row in shares]
    runs = []
    for choices, group in groupby(range(len(prices)), key=ahead.__getitem__):
        places = list(group)
        tops = shares[places].max(axis=1)
        ends = float(prices[places[0]]), float(prices[places[-1]])
        runs.append(LeadRange(choices, *ends, float(tops.min()), float(tops.max())))
    return runs


def leading_choices(table: "pd.DataFrame") -> list[str]:
    """Choices that lead at some value of a month, in order of first appearance."""
    return list(dict.fromkeys(choice for run in lead_ranges(table) for choice in run.choices))


def finding(answer: Answer) -> str:
    """Finding: choices that lead below and above which value of a month."""
    runs = lead_ranges(shares(answer))
    if len(runs) == 1:
        low, high = (_money(price) for price in (runs[0].low, runs[0].high))
        return f"Whether a month of training is valued at {low} or {high}, {_is_best(answer, runs[0])}"
    if len(runs) > 2:
        first, last = runs[0], runs[-1]
        return (
            f"If a month of training is valued at {_money(first.high)} or less, {_is_best(answer, first)}; from"
            f" {_money(last.low)} {_is_best(answer, last)}; between them the lead changes"
        )
    parts = [_range_clause(answer, run, place, len(runs)) for place, run in enumerate(runs)]
    return f"If a month of training is valued at {'; if '.join(parts)}"


def alt_text(answer: Answer) -> str:
    """Alternative text with the numbers of the figure."""
    table = shares(answer)
    low, high = float(table.index[0]), float(table.index[-1])
    parts = [
        f"Line chart by the value of a month of training, {_money(low)} to {_money(high)}: probability, over"
        f" {counted(draws_of(answer), 'draw')}, that each of {table.shape[1]} choices has the highest net benefit."
    ]
    for run in lead_ranges(table):
        at = _money(run.low) if run.low == run.high else f"{_money(run.low)} to {_money(run.high)}"
        parts.append(f"At {at} {_is_best(answer, run)}.")
    for choice in table.columns:
        ends = f"{percent(float(table[choice].iloc[0]))} at {_money(low)}, {percent(float(table[choice].iloc[-1]))}"
        parts.append(
            f"{_first(_name(answer, choice))}: {ends} at {_money(high)}, most {percent(float(table[choice].max()))}."
        )
    return " ".join(parts)


def draws_of(answer: Answer) -> int:
    """Number of draws behind the shares."""
    return len(answer.sampling.weights)


def _ahead(names: Sequence[str], row: npt.NDArray[np.float64]) -> tuple[str, ...]:
    """Choices with the highest share of draws."""
    first = [name for name, share in zip(names, row, strict=True) if share >= row.max() - AS_SAID]
    return tuple(first) if len(first) <= MOST_LEVEL else ()


def _range_clause(answer: Answer, run: LeadRange, place: int, count: int) -> str:
    where = f"{_money(run.low)} to {_money(run.high)}" if run.low < run.high else _money(run.low)
    if place == 0:
        where = f"{_money(run.high)} or less" if run.high > 0 else "£0"
    elif place == count - 1:
        where = f"{_money(run.low)} or more"
    return f"{where}, {_is_best(answer, run)}"


def _is_best(answer: Answer, run: LeadRange) -> str:
    """Clause on the choices that are best, and in what share of draws."""
    if not run.choices:
        return "no choice leads"
    share = percent(run.least)
    if percent(run.most) != share:
        share = f"{share} to {percent(run.most)}"
    names = listed([_name(answer, choice) for choice in run.choices])
    if len(run.choices) > 1:
        return f"{names} are tied ({share} each)"
    how = "more probably than not" if run.least > 0.5 else "more probably than any other choice"
    return f"{names} is best {how} ({share})"


def _name(answer: Answer, choice: str) -> str:
    return "spending nothing" if choice == answer.study.baseline else f"“{answer.label(choice)}”"


def _first(name: str) -> str:
    """Name at the beginning of a sentence."""
    return name[0].upper() + name[1:]


def _money(price: float) -> str:
    return f"£{price:,.0f}"


def _small_print(answer: Answer) -> str:
    study = answer.study
    size = "all of England" if study.scale == 1 else f"a model of England at {study.scale:.3g} of its size"
    number = counted(draws_of(answer), "draw")
    runs = f"Probabilities from {number}, {counted(answer.replications, 'replication')} of {size} (seed {study.seed})"
    return " ".join([f"{runs}. {NOTE}", *payment_notes(answer)])


def _lines(axes: "Axes", names: "Axes", answer: Answer, ahead: Sequence[str]) -> None:
    """Draw choices that ever lead in colour with names, the others in grey, and the band of the best."""
    table, best = shares(answer), shares(answer, "on_frontier").to_numpy(bool)
    prices = table.index.to_numpy(np.float64)
    for choice in table.columns:
        if choice not in ahead:
            axes.plot(prices, table[choice], color=frame.QUIET, linewidth=0.8)
    looks = _looks(answer, ahead)
    for choice in ahead:
        line = looks[choice]
        axes.plot(
            prices, table[choice], color=line.colour, linestyle=line.dashes, marker=line.marker, ms=4,
            markevery=max(1, len(prices) // 10), zorder=3,
        )  # fmt: skip
    low, high = (np.where(best, shares(answer, f"probability_{end}"), 0).max(axis=1) for end in ("low", "high"))
    axes.fill_between(prices, low, high, where=best.any(axis=1).tolist(), color=frame.SHADE, linewidth=0)
    _names(names, answer, ahead, looks)


def _looks(answer: Answer, ahead: Sequence[str]) -> dict[str, Line]:
    """Line styles: the baseline in black, programmes in the order in which they lead."""
    programmes = [choice for choice in ahead if choice != answer.study.baseline]
    looks = {choice: LINES[place % len(LINES)] for place, choice in enumerate(programmes)}
    return {**looks, answer.study.baseline: BASELINE}


def _names(names: "Axes", answer: Answer, ahead: Sequence[str], looks: dict[str, Line]) -> None:
    """Draw the names beside the right ends of the lines, spread apart, and what grey is."""
    table, size = shares(answer), frame.LABEL_SIZE
    names.set_axis_off()
    for choice, height in zip(
        ahead, frame.spread_labels([float(table[each].iloc[-1]) for each in ahead], GAP), strict=True
    ):
        name = "Spending nothing" if choice == answer.study.baseline else answer.label(choice)
        names.text(0, height, frame.wrapped(name, LETTERS), va="center", size=size, color=ink(looks[choice].colour))
    others = table.shape[1] - len(ahead)
    if others:
        text = f"grey: the other {others}" if others > 1 else "grey: the other one"
        names.text(0, 1, text, va="center", size=size, color=frame.DARK)


def _frame(axes: "Axes", table: "pd.DataFrame") -> None:
    from matplotlib.ticker import FuncFormatter

    low, high = float(table.index[0]), float(table.index[-1])
    axes.set_xlim(low, high if high > low else low + 1)
    axes.set_ylim(-0.05, 1.05)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _money(value)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f} %"))
    axes.set_xlabel("Value of a month of training recovered")
    axes.set_title("Probability that a choice is the best value")
