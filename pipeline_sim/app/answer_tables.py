"""What a result folder holds, as the app shows it: read from the tables and the report that the run wrote."""

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline_sim.records.files.result_files import MANIFEST, read_manifest
from pipeline_sim.records.files.tables_file import read_table
from pipeline_sim.report.page_model import Cell, Row, Table
from pipeline_sim.report.text.number_format import format_change, format_level, in_words

if TYPE_CHECKING:
    import pandas as pd

CELL_LEVELS = (("headcount", "Doctors in training"), ("extensions", "Extensions"), ("hidden_backlog", "Hidden backlog"))
NUMBERS = {  # tables of numbers by mix: the column that names a number, and how its own columns begin
    "comparison": ("indicator_label", "difference"), "prices": ("indicator_label", "amount"),
    "chances": ("event", "probability"), "best": (None, "probability"),
}  # fmt: skip
BEST = "gains most by the headline"


class Result:
    """Result folder of a comparison."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = read_manifest(folder)
        study = self.manifest["study"]
        self.labels = {world["name"]: world["label"] for world in study["worlds"]}
        self.baseline: str = study["baseline"]

    def table(self, name: str) -> "pd.DataFrame":
        """Table by its name."""
        return table_of(self.folder / f"{name}.parquet", (self.folder / MANIFEST).stat().st_mtime_ns)

    @property
    def mixes(self) -> list[str]:
        """Worlds with a mix, by their mean gain, the largest first."""
        return list(map(str, self.table("best").sort_values("expected_loss", kind="stable")["world"]))

    def numbers(self, world: str) -> dict[str, tuple[str, "pd.Series"]]:
        """Numbers of a mix by what they are of: the table and its row."""
        found = {}
        for name, (label, _) in NUMBERS.items():
            rows = self.table(name)
            for _, row in rows[rows["world"] == world].iterrows():
                found[BEST if label is None else str(row[label])] = name, row
        return found

    def who(self, world: str, choices: dict[str, str], by: str) -> Table:
        """Doctors, extensions and backlog of a world, a row a value of `by`; small numbers are suppressed."""
        rows = self.table("cells")
        rows = rows[rows["world"] == world]
        for column, value in choices.items():
            rows = rows[rows[column] == value]
        table = []
        for value, own in rows.set_index("indicator").groupby(by, sort=False):
            table.append(Row(in_words(str(value)), tuple(who_cell(own, name) for name, _ in CELL_LEVELS)))
        head = (by.replace("training_year", "year").capitalize(), *(label for _, label in CELL_LEVELS))
        chosen = ", ".join(in_words(value) for value in choices.values())
        note = (
            f"Below a level: its difference from “{self.labels[self.baseline]}”. Suppressed: fewer than 10 simulated "
        )
        return Table("cells", f"“{self.labels[world]}”: {chosen}", head, table, f"{note}doctors in the baseline.")

    def part(self, pattern: str) -> str:
        """Part of report.html, as it is there; empty if there is none."""
        found = re.search(pattern, (self.folder / "report.html").read_text(encoding="utf-8"), re.DOTALL)
        return found[0] if found else ""

    def section(self, name: str) -> str:
        """Section of the report."""
        return self.part(rf'<section id="{name}".*?</section>')

    def figure(self, name: str) -> str:
        """Figure of the report with its finding and alternative text."""
        return self.part(rf'<figure id="figure-{name}">.*?</figure>')


def who_cell(rows: "pd.DataFrame", indicator: str) -> Cell:
    """Level of a cell and its difference; empty where it is suppressed."""
    if indicator not in rows.index or bool(rows.loc[indicator, "suppressed"]):
        return Cell("suppressed")
    row = rows.loc[indicator]
    change, low, high = (format_change(float(row[f"difference_{end}"])) for end in ("mean", "low", "high"))
    return Cell(format_level(float(row["level_mean"])), f"{change} ({low} to {high})")


@lru_cache(maxsize=64)
def table_of(path: Path, _changed: int) -> "pd.DataFrame":
    """Table of a file, read once for each time that it is written."""
    return read_table(path)[0]
