"""The command `describe`: the assumptions of a world, figure by figure, or the whole model report."""

from __future__ import annotations

import shlex
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import print_rows
from pipeline_sim.cli.terminal.default_paths import default_study, shipped
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import Mix, study_path, world_paths
from pipeline_sim.study.study_error import StudyError

COLUMNS = ("assumption", "value", "unit", "low", "high", "shape", "grade", "source", "note")
MAX_CELL = 48  # characters of a value on a terminal
GRADES = ("", "A", "B", "C")
FORMATS = TABLE, CSV, STRESS_DES = "table", "csv", "stress-des"
ENGLAND = ("england.toml", "covid.toml", "interventions.toml", "costs.toml")


def checked_format(name: str | None) -> str | None:
    """Format of the list; none means a table on a terminal, else CSV. BadParameter for any other."""
    if name is None or name in FORMATS:
        return name
    close = get_close_matches(name, FORMATS, n=1, cutoff=0.5)
    hint = f"nearest is {close[0]}" if close else f"known are {', '.join(FORMATS)}"
    raise typer.BadParameter(f"no format {name}; {hint}")


def describe(
    context: typer.Context,
    world: Annotated[
        list[Path] | None,
        typer.Argument(help="World files; England with COVID and a catalogue by default.", callback=world_paths),
    ] = None,
    mix: Mix = None,
    study: Annotated[Path | None, typer.Option(help="Study of the model report.", callback=study_path)] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="table, csv, or stress-des for the model report.", callback=checked_format),
    ] = None,
    find: Annotated[str, typer.Option(help="Only keys, units and sources that contain this text.")] = "",
    grade: Annotated[str, typer.Option(help="Only figures of this grade: A, B or C.")] = "",
) -> None:
    """List the assumptions of a world, or print the model report.

    Every figure has its unit, range, source and grade.
    """
    check_options(form, study, find, grade)
    if form == STRESS_DES:
        print_report(tuple(world or ()), mix, study, command_of(context))
        return
    from pipeline_sim.world.loading.load_world import load_world
    from pipeline_sim.world.reading.sources import figures
    from pipeline_sim.world.world_error import shown_path

    loaded = load_world(*(world or england()), mix=mix)
    note_edited([loaded])
    rows = [cells_of(shown_path(path), figure) for path, figure in figures(loaded)]
    shown = [row for row in rows if grade.upper() in ("", row[6]) and any(find.lower() in cell.lower() for cell in row)]
    as_table = form == TABLE or (form is None and sys.stdout.isatty())
    print_rows(f"{loaded.name}: {len(shown)} of {len(rows)} figures", COLUMNS, shown, MAX_CELL if as_table else None)


def england() -> tuple[Path, ...]:
    """World files that are described where none is named."""
    return tuple(Path(shipped(name)) for name in ENGLAND)


def check_options(form: str | None, study: Path | None, find: str, grade: str) -> None:
    """Check that the options go together; StudyError if they do not."""
    if grade.upper() not in GRADES:
        raise StudyError(f"grade is {grade}, should be A, B or C")
    if form == STRESS_DES and (find or grade):
        raise StudyError(f"--find and --grade are for the list of figures, not for --format {STRESS_DES}")
    if form != STRESS_DES and study is not None:
        raise StudyError(f"--study is for the model report: add --format {STRESS_DES}")


def print_report(layers: tuple[Path, ...], mix: Path | None, study: Path | None, command: list[str]) -> None:
    """Print the model report, with the study of this project unless another world is named."""
    from pipeline_sim.report.stress_des.document import model_report
    from pipeline_sim.report.stress_des.subject import subject_of

    subject = subject_of(layers or england(), mix, study or (None if layers else default_study(None)))
    sys.stdout.write(model_report(subject, shlex.join(command)))


def cells_of(path: str, figure: Any) -> tuple[str, ...]:
    """Texts of a figure, one a column."""
    bounds = figure.bounds()
    low, high = bounds if bounds is not None else ("", "")
    shape = "elicited" if figure.quantiles else "triangular" if figure.grade == "C" and low != high else ""
    texts = (path, figure.value, figure.unit, low, high, shape, figure.grade, figure.source, figure.note or "")
    return tuple(" ".join(str(text).split()) for text in texts)
