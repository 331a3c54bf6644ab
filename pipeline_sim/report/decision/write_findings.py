"""Result folder of `optimise`, `value` and `robust`: a page with sentences and figures, tables, the sentences alone."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.provenance.identifiers import TABLE
from pipeline_sim.records.provenance.issued_items import ItemCatalogue, catalogue_items
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.files.html_page import embedded_figure, render
from pipeline_sim.report.files.write_answer import FIGURES, page_items, write_figures
from pipeline_sim.report.page_model import Row, Section, Table, text_cells
from pipeline_sim.report.text.number_format import percent, pounds, rounded

PAGE = "decision.html"
PROVISIONAL = "Provisional: few draws of a small model; run it without --quick before anything is decided."


class Findings(NamedTuple):
    """What is written of a decision."""

    heading: tuple[str, str, str]  # title of the page, question of the study, and a note on its runs
    sentences: Sequence[str]
    tables: Mapping[str, tuple[str, pd.DataFrame]]  # title and table, by name
    pictures: Sequence[Picture]  # each stands in the section of its name
    sections: Sequence[Section]
    texts: Mapping[str, str] = MappingProxyType({})  # further files


def picture_and_numbers(
    heading: tuple[str, str, str],
    said: Sequence[str],
    tables: Mapping[str, tuple[str, pd.DataFrame]],
    picture: Picture,
) -> Findings:
    """Findings whose page has one figure and the tables of the files, rounded."""
    numbers = Section("tables", "Numbers", [], (), [page_table(name, *of) for name, of in tables.items()])
    return Findings(heading, said, tables, [picture], [Section(picture.name, picture.question, []), numbers])


def write_findings(folder: Path, result: str, found: Findings) -> ItemCatalogue:
    """Write page, sentences, tables, figures and further files; returns the identifiers of tables and figures."""
    shown_tables = [table for section in found.sections for table in section.shown]
    files = [(name, title, (f"{name}.csv",)) for name, (title, _) in found.tables.items()]
    issued = catalogue_items(result, page_items(PAGE, found.pictures, shown_tables, files))
    for name, (_, table) in found.tables.items():
        write_csv(folder / f"{name}.csv", table)
    shown = {
        each.name: [embedded_figure(each, svg, issued)]
        for each, svg in write_figures(folder / FIGURES, found.pictures, issued)
    }
    head = dict(zip(("title", "question", "runs"), found.heading, strict=True)) | {"answer_title": "Answer"}
    parts = {"sentences": found.sentences, "sections": found.sections, "pictures": shown}
    content = render("decision.html.j2", **head, **parts, identifiers=issued.by_name(TABLE))
    write_text(folder / PAGE, content)
    write_text(folder / "finding.txt", "\n\n".join(found.sentences) + "\n")
    for name, text in found.texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        write_text(folder / name, text)
    return issued


def page_table(name: str, title: str, table: pd.DataFrame) -> Table:
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
