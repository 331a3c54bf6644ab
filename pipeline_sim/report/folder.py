"""What the folder of a comparison holds: the report, tables, a spreadsheet, figures, the answer in words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline_sim.records.errors import RecordsError
from pipeline_sim.records.store import write_text
from pipeline_sim.records.tables_file import TableNotes, write_table
from pipeline_sim.report.figures import Picture, pictures
from pipeline_sim.report.files import write_bytes, write_csv
from pipeline_sim.report.page import page
from pipeline_sim.report.sentences import headline
from pipeline_sim.report.style import save_bytes
from pipeline_sim.report.tidy import tidy
from pipeline_sim.report.workbook import workbook_bytes
from pipeline_sim.study.answer import Answer

FIGURES = "figures"
POUNDS_AND_PENCE = ("prices", "spending")


def write_answer(
    folder: Path, answer: Answer, manifest: Mapping[str, Any], drawn: Sequence[Picture] | None = None
) -> None:
    """Everything that a comparison has to say; figures are drawn unless they are given."""
    tables = tidy(answer)
    for each in tables:
        write_csv(folder / f"{each.name}.csv", each.frame, "%.2f" if each.name in POUNDS_AND_PENCE else "%.6g")
        notes = TableNotes(each.title, str(manifest.get("identity", "")), each.columns)
        write_table(folder / f"{each.name}.parquet", each.frame, notes)
    write_bytes(folder / "tables.xlsx", workbook_bytes(answer, tables))
    write_text(folder / "finding.txt", "\n\n".join([answer.study.question, " ".join(headline(answer))]) + "\n")
    figures = write_figures(folder / FIGURES, pictures(answer) if drawn is None else drawn)
    write_text(folder / "report.html", page(answer, figures, manifest))


def write_figures(folder: Path, drawn: Sequence[Picture]) -> list[tuple[Picture, bytes]]:
    """Every figure as SVG and PNG; gives the SVG back for the report."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise RecordsError(f"cannot write {folder}: {error.strerror or error}") from None
    found = []
    for each in drawn:
        svg = save_bytes(each.figure, "svg")
        write_bytes(folder / f"{each.name}.svg", svg)
        write_bytes(folder / f"{each.name}.png", save_bytes(each.figure, "png"))
        found.append((each, svg))
    return found
