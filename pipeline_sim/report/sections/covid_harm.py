"""Section on what COVID cost, whatever the code of an outcome, and what each mix gains beside it."""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, gain_cell
from pipeline_sim.report.text.figure_clauses import clause_with_interval
from pipeline_sim.report.text.harm_sentences import estimate_of, harm_sentences, share_mark, share_text
from pipeline_sim.report.text.number_format import format_number, rounded, with_unit, year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.harm_undone import ALL_YEARS, SIGNS
from pipeline_sim.study.estimates.indicators import LABELS

TITLE = "Gains beside COVID's harm"
BY_YEAR = ("extensions", "extension_months", "hidden_backlog", "ccts_on_time")
UNDONE = ("extensions", "months_short", "ccts_on_time")
HEADS = {
    "extensions": "Extensions avoided",
    "months_short": "Months of training recovered",
    "extension_months": "Months of extension avoided",
    "hidden_backlog": "Hidden backlog: fewer months",
    "ccts_on_time": "More CCTs on time",
}
AT_THE_END = "All years: what is left at the end; “What each mix gains” has the average of the yearly counts instead."
NOTE = (
    "By cause: the same doctors with and without COVID, whatever code a panel gave. A code may rise because another "
    "falls; the first row counts every extension once."
)


def section(answer: Answer) -> Section:
    """Harm by code and year, and the part of it that each mix makes good; empty without a world without COVID."""
    if answer.harm.empty:
        return Section("harm", TITLE, [])
    top = answer.ranked()[0]
    caused, official = estimate_of(answer, top, "extensions", "harm"), answer.study.baseline
    months, ccts = (estimate_of(answer, top, name, "harm") for name in UNDONE[1:])
    counted = rounded(float(answer.totals.loc[(official, "extensions_10_2"), "mean"]))
    paragraphs = [
        f"COVID caused {clause_with_interval(caused)} more extensions than there would have been, whatever their code. "
        f"The official indicator counts outcome 10.2 alone: {counted}. It cost {clause_with_interval(months, '')} "
        f"months of training and {clause_with_interval(ccts, '')} CCTs on time.",
        *harm_sentences(answer, top),
        "A share compares what a mix avoids, of any cause, with what COVID caused. The ordinary gain is what the same "
        "money would gain in the same year had there been no COVID; it is known for mixes that were also run so.",
    ]
    tables = [causes_table(answer, top), undone_table(answer)]
    return Section("harm", TITLE, paragraphs, (), tables, [years_table(answer, name) for name in BY_YEAR])


def years_of(answer: Answer) -> list[int]:
    """All years together, then each year."""
    return [ALL_YEARS, *answer.years]


def causes_table(answer: Answer, any_mix: str) -> Table:
    """Table of what COVID added or took, by code and year; the harm is the same beside every mix."""
    rows = []
    for name in SIGNS:
        cells = []
        for year in years_of(answer):
            known = (any_mix, year, name) in answer.harm.index
            cells.append(gain_cell(estimate_of(answer, any_mix, name, "harm", year), False) if known else Cell("–"))
        rows.append(Row(with_unit(*LABELS[name]), tuple(cells)))
    head = ("Due to COVID", "All years", *map(year_name, answer.years))
    note = f"{NOTE} CCTs on time: how many fewer. Hidden backlog of all years: what is left at the end."
    return Table("harm-causes", "What COVID cost, by code and training year", head, rows, note)


def undone_table(answer: Answer) -> Table:
    """Table of the share of COVID's harm that each mix makes good, and of its ordinary gain."""
    rows = []
    for world in answer.ranked():
        cells = [Cell(*share_text(answer, world, name), share_mark(answer, world, name)) for name in UNDONE]
        for name in UNDONE[:2]:
            cells += [gain_cell(estimate_of(answer, world, name, part), False) for part in ("ordinary", "beyond")]
        rows.append(Row(answer.label(world), tuple(cells)))
    head = (
        "Mix", *(f"{HEADS[name]}, of COVID's harm" for name in UNDONE), "Extensions avoided without COVID",
        "Extensions beyond that", "Months recovered without COVID", "Months beyond that",
    )  # fmt: skip
    note = (
        "Without COVID: what the same money gains had there been no COVID. Beyond that: gain with COVID less gain "
        "without. A dash: the mix was not run without COVID, so the two cannot be separated."
    )
    return Table(
        "harm-undone", "Gain of each mix as a share of COVID's harm, and its gain without COVID", head, rows, note
    )


def years_table(answer: Answer, name: str) -> Table:
    """Table of the gain of each mix by year, with its share of the harm of that year."""
    rows = []
    for world in answer.ranked():
        cells = []
        for year in years_of(answer):
            gain = estimate_of(answer, world, name, "gain", year)
            part = share_text(answer, world, name, year)[0]
            mark = share_mark(answer, world, name, year)
            cells.append(Cell(format_number(gain.mean), part if part != "–" else "", mark))
        rows.append(Row(answer.label(world), tuple(cells)))
    head = ("Mix", "All years", *map(year_name, answer.years))
    caption = f"{HEADS[name]}, by training year, and as a share of what COVID cost in that year"
    note = "Below a number: its share of COVID's harm in the year, where that is clear. Intervals are in harm.csv."
    if name == "hidden_backlog":
        note += f" {AT_THE_END}"
    return Table(f"harm-years-{name.replace('_', '-')}", caption, head, rows, note)
