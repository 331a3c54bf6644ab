"""Tornado diagram: influence of the strongest factors, and the level that chance variation reaches."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline_sim.report.figures.frame import DARK, LABEL_SIZE, Picture, blank_figure, captioned, figure_style
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.sensitivity.analyse_sensitivity import LevelResults
from pipeline_sim.study.sensitivity.factors import LUCK
from pipeline_sim.study.sensitivity.sensitivity_indices import Influence, Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "Which assumptions matter most for the answer?"
MOST_BARS, MOST_PANELS = 10, 4
STRONG, WEAK = LINES[0].colour, "#b9c4cc"


def tornado(stages: Sequence[LevelResults], titles: Mapping[str, str], size: str) -> Picture | None:
    """Tornado diagram, a panel an outcome; None where no factor has an effect. `size`: text on the analysis."""
    stage = stages[0]
    shown = [outcome for outcome in stage.outcomes if any(row.size > 0 for row in _rows(stage, outcome))]
    if not shown:
        return None
    chosen = _first_of_kind(shown)
    with figure_style():
        drawn = blank_figure(2.1 * len(chosen) + 1.3)
        panels = drawn.subplots(len(chosen), 1, squeeze=False)[:, 0]
        for axes, outcome in zip(panels, chosen, strict=True):
            _bars(axes, stage, outcome, titles)
        title = _finding(stage, chosen[0], titles)
        return captioned("influence", QUESTION, title, _alt(stage, chosen, titles), drawn, _notes(size))


def _first_of_kind(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The first outcome of each kind."""
    first = {outcome.kind: outcome for outcome in reversed(outcomes)}
    return [outcome for outcome in outcomes if first[outcome.kind] == outcome][:MOST_PANELS]


def _rows(stage: LevelResults, outcome: Outcome) -> list[Influence]:
    return [row for row in stage.rows if row.outcome == outcome and row.factor != LUCK]


def _floor(stage: LevelResults, outcome: Outcome) -> float:
    """Upper bound of the effect of chance variation."""
    return next(row.size + row.interval for row in stage.rows if row.outcome == outcome and row.factor == LUCK)


def _bars(axes: "Axes", stage: LevelResults, outcome: Outcome, titles: Mapping[str, str]) -> None:
    rows = _rows(stage, outcome)[:MOST_BARS]
    places = range(len(rows), 0, -1)
    colours = [STRONG if row.beyond_luck else WEAK for row in rows]
    sizes = [row.size for row in rows]
    axes.barh(places, sizes, color=colours, height=0.7)
    reach = [[min(row.interval, row.size) for row in rows], [row.interval for row in rows]]
    axes.errorbar(sizes, places, xerr=reach, fmt="none", ecolor=DARK, elinewidth=0.8, capsize=1.5)
    axes.axvline(_floor(stage, outcome), color=DARK, linestyle=(0, (3, 2)), linewidth=1.0)
    axes.set_yticks(list(places), [titles.get(row.factor, row.factor) for row in rows], fontsize=LABEL_SIZE)
    axes.grid(False)
    axes.set_title(f"{outcome.label[:1].upper()}{outcome.label[1:]}")


def _finding(stage: LevelResults, outcome: Outcome, titles: Mapping[str, str]) -> str:
    """Finding of the first panel."""
    sure = [row for row in _rows(stage, outcome) if row.beyond_luck]
    if not sure:
        return "No assumption changes the answer by more than chance variation"
    first = sure[0]
    name = titles.get(first.factor, first.factor)
    count = f"{len(sure)} of {len(_rows(stage, outcome))} groups of assumptions change"
    many = count if len(sure) > 1 else "one group of assumptions changes"
    strongest = f"“{name}” has the largest effect on what is {outcome.label} ({rounded(first.size)} over its range)"
    return f"{strongest}; {many} it by more than chance variation"


def _alt(stage: LevelResults, outcomes: Sequence[Outcome], titles: Mapping[str, str]) -> str:
    """Alternative text: the value of every bar."""
    parts = []
    for outcome in outcomes:
        bars = [
            f"{titles.get(row.factor, row.factor)} {rounded(row.size)}" for row in _rows(stage, outcome)[:MOST_BARS]
        ]
        parts.append(f"{outcome.label}: {', '.join(bars)}; chance variation at most {rounded(_floor(stage, outcome))}.")
    return f"Bars, the longest first. {' '.join(parts)}"


def _notes(size: str) -> str:
    return (
        "Bars: mean absolute change as the parameters of a group move over their ranges (mu* of Morris), with its 95 %"
        " interval. Dashed: the largest effect of chance variation in 19 of 20 analyses; pale bars do not exceed it."
        f" Parameters fitted to records are kept at their stated values. {size}"
    )


def analysis_size(manifest: Mapping[str, Any]) -> str:
    """Sentence on the size of the analysis."""
    moves, study = manifest["moves"], manifest["study"]
    return f"{moves['trajectories']} paths at scale {study['scale']:g}, seed {moves['seed']}."
