"""The tables themselves: every case is named once and says what it follows."""

from pathlib import Path

import pytest
from support.case_table import TESTS, table_rows, unknown_sources, whole_number

TABLES = sorted(
    path.stem for path in Path(TESTS / "cases").glob("*.csv") if "follows" in path.read_text("utf-8").splitlines()[0]
)


def test_there_are_tables():
    assert {"arcp", "away", "extension_length", "working_time_change"} <= set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_cases_have_names_of_their_own(table):
    names = [row["case"] for row in table_rows(table)]
    assert all(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("table", [table for table in TABLES if not table.startswith("recruitment")])
def test_every_case_says_what_it_follows(table):
    lost = {row["case"]: unknown_sources(row["follows"]) for row in table_rows(table)}
    assert {case: parts for case, parts in lost.items() if parts} == {}


def test_a_source_that_is_not_there_is_noticed():
    assert unknown_sources("arcp_codes.csv: C99") == ["arcp_codes.csv: C99"]
    assert unknown_sources("no_such_file.csv: C1 | remark") == ["no_such_file.csv: C1"]
    assert unknown_sources("convention") == ["a convention that is not explained"]
    assert unknown_sources("arcp_codes.csv: C1; arcp_codes.csv: 10.1 | both") == []


def test_a_number_that_is_not_whole_is_refused():
    with pytest.raises(ValueError, match="whole number"):
        whole_number("0.0005", 1000)
