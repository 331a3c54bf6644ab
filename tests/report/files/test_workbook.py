"""The spreadsheet holds the numbers of the CSV files, and text in it is never a formula."""

import io
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from support.example_answers import full, renamed

from pipeline_sim.report.files.csv_files import write_csv, write_rows
from pipeline_sim.report.files.workbook import COVER, HEAD, LEFT_OUT, MISSING, workbook_bytes
from pipeline_sim.report.text.headline import headline
from pipeline_sim.report.tidy_tables import tidy_tables
from pipeline_sim.study.comparison.answer import Answer


def book_of(answer: Answer) -> Workbook:
    return load_workbook(io.BytesIO(workbook_bytes(answer, tidy_tables(answer))))


@cache
def book() -> Workbook:
    return book_of(full())


def test_the_first_sheet_holds_the_answer_and_the_way_to_every_table() -> None:
    assert book().sheetnames[0] == COVER
    cells = [cell.value for row in book()[COVER].iter_rows() for cell in row if cell.value is not None]
    assert full().study.question in cells
    assert set(headline(full())) <= set(cells)
    assert set(book().sheetnames[1:]) <= set(cells)


def test_every_table_but_the_draws_is_a_sheet_with_a_short_name() -> None:
    assert book().sheetnames[1:] == [each.name for each in tidy_tables(full()) if each.name not in LEFT_OUT]
    assert all(len(name) <= 31 for name in book().sheetnames)


def test_no_cell_is_merged_and_none_within_a_table_is_empty() -> None:
    for sheet in book().worksheets:
        assert not sheet.merged_cells.ranges
        if sheet.title != COVER:
            assert len(sheet.tables) == 1
            assert all(cell.value is not None for row in sheet.iter_rows(min_row=HEAD + 1) for cell in row)


@pytest.mark.parametrize("name", ["comparison", "prices", "between", "spending", "attribution"])
def test_the_numbers_are_those_of_the_csv(name: str, tmp_path: Path) -> None:
    table = next(each for each in tidy_tables(full()) if each.name == name)
    write_csv(tmp_path / "t.csv", table.frame)
    expected = pd.read_csv(tmp_path / "t.csv")
    rows = list(book()[name].iter_rows(min_row=HEAD + 1, values_only=True))
    assert list(rows[0]) == list(expected.columns)
    assert len(rows) - 1 == len(expected)
    for found, told in zip(rows[1:], expected.itertuples(index=False), strict=True):
        for one, other in zip(found, told, strict=True):
            assert one == MISSING if pd.isna(other) else one == other or one == pytest.approx(other, rel=1e-5)


def test_rows_are_written_as_a_table_is(tmp_path: Path) -> None:
    rows = [(2018, "a, b", 1234567.0, float("nan")), (2019, 'say "c"', 0.1 + 0.2, 1e-7), (2020, "d", -0.0, 12.0)]
    columns = ["year", "name", "mean", "low"]
    write_rows(tmp_path / "rows.csv", columns, rows)
    write_csv(tmp_path / "table.csv", pd.DataFrame(rows, columns=columns))
    assert (tmp_path / "rows.csv").read_bytes() == (tmp_path / "table.csv").read_bytes()


@pytest.mark.parametrize("labels", [("=1+1", "https://example.org"), ("+44", "-5"), ("@SUM(A1)", "007")])
def test_text_stays_text(labels: tuple[str, str]) -> None:
    sheet = book_of(renamed(full(), mix=labels[0], paid=labels[1]))["prices"]
    for label in labels:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == label]
        assert cells
        assert {cell.data_type for cell in cells} == {"s"}
        assert not any(cell.hyperlink for cell in cells)


def test_the_same_answer_gives_the_same_bytes() -> None:
    assert workbook_bytes(full(), tidy_tables(full())) == workbook_bytes(full(), tidy_tables(full()))
