"""Entrants against plan and doctors who finish, by year, under each world's levers of supply."""

from typing import TYPE_CHECKING

from pipeline_sim.report.figures.frame import Picture, blank_figure, captioned, figure_style, source_note
from pipeline_sim.report.style import LINES, thousands, year_axis
from pipeline_sim.report.supply_view import mean, most_moved, programme_label, worlds_compared
from pipeline_sim.report.text.number_format import listed, rounded, year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.supply_by_programme import EVERYONE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "How many doctors start and finish under each plan of posts?"
SHOWN = 2  # programmes beside all together
NOTE = "Left: thin lines are posts for entrants (the plan), the others doctors who start."


def supply_paths(answer: Answer) -> Picture | None:
    """Lines by world for all programmes and those moved most; None where no world has levers."""
    if answer.supply.costs.empty:
        return None
    programmes = most_moved(answer, SHOWN)
    with figure_style():
        drawn = blank_figure(1.0 + 1.9 * len(programmes))
        grid = drawn.subplots(len(programmes), 2, squeeze=False)
        for (left, right), programme in zip(grid, programmes, strict=True):
            label = programme_label(answer, programme)
            draw(left, answer, programme, ("started", "planned_starts"), f"{label}: start")
            draw(right, answer, programme, ("completed",), f"{label}: complete")
        grid[0][0].legend(fontsize=7, loc="best")
        title, notes = finding(answer), source_note(answer, NOTE, shown="Means")
        return captioned("supply", QUESTION, title, alt_text(answer, programmes), drawn, notes)


def draw(axes: "Axes", answer: Answer, programme: str, indicators: tuple[str, ...], title: str) -> None:
    """Lines of a programme, a look a world; the second indicator is thin."""
    for place, world in enumerate(worlds_compared(answer)):
        look = LINES[place % len(LINES)]
        for indicator in indicators:
            own = [mean(answer, world, programme, year, indicator) for year in answer.years]
            plan = indicator == "planned_starts"
            style = {"linestyle": "-", "linewidth": 0.6} if plan else {"linestyle": look.dashes, "linewidth": 1.4}
            axes.plot(answer.years, own, color=look.colour, label="" if plan else answer.label(world), **style)
    axes.set_title(title, fontsize=8.5)
    axes.set_ylim(bottom=0)
    thousands(axes.yaxis)
    year_axis(axes, answer.years)


def finding(answer: Answer) -> str:
    """Finding: doctors who complete in the last year, by world."""
    last = answer.years[-1]
    parts = [
        f"{rounded(mean(answer, world, EVERYONE, last, 'completed'))} with “{answer.label(world)}”"
        for world in worlds_compared(answer)
    ]
    return f"Doctors who complete a programme in {year_name(last)}: {listed(parts)}"


def alt_text(answer: Answer, programmes: list[str]) -> str:
    """Alternative text with the numbers of the first and last year."""
    parts = ["Line charts of doctors who start, beside the posts for entrants, and who complete, by training year."]
    for programme in programmes:
        for world in worlds_compared(answer):
            ends = []
            for year in (answer.years[0], answer.years[-1]):
                start, end = (mean(answer, world, programme, year, what) for what in ("started", "completed"))
                ends.append(f"{year_name(year)} {rounded(start)} start and {rounded(end)} complete")
            parts.append(f"{programme_label(answer, programme)}, {answer.label(world)}: {', '.join(ends)}.")
    return " ".join(parts)
