"""Tables are read by other programs with the lines that results/README.md gives."""

import re
from pathlib import Path

import duckdb
import pandas
import polars
import pytest
from support import ROOT
from support.example_answers import full

from pipeline_sim.records.files.tables_file import TableMetadata, write_table
from pipeline_sim.report.tidy_tables import tidy_tables

(BLOCK,) = re.findall(r"```python\n(.*?)```", (ROOT / "results" / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("line", BLOCK.splitlines())
def test_surgeons_from_st3_to_st8_in_london(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = next(each for each in tidy_tables(full()) if each.name == "cells")
    write_table(tmp_path / "cells.parquet", cells.frame, TableMetadata(cells.title, "abc", cells.columns))
    monkeypatch.chdir(tmp_path)
    found = eval(line, {"pandas": pandas, "duckdb": duckdb, "polars": polars})
    assert set(found["group"]) == {"Surgery"}
    assert set(found["world_label"]) == {"No COVID", "No programme", "The mix", "Just pay"}
    assert len(found) == len(cells.frame.query("stage == 'higher' and group == 'Surgery' and office == 'London'"))
