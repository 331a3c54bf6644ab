"""Section on attribution: shocks and interventions added one after another."""

from typing import TYPE_CHECKING

from pipeline_sim.report.page_model import Cell, Row, Section, Table, change_cell, gain_cell
from pipeline_sim.report.text.headline import GAIN_WORDS
from pipeline_sim.report.text.number_format import counted, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.attribution import ALONE, INTERVENTION, LEFT_OUT, SHOCK
from pipeline_sim.study.estimates.intervals import Estimate

if TYPE_CHECKING:
    import pandas as pd

TITLE = "Training lost by shock and recovered by intervention"
SHOWN = (
    ("extensions", "Extensions"),
    ("months_short", "Lost training, months"),
    ("mean_backlog", "Hidden backlog, months"),
    ("ccts_on_time", "CCTs on time"),
)
PARTS = (
    "A part of a mix alone is compared with no programme; the mix is also compared with itself without the part, whose "
    "money then buys nothing. Where parts help the same doctors, they gain more alone than they add to the rest."
)
OF_PARTS = ("extensions", "months_short", "ccts_on_time")
FEWER = "were run in this way, so intervals are wider than elsewhere."
HEADINGS = ((SHOCK, "Shocks"), (INTERVENTION, "Interventions"))


def section(answer: Answer) -> Section:
    """Attribution in the order of the study."""
    parts = [parts_table(answer)] if answer.study.parts else []
    if answer.attribution.empty or answer.study.attribution is None:
        paragraphs = ["This study has no attribution to shocks and interventions."] if not parts else [PARTS]
        return Section("shares", TITLE, paragraphs, (), parts)
    programme = answer.label(answer.study.attribution.programme)
    made = min(answer.study.attribution.replications, answer.replications)
    paragraphs = [
        f"Shocks are added one after another to a world without COVID, then the interventions of “{programme}”. The "
        "effect of each depends on the order, because losses are not additive; the order is that of the study.",
        *([f"Only the first {counted(made, 'replication')} {FEWER}"] if made < answer.replications else []),
        *(_largest(answer, kind) for kind, _ in HEADINGS),
    ]
    paragraphs += [PARTS] if parts else []
    return Section("shares", TITLE, [each for each in paragraphs if each], (), [attribution_table(answer), *parts])


def attribution_table(answer: Answer) -> Table:
    """Table of the attribution, a row a step."""
    table = answer.attribution
    rows = []
    for kind, heading in HEADINGS:
        part = table[table["kind"] == kind]
        if len(part):
            rows.append(Row(heading))
        for _, rung in part.groupby("rung", sort=True):
            rows.append(Row(str(rung["label"].iloc[0]), tuple(_cell(rung, name) for name, _ in SHOWN)))
    head = ("Added", *(label for _, label in SHOWN))
    note = "Plus: an increase. For extensions, lost training and backlog a decrease is better."
    return Table("shares-ladder", "Effect of each step, added to those above it", head, rows, note)


def parts_table(answer: Answer) -> Table:
    """Table of what each part of a mix gains alone, and of what the mix loses without it; all parts alone together."""
    rows, table = [], answer.attribution
    for label, part in table[table["kind"].isin([ALONE, LEFT_OUT])].groupby("label", sort=False):
        cells = []
        for kind in (ALONE, LEFT_OUT):
            rung = part[part["kind"] == kind]
            cells += [gain_cell(_estimate(rung, name), name != "ccts_on_time") for name in OF_PARTS]
        rows.append(Row(str(label), tuple(cells)))
    what = ("extensions avoided", "months recovered", "CCTs on time")
    head = ("Mix: part", *(f"Alone: {each}" for each in what), *(f"Lost when left out: {each}" for each in what))
    return Table("shares-parts", "Parts of each mix alone, and left out of it", head, rows)


def _cell(rung: "pd.DataFrame", indicator: str) -> Cell:
    return change_cell(_estimate(rung, indicator))


def _estimate(rung: "pd.DataFrame", indicator: str) -> Estimate:
    row = rung[rung["indicator"] == indicator].iloc[0]
    return Estimate(row["mean"], row["low"], row["high"])


def _largest(answer: Answer, kind: str) -> str:
    table, headline = answer.attribution, answer.study.headline
    part = table[(table["kind"] == kind) & (table["indicator"] == headline)]
    sign = 1 if kind == SHOCK else -1
    clear = part[(sign * part["low"] > 0) & (sign * part["high"] > 0)]
    what = GAIN_WORDS[headline].what if headline == "extensions" else "months of lost training"
    if part.empty:
        return ""
    if clear.empty:
        return f"No single {kind} has a clear effect on {what}."
    top = clear.loc[(sign * clear["mean"]).idxmax()]
    low, high = sorted((abs(top["low"]), abs(top["high"])))
    amount = f"{rounded(abs(top['mean']))} (95 % interval {rounded(low)} to {rounded(high)})"
    if kind == SHOCK:
        return f"In this order the shock with the largest clear effect on {what} is “{top['label']}”: {amount}."
    return f"The intervention with the largest clear effect on {what} is “{top['label']}”: {amount}."
