"""What does the programme buy back? Hidden backlog and extensions by year: each world, and less the baseline."""

import textwrap
from typing import TYPE_CHECKING

from pipeline_sim.report.style import BASELINE, CONTEXT, LINES, RULES, Line, figure, thousands, year_axis
from pipeline_sim.report.words import finding
from pipeline_sim.study.answer import Answer

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROWS = (
    ("hidden_backlog", "Hidden backlog at each August, months of training carried as a gap"),
    ("extensions", "Extensions given in the year, doctors"),
)


def recovery(answer: Answer) -> "Figure":
    """The figure of a comparison: levels on the left, paired differences on the right, 95 % intervals throughout."""
    import matplotlib

    with matplotlib.rc_context(RULES):
        drawn = figure(9.6, 6.4)
        grid = drawn.subplots(len(ROWS), 2, squeeze=False)
        for row, (indicator, says) in enumerate(ROWS):
            _levels(grid[row, 0], answer, indicator)
            _differences(grid[row, 1], answer, indicator)
            grid[row, 0].set_title(says)
            grid[row, 1].set_title(f"The same, less “{answer.label(answer.study.baseline)}”")
        grid[1, 0].legend(loc="lower left", frameon=False, fontsize=8.5)
        drawn.suptitle(_wrapped(finding(answer), 100), x=0.01, ha="left", fontsize=12, weight="bold")
        drawn.supxlabel(_wrapped(_small_print(answer), 170), x=0.01, ha="left", fontsize=8, color="#444444")
        return drawn


def line_of(answer: Answer, world: str) -> Line:
    """Looks of a world: the baseline black, worlds that are there for context grey, the others in order."""
    if world == answer.study.baseline:
        return BASELINE
    if world not in answer.programmes:
        return CONTEXT
    return LINES[answer.programmes.index(world) % len(LINES)]


def _levels(axes: "Axes", answer: Answer, indicator: str) -> None:
    for world in answer.worlds:
        values = answer.yearly.xs((world, indicator), level=("world", "indicator"))
        _band(axes, values, line_of(answer, world), answer.label(world))
    axes.set_ylim(bottom=0)
    _finish(axes, answer)


def _differences(axes: "Axes", answer: Answer, indicator: str) -> None:
    axes.axhline(0, color=BASELINE.colour, linewidth=1)
    shown = answer.programmes or [world for world in answer.worlds if world != answer.study.baseline]
    for world in shown:
        values = answer.yearly_differences.xs((world, indicator), level=("world", "indicator"))
        _band(axes, values, line_of(answer, world), answer.label(world), bars=True)
    _finish(axes, answer)


def _band(axes: "Axes", values: "pd.DataFrame", line: Line, label: str, bars: bool = False) -> None:
    years = values.index.get_level_values("year")
    axes.plot(years, values["mean"], color=line.colour, linestyle=line.dashes, marker=line.marker, ms=4, label=label)
    if bars:
        axes.vlines(years, values["low"], values["high"], color=line.colour, linewidth=1.2)
    else:
        axes.fill_between(years, values["low"], values["high"], color=line.colour, alpha=0.18, linewidth=0)


def _finish(axes: "Axes", answer: Answer) -> None:
    year_axis(axes, sorted(answer.yearly.index.get_level_values("year").unique()))
    thousands(axes)


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width))


def _small_print(answer: Answer) -> str:
    study = answer.study
    size = "England" if study.scale == 1 else f"a model of England at {study.scale:.3g} of its size, put up to England"
    doubt = (
        "The interval holds chance between replications and doubt about figures of grade C, drawn within their ranges."
        if study.parameters == "sampled"
        else "The interval holds chance between replications only, not doubt about the figures assumed."
    )
    runs = f"{answer.replications} replications under the same luck, seed {study.seed}"
    return f"Mean and 95 % interval of {runs}, {size}. {doubt}"
