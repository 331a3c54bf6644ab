"""The command register: every assumption, who answers for it, until when, and what the answer owes to it."""

import csv
import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.cli.terminal.console import console
from pipeline_sim.cli.terminal.shipped_files import register_folder
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.register.assumption_register import Register, load_register
from pipeline_sim.world.register.recorded_influence import ENTRY, Measured, Recorded, load_influence
from pipeline_sim.world.register.register_check import check_influence, check_register, check_sunsets, stale
from pipeline_sim.world.register.register_rows import Row, rows_of, shipped_worlds

MEASURES = ("influence", "interval", "rank", "beyond_luck")
SHOWN = ("parameter", "value", "low", "high", "unit", "grade", "provenance", "owner", "sunset")
MOST_SHOWN = 28  # letters of a cell on a terminal


class RegisterRequest(NamedTuple):
    """What of the register is wanted."""

    world: tuple[Path, ...]
    mix: Path | None
    find: str
    check: bool
    on: str
    folder: Path | None


def show_register(request: RegisterRequest) -> None:
    """Check the register, then list it or say that it is whole."""
    today, folder = _day(request.on), register_folder(request.folder)
    register = load_register(folder)
    check_sunsets(register, today)
    recorded = load_influence(folder)
    if request.world or request.mix:
        worlds = [load_world(*request.world, mix=request.mix)]
        rows = rows_of(register, worlds[0])
    else:
        worlds = shipped_worlds(register)
        rows = check_register(register, worlds)
        check_influence(register, worlds[0], recorded)
    old = stale(register, worlds[0], recorded) if recorded is not None else []
    if request.check:
        print(_whole(register, rows, old))
    else:
        _list(request, rows, recorded, old)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise StudyError(f"on is {text}, should be a date such as 2027-05-01") from None


def _whole(register: Register, rows: list[Row], old: list[str]) -> str:
    """The register in a line."""
    first, name = min((entry.sunset, name) for name, entry in register.entries.items())
    said = f"{len(rows)} assumptions in {len(register.entries)} entries, whole and in date; next is {name}, {first}"
    return f"{said}; influence measured before these changed: {', '.join(old)}" if old else said


def _list(request: RegisterRequest, rows: list[Row], recorded: Recorded | None, old: list[str]) -> None:
    outcomes = recorded.outcomes if recorded is not None else ()
    heading = [*Row._fields, *(f"{measure}_{outcome}" for outcome in outcomes for measure in MEASURES), "measured_with"]
    cells = [(*_texts(row), *_measures(row, recorded, old)) for row in rows]
    wanted = [row for row in cells if any(request.find.lower() in cell.lower() for cell in row)]
    if sys.stdout.isatty():
        _show(heading, wanted, len(rows))
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(wanted)


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(" ".join(str(cell).split()) for cell in row)


def _measures(row: Row, recorded: Recorded | None, old: list[str]) -> tuple[str, ...]:
    """What the figure does to each outcome, and whether that was measured alone or with its entry."""
    if recorded is None or row.distribution != "triangular":
        return (*[""] * len(MEASURES) * len(recorded.outcomes if recorded else ()), "not drawn")
    found = [recorded.of(row.parameter, row.entry, outcome) for outcome in recorded.outcomes]
    level = found[0].level if found[0] is not None else ""
    how = {ENTRY: "its entry", "": "not measured"}.get(level, "itself")
    return (*(cell for each in found for cell in _cells(each)), f"{how}, stale" if row.entry in old else how)


def _cells(found: Measured | None) -> tuple[str, ...]:
    if found is None:
        return ("",) * len(MEASURES)
    return f"{found.size:g}", f"{found.interval:g}", str(found.rank), "yes" if found.beyond_luck else "no"


def _show(heading: list[str], rows: list[tuple[str, ...]], count: int) -> None:
    from rich.table import Table

    table = Table(title=f"{len(rows)} of {count} assumptions", title_justify="left", box=None, pad_edge=False)
    ranks = [name for name in heading if name.startswith("rank_")][:1]
    places = [heading.index(name) for name in (*SHOWN, *ranks)]
    for place in places:
        table.add_column(heading[place].replace("_", " "), overflow="fold")
    for row in rows:
        name, *cells = (row[place] for place in places)
        table.add_row(name, *(cell if len(cell) <= MOST_SHOWN else f"{cell[: MOST_SHOWN - 1]}…" for cell in cells))
    console().print(table)
