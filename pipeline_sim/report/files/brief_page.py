"""Brief for a minister: the answer, one chart, the leading choices and their limits, on two printed A4 pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline_sim import __version__
from pipeline_sim.records.provenance.issued_items import NO_ITEMS
from pipeline_sim.report.figures import Picture
from pipeline_sim.report.files.html_page import embedded_figure, render
from pipeline_sim.report.page_model import Cell, Row, Table, basis_sentences, chance_cell, cost_cell, gain_cell
from pipeline_sim.report.sections import method
from pipeline_sim.report.text.figure_clauses import interval_name
from pipeline_sim.report.text.headline import bands_sentence, chance_of, further, headline
from pipeline_sim.report.text.number_format import format_money, year_name
from pipeline_sim.study.comparison.answer import GAIN, PAYS, Answer

BRIEF = "brief.html"
CHART, CHOICES, TERMS = (
    "mixes",
    5,
    ("Extension", "Months of training recovered", method.CREDIBLE_TERM[0], method.MEAN_TERM[0], "Monte Carlo error"),
)


def brief(answer: Answer, drawn: Sequence[tuple[Picture, bytes]], manifest: Mapping[str, Any]) -> str:
    """HTML of the brief; `drawn` are the figures with their SVG."""
    return render(
        "brief.html.j2",
        answer=answer,
        years=f"{year_name(answer.years[0])} to {year_name(answer.years[-1])}",
        version=__version__,
        date=str(manifest.get("created", ""))[:10] or "undated",
        basis=basis_sentences(answer),
        sentences=headline(answer),
        further=further(answer),
        record=method.record_sentence(),
        bands=bands_sentence(),
        glossary=[pair for pair in method.glossary(answer) if pair[0] in TERMS],
        contact=method.contact_sentence(answer),
        tables=[choices_table(answer)] if answer.programmes else [],
        pictures=[embedded_figure(picture, svg, NO_ITEMS) for picture, svg in drawn if picture.name == CHART],
    )


def choices_table(answer: Answer) -> Table:
    """Table of the mixes with the highest mean gains."""
    rows = []
    for world in answer.ranked()[:CHOICES]:
        price = answer.prices[world]
        cells = (
            gain_cell(answer.difference(world, "extensions")),
            gain_cell(answer.difference(world, "months_short")),
            Cell(format_money(price.spent_gbp)),
            cost_cell(price.net_budget_gbp),
            *(chance_cell(chance_of(answer, world, event)) for event in (GAIN, PAYS)),
        )
        rows.append(Row(answer.label(world), cells))
    head = (
        "Mix", "Extensions avoided", "Months of training recovered", "Spent", "Net cost to the training budget",
        "Gains something", "Pays for itself",
    )  # fmt: skip
    note = f"Below a number: its {interval_name(answer)}; below a probability its Monte Carlo interval and verdict."
    caption = f"The {len(rows)} mixes that gain most on average" if len(rows) > 1 else "The mix"
    return Table("choices", caption, head, rows, note)
