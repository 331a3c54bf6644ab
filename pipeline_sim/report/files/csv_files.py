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
    from pandas.api.types import is_numeric_dtype

    texts = {name: table[name].map(harmless_cell) for name in table if not is_numeric_dtype(table[name])}
    write_text(path, table.assign(**texts).to_csv(index=False, float_format=numbers, lineterminator="\n"))


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as `write_csv` writes a table, without pandas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([list(map(_cell, row)) for row in (columns, *rows)])
    write_text(path, text.getvalue())


def _cell(value: object) -> object:
    """Six significant digits of a number; nothing for NaN."""
    if not isinstance(value, float):
        return harmless_cell(value)
    return "" if math.isnan(value) else f"{value:.6g}"


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file completely or not at all."""
    write_atomically(path, lambda file: file.write(content))
