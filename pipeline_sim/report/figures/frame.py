"""Frame of every figure: width of a printed A4 page, the finding as title, notes below, an identifier."""

import textwrap
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline_sim.report.style import RULES, WIDTH, figure
from pipeline_sim.report.text.figure_clauses import interval_name
from pipeline_sim.report.text.number_format import counted
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE_LETTERS, PRINT_LETTERS = 79, 142  # that fit on a line of the sheet
TITLE_SIZE, LABEL_SIZE, PRINT_SIZE = 10.5, 8.0, 6.5
STAMP, STAMP_LETTERS = "#767676", 24  # a grey that can be read on white; room for it and some air
QUIET, SHADE, DARK = "#8a8a8a", "#dddddd", "#444444"


class Picture(NamedTuple):
    """Figure with its finding and its alternative text."""

    name: str  # file stem, such as hidden_backlog
    question: str  # in plain English
    finding: str  # one sentence from the numbers; also the title of the figure
    alt_text: str
    figure: "Figure"


def figure_style() -> AbstractContextManager[Any]:
    """Matplotlib style of the project, as a context manager."""
    import matplotlib

    return matplotlib.rc_context(RULES)


def blank_figure(height: float) -> "Figure":
    """Empty figure as wide as a printed page; `height` in inches."""
    return figure(WIDTH, height)


def with_caption(drawn: "Figure", finding: str, notes: str) -> "Figure":
    """Figure with its finding above and its notes below."""
    drawn.suptitle(wrapped(finding, TITLE_LETTERS), x=0.005, ha="left", fontsize=TITLE_SIZE, weight="bold")
    drawn.supxlabel(wrapped(notes, PRINT_LETTERS), x=0.005, ha="left", fontsize=PRINT_SIZE, color=DARK)
    return drawn


def captioned(name: str, question: str, finding: str, alt_text: str, drawn: "Figure", notes: str) -> Picture:
    """Figure with its finding above and its notes below, as a Picture."""
    return Picture(name, question, finding, alt_text, with_caption(drawn, finding, notes))


def stamp(drawn: "Figure", identifier: str) -> None:
    """Print the identifier at the lower right, beside the notes or, where they are long, below them."""
    if not identifier:
        return
    notes = drawn.get_supxlabel()
    if len(notes.rpartition("\n")[2]) > PRINT_LETTERS - STAMP_LETTERS:
        drawn.supxlabel(f"{notes}\n", x=0.005, ha="left", fontsize=PRINT_SIZE, color=DARK)
    drawn.text(0.995, 0.01, identifier, ha="right", va="bottom", fontsize=PRINT_SIZE, color=STAMP)


def wrapped(text: str, width: int) -> str:
    """Text in lines of at most `width` letters."""
    return "\n".join(textwrap.wrap(text, width))


def source_note(answer: Answer, *more: str, shown: str = "") -> str:
    """Notes of a figure: the runs behind the numbers, and what is shown; the report says what intervals include."""
    study = answer.study
    size = "all of England" if study.scale == 1 else f"{study.scale:.3g} of England, scaled up"
    draws = counted(len(answer.sampling.weights), "draw")
    scope = f"{draws} of uncertain parameters" if study.parameters == "sampled" else "chance variation only"
    runs = f"{counted(answer.replications, 'replication')} of {size}, {scope}, seed {study.seed}"
    return " ".join([f"{shown or f'Mean and {interval_name(answer)}'}: {runs}.", *filter(None, more)])


def leading_programme(answer: Answer) -> str | None:
    """Programme with the largest mean gain by the headline; None without a programme."""
    return next(iter(answer.ranked()), None)


def context_world(answer: Answer) -> str | None:
    """First world that is neither baseline nor programme, usually the one without shocks."""
    others = (world for world in answer.worlds if world != answer.study.baseline and world not in answer.programmes)
    return next(others, None)


def avoided_rate(many: int, more: Estimate, doctors: float) -> Estimate:
    """Reduction per `many` doctors; NaN where there are none."""
    if not doctors > 0:
        return Estimate(np.nan, np.nan, np.nan)
    return Estimate(*(round(many * value / doctors, 9) + 0.0 for value in more.negated()))  # no rounding dust, no -0


def spread_labels(wanted: Sequence[float], gap: float) -> list[float]:
    """Positions of labels at least `gap` apart, in the same order, as near as possible to those wanted."""
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


def reach(values: Iterable[float], room: float = 0.05) -> tuple[float, float]:
    """Limits of an axis that include all known values, with room for a share of their span on either side."""
    known = np.array([*values], np.float64)
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    air = room * (high - low) or 1.0
    return low - air, high + air


def bare_axes(axes: "Axes") -> None:
    """Remove frame, ticks and grid of an axis."""
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
