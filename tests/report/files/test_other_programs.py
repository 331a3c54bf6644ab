"""Tables are read by other programs with the lines that results/README.md gives."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pandas
import polars
import pytest
from support import ROOT
from support.example_answers import full

from pipeline_sim.records.files.tables_file import TableMetadata, write_table
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.files.workbook import workbook_bytes
from pipeline_sim.report.tidy_tables import tidy_tables

PAGE = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
BLOCK, SHEET = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
(IN_R,) = re.findall(r"```r\n(.*?)\n```", PAGE, re.DOTALL)


@pytest.mark.parametrize("line", BLOCK.splitlines())
def test_surgeons_from_st3_to_st8_in_london(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = next(each for each in tidy_tables(full()) if each.name == "cells")
    write_table(tmp_path / "cells.parquet", cells.frame, TableMetadata(cells.title, "abc", cells.columns))
    monkeypatch.chdir(tmp_path)
    found = eval(line, {"pandas": pandas, "duckdb": duckdb, "polars": polars})
    assert set(found["group"]) == {"Surgery"}
    assert set(found["world_label"]) == {"No COVID", "No programme", "The mix", "Just pay"}
    assert len(found) == len(cells.frame.query("stage == 'higher' and group == 'Surgery' and office == 'London'"))


def test_the_spreadsheet_in_pandas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = tidy_tables(full())
    (tmp_path / "tables.xlsx").write_bytes(workbook_bytes(full(), tables))
    monkeypatch.chdir(tmp_path)
    found = eval(SHEET.strip(), {"pandas": pandas})
    spent = {world: price.spent_gbp for world, price in full().prices.items()}
    assert dict(zip(found["world"], found["amount_mean"], strict=True)) == pytest.approx(spent)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed: apt-get install r-base-core")
def test_the_same_rows_in_r(tmp_path: Path) -> None:
    cells = next(each for each in tidy_tables(full()) if each.name == "cells").frame
    write_csv(tmp_path / "cells.csv", cells)
    line = f"write.csv({IN_R}, row.names = FALSE)"
    done = subprocess.run(["Rscript", "-e", line], cwd=tmp_path, capture_output=True, text=True, check=True)
    wanted = cells.query("stage == 'higher' and group == 'Surgery' and office == 'London'")
    assert pandas.read_csv(io.StringIO(done.stdout))["level_mean"].tolist() == pytest.approx(
        wanted["level_mean"].tolist(), rel=1e-5, nan_ok=True
    )
