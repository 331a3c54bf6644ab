"""CSV files that a world reads. Refuses a missing column or an invalid cell, with file and line."""

import csv
import math
from datetime import date
from functools import lru_cache
from pathlib import Path

from pipeline_sim.world.world_error import WorldError, hint, shown_value

FileStamp = tuple[int, int]
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
        if not math.isfinite(value):
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
        return WorldError(f"{self.file}: line {self.line}: {name}: is {shown_value(self[name])}, {what}")


def rows_with(rows: list[CsvRow], file: Path, name: str, cell: str) -> list[CsvRow]:
    """Rows with a word in a column; raises WorldError if there are none."""
    matching = [row for row in rows if row[name] == cell]
    if not matching:
        raise WorldError(f"{file}: no row has '{cell}' as {name}{hint(cell, dict.fromkeys(row[name] for row in rows))}")
    return matching


def read_rows(file: Path) -> list[CsvRow]:
    """Rows of a CSV file; raises WorldError if it cannot be read or a row has another length than the heading."""
    try:
        with file.open(encoding=TEXT, newline="") as opened:
            reader = csv.DictReader(opened)
            heading = reader.fieldnames
            rows = [CsvRow(cells, file, reader.line_num) for cells in reader]
    except OSError as problem:
        raise WorldError(f"{file}: cannot be read: {problem.strerror or problem}") from None
    except (UnicodeDecodeError, csv.Error):
        raise WorldError(f"{file}: not a CSV file in UTF-8") from None
    if not heading:
        raise WorldError(f"{file}: is empty, should have a heading and rows")
    for row in rows:
        if None in row or None in row.values():
            raise WorldError(f"{file}: line {row.line}: has not as many cells as the heading")
    return rows


def file_stamp(file: Path) -> FileStamp:
    """Modification time in nanoseconds and size of a file; raises WorldError."""
    try:
        status = file.stat()
    except OSError as problem:
        raise WorldError(f"{file}: cannot be read: {problem.strerror or problem}") from None
    return status.st_mtime_ns, status.st_size


def cached_rows(file: Path) -> tuple[CsvRow, ...]:
    """Rows of a CSV file, read once until it changes. Read-only."""
    return _read_once(file, file_stamp(file))


@lru_cache(maxsize=64)
def _read_once(file: Path, _stamp: FileStamp) -> tuple[CsvRow, ...]:
    return tuple(read_rows(file))
