"""CSV files that a world reads. Refuses a file that is no table, with file and line."""

import csv
from functools import lru_cache
from pathlib import Path

from pipeline_sim.world.reading.csv_row import TEXT, CsvRow
from pipeline_sim.world.world_error import WorldError, hint

FileStamp = tuple[int, int]


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
    for name in heading:
        if heading.count(name) > 1 or not name.strip():
            raise WorldError(
                f"{file}: line 1: column '{name}' {'stands there twice' if name.strip() else 'has no name'}"
            )
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
