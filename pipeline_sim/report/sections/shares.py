"""What did each shock take, and what did each intervention give back?"""

from typing import TYPE_CHECKING

from pipeline_sim.report.page_model import Cell, Row, Section, Table, changed
from pipeline_sim.report.text.headline import GAINS
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.attribution import INTERVENTION, SHOCK
from pipeline_sim.study.estimates.intervals import Estimate

if TYPE_CHECKING:
    import pandas as pd

TITLE = "What each shock took and each intervention gave back"
SHOWN = (
    ("extensions", "Extensions"),
    ("months_short", "Training short, months"),
    ("mean_backlog", "Hidden backlog, months"),
    ("ccts_on_time", "CCTs on time"),
)
HEADINGS = ((SHOCK, "Shocks"), (INTERVENTION, "Interventions"))


def section(answer: Answer) -> Section:
    """Things added one after another, in the study's order."""
    if answer.attribution.empty or answer.study.attribution is None:
        return Section("shares", TITLE, ["This study does not add its shocks and interventions one after another."])
    programme = answer.label(answer.study.attribution.programme)
    made = min(answer.study.attribution.replications, answer.replications)
    says = [
        f"Shocks are added one after another to a world without COVID, then the interventions of “{programme}”. What "
        "one adds depends on the order, because losses do not simply add up; the order is the study's.",
        f"Only the first {made} replications were run this way, so intervals are wider than elsewhere.",
        *(_largest(answer, kind) for kind, _ in HEADINGS),
    ]
    return Section("shares", TITLE, [each for each in says if each], (), [ladder(answer)])


def ladder(answer: Answer) -> Table:
    """Every rung."""
    table = answer.attribution
    rows = []
    for kind, heading in HEADINGS:
        part = table[table["kind"] == kind]
        if len(part):
            rows.append(Row(heading))
        for _, rung in part.groupby("rung", sort=True):
            rows.append(Row(str(rung["label"].iloc[0]), tuple(_cell(rung, name) for name, _ in SHOWN)))
    head = ("Added", *(label for _, label in SHOWN))
    note = "Plus: more than before it was added. For extensions, training short and backlog minus is better."
    return Table("shares-ladder", "What each adds to what stands above it", head, rows, note)


def _cell(rung: "pd.DataFrame", indicator: str) -> Cell:
    found = rung[rung["indicator"] == indicator].iloc[0]
    return changed(Estimate(found["mean"], found["low"], found["high"]))


def _largest(answer: Answer, kind: str) -> str:
    table, headline = answer.attribution, answer.study.headline
    part = table[(table["kind"] == kind) & (table["indicator"] == headline)]
    sign = 1 if kind == SHOCK else -1
    told = part[(sign * part["low"] > 0) & (sign * part["high"] > 0)]
    what = GAINS[headline].what if headline == "extensions" else "months of training short"
    if part.empty:
        return ""
    if told.empty:
        return f"For no {kind} can we tell what it adds to {what}."
    top = told.loc[(sign * told["mean"]).idxmax()]
    low, high = sorted((abs(top["low"]), abs(top["high"])))
    amount = f"{rounded(abs(top['mean']))} {what} (95 % interval {rounded(low)} to {rounded(high)})"
    if kind == SHOCK:
        return f"In this order the shock that adds most is “{top['label']}”: {amount}."
    return f"The intervention that takes off most is “{top['label']}”: {amount}."
