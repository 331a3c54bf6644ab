"""Warm-up: series of a world without shocks, and the initial part that MSER-5 removes from each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.report.figures.frame import DARK, SHADE, blank_figure, figure_style, with_caption
from pipeline_sim.report.style import LINES
from pipeline_sim.study.diagnostics.mser_warmup import WarmUpSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 2
NOTE = (
    "Means over replications, by training year. Shaded: initial part removed by MSER-5. Line: end of the warm-up as "
    "configured. Numbers of posts and graduates and working patterns are kept at their initial values."
)


def warmup_series(series: Sequence[WarmUpSeries], given: int) -> "Figure":
    """Figure of the warm-up, a panel a series."""
    with figure_style():
        rows = -(-len(series) // COLUMNS)
        drawn = blank_figure(1.5 + 1.3 * rows)
        panels = drawn.subplots(rows, COLUMNS, squeeze=False, sharex=True).ravel()
        for axes, each in zip(panels, series, strict=False):
            _panel(axes, each, given)
        for axes in panels[len(series) :]:
            axes.remove()
        return with_caption(drawn, finding(series, given), NOTE)


def finding(series: Sequence[WarmUpSeries], given: int) -> str:
    """Finding: number of series for which the warm-up is long enough."""
    short = [each for each in series if each.years > given or not each.settles]
    if not short:
        return f"A warm-up of {given} years is long enough for all {len(series)} series"
    return f"A warm-up of {given} years is long enough for {len(series) - len(short)} of {len(series)} series"


def _panel(axes: "Axes", each: WarmUpSeries, given: int) -> None:
    by_year = each.values[: len(each.values) // each.a_year * each.a_year].reshape(-1, each.a_year).mean(axis=1)
    line = LINES[0]
    axes.axvspan(0, each.years, color=SHADE, linewidth=0)
    axes.axvline(given, color=DARK, linestyle="dashed", linewidth=0.8)
    axes.plot(np.arange(len(by_year)) + 0.5, by_year, color=line.colour, marker=line.marker, markersize=2.5)
    axes.set_title(each.label if each.settles else f"{each.label} (does not settle)", fontsize=8)
    axes.set_xlim(0, len(by_year))
