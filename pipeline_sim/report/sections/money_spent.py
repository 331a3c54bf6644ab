"""Where does the money go?"""

from typing import TYPE_CHECKING

from pipeline_sim.report.page_model import Cell, Row, Section, Table, level, money, share
from pipeline_sim.report.text.headline import unspent
from pipeline_sim.report.text.number_format import plural
from pipeline_sim.report.tidy_tables import spending
from pipeline_sim.study.comparison.answer import Answer

if TYPE_CHECKING:
    import pandas as pd

TITLE = "Where the money goes"


def section(answer: Answer) -> Section:
    """By year, intervention and office."""
    if not answer.programmes or answer.spending.empty:
        return Section("spending", TITLE, ["Nothing is spent."])
    rows = spending(answer)
    tables = [by_intervention(answer, rows), across(answer, rows, "training_year", "Training year")]
    return Section("spending", TITLE, [unspent(answer)], (), tables, [across(answer, rows, "office_label", "Office")])


def by_intervention(answer: Answer, rows: "pd.DataFrame") -> Table:
    """What each mix buys."""
    lines = []
    for world in answer.ranked():
        mine = rows[rows["world"] == world]
        lines.append(Row(answer.label(world)))
        whole = float(mine["spent_gbp"].sum())
        sums = mine.groupby("intervention", sort=False)[["spent_gbp", "unspent_gbp"]].sum()
        for name, (spent, left) in zip(sums.index, sums.to_numpy(), strict=True):
            part = share(spent / whole) if whole > 0 else "–"
            units = answer.bought.loc[(world, name)]
            amount = Cell(f"{level(units['units'])} {plural(units['unit'])}")
            lines.append(Row(str(units["label"]), (amount, Cell(money(spent)), Cell(part), Cell(money(left)))))
    head = ("Intervention", "Bought", "Spent", "Part of what is spent", "Left unspent")
    return Table("spending-interventions", "What each mix buys", head, lines)


def across(answer: Answer, rows: "pd.DataFrame", column: str, head: str) -> Table:
    """Pounds spent, a column a mix."""
    order = answer.ranked()
    sums = rows.groupby([column, "world"], sort=False)["spent_gbp"].sum()
    names = list(dict.fromkeys(rows.sort_values("year", kind="stable")[column]))
    lines = [Row(str(name), tuple(Cell(money(float(sums.get((name, w), 0.0)))) for w in order)) for name in names]
    return Table(
        f"spending-{head.rsplit(maxsplit=1)[-1].lower()}",
        f"Spent by {head.lower()}",
        (head, *map(answer.label, order)),
        lines,
    )
