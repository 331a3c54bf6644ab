"""Tables as files: none is empty, Parquet and CSV say the same, and each says what its columns mean."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from support.example_answers import full, made

from pipeline_sim.records.files.tables_file import TableMetadata, read_table_metadata, write_table
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.files.csv_files import write_csv, write_rows
from pipeline_sim.report.tidy_tables import TidyTable, best_table, chances, tidy_tables

ANSWER = full()._replace(study=full().study.model_copy(update={"parameters": "sampled"}))
NAMES = [each.name for each in tidy_tables(ANSWER)]


@cache
def table(name: str) -> TidyTable:
    return next(each for each in tidy_tables(ANSWER) if each.name == name)


@pytest.mark.parametrize("name", NAMES)
def test_every_table_holds_rows_whose_columns_are_explained(name: str) -> None:
    each = table(name)
    assert len(each.frame)
    assert each.title
    assert each.note.endswith(".")
    assert all(each.columns.values())
    assert "{" not in each.title


@pytest.mark.parametrize("name", NAMES)
def test_parquet_and_csv_say_the_same(name: str, tmp_path: Path) -> None:
    each = table(name)
    write_csv(tmp_path / "t.csv", each.frame, "%.12g")
    write_table(tmp_path / "t.parquet", each.frame, TableMetadata(each.title, "abc", each.columns))
    kept, written = pd.read_parquet(tmp_path / "t.parquet"), pd.read_csv(tmp_path / "t.csv")
    pd.testing.assert_frame_equal(kept, written, check_dtype=False, rtol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_what_it_holds(name: str, tmp_path: Path) -> None:
    each = table(name)
    notes = TableMetadata(each.title, "abc", each.columns)
    for path in (tmp_path / "one.parquet", tmp_path / "two.parquet"):
        write_table(path, each.frame, notes)
    assert read_table_metadata(tmp_path / "one.parquet") == notes
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_file_without_a_description_or_that_is_none_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "plain.parquet")
    with pytest.raises(RecordsError, match="has no description"):
        read_table_metadata(tmp_path / "plain.parquet")
    (tmp_path / "torn.parquet").write_bytes(b"PAR1")
    with pytest.raises(RecordsError, match="damaged"):
        read_table_metadata(tmp_path / "torn.parquet")


def test_units_and_names_stand_beside_the_codes() -> None:
    row = table("comparison").frame.set_index(["world", "indicator"]).loc[("mix", "extensions")]
    assert (row["world_label"], row["unit"]) == ("The mix", "extensions")
    assert set(table("by_year").frame["training_year"]) >= {"2018/19", "2019/20", "2020/21"}
    assert table("spending").frame["intervention_label"].str.contains("-paid").sum() == 0


def test_what_is_bought_has_its_unit() -> None:
    found = table("bought").frame.set_index(["world", "intervention"])
    paid = found.loc[("paid", "extensions-paid")]
    assert (paid["intervention_label"], paid["unit"]) == ("Paying for extensions", "month of extension")
    assert (found["units"] > 0).all()
    assert set(found.index.get_level_values("world")) == set(full().programmes)


def test_regions_are_in_plain_words() -> None:
    who = set(table("who_gains").frame["who"])
    assert {"North East and Yorkshire", "East of England", "London"} <= who
    assert not [each for each in who if "_" in each]


def test_prices_say_whether_they_can_be_told() -> None:
    told = table("prices").frame.set_index(["world", "indicator"])["can_tell"]
    assert told[("mix", "per_extension_avoided_gbp")]
    assert not told[("paid", "per_extension_avoided_gbp")]


@pytest.mark.parametrize("label", ["+10 % simulation", "=2+3", "-5 % slots", "@all"])
def test_no_label_is_a_formula_in_a_spreadsheet(label: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"label": [label, "plain"], "change": [-3.5, 1.0]})
    write_csv(tmp_path / "t.csv", table)
    write_rows(tmp_path / "r.csv", ("label", "change"), [(label, -3.5), ("plain", 1.0)])
    for name in ("t", "r"):
        assert (tmp_path / f"{name}.csv").read_text().splitlines() == ["label,change", f" {label},-3.5", "plain,1"]


def test_tables_of_an_answer_without_a_mix_are_made() -> None:
    assert best_table(made({})).empty
    assert chances(made({})).empty
