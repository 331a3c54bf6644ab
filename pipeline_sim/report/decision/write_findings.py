"""Result folder of `optimise`, `value` and `robust`: a page with sentences and figures, tables, the sentences alone."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE, TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, ItemCatalogue, catalogue_items
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.files.html_page import TEMPLATES, embedded_figure, environment
from pipeline_sim.report.files.write_answer import FIGURES, KINDS, write_figures
from pipeline_sim.report.page_model import Row, Section, Table, text_cells
from pipeline_sim.report.text.number_format import percent, pounds, rounded

if TYPE_CHECKING:
    import pandas as pd

PAGE = "decision.html"


def write_findings(
    folder: Path,
    result: str,
    heading: tuple[str, str, str],
    sentences: Sequence[str],
    tables: Mapping[str, tuple[str, "pd.DataFrame"]],
    pictures: Sequence[Picture],
    sections: Sequence[Section],
) -> ItemCatalogue:
    """Write page, sentences, tables (title and table by name) and figures; returns their identifiers.

    heading: title of the page, question of the study, and a note on its runs. A figure stands in the section of its
    name.
    """
    shown_tables = [table for section in sections for table in section.shown]
    drawn = [
        Item(FIGURE, each.name, each.finding, tuple(f"{FIGURES}/{each.name}.{kind}" for kind in KINDS))
        for each in pictures
    ]
    shown_items = [Item(TABLE, each.name, each.caption, (f"{PAGE}#{each.name}",)) for each in shown_tables]
    files = [Item(TABLE_FILE, name, title, (f"{name}.csv",)) for name, (title, _) in tables.items()]
    issued = catalogue_items(result, [*drawn, *shown_items, *files])
    for name, (_, table) in tables.items():
        write_csv(folder / f"{name}.csv", table)
    shown = {
        each.name: [embedded_figure(each, svg, issued)]
        for each, svg in write_figures(folder / FIGURES, pictures, issued)
    }
    page = environment().get_template("decision.html.j2")
    parts = dict(zip(("title", "question", "runs"), heading, strict=True))
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    identifiers = {each.name: issued.identifier_of(TABLE, each.name) for each in shown_tables}
    content = page.render(
        **parts, style=style, sentences=sentences, sections=sections, pictures=shown, identifiers=identifiers
    )
    write_text(folder / PAGE, content)
    write_text(folder / "finding.txt", "\n\n".join(sentences) + "\n")
    return issued


def numbers_section(tables: Mapping[str, tuple[str, "pd.DataFrame"]]) -> Section:
    """Section with the tables of the files (title and table by name), rounded."""
    return Section("tables", "Numbers", [], (), [page_table(name, *of) for name, of in tables.items()])


def page_table(name: str, title: str, table: "pd.DataFrame") -> Table:
    """Table of a file as one of the page: pounds, shares and other numbers rounded."""
    _, *others = table.columns

    def written(column: str, value: object) -> str:
        if not isinstance(value, float):
            return str(value)
        if "gbp" in column:
            return "–" if math.isnan(value) else pounds(round(value), "\u2212")
        return percent(value) if column.endswith("share") else rounded(value)

    rows = [
        Row(str(head), text_cells(written(column, value) for column, value in zip(others, values, strict=True)))
        for head, *values in table.itertuples(index=False)
    ]
    heads = (str(each).replace("_gbp", ", £").replace("gbp", "£").replace("_", " ") for each in table.columns)
    return Table(name, title, tuple(each[:1].upper() + each[1:] for each in heads), rows)
