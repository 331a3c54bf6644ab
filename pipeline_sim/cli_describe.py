"""The command describe: what a world assumes, figure by figure."""

import csv
import sys
from pathlib import Path
from typing import Any

from pipeline_sim.cli_console import console
from pipeline_sim.study.errors import StudyError
from pipeline_sim.world.errors import shown_path
from pipeline_sim.world.load import load_world
from pipeline_sim.world.sources import figures

COLUMNS = ("assumption", "value", "unit", "low", "high", "grade", "source", "note")
MOST_SHOWN = 48  # characters of a value on a terminal
GRADES = ("", "A", "B", "C")


def describe_world(layers: tuple[Path, ...], mix: Path | None, find: str, grade: str) -> None:
    """Print every figure that fits."""
    if grade.upper() not in GRADES:
        raise StudyError(f"grade is {grade}, should be A, B or C")
    world = load_world(*layers, mix=mix)
    rows = [_row(shown_path(path), figure) for path, figure in figures(world)]
    wanted = [row for row in rows if _fits(row, find.lower(), grade.upper())]
    if sys.stdout.isatty():
        _show(world.name, wanted, len(rows))
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(wanted)


def _row(path: str, figure: Any) -> tuple[str, ...]:
    bounds = figure.bounds()
    low, high = bounds if bounds is not None else ("", "")
    texts = (path, figure.value, figure.unit, low, high, figure.grade, figure.source, figure.note or "")
    return tuple(" ".join(str(text).split()) for text in texts)


def _fits(row: tuple[str, ...], find: str, grade: str) -> bool:
    return (not grade or row[5] == grade) and (not find or any(find in cell.lower() for cell in row))


def _show(name: str, rows: list[tuple[str, ...]], count: int) -> None:
    from rich.table import Table

    table = Table(title=f"{name}: {len(rows)} of {count} figures", title_justify="left", box=None, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell if len(cell) <= MOST_SHOWN else f"{cell[: MOST_SHOWN - 1]}…" for cell in row))
    console().print(table)
