"""What a result folder holds, as the app shows it: read from the tables that the run wrote, computed nowhere else."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline_sim.records.files.result_files import MANIFEST, read_manifest
from pipeline_sim.records.files.tables_file import read_table
from pipeline_sim.report.page_model import Cell, Row, Table, chance_cell, cost_cell, estimate_cell, gain_cell
from pipeline_sim.report.text.number_format import DASH, MINUS, in_words, percent
from pipeline_sim.study.comparison.answer import GAIN, PAYS
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.ranking import Chance

if TYPE_CHECKING:
    import pandas as pd

ALL, SUPPRESSED, DRAWS = "all", "suppressed: fewer than 10 simulated doctors in the baseline", "draws"
ENDS = ("mean", "low", "high", "error")
GAINS = (
    ("extensions", "Extensions avoided", True),
    ("months_short", "Months of training recovered", True),
    ("ccts_on_time", "More CCTs on time", False),
)
LESS_IS_BETTER = {key: less for name, label, less in GAINS for key in (name, label)}
CHANCES = ((GAIN, "Any gain"), (PAYS, "Pays for itself"))
NET, HARM, BEST = "Net cost to the training budget", "Share of COVID’s extensions undone", "Is the best"
CELL_LEVELS = (("headcount", "Doctors in training"), ("extensions", "Extensions"), ("hidden_backlog", "Hidden backlog"))


class Strip(NamedTuple):
    """Gain of a mix: its estimate, and a value for each draw."""

    label: str
    gain: Estimate
    dots: Sequence[float]


class Shown(NamedTuple):
    """Place of a number that is shown: its table, row and column."""

    table: str
    row: "pd.Series"
    start: str  # of its columns: difference, amount, share, probability


class Result:
    """Result folder of a comparison."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = read_manifest(folder)
        study = self.manifest["study"]
        self.labels = {world["name"]: world["label"] for world in study["worlds"]}
        self.baseline, self.headline = study["baseline"], study["headline"]

    def table(self, name: str) -> "pd.DataFrame":
        """Table by its name."""
        return table_of(self.folder / f"{name}.parquet", (self.folder / MANIFEST).stat().st_mtime_ns)

    @property
    def mixes(self) -> list[str]:
        """Worlds with a mix, by their mean gain, the largest first."""
        found = self.table("comparison")
        own = found[found["world"].isin(self.table("prices")["world"]) & (found["indicator"] == self.headline)]
        return [str(name) for name in own.sort_values("difference_mean", kind="stable")["world"]]

    def shown(self, world: str, quantity: str) -> Shown:
        """Row of the table that has a number of the comparison."""
        named = {label: name for name, label, _ in GAINS}
        events = {label: event for event, label in CHANCES}
        if quantity in named:
            return self._found("comparison", "difference", world=world, indicator=named[quantity])
        if quantity == NET:
            return self._found("prices", "amount", world=world, indicator="net_budget_gbp")
        if quantity == HARM:
            return self._found("harm", "share", world=world, year=0, indicator="extensions")
        if quantity == BEST:
            return self._found("best", "probability", world=world)
        return self._found("chances", "probability", world=world, event=events[quantity])

    def _found(self, table: str, start: str, **keys: object) -> Shown:
        rows = self.table(table)
        for key, value in keys.items():
            rows = rows[rows[key] == value]
        return Shown(table, rows.iloc[0] if len(rows) else None, start)

    def cell(self, world: str, quantity: str) -> Cell:
        """Number of the comparison as the report writes it."""
        _, row, start = self.shown(world, quantity)
        if row is None:
            return Cell("not run")
        if start == "probability":
            return chance_cell(Chance(*(row[name] for name in Chance._fields)))
        estimate = Estimate(*(float(row[f"{start}_{end}"]) for end in ENDS))
        if quantity == NET:
            return cost_cell(estimate)
        if quantity == HARM:
            return estimate_cell(estimate, share_text)
        return gain_cell(estimate, LESS_IS_BETTER[quantity])

    def comparison(self) -> Table:
        """Table of the comparison: a row a mix."""
        rows = [Row(self.labels[world], tuple(self.cell(world, each) for each in QUANTITIES)) for world in self.mixes]
        note = "Below a number: its 95 % credible interval; below a probability its Monte Carlo interval and verdict."
        return Table("compared", "What each mix gains and costs", ("Mix", *QUANTITIES), rows, note)

    def strips(self, indicator: str) -> list[Strip]:
        """Gain of every mix with a value for each draw, less than zero for harm."""
        rows = self.table(DRAWS)
        rows = rows[rows["indicator"] == indicator].set_index(["world", "draw"])["value"]
        sign = -1.0 if LESS_IS_BETTER[indicator] else 1.0
        strips = []
        for world in self.mixes:
            row = self._found("comparison", "difference", world=world, indicator=indicator).row
            change = Estimate(*(float(row[f"difference_{end}"]) for end in ENDS))
            dots = sign * (rows[world] - rows[self.baseline])
            strips.append(Strip(self.labels[world], change.negated() if sign < 0 else change, [*map(float, dots)]))
        return strips

    def who(self, world: str, choices: dict[str, str], by: str) -> Table:
        """Doctors, extensions and backlog of a world, a row a value of `by`; small numbers are suppressed."""
        rows = self.table("cells")
        rows = rows[rows["world"] == world]
        for column, value in choices.items():
            rows = rows[rows[column] == value]
        table = []
        for value in dict.fromkeys(rows[by]):
            own = rows[rows[by] == value].set_index("indicator")
            table.append(Row(in_words(str(value)), tuple(who_cell(own, name) for name, _ in CELL_LEVELS)))
        head = (by.replace("training_year", "year").capitalize(), *(label for _, label in CELL_LEVELS))
        chosen = ", ".join(in_words(value) for value in choices.values())
        note = f"Below a level: its difference from “{self.labels[self.baseline]}”. {SUPPRESSED.capitalize()}."
        return Table("cells", f"“{self.labels[world]}”: {chosen}", head, table, note)

    def options(self, column: str) -> list[str]:
        """Values of a column of the table of cells."""
        return [str(value) for value in dict.fromkeys(self.table("cells")[column])]

    def part(self, pattern: str) -> str:
        """Part of report.html, as it is there; empty if there is none."""
        found = re.search(pattern, (self.folder / "report.html").read_text(encoding="utf-8"), re.DOTALL)
        return found[0] if found else ""

    def section(self, name: str) -> str:
        """Section of the report."""
        return self.part(rf'<section id="{re.escape(name)}".*?</section>')

    def figure(self, name: str) -> str:
        """Figure of the report with its finding and alternative text."""
        return self.part(rf'<figure id="figure-{re.escape(name)}">.*?</figure>')


QUANTITIES = (*(label for _, label, _ in GAINS), NET, HARM, *(label for _, label in CHANCES), BEST)


def share_text(share: float) -> str:
    """Share in whole per cent, with a true minus."""
    return percent(share, DASH).replace("-0 %", "0 %").replace("-", MINUS)


def who_cell(rows: "pd.DataFrame", indicator: str) -> Cell:
    """Level of a cell and its difference; empty where it is suppressed."""
    from pipeline_sim.report.text.number_format import format_change, format_level

    if indicator not in rows.index or bool(rows.loc[indicator, "suppressed"]):
        return Cell("suppressed")
    row = rows.loc[indicator]
    level, change = float(row["level_mean"]), float(row["difference_mean"])
    low, high = (format_change(float(row[f"difference_{end}"])) for end in ("low", "high"))
    return Cell(format_level(level), f"{format_change(change)} ({low} to {high})")


@lru_cache(maxsize=64)
def table_of(path: Path, _changed: int) -> "pd.DataFrame":
    """Table of a file, read once for each time that it is written."""
    return read_table(path)[0]
