"""Files of a result that are made here: CSV tables, and bytes whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.files.result_files import write_text, write_whole

if TYPE_CHECKING:
    import pandas as pd


def write_csv(path: Path, table: "pd.DataFrame", numbers: str = "%.6g") -> None:
    """A table as CSV, six significant digits unless said otherwise."""
    write_text(path, table.to_csv(index=False, float_format=numbers, lineterminator="\n"))


def write_bytes(path: Path, content: bytes) -> None:
    """A file whole or not at all."""
    write_whole(path, lambda file: file.write(content))
