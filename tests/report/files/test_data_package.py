"""datapackage.json describes every table as it is written: columns in order, types that hold, what each means."""

import csv
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.example_answers import full

from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.files.data_package import data_package
from pipeline_sim.report.tidy_tables import tidy_tables

NAME = re.compile(r"^([-a-z0-9._/])+$")  # of the specification
HOLDS = {
    "integer": re.compile(r"-?\d+$"), "number": re.compile(r"-?(\d+(\.\d+)?(e[-+]?\d+)?|inf)$"),
    "boolean": re.compile(r"True$|False$"), "string": re.compile(r".*", re.DOTALL),
}  # fmt: skip


@cache
def package() -> dict[str, Any]:
    return json.loads(data_package(full(), tidy_tables(full())))


def test_the_package_has_what_the_specification_asks_for() -> None:
    assert package()["profile"] == "tabular-data-package"
    names = [each["name"] for each in package()["resources"]]
    assert len(set(names)) == len(names)
    assert all(NAME.match(name) for name in [package()["name"], *names])
    for each in package()["resources"]:
        assert each["profile"] == "tabular-data-resource"
        assert not Path(each["path"]).is_absolute()
        assert all(field["description"] for field in each["schema"]["fields"])


@pytest.mark.parametrize("name", [each.name for each in tidy_tables(full())])
def test_every_column_of_a_file_has_its_type(name: str, tmp_path: Path) -> None:
    frame = next(each.frame for each in tidy_tables(full()) if each.name == name)
    write_csv(tmp_path / "t.csv", frame.head(300))
    fields = next(each for each in package()["resources"] if each["path"] == f"{name}.csv")["schema"]["fields"]
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head == [field["name"] for field in fields]
    for field, cells in zip(fields, zip(*rows, strict=True), strict=True):
        assert [cell for cell in cells if cell and not HOLDS[field["type"]].match(cell)] == [], field
