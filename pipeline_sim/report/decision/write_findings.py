"""Result folder of `value` and `robust`: a page with sentences, figure and tables, the tables, the sentences alone."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE_FILE
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
    picture: Picture,
) -> ItemCatalogue:
    """Write page, sentences, tables (title and table by name) and the figure; returns their identifiers.

    heading: title of the page, question of the study, and a note on its runs.
    """
    files = tuple(f"{FIGURES}/{picture.name}.{kind}" for kind in KINDS)
    titles = {name: title for name, (title, _) in tables.items()}
    items = [Item(TABLE_FILE, name, title, (f"{name}.csv",)) for name, title in titles.items()]
    issued = catalogue_items(result, [Item(FIGURE, picture.name, picture.finding, files), *items])
    for name, (_, table) in tables.items():
        write_csv(folder / f"{name}.csv", table)
    drawn = {
        each.name: [embedded_figure(each, svg, issued)]
        for each, svg in write_figures(folder / FIGURES, [picture], issued)
    }
    sections = [
        Section(picture.name, picture.question, []),
        Section("tables", "Numbers", [], (), [page_table(name, *of) for name, of in tables.items()]),
    ]
    content = environment().get_template("decision.html.j2").render(
        **dict(zip(("title", "question", "runs"), heading, strict=True)),
        style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
        sentences=sentences,
        sections=sections,
        pictures=drawn,
        identifiers={name: issued.identifier_of(TABLE_FILE, name) for name in tables},
    )  # fmt: skip
    write_text(folder / PAGE, content)
    write_text(folder / "finding.txt", "\n\n".join(sentences) + "\n")
    return issued


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
