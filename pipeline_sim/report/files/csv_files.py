"""CSV tables and binary files of a result."""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.files.harmless_text import harmless_cell
from pipeline_sim.records.files.result_files import write_atomically, write_text

if TYPE_CHECKING:
    import pandas as pd


def write_csv(path: Path, table: "pd.DataFrame", numbers: str = "%.6g") -> None:
    """Write a table as CSV, to six significant digits by default."""
    write_rows(path, list(table), zip(*(table[name].tolist() for name in table), strict=True), numbers)


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], numbers: str = "%.6g") -> None:
    """Write rows as CSV; NaN is an empty cell."""

    def cell(value: object) -> object:
        if isinstance(value, float):
            return "" if math.isnan(value) else numbers % value
        return harmless_cell(value)

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([list(map(cell, row)) for row in (columns, *rows)])
    write_text(path, text.getvalue())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file completely or not at all."""
    write_atomically(path, lambda file: file.write(content))
