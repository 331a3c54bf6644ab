"""The command describe: what a world assumes, figure by figure; or the whole model report."""

import csv
import shlex
import sys
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.cli.terminal.console import console
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.world_error import shown_path

COLUMNS = ("assumption", "value", "unit", "low", "high", "grade", "source", "note")
MOST_SHOWN = 48  # characters of a value on a terminal
GRADES = ("", "A", "B", "C")
TABLE, CSV, STRESS_DES = "table", "csv", "stress-des"
CONFIGS = Path("configs")
ENGLAND = tuple(CONFIGS / f"{name}.toml" for name in ("england", "covid", "interventions", "costs"))
STUDY = Path("experiments/recovery_25m")


class DescribeRequest(NamedTuple):
    """What was asked for."""

    layers: tuple[Path, ...]
    mix: Path | None
    form: str | None
    find: str
    grade: str
    study: Path | None


def describe(request: DescribeRequest) -> None:
    """Print the figures that fit, or the report; England with COVID, interventions and costs if no world is named."""
    check(request)
    if request.form == STRESS_DES:
        print_report(request)
        return
    world = load_world(*(request.layers or ENGLAND), mix=request.mix)
    rows = [_row(shown_path(path), figure) for path, figure in figures(world)]
    wanted = [row for row in rows if _fits(row, request.find.lower(), request.grade.upper())]
    if request.form == TABLE or (request.form is None and sys.stdout.isatty()):
        _show(world.name, wanted, len(rows))
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(wanted)


def check(request: DescribeRequest) -> None:
    """Refuses options that do not go together."""
    if request.grade.upper() not in GRADES:
        raise StudyError(f"grade is {request.grade}, should be A, B or C")
    if request.form == STRESS_DES and (request.find or request.grade):
        raise StudyError(f"--find and --grade are for the list of figures, not for --format {STRESS_DES}")
    if request.form != STRESS_DES and request.study is not None:
        raise StudyError(f"--study is for the model report: add --format {STRESS_DES}")


def print_report(request: DescribeRequest) -> None:
    """The model report; with the study of this project, unless another world is named."""
    from pipeline_sim.report.stress_des.document import model_report
    from pipeline_sim.report.stress_des.subject import subject_of

    study = request.study or (None if request.layers else STUDY)
    if study is not None and study.is_dir():
        study /= "study.toml"
    subject = subject_of(request.layers or ENGLAND, request.mix, study)
    sys.stdout.write(model_report(subject, command_of(request)))


def command_of(request: DescribeRequest) -> str:
    """What to type to print the same report."""
    words = ["pipeline-sim", "describe", *map(str, request.layers)]
    words += ["--mix", str(request.mix)] if request.mix else []
    words += ["--study", str(request.study)] if request.study else []
    return shlex.join([*words, "--format", STRESS_DES])


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
