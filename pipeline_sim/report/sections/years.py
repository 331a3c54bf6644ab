"""Section on gains by planning horizon."""

from collections.abc import Sequence

from pipeline_sim.report.page_model import Row, Section, Table, gain_cell
from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.horizons import SPANS
from pipeline_sim.study.estimates.intervals import Estimate

TITLE = "By planning horizon"
SHOWN = (
    ("extensions", "Extensions avoided", True),
    ("ccts_on_time", "More CCTs on time", False),
    ("hidden_backlog", "Hidden backlog: fewer months at the end of the period", True),
    ("headcount", "More doctors in training at the end of the period", False),
)


def section(answer: Answer) -> Section:
    """Gains by period of years, and what is left at the end."""
    if not answer.programmes:
        return Section("when", TITLE, ["This study has no programme, so there is no gain to follow."])
    last = answer.years[-1]
    paragraphs = [
        f"Years are counted from {year_name(start(answer))}, the year in which the money is spent. The first horizon "
        "begins with the first money, so that every month after it is in one.",
        f"The run ends with {year_name(last)}. {reach(answer)} Nothing here is a forecast: later years continue as "
        "assumed.",
    ]
    return Section("when", TITLE, paragraphs, (), [span_table(answer, *shown) for shown in SHOWN])


def reach(answer: Answer) -> str:
    """What the run says of the longest planning horizon."""
    span, first, last = SPANS[-1]
    if answer.years[-1] < start(answer) + first:
        return f"The horizon of {span} is beyond it (the layer configs/supply/to_2036.toml makes the run longer)."
    left = start(answer) + last - answer.years[-1]
    return f"The last horizon is cut short by {left} of its years." if left > 0 else "It holds all horizons in full."


def start(answer: Answer) -> int:
    """First year of the planning horizons."""
    return answer.study.year or answer.years[0]


def ends(years: Sequence[int]) -> str:
    """First and last of some years."""
    return year_name(years[0]) if len(years) == 1 else f"{year_name(years[0])} to {year_name(years[-1])}"


def span_table(answer: Answer, indicator: str, label: str, minus: bool) -> Table:
    """Table of one indicator, a column a planning horizon."""
    rows = []
    for world in answer.ranked():
        estimates = [Estimate(*answer.horizons.loc[(world, span, indicator)]) for span in answer.spans()]
        rows.append(Row(answer.label(world), tuple(gain_cell(each, minus) for each in estimates)))
    head = ("Mix", *(f"{span[:1].upper()}{span[1:]} ({ends(years)})" for span, years in answer.spans().items()))
    return Table(f"when-{indicator.replace('_', '-')}", label, head, rows)
