"""Report on the robust choice: sentences, tables, and a heat map of regret by choice and scenario."""

import textwrap

import pandas as pd

from pipeline_sim.decide.robustness.robust_study import RobustChoice
from pipeline_sim.report.decision.write_findings import PROVISIONAL, Findings, picture_and_numbers
from pipeline_sim.report.figures.frame import LABEL_SIZE, Picture, blank_figure, captioned, figure_style
from pipeline_sim.report.text.number_format import counted, figure_words, listed, percent, pounds, rounded

CHOICE_LETTERS, DARKEST = 40, 0.55
RULE_WORDS = {
    "mean_regret": "lowest regret on average",
    "worst_scenario_gain": "highest mean gain in its worst scenario",
    "target_share": "highest share of futures that meet the target",
}


def robust_findings(found: RobustChoice, question: str, note: str, provisional: bool) -> Findings:
    """What is written of the robust choice; note: on the runs."""
    by_regret = found.table.sort_values("mean_regret", kind="stable").reset_index()
    tables = {
        "robustness": ("Every choice over all futures", by_regret),
        "regret": ("Mean regret by choice and scenario", found.regrets.reset_index()),
        "box": ("Futures in which another choice is better", box_table(found)),
    }
    sentences = [*robust_sentences(found), *[PROVISIONAL] * provisional]
    picture = regret_heat_map(found, note)
    return picture_and_numbers(("What to choose, whatever comes", question, note), sentences, tables, picture)


def robust_sentences(found: RobustChoice) -> list[str]:
    """What each rule chooses, then the plain sentence: choose one, unless."""
    by_choice: dict[str, list[str]] = {}
    for rule, choice in found.by_rule.items():
        by_choice.setdefault(choice, []).append(RULE_WORDS[rule])
    said = [f"“{choice}” has the {listed(rules)}." for choice, rules in by_choice.items()]
    row, amount = found.table.loc[found.chosen], pounds if found.unit.startswith("pounds") else rounded
    rule = "" if found.target_given else ", half of the highest mean gain,"
    said.append(
        f"“{found.chosen}” meets the target of {amount(found.target)} {found.unit.removeprefix('pounds of ')}{rule} in "
        f"{percent(row['target_share'])} of {counted(found.futures, 'future')} and is within "
        f"{amount(found.tolerance)} of the best in {percent(1 - found.discovery.failing)}; its regret is "
        f"{amount(row['mean_regret'])} on average."
    )
    return [*said, choose_sentence(found)]


def choose_sentence(found: RobustChoice) -> str:
    """Plain sentence: choose a mix unless a box of futures that is better than those of shuffled ones."""
    discovery, box = found.discovery, found.discovery.box
    if discovery.failing == 0:
        return f"Choose “{found.chosen}”: in every future it is the best, or as good."
    placebo = f"boxes of shuffled futures reach {rounded(discovery.placebo_merit)} of 1, this one {rounded(box.merit)}"
    if not box.bounds:
        placebo = "no bound is more than chance could do"
    if not discovery.found:
        return (
            f"Choose “{found.chosen}”: another choice is better in {percent(discovery.failing)} of futures, but no "
            f"range of the figures singles them out better than chance ({placebo})."
        )
    words = listed(bound_words(found, place) for place in range(len(box.bounds)))
    better = f"“{found.instead}” gains more in {percent(found.instead_share)} of these futures"
    if found.instead == found.chosen:
        better = "there it has the lowest regret on average all the same"
    return (
        f"Choose “{found.chosen}” unless {words}: {better} (the box has {percent(box.coverage)} of the futures in "
        f"which another choice is better, which are {percent(box.density)} of it; {placebo})."
    )


def bound_words(found: RobustChoice, place: int) -> str:
    """Bound of the box in words."""
    bound = found.discovery.box.bounds[place]
    name = found.columns[bound.column]
    if bound.column >= len(found.units):
        return f"the scenario is {'not ' if bound.upper else ''}“{name}”"
    side = "at most" if bound.upper else "at least"
    return f"{figure_words(name)} is {side} {rounded(bound.value, 3)} {found.units[bound.column]}"


def box_table(found: RobustChoice) -> pd.DataFrame:
    """Row a bound of the box, with the box's coverage, density and the chance of one as good in shuffled futures."""
    discovery, box = found.discovery, found.discovery.box
    whole = box.coverage, box.density, box.mass, discovery.failing, box.merit, discovery.placebo_merit, discovery.chance
    rows = [
        (found.columns[each.column], "at most" if each.upper else "at least", each.value, each.quasi_p, *whole)
        for each in box.bounds
    ]
    columns = ("figure", "bound", "value", "quasi_p", "coverage", "density", "mass", "failing", "merit",
               "placebo_merit", "chance")  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


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
