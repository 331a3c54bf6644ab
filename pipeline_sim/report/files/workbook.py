"""Tables as one spreadsheet for screen readers, after the guidance of the Government Analysis Function.

One table a sheet from A1 on: title, note, link to the contents, table. No merged cells, no empty cells within a table.
Text is written as text: an initial equals sign does not make a formula.
"""

import io
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline_sim.records.provenance.identifiers import TABLE_FILE
from pipeline_sim.records.provenance.issued_items import NO_ITEMS, ItemCatalogue
from pipeline_sim.report.page_model import basis_sentences
from pipeline_sim.report.text.figure_clauses import interval_name
from pipeline_sim.report.text.headline import further, headline
from pipeline_sim.report.text.number_format import listed
from pipeline_sim.report.tidy_tables import TidyTable
from pipeline_sim.study.comparison.answer import Answer

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2022, 4, 1, tzinfo=UTC).replace(tzinfo=None)  # fixed, so that bytes depend on the numbers alone
COVER, MISSING = "Contents", "[x]"
HEAD = 3  # row of the table's head
LEFT_OUT = ("draws", "cells", "supply", "parameters")  # too long for a spreadsheet
NARROW, WIDE, TEXT = 14, 60, 28
SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
YEARS, POUNDS, COUNTS, PARTS = "0", "£#,##0", "#,##0.0", "0.000"


def workbook_bytes(answer: Answer, tables: Sequence[TidyTable], issued: ItemCatalogue = NO_ITEMS) -> bytes:
    """Bytes of the spreadsheet; the same answer gives the same bytes."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, SETTINGS) as book:
        book.set_properties({"title": "Training recovery: tables", "created": CREATED})
        forms = _forms(book)
        shown = [each for each in tables if each.name not in LEFT_OUT and len(each.frame)]
        cover = book.add_worksheet(COVER)
        sheets = {each.name: book.add_worksheet(each.name) for each in shown}
        _write_cover(cover, answer, shown, forms)
        for each in shown:
            _write_table(sheets[each.name], each, forms, issued.identifier_of(TABLE_FILE, each.name))
    return buffer.getvalue()


def _forms(book: "Workbook") -> dict[str, Any]:
    forms = {kind: book.add_format({"num_format": kind}) for kind in (YEARS, POUNDS, COUNTS, PARTS)}
    forms["title"] = book.add_format({"bold": True, "font_size": 16})
    forms["head"] = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom"})
    forms["section"] = book.add_format({"bold": True, "font_size": 13})
    forms["text"] = book.add_format({"text_wrap": True, "valign": "top"})
    forms["link"] = book.add_format({"font_color": "#0B4F8A", "underline": 1, "valign": "top"})
    return forms


def _write_cover(sheet: "Worksheet", answer: Answer, tables: Sequence[TidyTable], forms: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, TEXT)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, "Training recovery: comparison of mixes", forms["title"])
    lines = [
        ("Question", answer.study.question),
        *(("Answer", sentence) for sentence in (*headline(answer), *further(answer))),
        ("Based on", basis_sentences(answer)),
        ("Counts", "Scaled up to the whole of England."),
        (
            "Intervals",
            f"low and high: ends of the {interval_name(answer)}; error: Monte Carlo error of the mean.",
        ),
        (MISSING, "Not available: one replication has no interval, and the baseline has no difference from itself."),
        ("Not included", f"Too long for a sheet: {listed(LEFT_OUT)}, which are there as CSV and Parquet."),
    ]
    row = 1
    for name, text in lines:
        sheet.write_string(row, 0, name, forms["text"])
        sheet.write_string(row, 1, text, forms["text"])
        row += 1
    sheet.write_string(row, 0, "Tables in this workbook", forms["section"])
    for row, each in enumerate(tables, row + 1):  # noqa: B020
        sheet.write_url(row, 0, f"internal:'{each.name}'!A1", forms["link"], each.name)
        sheet.write_string(row, 1, each.title, forms["text"])


def _write_table(sheet: "Worksheet", table: TidyTable, forms: Mapping[str, Any], identifier: str) -> None:
    frame = table.frame
    names = list(frame.columns)
    sheet.write_string(0, 0, table.title, forms["title"])
    named = f" Identifier: {identifier}." if identifier else ""
    sheet.write_string(1, 0, f"{table.note} This sheet contains one table. {MISSING}: not available.{named}")
    sheet.write_url(2, 0, f"internal:'{COVER}'!A1", forms["link"], "Back to the contents")
    columns = []
    for place, name in enumerate(names):
        values = frame[name].tolist()
        form = forms.get(_form(name, values))
        _write_column(sheet, place, values, form)
        sheet.set_column(place, place, _width(name, values))
        columns.append({"header": name, "header_format": forms["head"]})
    last = HEAD + len(frame)
    sheet.add_table(
        HEAD,
        0,
        last,
        len(names) - 1,
        {"columns": columns, "name": f"table_{table.name}", "style": "Table Style Light 1"},
    )
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)


def _write_column(sheet: "Worksheet", place: int, values: Sequence[object], form: object) -> None:
    for row, value in enumerate(values, HEAD + 1):
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        elif isinstance(value, int | float) and math.isfinite(value):
            sheet.write_number(row, place, value, form)
        elif isinstance(value, str):
            sheet.write_string(row, place, value)
        else:
            sheet.write_string(row, place, MISSING)


def _form(name: str, values: Sequence[object]) -> str:
    if name.endswith("gbp") or name == "gbp_a_month":
        return POUNDS
    if all(isinstance(value, int) for value in values):
        return YEARS
    return PARTS if name.startswith("probability") else COUNTS


def _width(name: str, values: Sequence[object]) -> int:
    texts = [value for value in values if isinstance(value, str)]
    longest = max((len(each) for each in texts), default=0)
    return min(max(NARROW, len(name) + 2, longest + 1), WIDE)
