"""CSV files that a world reads, row by row. What is not there or makes no sense is refused with its file and line."""

import csv
import math
from datetime import date
from functools import lru_cache
from pathlib import Path

from pipeline_sim.world.world_error import WorldError, hint, shown_value

Stamp = tuple[int, int]
TEXT = "utf-8-sig"  # as UTF-8, but for the mark that spreadsheets and some editors put in front


class Cells(dict[str, str]):
    """The cells of a row by the names of the heading."""

    def __init__(self, cells: dict[str, str], file: Path, line: int) -> None:
        super().__init__(cells)
        self.file, self.line = file, line

    def __missing__(self, name: str) -> str:
        raise WorldError(f"{self.file}: no column '{name}'{hint(name, self)}")

    def number(self, name: str, least: float = -math.inf, most: float = math.inf) -> float:
        """A cell as a finite number within bounds."""
        try:
            found = float(self[name])
        except ValueError:
            raise self.wrong(name, "should be a number") from None
        if not math.isfinite(found):
            raise self.wrong(name, "should be a number")
        if not least <= found <= most:
            raise self.wrong(name, f"should be at least {least:g}" if found < least else f"should be at most {most:g}")
        return found

    def whole(self, name: str) -> int:
        """A cell as a whole number."""
        try:
            return int(self[name])
        except ValueError:
            raise self.wrong(name, "should be a whole number") from None

    def day(self, name: str) -> date:
        """A cell as a date; the first of the month where the cell names a month."""
        text = self[name]
        try:
            return date.fromisoformat(text if len(text) > len("2020-04") else f"{text}-01")
        except ValueError:
            raise self.wrong(name, "should be a date such as 2020-04-06, or a month such as 2020-04") from None

    def wrong(self, name: str, what: str) -> WorldError:
        """The error for a cell."""
        return WorldError(f"{self.file}: line {self.line}: {name}: is {shown_value(self[name])}, {what}")


def rows_with(rows: list[Cells], file: Path, name: str, cell: str) -> list[Cells]:
    """The rows that have a word in a column; refuses a file that has none."""
    found = [row for row in rows if row[name] == cell]
    if not found:
        raise WorldError(f"{file}: no row has '{cell}' as {name}{hint(cell, dict.fromkeys(row[name] for row in rows))}")
    return found


def read_rows(file: Path) -> list[Cells]:
    """The rows of a CSV file; refuses one that cannot be read or has rows of another length than its heading."""
    try:
        with file.open(encoding=TEXT, newline="") as opened:
            reader = csv.DictReader(opened)
            heading = reader.fieldnames
            rows = [Cells(cells, file, reader.line_num) for cells in reader]
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


def stamp(file: Path) -> Stamp:
    """What changes when a file does: when it was last written, and its size."""
    try:
        found = file.stat()
    except OSError as problem:
        raise WorldError(f"{file}: cannot be read: {problem.strerror or problem}") from None
    return found.st_mtime_ns, found.st_size


def sheet(file: Path) -> tuple[Cells, ...]:
    """The rows of a CSV file, not read again until it changes; not to be written on."""
    return _read_once(file, stamp(file))


@lru_cache(maxsize=64)
def _read_once(file: Path, _stamp: Stamp) -> tuple[Cells, ...]:
    return tuple(read_rows(file))
