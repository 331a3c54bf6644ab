"""What all pictures of a comparison share: a sheet that prints on A4, a title that says the finding, a small print."""

import textwrap
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline_sim.report.style import RULES, WIDTH, figure
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE_LETTERS, PRINT_LETTERS = 84, 142  # that fit on a line of the sheet
TITLE_SIZE, LABEL_SIZE, PRINT_SIZE = 10.5, 8.0, 6.5
STAMP, STAMP_LETTERS = "#767676", 24  # a grey that can be read on white; room for it and some air
QUIET, SHADE, DARK = "#9a9a9a", "#dddddd", "#444444"


class Picture(NamedTuple):
    """A figure and what it says, for those who see it and those who do not."""

    name: str  # file stem, such as hidden_backlog
    question: str  # in plain English
    says: str  # the finding, one sentence from the numbers; also the figure's title
    alt: str  # alternative text
    figure: "Figure"


def rules() -> AbstractContextManager[Any]:
    """Matplotlib told how figures look, for as long as a figure is drawn."""
    import matplotlib

    return matplotlib.rc_context(RULES)


def sheet(height: float) -> "Figure":
    """An empty figure as wide as a printed page, inches high."""
    return figure(WIDTH, height)


def told(drawn: "Figure", says: str, notes: str) -> "Figure":
    """The figure with its finding above and its small print below."""
    drawn.suptitle(wrapped(says, TITLE_LETTERS), x=0.005, ha="left", fontsize=TITLE_SIZE, weight="bold")
    drawn.supxlabel(wrapped(notes, PRINT_LETTERS), x=0.005, ha="left", fontsize=PRINT_SIZE, color=DARK)
    return drawn


def stamp(drawn: "Figure", identifier: str) -> None:
    """The identifier at the right of the lower edge, beside the small print or, where that is long, below it."""
    if not identifier:
        return
    notes = drawn.get_supxlabel()
    if len(notes.rpartition("\n")[2]) > PRINT_LETTERS - STAMP_LETTERS:
        drawn.supxlabel(f"{notes}\n", x=0.005, ha="left", fontsize=PRINT_SIZE, color=DARK)
    drawn.text(0.995, 0.01, identifier, ha="right", va="bottom", fontsize=PRINT_SIZE, color=STAMP)


def wrapped(text: str, width: int) -> str:
    """Text in lines of at most so many letters."""
    return "\n".join(textwrap.wrap(text, width))


def small_print(answer: Answer, *more: str) -> str:
    """Where the numbers come from and what their intervals hold."""
    study = answer.study
    size = (
        "all of England" if study.scale == 1 else f"a model of England at {study.scale:.3g} of its size, put up to it"
    )
    draws = -(-answer.replications // study.lucks)
    doubt = (
        f"The interval holds chance and {counted(draws, 'draw')} of the figures of grade C within their ranges, not the"
        " doubt about the shape of the model."
        if study.parameters == "sampled"
        else "The interval holds chance alone, not the doubt about the figures assumed."
    )
    runs = f"{counted(answer.replications, 'replication')} of {size}; every world has the same luck (seed {study.seed})"
    return " ".join([f"Mean and 95 % interval of {runs}.", doubt, *more])


def counted(number: int, what: str) -> str:
    """1 draw, 2 draws."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def leader(answer: Answer) -> str | None:
    """The programme that gains most by the headline; none where there is no programme."""
    return next(iter(answer.ranked()), None)


def context(answer: Answer) -> str | None:
    """The first world that is neither the baseline nor a programme: life without the shocks."""
    others = (world for world in answer.worlds if world != answer.study.baseline and world not in answer.programmes)
    return next(others, None)


def fewer_per(many: int, more: Estimate, doctors: float) -> Estimate:
    """What there is less of, for so many doctors; not known where there are none."""
    if not doctors > 0:
        return Estimate(np.nan, np.nan, np.nan)
    return Estimate(*(round(many * value / doctors, 9) + 0.0 for value in more.turned()))  # no rounding dust, no -0


def apart(wanted: Sequence[float], gap: float) -> list[float]:
    """Heights of labels, as near to those wanted as their gap lets them be, in the same order."""
    order = np.argsort(wanted, kind="stable")
    heights = np.asarray(wanted, dtype=np.float64)[order]
    blocks: list[list[float]] = []  # sum of (height - place * gap) and number of labels of those that touch
    for place, height in enumerate(heights):
        blocks.append([float(height) - place * gap, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    bases = np.concatenate([np.full(int(count), total / count) for total, count in blocks]) if blocks else heights
    placed = np.empty_like(heights)
    placed[order] = bases + gap * np.arange(len(heights))
    return [float(each) for each in placed]


def plain(axes: "Axes") -> None:
    """An axis without frame, ticks or grid."""
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
