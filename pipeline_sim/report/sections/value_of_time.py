"""Section on what time is worth: the sourced values, and what a month would have to be worth for each mix to pay."""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, chance_cell, price_cell, text_cells
from pipeline_sim.report.text.headline import chance_of
from pipeline_sim.report.text.number_format import format_money, rounded
from pipeline_sim.report.value_view import costs_of, values
from pipeline_sim.study.comparison.answer import PAYS, WORTH, Answer
from pipeline_sim.world.schema.costs import CostsSection

TITLE = "What time is worth"


def section(answer: Answer) -> Section:
    """Values of time and the threshold of each mix; empty without prices or mixes."""
    costs = costs_of(answer)
    if costs is None or not answer.programmes:
        return Section("worth", TITLE, [])
    rate = f"{100 * costs.discount_rate.value:g} %"
    paragraphs = [
        "Every verdict on money depends on the values in the first table. What is cash-releasing is money that the "
        "training budget does not spend; the rest is a value of work, which no budget gets back.",
        "The second table turns the question round: what a month of training would have to be worth for each mix to "
        "pay for itself, whatever part of that is a saving. A month recovered counts once there, as effect. In the "
        "net cost to the training budget a month of extension counts once as well, as saving. Only the net cost per "
        "month recovered has it in both, so it is what a month must be worth beyond the saving.",
        f"The net cost to the system is discounted at {rate} a year to {costs.base_year} (HM Treasury, the Green "
        "Book).",
    ]
    return Section("worth", TITLE, paragraphs, (), [values_table(answer), threshold_table(answer, costs)])


def values_table(answer: Answer) -> Table:
    """Table of the values of time."""
    rows = []
    for row in values(answer).itertuples():
        ends = f"{format_money(row.gbp_low)} to {format_money(row.gbp_high)}"
        texts = text_cells([row.price_year, row.perspective, row.cash_releasing, f"{row.source}, {row.grade}"])
        rows.append(Row(row.label, (Cell(format_money(row.gbp), ends), *texts)))
    head = ("Value", "As stated, and range", "Price year", "For whom", "Cash-releasing", "Source and grade")
    note = "Whole-time. Values of other years follow basic pay. Grade C: an assumption; each draw takes its own."
    return Table("worth-values", "Values of time", head, rows, note)


def threshold_table(answer: Answer, costs: CostsSection) -> Table:
    """Table of the value of a month at which each mix pays, and how probable that is at the values stated."""
    month, rows = costs.extension.month.value, []
    for world in answer.ranked():
        price, gained = answer.prices[world], answer.difference(world, "months_short")
        times = price.per_month_recovered_gbp.mean / month
        net = price.net_per_month_gbp
        cells = (
            price_cell(price.per_month_recovered_gbp, gained),
            Cell("–" if not price.per_month_recovered_gbp.excludes_zero else f"{rounded(times)} times"),
            Cell("–") if net is None else price_cell(net, gained),
            *(chance_cell(chance_of(answer, world, event)) for event in (PAYS, WORTH)),
        )
        rows.append(Row(answer.label(world), cells))
    head = (
        "Mix", "A month would have to be worth", f"Of the {format_money(month)} that the training budget pays for one",
        "Beyond what the training budget saves", "Probability that it pays for itself in extensions saved",
        "Probability that it is worth its cost to the system",
    )  # fmt: skip
    note = "The first column is also the gross cost per month recovered. Below a probability: its Monte Carlo interval."
    return Table("worth-threshold", "From what value of a month each mix pays for itself", head, rows, note)
