"""Section on gains by planning horizon."""

from pipeline_sim.report.page_model import Row, Section, Table, change_cell, gain_cell
from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.horizons import SPANS
from pipeline_sim.study.estimates.intervals import Estimate

TITLE = "By planning horizon"
SHOWN = (
    ("extensions", "Extensions avoided", True),
    ("ccts_on_time", "More CCTs on time", False),
    ("hidden_backlog", "Hidden backlog: fewer months at the end of the period", True),
)


def section(answer: Answer) -> Section:
    """Gains by period of years, and what is left at the end."""
    if not answer.programmes:
        return Section("when", TITLE, ["This study has no programme, so there is no gain to follow."])
    last = answer.years[-1]
    paragraphs = [
        f"Years are counted from {year_name(start(answer))}, the year in which the money is spent.{_before(answer)}",
        f"The run ends with {year_name(last)}. {reach(answer)} Nothing here is a forecast: later years continue as "
        "assumed.",
    ]
    tables = [span_table(answer, name, label, minus) for name, label, minus in SHOWN]
    return Section("when", TITLE, paragraphs, (), [*tables, end_table(answer)])


def _before(answer: Answer) -> str:
    years = answer.spending.index.get_level_values("year")
    if not len(years) or years.min() >= start(answer):
        return ""
    return (
        f" What is spent or gained before August {start(answer)} falls in earlier years and in no horizon: "
        "horizons do not add up to the gain of all years."
    )


def reach(answer: Answer) -> str:
    """What the run says of the longest planning horizon."""
    span, first, ends = SPANS[-1]
    if answer.years[-1] < start(answer) + first:
        return (
            f"The horizon of {span} is beyond it (the layer configs/supply/to_2036.toml makes the run longer); the "
            "last table shows what is left at its end instead."
        )
    left = start(answer) + ends - answer.years[-1]
    return f"The last horizon is cut short by {left} of its years." if left > 0 else "It holds all horizons in full."


def start(answer: Answer) -> int:
    """First year of the planning horizons."""
    return answer.study.year or answer.years[0]


def spans(answer: Answer) -> list[tuple[str, str]]:
    """Planning horizons that the run reaches, each with its years."""
    estimates = []
    for label, first, last in SPANS:
        years = [year for year in answer.years if start(answer) + first <= year <= start(answer) + last]
        if years:
            ends = year_name(years[0]) if len(years) == 1 else f"{year_name(years[0])} to {year_name(years[-1])}"
            estimates.append((label, ends))
    return estimates


def span_table(answer: Answer, indicator: str, label: str, minus: bool) -> Table:
    """Table of one indicator, a column a planning horizon."""
    rows = []
    for world in answer.ranked():
        estimates = [Estimate(*answer.horizons.loc[(world, span, indicator)]) for span, _ in spans(answer)]
        rows.append(Row(answer.label(world), tuple(gain_cell(each, minus) for each in estimates)))
    head = ("Mix", *(f"{span[:1].upper()}{span[1:]} ({years})" for span, years in spans(answer)))
    return Table(f"when-{indicator.replace('_', '-')}", label, head, rows)


def end_table(answer: Answer) -> Table:
    """Table of backlog and doctors in training at the last census."""
    rows = []
    for world in answer.ranked():
        backlog = gain_cell(answer.difference(world, "hidden_backlog"))
        rows.append(Row(answer.label(world), (backlog, change_cell(answer.difference(world, "headcount")))))
    head = ("Mix", "Hidden backlog: fewer months", "Doctors in training: change")
    return Table("when-end", f"What is left at the end of {year_name(answer.years[-1])}", head, rows)
