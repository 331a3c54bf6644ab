"""Report on the value of information: sentences, tables, and bars of what knowing figures is worth."""

import textwrap

import pandas as pd

from pipeline_sim.decide.information.value_study import InformationValue, most_valuable
from pipeline_sim.decide.information.worth_of_figures import Worth
from pipeline_sim.report.decision.write_findings import PROVISIONAL, Findings, picture_and_numbers
from pipeline_sim.report.figures.frame import DARK, LABEL_SIZE, Picture, blank_figure, captioned, figure_style
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.number_format import counted, figure_words, pounds

BARS, MILLION, PALE, NAME_LETTERS = 12, 1e6, "#b9c4cc", 48
LEAST_WIDTH = 0.01  # of the axis, £m: where all is worth nothing it would show rounding errors


def value_findings(found: InformationValue, question: str, note: str, provisional: bool) -> Findings:
    """What is written of the value of information; note: on the runs."""
    tables = {
        "worth": ("What knowing figures and groups of them is worth", worth_table(found)),
        "trials": ("What trials are worth", trials_table(found)),
    }
    sentences = [*value_sentences(found), *[PROVISIONAL] * provisional]
    picture = worth_bars(found, note)
    return picture_and_numbers(("What better evidence is worth", question, note), sentences, tables, picture)


def value_sentences(found: InformationValue) -> list[str]:
    """What the choice is, what knowing everything is worth, and which study to pay for first."""
    everything, best = found.everything, most_valuable(found.figures)
    unclear = ", no more than chance alone shows" if everything.value <= everything.floor else ""
    said = [
        f"Without further evidence choose “{found.best}”: of {len(found.choices)}, the highest mean net benefit.",
        f"Knowing every uncertain figure before spending would be worth {pounds(everything.value)}{unclear}: where "
        f"nothing can be known, chance reaches {pounds(everything.floor)}; with chance left in it would seem to be "
        f"{pounds(everything.with_chance)}.",
    ]
    if best is None:
        most = max((each.floor_of_most for each in found.figures), default=0.0)
        said.append(
            f"No single figure is shown to be worth more than the best of as many random columns ({pounds(most)}): no "
            "study of one figure can be shown to pay."
        )
    else:
        said.append(
            f"A study of {figure_words(best.name)} ({best.name}) is worth up to {pounds(best.value)} before spending "
            f"(the best of as many random columns {pounds(best.floor_of_most)}; second estimate "
            f"{pounds(best.held_out)})."
        )
    groups = most_valuable(found.groups[:-1])
    if groups is not None:
        said.append(
            f"Of the groups of figures, “{groups.name}” is worth most: up to {pounds(groups.value)} (the best of as "
            f"many random groups {pounds(groups.floor_of_most)})."
        )
    for trial in [each for each in found.trials if each.supported][:1]:
        said.append(
            f"A trial of {figure_words(trial.name)} with {trial.doctors:,.0f} doctors is worth up to "
            f"{pounds(trial.value)} ({pounds(trial.low)} to {pounds(trial.high)}, as single doctors differ more or "
            "less), less what it costs and what waiting for it costs."
        )
    said.append(
        f"From {counted(found.draws, 'draw')} with {counted(found.effective_rows, 'row')} of the posterior sample; "
        f"{len(found.figures)} of {counted(found.candidates, 'figure')} chosen by one half and valued by the other."
    )
    return said


def worth_table(found: InformationValue) -> pd.DataFrame:
    """Row a figure, a group, and everything: pounds by both estimates and placebo floors, whether it is shown."""
    rows: list[tuple[object, ...]] = [
        (each.name, kind, each.figures, *each[2:7], "yes" if each.supported else "no")
        for kind, worths in (("group", found.groups), ("figure", found.figures))
        for each in worths
    ]
    whole = found.everything
    above = "yes" if whole.value > whole.floor else "no"
    gone = float("nan")
    rows.append(("EVPI", "everything", found.candidates, whole.value, whole.floor, whole.floor, gone, gone, above))
    columns = ["name", "kind", "figures", "gbp", "floor_gbp", "floor_of_highest_gbp", "second_gbp", "second_error_gbp"]
    return pd.DataFrame(rows, columns=[*columns, "shown"])


def trials_table(found: InformationValue) -> pd.DataFrame:
    """Row a trial: pounds, and where single doctors differ most and least; the floor is that of knowing the figure."""
    rows = [(*each[:-1], "yes" if each.supported else "no") for each in found.trials]
    return pd.DataFrame(rows, columns=["figure", "doctors", "gbp", "low_gbp", "high_gbp", "floor_gbp", "shown"])


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
    axes.set_xlim(0, max(axes.get_xlim()[1], LEAST_WIDTH))
    axes.set_title(title)
