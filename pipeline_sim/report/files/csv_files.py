"""CSV tables and binary files of a result."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.files.harmless_text import harmless_cell
from pipeline_sim.records.files.result_files import write_atomically, write_text

if TYPE_CHECKING:
    import pandas as pd


def write_csv(path: Path, table: "pd.DataFrame", numbers: str = "%.6g") -> None:
    """Write a table as CSV, to six significant digits by default."""
    _write(path, list(table), [_cells(table[name].tolist(), numbers) for name in table])


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], numbers: str = "%.6g") -> None:
    """Write rows as CSV; NaN is an empty cell."""
    _write(path, columns, [_cells(values, numbers) for values in zip(*rows, strict=True)])


def _cells(values: Sequence[object], numbers: str) -> list[object]:
    kinds = set(map(type, values))
    if not any(issubclass(kind, float) for kind in kinds):
        return [*map(harmless_cell, values)]
    if len(kinds) > 1:
        return [_cells([value], numbers)[0] for value in values]
    return [*("\n".join([numbers] * len(values)) % tuple(values)).replace("nan", "").split("\n")]  # all at once


def _write(path: Path, columns: Sequence[str], cells: Sequence[Sequence[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(list(map(harmless_cell, columns)))
    writer.writerows(zip(*cells, strict=True))
    write_text(path, text.getvalue())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file completely or not at all."""
    write_atomically(path, lambda file: file.write(content))
