"""What a result folder holds: tables as CSV and Parquet, the figure as PNG and SVG, the answer in words."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.store import write_text, write_whole
from pipeline_sim.report import tables
from pipeline_sim.report.figures.recovery import recovery
from pipeline_sim.report.style import save_bytes
from pipeline_sim.report.words import finding
from pipeline_sim.study.answer import Answer
from pipeline_sim.study.records_check import Line

if TYPE_CHECKING:
    import pandas as pd


def write_answer(folder: Path, answer: Answer) -> None:
    """Everything that a comparison has to say."""
    write_csv(folder / "comparison.csv", tables.estimates_frame(answer))
    write_csv(folder / "by_year.csv", tables.yearly_frame(answer))
    write_csv(folder / "who_gains.csv", tables.gains_frame(answer))
    write_csv(folder / "prices.csv", tables.prices_frame(answer), "%.2f")  # pounds and pence
    write_text(folder / "finding.txt", f"{answer.study.question}\n\n{finding(answer)}\n")
    drawn = recovery(answer)
    for kind in ("png", "svg"):
        write_bytes(folder / f"recovery.{kind}", save_bytes(drawn, kind))


def write_records_check(path: Path, lines: list[Line]) -> None:
    """Model beside record as CSV."""
    import pandas as pd

    rows = [(*line, line.difference, line.is_inside) for line in lines]
    write_csv(path, pd.DataFrame(rows, columns=[*Line._fields, "difference", "is_inside"]))


def write_csv(path: Path, table: "pd.DataFrame", numbers: str = "%.6g") -> None:
    """A table as CSV, six significant digits unless said otherwise."""
    write_text(path, table.to_csv(index=False, float_format=numbers))


def write_bytes(path: Path, content: bytes) -> None:
    """A file whole or not at all."""
    write_whole(path, lambda file: file.write(content))
