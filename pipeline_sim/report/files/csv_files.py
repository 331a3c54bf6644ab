"""CSV tables and binary files of a result."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.files.result_files import write_atomically, write_text

if TYPE_CHECKING:
    import pandas as pd


def write_csv(path: Path, table: "pd.DataFrame", numbers: str = "%.6g") -> None:
    """Write a table as CSV, to six significant digits by default."""
    write_text(path, table.to_csv(index=False, float_format=numbers, lineterminator="\n"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file completely or not at all."""
    write_atomically(path, lambda file: file.write(content))
