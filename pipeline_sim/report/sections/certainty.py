"""Section on certainty: what the intervals and probabilities mean, chance variation apart, and which choice is best."""

import math
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.report.page_model import Cell, Row, Section, Table, chance_cell, text_cells
from pipeline_sim.report.sections.method import interval_scope
from pipeline_sim.report.text.headline import bands_sentence, chance_of, payment_notes
from pipeline_sim.report.text.number_format import format_money, format_number, number_word, percent
from pipeline_sim.study.comparison.answer import EVENTS, Answer

if TYPE_CHECKING:
    import pandas as pd

TITLE = "How certain the results are"
WORTHS = 5  # rows of the table of choices, from zero to the highest value
SEEN = 0.005  # probability from which on a choice is shown


def section(answer: Answer) -> Section:
    """Meaning of intervals and probabilities, and which choice has the highest value."""
    if not answer.programmes:
        return Section("sure", TITLE, ["This study has no programme, so there is no choice to make."])
    drawn = (
        "A credible interval is where the true value is with a probability of 95 %, if the stated ranges are right. "
        "More draws do not make it narrower; only better evidence does. "
    )
    paragraphs = [
        f"{interval_scope(answer)} {drawn if len(answer.sampling.weights) > 1 else ''}The Monte Carlo error says how "
        "far a mean itself would move with other draws and random numbers; more of them reduce it.",
        f"{bands_sentence()} Where the Monte Carlo interval of a probability reaches into another band, it is not "
        "settled by these draws.",
        *variance_sentences(answer),
        "In the table of choices a month recovered counts at the value given and the net cost is after savings on "
        "extensions: the value is what a month is worth beyond what the training budget saves. Otherwise a month of "
        "extension would be counted twice, as saving and as effect.",
    ]
    tables = [chances_table(answer), draws_table(answer)]
    if not answer.acceptability_curve.empty:
        tables.append(worth_table(answer))
    return Section("sure", TITLE, paragraphs, (), tables)


def chances_table(answer: Answer) -> Table:
    """Table of the probability of every event, a row a mix."""
    rows = [
        Row(answer.label(world), tuple(chance_cell(chance_of(answer, world, event)) for event in EVENTS))
        for world in answer.ranked()
    ]
    head = ("Probability that the mix", *EVENTS)
    note = "Below a probability: its Monte Carlo interval, and its verdict. Worth its cost: net cost below zero."
    return Table("sure-chances", "What each mix does, and how probably", head, rows, note)


def draws_table(answer: Answer) -> Table:
    """Table of the Monte Carlo error, and of the spread that is due to parameters and to chance."""
    rows = []
    for world in answer.ranked():
        gained = answer.avoided(world)
        cells = [format_number(gained.mean), format_number(gained.error), *variance_cells(answer, world)]
        rows.append(Row(answer.label(world), text_cells(cells)))
    head = (
        "Mix", "Mean gain", "Monte Carlo error of the mean", "Spread due to uncertain parameters",
        "Spread due to chance variation", "Share of variance due to parameters",
    )  # fmt: skip
    note = (
        "Error: standard error. Spread: standard deviation between single replications due to one source alone. The "
        "share of variance has a 95 % interval. A dash: the study cannot separate the two."
    )
    return Table("sure-draws", "Chance apart from parameters", head, rows, note)


def variance_cells(answer: Answer, world: str) -> list[str]:
    """Cells of the variance components of a mix."""
    if world not in answer.variance_components.index:
        return ["–"] * 3
    components = answer.variance_components.loc[world]
    sds = [format_number(components["parameters_sd"]), format_number(components["chance_sd"])]
    if math.isnan(components["parameters_share"]):
        return [*sds, "–"]
    parts = [percent(float(components[name])) for name in ("parameters_share", "share_low", "share_high")]
    return [*sds, f"{parts[0]} ({parts[1]} to {parts[2]})"]


def worth_table(answer: Answer) -> Table:
    """Table of the probability of the highest net benefit and the expected loss, by the value of a month."""
    table, base = answer.acceptability_curve, answer.study.baseline
    values = table.index.unique("gbp_a_month")
    shown = values[np.unique(np.linspace(0, len(values) - 1, WORTHS).round().astype(int))]
    most = table.loc[list(shown), "probability"].groupby(level="world").max()
    choices = [base, *(world for world in answer.ranked() if most.get(world, 0.0) >= SEEN)]
    rows = []
    for at in shown:
        found = table.loc[at]
        cells = [_choice_cell(found.loc[world]) for world in choices]
        rows.append(Row(format_money(float(at)), tuple(cells)))
    head = ("Value of a month", *(answer.label(world) for world in choices))
    caption = "Probability that a choice has the highest net benefit, by the value of a month of training"
    note = (
        "Net benefit: months recovered times their value, less the net cost to the training budget. Below a "
        "probability: its Monte Carlo interval, and the expected loss. “On average best”: highest mean net benefit. "
        "Choices that are equal share a draw; mixes that are best in none of those shown are left out."
    )
    note = " ".join([note, *payment_notes(answer)])
    return Table("sure-worth", caption, head, rows, note)


def _choice_cell(found: "pd.Series") -> Cell:
    best = "on average best, " if found["on_frontier"] else ""
    ends = f"{percent(float(found['probability_low']))} to {percent(float(found['probability_high']))}"
    return Cell(
        percent(float(found["probability"])), ends, f"{best}loss {format_money(float(found['expected_loss_gbp']))}"
    )


def variance_sentences(answer: Answer) -> list[str]:
    """Sentence on the variance components of all mixes."""
    if answer.variance_components.empty:
        return ["This study cannot separate chance variation from the effect of the uncertain parameters."]
    more = answer.variance_components[
        answer.variance_components["parameters_sd"] > answer.variance_components["chance_sd"]
    ]
    clear, mixes = int((more["share_low"] > 0.5).sum()), len(answer.variance_components)
    where = f"in {number_word(len(more))} of {number_word(mixes)} mixes"
    where += f" ({number_word(clear)} clearly)" if len(more) else ""
    if mixes == 1:
        where = f"with the only mix{' (clearly)' if clear else ''}"
    verb = "do not cause" if mixes == 1 and more.empty else "cause"
    return [
        f"Uncertain parameters {verb} more of the spread of single replications than chance {where}. More replications "
        "reduce random error; only better evidence on the effects of interventions reduces the rest."
    ]
