"""Row of a CSV file, whose cells are read as numbers, dates or words. Refuses an invalid cell, with file and line."""

import math
from datetime import date
from pathlib import Path

from pipeline_sim.world.world_error import WorldError, hint, shown_value

TEXT = "utf-8-sig"  # UTF-8, with or without the byte order mark of spreadsheets


class CsvRow(dict[str, str]):
    """Row of a CSV file: cells by column name."""

    def __init__(self, cells: dict[str, str], file: Path, line: int) -> None:
        super().__init__(cells)
        self.file, self.line = file, line

    def __missing__(self, name: str) -> str:
        raise WorldError(f"{self.file}: no column '{name}'{hint(name, self)}")

    def number(self, name: str, least: float = -math.inf, most: float = math.inf) -> float:
        """Cell as a finite number within bounds; raises WorldError."""
        try:
            value = float(self[name])
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in self[name]:
            raise self.wrong(name, "should be a number")
        if not least <= value <= most:
            raise self.wrong(name, f"should be at least {least:g}" if value < least else f"should be at most {most:g}")
        return value

    def whole(self, name: str) -> int:
        """Cell as a whole number; raises WorldError."""
        try:
            return int(self[name])
        except ValueError:
            raise self.wrong(name, "should be a whole number") from None

    def day(self, name: str) -> date:
        """Cell as a date, the first of the month for a month; raises WorldError."""
        text = self[name]
        try:
            return date.fromisoformat(text if len(text) > len("2020-04") else f"{text}-01")
        except ValueError:
            raise self.wrong(name, "should be a date such as 2020-04-06, or a month such as 2020-04") from None

    def wrong(self, name: str, what: str) -> WorldError:
        """Error of a cell."""
        return self.error(f"{name}: is {shown_value(self[name])}, {what}")

    def error(self, text: str) -> WorldError:
        """Error of the row."""
        return WorldError(f"{self.file}: line {self.line}: {text}")
