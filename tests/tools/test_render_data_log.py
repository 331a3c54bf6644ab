"""The data log is what would be printed now, and leaves no table out."""

from pathlib import Path

import pytest
from support import ROOT

from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.world_error import WorldError
from tools.render_data_log import data_log, grades, load_entries, sources


def cells(**columns: str) -> CsvRow:
    """One row."""
    return CsvRow(columns, Path("x.csv"), 2)


def test_the_page_is_what_would_be_printed() -> None:
    assert (ROOT / "docs" / "data_log.md").read_text(encoding="utf-8") == data_log(ROOT / "configs" / "register") + "\n"


def test_a_table_left_out_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.toml"
    path.write_text('["a.csv"]\nholds = "Doctors by the year they began in"\n')
    assert load_entries(path, ["a.csv"])["a.csv"].also is None
    with pytest.raises(WorldError, match=r"data\.toml: b\.csv: is missing: say what the table holds"):
        load_entries(path, ["a.csv", "b.csv"])
    with pytest.raises(WorldError, match=r"data\.toml: a\.csv: there is no such table; nearest is 'aa\.csv'"):
        load_entries(path, ["aa.csv"])
    path.write_text('["a.csv"]\nholds = "short"\n')
    with pytest.raises(WorldError, match=r"data\.toml: a\.csv\.holds"):
        load_entries(path, ["a.csv"])


def test_sources_are_sites_or_first_words_and_repeats_are_not_counted() -> None:
    rows = [cells(source=f"https://www.gmc-uk.org/{page}") for page in "ab"]
    assert sources([*rows, cells(source="as above"), cells(source="PQ HL1: table 2")]) == "gmc-uk.org and PQ HL1"
    assert sources([cells(source_url="none: judged")]) == "judgement, no source"
    assert sources([cells(year="2020")]) == "not given by row"


def test_grades_are_counted() -> None:
    assert grades([cells(grade="A"), cells(grade="C"), cells(grade="A"), cells(grade="")]) == "A 2, C 1, none 1"
    assert grades([cells(grade="CT1", grade_conf="B")]) == "B 1"
