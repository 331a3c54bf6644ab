"""Section on spending, by year, intervention and office."""

from typing import TYPE_CHECKING

from pipeline_sim.report.page_model import Cell, Row, Section, Table
from pipeline_sim.report.text.headline import unspent_sentence
from pipeline_sim.report.text.number_format import format_level, format_money, percent, plural
from pipeline_sim.report.tidy_tables import spending
from pipeline_sim.study.comparison.answer import Answer

if TYPE_CHECKING:
    import pandas as pd

TITLE = "Where the money goes"


def section(answer: Answer) -> Section:
    """Spending of every mix."""
    if not answer.programmes or answer.spending.empty:
        return Section("spending", TITLE, ["This study spends no money."])
    rows = spending(answer)
    tables = [intervention_table(answer, rows), spending_table(answer, rows, "training_year", "Training year")]
    return Section(
        "spending",
        TITLE,
        [unspent_sentence(answer)],
        (),
        tables,
        [spending_table(answer, rows, "office_label", "Office")],
    )


def intervention_table(answer: Answer, rows: "pd.DataFrame") -> Table:
    """Table of units bought, spending and money left, by mix and intervention."""
    lines = []
    for world in answer.ranked():
        own_rows = rows[rows["world"] == world]
        lines.append(Row(answer.label(world)))
        whole = float(own_rows["spent_gbp"].sum())
        sums = own_rows.groupby("intervention", sort=False)[["spent_gbp", "unspent_gbp"]].sum()
        for name, (spent, left) in zip(sums.index, sums.to_numpy(), strict=True):
            part = percent(spent / whole) if whole > 0 else "–"
            units = answer.units_bought.loc[(world, name)]
            amount = Cell(f"{format_level(units['units'])} {plural(units['unit'])}")
            lines.append(
                Row(str(units["label"]), (amount, Cell(format_money(spent)), Cell(part), Cell(format_money(left))))
            )
    head = ("Intervention", "Bought", "Spent", "Share of spending", "Left unspent")
    return Table("spending-interventions", "What each mix buys", head, lines)


def spending_table(answer: Answer, rows: "pd.DataFrame", column: str, head: str) -> Table:
    """Table of spending by one column of the tidy table, a column a mix."""
    order = answer.ranked()
    sums = rows.groupby([column, "world"], sort=False)["spent_gbp"].sum()
    names = list(dict.fromkeys(rows.sort_values("year", kind="stable")[column]))
    lines = [
        Row(str(name), tuple(Cell(format_money(float(sums.get((name, w), 0.0)))) for w in order)) for name in names
    ]
    return Table(
        f"spending-{head.rsplit(maxsplit=1)[-1].lower()}",
        f"Spent by {head.lower()}",
        (head, *map(answer.label, order)),
        lines,
    )
