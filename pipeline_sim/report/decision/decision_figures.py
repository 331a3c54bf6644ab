"""Figures of a decision: what knowing figures is worth beside random columns, and regret by choice and scenario."""

import textwrap

from pipeline_sim.decide.information.value_study import InformationValue, most_valuable
from pipeline_sim.decide.information.worth_of_figures import Worth
from pipeline_sim.decide.robustness.robust_study import RobustChoice
from pipeline_sim.report.decision.decision_words import choose_sentence, figure_words
from pipeline_sim.report.figures.frame import DARK, LABEL_SIZE, Picture, blank_figure, captioned, figure_style
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.number_format import pounds, rounded

BARS, MILLION, PALE = 12, 1e6, "#b9c4cc"
NAME_LETTERS, CHOICE_LETTERS, DARKEST = 48, 40, 0.55


def worth_bars(found: InformationValue, notes: str) -> Picture:
    """Bars of the value of groups and figures, each with its placebo floor."""
    panels = (("Groups of figures", found.groups), ("Single figures", found.figures[:BARS]))
    best = most_valuable(found.figures)
    finding = (
        "No single figure is shown to be worth more than the best of random columns"
        if best is None
        else f"A study of {figure_words(best.name)} is worth up to {pounds(best.value)} before spending"
    )
    with figure_style():
        drawn = blank_figure(0.24 * sum(len(rows) for _, rows in panels) + 2.0)
        axes = drawn.subplots(2, 1, height_ratios=[max(len(rows), 1) for _, rows in panels])
        for place, (title, rows) in zip(axes, panels, strict=True):
            _bars(place, title, rows)
        axes[1].set_xlabel("£m for the decision at hand")
        text = (
            "Bars: value of knowing before spending (penalised polynomials); circles: the second estimate, by draws "
            "that were left out, with its standard error. Strokes: placebo floor, which values exchanged between "
            "draws exceed in 5 %; dashed: what the highest of all in the panel exceeds in 5 %. Bars are dark beyond "
            f"it, where the second estimate finds something as well. {notes}"
        )
        alt = "; ".join(
            f"{each.name} {pounds(each.value)}, floor {pounds(each.floor)}" for _, r in panels for each in r
        )
        return captioned("value_of_information", "What should be studied first?", finding, f"Bars. {alt}.", drawn, text)


def _bars(axes, title: str, rows: tuple[Worth, ...]) -> None:  # type: ignore[no-untyped-def]
    places = range(len(rows), 0, -1)
    colours = [LINES[0].colour if each.supported else PALE for each in rows]
    axes.barh(places, [each.value / MILLION for each in rows], color=colours, height=0.65)
    floors = [each.floor / MILLION for each in rows]
    axes.vlines(
        floors, [at - 0.42 for at in places], [at + 0.42 for at in places], color=LINES[1].colour, linewidth=1.8
    )
    if rows:
        axes.axvline(rows[0].floor_of_most / MILLION, color=DARK, linestyle=(0, (3, 2)), linewidth=1.0)
    held = [max(each.held_out, 0.0) / MILLION for each in rows]
    errors = [each.held_out_error / MILLION for each in rows]
    lower = [min(value, error) for value, error in zip(held, errors, strict=True)]
    axes.errorbar(held, places, xerr=[lower, errors], fmt="o", mfc="white", color=DARK, markersize=3.5, elinewidth=0.7)
    axes.set_yticks(
        list(places), [textwrap.shorten(figure_words(each.name), NAME_LETTERS, placeholder="…") for each in rows]
    )
    axes.tick_params(axis="y", labelsize=LABEL_SIZE)
    axes.grid(False)
    axes.set_xlim(left=0)
    axes.set_title(title)


def regret_heat_map(found: RobustChoice, notes: str) -> Picture:
    """Heat map of mean regret by choice and scenario, choices with the lowest regret first."""
    order = found.table["mean_regret"].to_numpy().argsort(kind="stable")
    regrets, choices, scenarios = found.regrets.to_numpy()[order], found.table.index[order], list(found.regrets)
    top = max(float(regrets.max()), 1e-9)
    with figure_style():
        drawn = blank_figure(0.26 * len(order) + 2.2)
        axes = drawn.subplots()
        axes.imshow(regrets, aspect="auto", cmap="Blues", vmin=0, vmax=top)
        for row, values in enumerate(regrets):
            for column, value in enumerate(values):
                colour = "white" if value > DARKEST * top else "black"
                axes.text(column, row, rounded(value), ha="center", va="center", fontsize=LABEL_SIZE, color=colour)
        axes.set_yticks(range(len(order)), [textwrap.shorten(each, CHOICE_LETTERS) for each in choices])
        axes.set_xticks(range(len(scenarios)), [textwrap.fill(each, 16) for each in scenarios])
        axes.tick_params(labelsize=LABEL_SIZE, length=0)
        axes.grid(False)
        alt = "; ".join(f"{each}: {', '.join(map(rounded, row))}" for each, row in zip(choices, regrets, strict=True))
        finding = choose_sentence(found).partition(" (")[0].rstrip(".")
        text = f"Mean regret beside the best choice of each future, {found.unit}; without chance variation. {notes}"
        question = "Which choice is regretted least, whatever comes?"
        return captioned("regret", question, finding, f"{', '.join(scenarios)}. {alt}.", drawn, text)
