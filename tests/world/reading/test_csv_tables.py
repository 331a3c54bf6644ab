"""CSV files as spreadsheets leave them: read where they can be, else refused with file, line and column."""

from datetime import date
from pathlib import Path

import pytest

from pipeline_sim.world.reading.csv_tables import read_rows, rows_with
from pipeline_sim.world.world_error import WorldError


def sheet(folder: Path, content: bytes) -> Path:
    path = folder / "sheet.csv"
    path.write_bytes(content)
    return path


def test_a_sheet_is_read_with_and_without_the_mark_of_a_spreadsheet(tmp_path: Path) -> None:
    text = "year,posts\r\n2018,3.5\r\n"
    for content in (text.encode(), text.encode("utf-8-sig")):
        (row,) = read_rows(sheet(tmp_path, content))
        assert (row.whole("year"), row.number("posts", least=0)) == (2018, 3.5)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", r"sheet\.csv: is empty"),
        (b"year,posts\n2018\n", r"sheet\.csv: line 2: has not as many cells"),
        (b"year,posts\n2018,1,2\n", r"sheet\.csv: line 2: has not as many cells"),
        (b"\xff\xfey\x00", r"sheet\.csv: not a CSV file in UTF-8"),
    ],
)
def test_a_sheet_that_is_none(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(WorldError, match=says):
        read_rows(sheet(tmp_path, content))


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be read: No such file"):
        read_rows(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("abc", "line 2: posts: is 'abc', should be a number"),
        ("", "line 2: posts: is '', should be a number"),
        ("nan", "should be a number"),
        ("-1", "line 2: posts: is '-1', should be at least 0"),
        ("11", "should be at most 10"),
    ],
)
def test_a_cell_that_makes_no_sense(tmp_path: Path, cell: str, says: str) -> None:
    (row,) = read_rows(sheet(tmp_path, f"year,posts\n2018,{cell}\n".encode()))
    with pytest.raises(WorldError, match=says):
        row.number("posts", least=0, most=10)


def test_a_column_that_is_missing(tmp_path: Path) -> None:
    (row,) = read_rows(sheet(tmp_path, b"year,posts\n2018,1\n"))
    with pytest.raises(WorldError, match="no column 'post'; nearest is 'posts'"):
        row.number("post")


def test_a_year_that_is_none(tmp_path: Path) -> None:
    (row,) = read_rows(sheet(tmp_path, b"year\n2018/19\n"))
    with pytest.raises(WorldError, match="year: is '2018/19', should be a whole number"):
        row.whole("year")


def test_dates_and_months(tmp_path: Path) -> None:
    day, month, wrong = read_rows(sheet(tmp_path, b"month\n2020-04-06\n2020-04\n06/04/2020\n"))
    assert (day.day("month"), month.day("month")) == (date(2020, 4, 6), date(2020, 4, 1))
    with pytest.raises(WorldError, match="line 4: month: is '06/04/2020', should be a date such as 2020-04-06"):
        wrong.day("month")


def test_a_word_that_no_row_has(tmp_path: Path) -> None:
    path = sheet(tmp_path, b"measure\nposts\n")
    assert len(rows_with(read_rows(path), path, "measure", "posts")) == 1
    with pytest.raises(WorldError, match="no row has 'post' as measure; nearest is 'posts'"):
        rows_with(read_rows(path), path, "measure", "post")
