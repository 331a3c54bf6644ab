"""Distance between model and record of every target by topic, in widths of the accepted range."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.report.figures.frame import Picture, blank_figure, captioned, figure_style
from pipeline_sim.report.style import LINES
from pipeline_sim.study.fit.validate_model import Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "How far is the model from what was recorded?"
FAR = 3.0  # widths beyond which a mark stands at the edge
LOOKS = {"test": LINES[1], "fit": LINES[0], "input": LINES[3]}
NAMES = {"test": "held out", "fit": "looked at in building or fitting", "input": "input"}
NOTE = (
    "Each mark is a published figure: mean of the model less the figure, in widths of the interval of its source and "
    "the tolerance together, on that side. Within the band the figure is met. Marks beyond 3 widths are at the edge."
)


def targets_met(verdicts: Sequence[Verdict]) -> Picture:
    """Figure of all targets."""
    topics = list(dict.fromkeys(each.target.topic for each in sorted(verdicts, key=lambda one: one.number)))
    with figure_style():
        drawn = blank_figure(1.9 + 0.42 * len(topics))
        axes = drawn.subplots()
        axes.axvspan(-1, 1, color="#e6e6e6", zorder=0)
        axes.axvline(0, color="#9a9a9a", linewidth=0.8)
        for height, topic in enumerate(topics):
            _marks(axes, height, [each for each in verdicts if each.target.topic == topic])
        axes.set_yticks(range(len(topics)), topics)
        axes.set_ylim(len(topics) - 0.4, -0.6)
        axes.set_xlim(-FAR - 0.25, FAR + 0.25)
        axes.set_xlabel("model is lower      (widths of the accepted range)      model is higher")
        axes.grid(False)
        _key(axes, verdicts)
        title = finding(verdicts)
        return captioned("targets", QUESTION, title, alt_text(verdicts), drawn, NOTE)


def finding(verdicts: Sequence[Verdict]) -> str:
    """Finding: figures met, and met of those held out for testing."""
    tested = [each for each in verdicts if each.target.role == "test"]
    passed = sum(each.passes for each in verdicts)
    clause = f"{passed} of {len(verdicts)} published figures are met"
    if not tested:
        return clause
    return f"{clause}; of the {len(tested)} held out for testing, {sum(each.passes for each in tested)} are"


def alt_text(verdicts: Sequence[Verdict]) -> str:
    """Alternative text with the numbers of the figure."""
    parts = []
    for topic in dict.fromkeys(each.target.topic for each in verdicts):
        of_topic = [each for each in verdicts if each.target.topic == topic]
        parts.append(f"{topic}: {sum(each.passes for each in of_topic)} of {len(of_topic)} within the band.")
    return " ".join(["Dot chart of the distance between model and record by topic.", *parts])


def _marks(axes: "Axes", height: int, verdicts: Sequence[Verdict]) -> None:
    """Draw one row of marks; marks that would overlap are moved up or down."""
    taken: list[tuple[float, float]] = []
    for each in sorted(verdicts, key=lambda one: abs(one.off)):
        across = float(np.clip(each.off, -FAR, FAR))
        level = next(
            step for step in _steps() if all(abs(across - other) > 0.085 or abs(step - at) > 0.1 for other, at in taken)
        )
        taken.append((across, level))
        look = LOOKS[each.target.role]
        axes.plot(
            across, height + level, look.marker, color=look.colour, markersize=4,
            markerfacecolor=look.colour if each.passes else "white", markeredgewidth=1.1,
        )  # fmt: skip


def _steps() -> list[float]:
    return [sign * 0.13 * step for step in range(40) for sign in (1, -1)]


def _key(axes: "Axes", verdicts: Sequence[Verdict]) -> None:
    for role, name in NAMES.items():
        if any(each.target.role == role for each in verdicts):
            look = LOOKS[role]
            axes.plot([], [], look.marker, color=look.colour, markersize=4, linestyle="none", label=name)
    axes.plot([], [], "o", color="#444444", markerfacecolor="white", linestyle="none", markersize=4, label="not met")
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, 1.0 + 0.42 / max(1, len(axes.get_yticks()))), ncols=4, frameon=False
    )
