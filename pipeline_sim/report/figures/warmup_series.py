"""How long does a world remember how it began? Its series at rest, and what MSER-5 leaves out of each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.report.figures.frame import DARK, SHADE, rules, sheet, told
from pipeline_sim.report.style import LINES
from pipeline_sim.study.diagnostics.mser_warmup import Judged

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 2
NOTE = (
    "Means over replications, by training year. Shaded: what MSER-5 leaves out. Line: the end of the warm-up as given. "
    "Paths of posts, graduates and working patterns are held as they are at the beginning."
)


def settling(found: Sequence[Judged], given: int) -> "Figure":
    """A panel a series."""
    with rules():
        rows = -(-len(found) // COLUMNS)
        drawn = sheet(1.5 + 1.3 * rows)
        panels = drawn.subplots(rows, COLUMNS, squeeze=False, sharex=True).ravel()
        for axes, each in zip(panels, found, strict=False):
            _panel(axes, each, given)
        for axes in panels[len(found) :]:
            axes.remove()
        return told(drawn, says(found, given), NOTE)


def says(found: Sequence[Judged], given: int) -> str:
    """The finding."""
    short = [each for each in found if each.years > given or not each.settles]
    if not short:
        return f"A warm-up of {given} years is long enough for all {len(found)} series"
    return f"A warm-up of {given} years is long enough for {len(found) - len(short)} of {len(found)} series"


def _panel(axes: "Axes", each: Judged, given: int) -> None:
    by_year = each.values[: len(each.values) // each.a_year * each.a_year].reshape(-1, each.a_year).mean(axis=1)
    line = LINES[0]
    axes.axvspan(0, each.years, color=SHADE, linewidth=0)
    axes.axvline(given, color=DARK, linestyle="dashed", linewidth=0.8)
    axes.plot(np.arange(len(by_year)) + 0.5, by_year, color=line.colour, marker=line.marker, markersize=2.5)
    axes.set_title(each.label if each.settles else f"{each.label} (does not settle)", fontsize=8)
    axes.set_xlim(0, len(by_year))
