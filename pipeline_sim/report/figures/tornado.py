"""Which assumptions does the answer hang on? The strongest factors, a bar each, and a line at what mere luck does."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline_sim.report.figures.frame import DARK, LABEL_SIZE, Picture, rules, sheet, told
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.sensitivity.analyse_sensitivity import Stage
from pipeline_sim.study.sensitivity.factors import LUCK
from pipeline_sim.study.sensitivity.sensitivity_indices import Influence, Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "Which assumptions does the answer hang on?"
MOST_BARS, MOST_PANELS = 10, 4
STRONG, WEAK = LINES[0].colour, "#b9c4cc"


def tornado(stages: Sequence[Stage], titles: Mapping[str, str], size: str) -> Picture | None:
    """A panel an outcome, entries from the strongest down; none where nothing moves. `size`: how it was measured."""
    stage = stages[0]
    shown = [outcome for outcome in stage.outcomes if any(row.size > 0 for row in _rows(stage, outcome))]
    if not shown:
        return None
    chosen = _told_apart(shown)
    with rules():
        drawn = sheet(2.1 * len(chosen) + 1.3)
        panels = drawn.subplots(len(chosen), 1, squeeze=False)[:, 0]
        for axes, outcome in zip(panels, chosen, strict=True):
            _bars(axes, stage, outcome, titles)
        says = _says(stage, chosen[0], titles)
        return Picture("influence", QUESTION, says, _alt(stage, chosen, titles), told(drawn, says, _notes(size)))


def _told_apart(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The first outcome of each kind."""
    first = {outcome.kind: outcome for outcome in reversed(outcomes)}
    return [outcome for outcome in outcomes if first[outcome.kind] == outcome][:MOST_PANELS]


def _rows(stage: Stage, outcome: Outcome) -> list[Influence]:
    return [row for row in stage.rows if row.outcome == outcome and row.factor != LUCK]


def _floor(stage: Stage, outcome: Outcome) -> float:
    """The most that luck does."""
    return next(row.size + row.interval for row in stage.rows if row.outcome == outcome and row.factor == LUCK)


def _bars(axes: "Axes", stage: Stage, outcome: Outcome, titles: Mapping[str, str]) -> None:
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


def _says(stage: Stage, outcome: Outcome, titles: Mapping[str, str]) -> str:
    """The finding of the first panel."""
    sure = [row for row in _rows(stage, outcome) if row.beyond_luck]
    if not sure:
        return "No assumption moves the answer by more than luck does"
    first = sure[0]
    name = titles.get(first.factor, first.factor)
    count = f"{len(sure)} of {len(_rows(stage, outcome))} groups of assumptions move"
    many = count if len(sure) > 1 else "one group of assumptions moves"
    says = f"What is {outcome.label} hangs most on “{name}” (by {rounded(first.size)} over its range)"
    return f"{says}; {many} it by more than luck does"


def _alt(stage: Stage, outcomes: Sequence[Outcome], titles: Mapping[str, str]) -> str:
    """Every bar in words."""
    parts = []
    for outcome in outcomes:
        bars = [
            f"{titles.get(row.factor, row.factor)} {rounded(row.size)}" for row in _rows(stage, outcome)[:MOST_BARS]
        ]
        parts.append(f"{outcome.label}: {', '.join(bars)}; luck at most {rounded(_floor(stage, outcome))}.")
    return f"Bars, the longest first. {' '.join(parts)}"


def _notes(size: str) -> str:
    return (
        "Bars: mean change, either way, when the figures of a group go over their ranges (mu* of Morris), with its 95 %"
        " interval. Dashed: the most that other luck does to any group in 19 of 20 analyses; a pale bar is no longer."
        f" Figures that were fitted to records together stay as stated. {size}"
    )


def measured_how(manifest: Mapping[str, Any]) -> str:
    """Size of the analysis, in a sentence."""
    moves, study = manifest["moves"], manifest["study"]
    return f"{moves['trajectories']} paths at scale {study['scale']:g}, seed {moves['seed']}."
