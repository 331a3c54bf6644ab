"""Waiting list with each mix, less that without, by month, beside the months of training that the mix recovers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline_sim.report.figures import frame
from pipeline_sim.report.style import LINES, thousands
from pipeline_sim.report.text.figure_clauses import clause_with_interval
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.waiting_lists import list_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

QUESTION = "What does each mix do to the waiting list, and to training?"
NOTE = "Below zero: fewer wait than without a programme. Left: means, by January of a year; right: means and intervals."
DIFFERENCE = ["difference_mean", "difference_low", "difference_high"]
LETTERS = 26
SHORTER, LONGER = LINES[0].colour, LINES[1].colour


def waiting_list(answer: Answer) -> frame.Picture | None:
    """Lines by month beside the training that each mix recovers; None where no mix moves a list."""
    shown = moved(answer)
    if not shown:
        return None
    with frame.figure_style():
        drawn = frame.blank_figure(4.4)
        lines, points, names = drawn.subplots(1, 3, width_ratios=[2.0, 1.3, 1.0])
        _lines(lines, [list_of(answer.waiting, world)["difference_mean"] for world in shown])
        points.sharey(lines)
        points.axhline(0, color="black", linewidth=0.8)
        for number, world in enumerate(shown, 1):
            gained, (_, change) = answer.difference(world, "months_short").negated(), widest(answer, world)
            ink = colour_of(change.mean)
            points.plot(gained[1:], [change.mean] * 2, color=ink, linewidth=1)
            points.plot([gained.mean] * 2, change[1:], color=ink, linewidth=1)
            points.annotate(
                str(number), (gained.mean, change.mean), (3, 3), textcoords="offset points", size=7, color=ink
            )
            points.plot(gained.mean, change.mean, "o", color=ink, markersize=3)
            name = frame.wrapped(f"{number} {answer.label(world)}", LETTERS)
            names.text(
                0, 1 - number / (len(shown) + 1), name, size=7, color=ink, transform=names.transAxes, va="center"
            )
        points.set_title("at its widest, by months recovered", loc="left", fontsize=frame.LABEL_SIZE)
        names.set_axis_off()
        title, notes = finding(answer), frame.source_note(answer, NOTE)
        return frame.captioned("waiting_list", QUESTION, title, alt_text(answer), drawn, notes)


def _lines(axes: "Axes", changes: Sequence["pd.Series"]) -> None:
    months = list(changes[0].index)
    for change in changes:
        axes.plot(change.to_numpy(), color=colour_of(float(change.sum())), linewidth=1)
    ticks = [place for place, month in enumerate(months) if month.endswith("-01")]
    axes.set_xticks(ticks, [months[place][2:4] for place in ticks])
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_title("Waiting, difference from no programme, pathways:", loc="left", fontsize=frame.LABEL_SIZE)
    thousands(axes)


def colour_of(change: float) -> str:
    """Colour of a list that is shorter, or longer, over all months."""
    return SHORTER if change < 0 else LONGER


def moved(answer: Answer) -> list[str]:
    """Programmes that move the waiting list, in the order of the study."""
    if answer.waiting.empty:
        return []
    change = answer.waiting["difference_mean"].abs().groupby("world").max()
    return [world for world in answer.programmes if change.get(world, 0.0) > 0]


def widest(answer: Answer, world: str) -> tuple[str, Estimate]:
    """Month in which a mix moves the list most, and by how much."""
    own = list_of(answer.waiting, world)
    month = str(own["difference_mean"].abs().idxmax())
    return month, Estimate(*own.loc[month, DIFFERENCE])


def finding(answer: Answer) -> str:
    """Finding: the mix that shortens the list most, or that none does."""
    changes = {world: widest(answer, world) for world in moved(answer)}
    best = min(changes, key=lambda world: changes[world][1].mean)
    month, change = changes[best]
    if change.mean >= 0:
        return "No mix shortens the waiting list"
    fewer = clause_with_interval(change.negated())
    gained = rounded(-answer.difference(best, "months_short").mean)
    return f"“{answer.label(best)}” takes {fewer} pathways off the waiting list by {month}; it recovers {gained} months"


def alt_text(answer: Answer) -> str:
    """Alternative text with the numbers of the figure."""
    parts = ["Line chart of the waiting list by month with each mix, less that without a programme."]
    for world in moved(answer):
        month, change = widest(answer, world)
        parts.append(f"{answer.label(world)}: {clause_with_interval(change)} at most, in {month}.")
    return " ".join(parts)
