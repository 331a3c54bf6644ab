"""Files of a result that are made here: CSV tables, and bytes whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.store import write_text, write_whole
from pipeline_sim.study.records_check import Line

if TYPE_CHECKING:
    import pandas as pd


def write_records_check(path: Path, lines: list[Line]) -> None:
    """Model beside record as CSV."""
    import pandas as pd

    rows = [(*line, line.difference, line.is_inside) for line in lines]
    write_csv(path, pd.DataFrame(rows, columns=[*Line._fields, "difference", "is_inside"]))


def write_csv(path: Path, table: "pd.DataFrame", numbers: str = "%.6g") -> None:
    """A table as CSV, six significant digits unless said otherwise."""
    write_text(path, table.to_csv(index=False, float_format=numbers, lineterminator="\n"))


def write_bytes(path: Path, content: bytes) -> None:
    """A file whole or not at all."""
    write_whole(path, lambda file: file.write(content))
