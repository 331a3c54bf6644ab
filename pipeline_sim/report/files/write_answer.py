"""Result folder of a comparison: report, tables, spreadsheet, figures, the answer in words."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.files.tables_file import TableMetadata, write_table
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE, TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, ItemCatalogue, catalogue_items
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.figures import Picture, pictures
from pipeline_sim.report.figures.frame import stamp
from pipeline_sim.report.files.brief_page import BRIEF, brief
from pipeline_sim.report.files.csv_files import write_bytes, write_csv
from pipeline_sim.report.files.data_package import FILE, data_package
from pipeline_sim.report.files.html_page import PAGE, page, sections_of
from pipeline_sim.report.files.workbook import workbook_bytes
from pipeline_sim.report.page_model import Table
from pipeline_sim.report.style import save_bytes
from pipeline_sim.report.text.headline import further, headline
from pipeline_sim.report.tidy_tables import tidy_tables
from pipeline_sim.study.comparison.answer import Answer

FIGURES, KINDS = "figures", ("svg", "png")
POUNDS_AND_PENCE = ("prices", "spending")


def write_answer(
    folder: Path, answer: Answer, manifest: Mapping[str, Any], drawn: Sequence[Picture] | None = None
) -> ItemCatalogue:
    """Write all files of a comparison; figures are drawn unless given.

    Returns the identifiers of figures and tables: none if the manifest does not name the result.
    """
    drawn = pictures(answer) if drawn is None else drawn
    tables, sections = tidy_tables(answer), sections_of(answer)
    shown = [table for section in sections for table in section.shown]
    files = [(each.name, each.title, (f"{each.name}.csv", f"{each.name}.parquet")) for each in tables]
    issued = catalogue_items(str(manifest.get("result", "")), page_items(PAGE, drawn, shown, files))
    for each in tables:
        write_csv(folder / f"{each.name}.csv", each.frame, "%.2f" if each.name in POUNDS_AND_PENCE else "%.6g")
        identifier = issued.identifier_of(TABLE_FILE, each.name)
        notes = TableMetadata(each.title, str(manifest.get("identity", "")), each.columns, identifier)
        write_table(folder / f"{each.name}.parquet", each.frame, notes)
    write_bytes(folder / "tables.xlsx", workbook_bytes(answer, tables, issued))
    write_text(
        folder / "finding.txt",
        "\n\n".join([answer.study.question, " ".join(headline(answer)), *further(answer)]) + "\n",
    )
    figures = write_figures(folder / FIGURES, drawn, issued)
    write_text(folder / PAGE, page(answer, figures, manifest, issued, sections))
    write_text(folder / BRIEF, brief(answer, figures, manifest))
    write_text(folder / FILE, data_package(answer, tables))
    return issued


def page_items(
    page: str, drawn: Sequence[Picture], tables: Sequence[Table], files: Iterable[tuple[str, str, tuple[str, ...]]]
) -> list[Item]:
    """Items of a result in the order of their numbers: figures, tables of its page, tables as files (name, title)."""
    places = {each.name: tuple(f"{FIGURES}/{each.name}.{kind}" for kind in KINDS) for each in drawn}
    return [
        *(Item(FIGURE, each.name, each.finding, places[each.name]) for each in drawn),
        *(Item(TABLE, each.name, each.caption, (f"{page}#{each.name}",)) for each in tables if each.rows),
        *(Item(TABLE_FILE, *each) for each in files),
    ]


def write_figures(folder: Path, drawn: Sequence[Picture], issued: ItemCatalogue) -> list[tuple[Picture, bytes]]:
    """Write every figure as SVG and PNG with its identifier; returns the SVG for the report."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise RecordsError(f"cannot write {folder}: {error.strerror or error}") from None
    written = []
    for each in drawn:
        identifier = issued.identifier_of(FIGURE, each.name)
        stamp(each.figure, identifier)
        made = {kind: save_bytes(each.figure, kind, identifier) for kind in KINDS}
        for kind, content in made.items():
            write_bytes(folder / f"{each.name}.{kind}", content)
        written.append((each, made["svg"]))
    return written
