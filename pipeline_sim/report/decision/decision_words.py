"""Sentences on the value of information and on the robust choice."""

from pipeline_sim.decide.information.value_study import InformationValue, most_valuable
from pipeline_sim.decide.robustness.robust_study import RobustChoice
from pipeline_sim.report.text.number_format import counted, listed, percent, pounds, rounded

RULE_WORDS = {
    "mean_regret": "lowest regret on average",
    "worst_scenario_gain": "highest mean gain in its worst scenario",
    "target_share": "highest share of futures that meet the target",
}


def value_sentences(found: InformationValue, provisional: bool = False) -> list[str]:
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
    return [*said, *_provisional(provisional)]


def figure_words(name: str) -> str:
    """Key path in words, without the section of the catalogue."""
    for section in ("interventions.places.", "interventions.weather.", "interventions.payments."):
        name = name.removeprefix(section)
    return name.replace(".", ", ").replace("_", " ").replace("-", " ")


def robust_sentences(found: RobustChoice, provisional: bool = False) -> list[str]:
    """What each rule chooses, then the plain sentence: choose one, unless."""
    by_choice: dict[str, list[str]] = {}
    for rule, choice in found.by_rule.items():
        by_choice.setdefault(choice, []).append(RULE_WORDS[rule])
    said = [f"“{choice}” has the {listed(rules)}." for choice, rules in by_choice.items()]
    row, amount = found.table.loc[found.chosen], pounds if found.unit.startswith("pounds") else rounded
    said.append(
        f"“{found.chosen}” meets the target of {amount(found.target)} {found.unit.removeprefix('pounds of ')} in "
        f"{percent(row['target_share'])} of {counted(found.futures, 'future')} and is within "
        f"{amount(found.tolerance)} of the best in {percent(1 - found.discovery.failing)}; its regret is "
        f"{amount(row['mean_regret'])} on average."
    )
    return [*said, choose_sentence(found), *_provisional(provisional)]


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


def _provisional(provisional: bool) -> list[str]:
    return ["Provisional: few draws of a small model; run it without --quick before anything is decided."] * provisional
