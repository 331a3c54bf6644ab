"""When does it come: in the year, a year on, later?"""

from pipeline_sim.report.page_model import Row, Section, Table, changed, gained
from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.horizons import SPANS
from pipeline_sim.study.estimates.intervals import Estimate

TITLE = "By planning horizon"
SHOWN = (
    ("extensions", "Extensions avoided", True),
    ("ccts_on_time", "More CCTs on time", False),
    ("hidden_backlog", "Hidden backlog: months less at the end of the span", True),
)


def section(answer: Answer) -> Section:
    """Flows and stocks by span of years."""
    if not answer.programmes:
        return Section("when", TITLE, ["There is no programme whose gains could be followed."])
    last = answer.years[-1]
    says = [
        f"Years are counted from {year_name(start(answer))}, the year in which the money is spent.",
        f"The run ends with {year_name(last)}. What would come later, 5 to 15 years on, lies beyond it; what is left "
        "at its end stands for it, in the last table. Nothing here is a forecast: later years go on as assumed.",
    ]
    tables = [by_span(answer, name, label, minus) for name, label, minus in SHOWN]
    return Section("when", TITLE, says, (), [*tables, at_end(answer)])


def start(answer: Answer) -> int:
    """The year from which horizons are counted."""
    return answer.study.year or answer.years[0]


def spans(answer: Answer) -> list[tuple[str, str]]:
    """Name of each span that the run reaches, and the years of it."""
    found = []
    for label, first, last in SPANS:
        years = [year for year in answer.years if start(answer) + first <= year <= start(answer) + last]
        if years:
            ends = year_name(years[0]) if len(years) == 1 else f"{year_name(years[0])} to {year_name(years[-1])}"
            found.append((label, ends))
    return found


def by_span(answer: Answer, indicator: str, label: str, minus: bool) -> Table:
    """One indicator, a column a span."""
    rows = []
    for world in answer.ranked():
        found = [Estimate(*answer.horizons.loc[(world, span, indicator)]) for span, _ in spans(answer)]
        rows.append(Row(answer.label(world), tuple(gained(each, minus) for each in found)))
    head = ("Mix", *(f"{span[:1].upper()}{span[1:]} ({years})" for span, years in spans(answer)))
    return Table(f"when-{indicator.replace('_', '-')}", label, head, rows)


def at_end(answer: Answer) -> Table:
    """What is left at the last census."""
    rows = []
    for world in answer.ranked():
        backlog = gained(answer.difference(world, "hidden_backlog"))
        rows.append(Row(answer.label(world), (backlog, changed(answer.difference(world, "headcount")))))
    head = ("Mix", "Hidden backlog: months less", "Doctors in training: more or fewer")
    return Table("when-end", f"What is left at the end of {year_name(answer.years[-1])}", head, rows)
