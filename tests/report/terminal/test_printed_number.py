"""A printed number leads to the rows in which it stands, their meaning and formula."""

from pathlib import Path

import pytest
from support.example_answers import full

from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.terminal.printed_number import number_rows, printed_value
from pipeline_sim.report.tidy_tables import tidy_tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("result")
    for each in tidy_tables(full()):
        if each.name in ("comparison", "prices", "harm"):
            write_csv(made / f"{each.name}.csv", each.frame)
    return made


@pytest.mark.parametrize(
    ("text", "value"), [("310", 310), ("£79,000", 79_000), ("£1.2m", 1.2e6), ("9.2 %", 9.2), ("−5", -5)]
)
def test_a_number_is_read_as_it_is_printed(text: str, value: float) -> None:
    assert printed_value(text) == pytest.approx(value)


def test_a_gain_leads_to_its_row_and_formula(folder: Path) -> None:
    row = next(each for each in number_rows(folder, "330") if each.table == "comparison")
    assert (row.column, row.exact) == ("difference_mean", -330)
    assert row.names.startswith("mix, extensions, ")
    assert row.formula == "extensions"
    assert "world less baseline" in row.meaning


def test_a_price_and_a_share_are_found(folder: Path) -> None:
    assert any(
        row.formula.startswith("mean spent_gbp more than the baseline / ") for row in number_rows(folder, "£76,000")
    )
    assert any(row.column == "share_mean" for row in number_rows(folder, "18 %"))


@pytest.mark.parametrize(
    ("text", "says"), [("ten", "is no printed number"), ("987654", "holds a number that is printed")]
)
def test_what_is_no_number_of_the_result_is_refused(folder: Path, text: str, says: str) -> None:
    with pytest.raises(RecordsError, match=says):
        number_rows(folder, text)
