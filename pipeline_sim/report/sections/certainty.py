"""How sure are we?"""

import math

import numpy as np

from pipeline_sim.report.page_model import Cell, Row, Section, Table, money, number, plain, share
from pipeline_sim.report.text.headline import GAINS, count, is_idle
from pipeline_sim.study.comparison.answer import Answer

TITLE = "How sure we are"
WORTHS = 5  # rows of the table of choices, from nothing to the highest worth
SEEN = 0.005  # part of the draws that is shown as more than none
ENOUGH = 20  # draws before nine in ten of them mean anything


def section(answer: Answer) -> Section:
    """What doubt is made of, and what it means for a choice."""
    if not answer.programmes:
        return Section("sure", TITLE, ["There is no choice to be unsure of."])
    says = [
        "The 95 % intervals are of a mean over draws, each with other luck and, where figures are in doubt, other "
        "beliefs about them. They narrow when more is run; what anybody believes about the effects does not. So the "
        "table also shows how far single draws lie apart: that is how far apart the "
        "answers of people with different beliefs lie.",
        *told_apart(answer),
        *_worth(answer),
    ]
    tables = [draws(answer)]
    if not answer.acceptability.empty:
        tables.append(worth(answer))
    return Section("sure", TITLE, says, (), tables)


def draws(answer: Answer) -> Table:
    """How single draws are spread, and what makes them so."""
    gain = GAINS[answer.study.headline]
    rows = []
    for world in answer.ranked():
        made = by_draw(answer, world)
        low, high = np.percentile(made, [5, 95]) if len(made) >= ENOUGH else (made.min(), made.max())
        cells = plain([f"{number(low)} to {number(high)}", share(float((made > 0).mean())), *apart(answer, world)])
        rows.append(Row(answer.label(world), cells))
    part = "Nine in ten draws" if len(by_draw(answer, answer.programmes[0])) >= ENOUGH else "All draws"
    head = (
        "Mix",
        f"{part} lie between",
        f"Draws in which it {gain.gains} any",
        "Spread owed to figures in doubt",
        "Spread owed to luck",
        "Of the variance, the figures' part",
    )
    note = (
        "Spread: standard deviation between single replications, owed to either alone. The part of the variance has a "
        "95 % interval. A dash: cannot be told apart in this study."
    )
    return Table("sure-draws", f"{gain.what.capitalize()} that a mix {gain.gains}, draw by draw", head, rows, note)


def apart(answer: Answer, world: str) -> list[str]:
    """What figures in doubt and what luck contribute to the spread of a mix."""
    if world not in answer.spread.index:
        return ["–"] * 3
    found = answer.spread.loc[world]
    sds = [number(found["parameters_sd"]), number(found["luck_sd"])]
    if math.isnan(found["parameters_share"]):
        return [*sds, "–"]
    parts = [share(float(found[name])) for name in ("parameters_share", "share_low", "share_high")]
    return [*sds, f"{parts[0]} ({parts[1]} to {parts[2]})"]


def by_draw(answer: Answer, world: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """[D] what a mix gains by the headline."""
    name = answer.study.headline
    return (answer.draws[answer.study.baseline][name] - answer.draws[world][name]).to_numpy(np.float64)


def worth(answer: Answer) -> Table:
    """Which choice is worth most at a worth of a month of training."""
    table = answer.acceptability
    shown = table.iloc[np.unique(np.linspace(0, len(table) - 1, WORTHS).round().astype(int))]
    base = answer.study.baseline
    choices = [base, *(world for world in answer.ranked() if world in table and shown[world].max() >= SEEN)]
    rows = [
        Row(money(float(at)), tuple(Cell(share(float(shown.loc[at, world]))) for world in choices))
        for at in shown.index
    ]
    head = ("A month is worth", *(answer.label(world) for world in choices))
    caption = "Part of the draws in which a choice is worth most, by what a month of training is worth"
    note = (
        "What is gained in months, times their worth, less the net cost to the training budget. Choices that are equal "
        "share a draw; mixes that are best in none of those shown are left out."
    )
    return Table("sure-worth", caption, head, rows, note)


def told_apart(answer: Answer) -> list[str]:
    """What doubt about the figures and what luck contribute, in a sentence."""
    if answer.spread.empty:
        return ["What luck adds and what doubt about the figures adds cannot be told apart in this study."]
    more = answer.spread[answer.spread["parameters_sd"] > answer.spread["luck_sd"]]
    sure = int((more["share_low"] > 0.5).sum())
    said = f"doubt about the figures spreads single replications more than luck does ({count(sure)} of them surely)"
    return [
        f"For {count(len(more))} of {count(len(answer.spread))} mixes {said}. "
        "More replications wear down luck; only better evidence on what interventions do wears down the other."
    ]


def _worth(answer: Answer) -> list[str]:
    table, base = answer.acceptability, answer.study.baseline
    if table.empty:
        return []
    idle = [world for world in answer.programmes if world in table and is_idle(answer, world)]
    nothing = table[[base, *idle]].sum(axis=1)  # a mix that changes nothing is no better than spending nothing
    rather = table.index[nothing < 0.5]
    if not len(rather):
        return [
            f"Even if a month of training is worth {money(float(table.index[-1]))}, spending nothing is the best "
            "choice in at least half of the draws."
        ]
    if rather[0] == table.index[0]:
        return ["Some mix is a better choice than spending nothing in most draws, whatever a month is worth."]
    at = rather[0]
    best = table.drop(columns=[base, *idle]).loc[at].idxmax()
    return [
        f"Spending nothing is the best choice in at least half of the draws until a month of training is worth about "
        f"{money(float(at))}; there “{answer.label(best)}” is best most often, in {share(float(table.loc[at, best]))}."
    ]
