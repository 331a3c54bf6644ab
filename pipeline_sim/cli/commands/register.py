"""The command `register`: every assumption with its owner, review date and measured influence on the answer."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.console import print_rows
from pipeline_sim.cli.terminal.default_paths import register_folder
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import Mix, RegisterFolder, world_paths
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    from pipeline_sim.world.register.assumption_register import Register
    from pipeline_sim.world.register.recorded_influence import FactorInfluence, InfluenceTable
    from pipeline_sim.world.register.register_rows import RegisterRow

MEASURES = ("influence", "interval", "rank", "beyond_luck")
SHOWN = ("parameter", "value", "low", "high", "unit", "grade", "provenance", "owner", "sunset")  # on a terminal
MAX_CELL = 28  # characters of a cell on a terminal


def register(
    world: Annotated[
        list[Path] | None, typer.Argument(help="World files; all those supplied by default.", callback=world_paths)
    ] = None,
    mix: Mix = None,
    find: Annotated[str, typer.Option(help="Only rows that contain this text.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Check that the register is complete and in date.")] = False,
    on: Annotated[str, typer.Option(help="Date to compare review dates with; today by default.")] = "",
    folder: RegisterFolder = None,
) -> None:
    """List every assumption with range, grade, owner, review date and influence.

    CSV if not on a terminal. A register that is incomplete, or with a review date that has passed, is refused.
    """
    from pipeline_sim.world.loading.load_world import load_world
    from pipeline_sim.world.register.assumption_register import load_register
    from pipeline_sim.world.register.recorded_influence import load_influence
    from pipeline_sim.world.register.register_check import (
        check_influence,
        check_register,
        check_sunsets,
        outdated_influences,
    )
    from pipeline_sim.world.register.register_rows import rows_of, shipped_worlds

    today, home = date_of(on), register_folder(folder)
    entries = load_register(home)
    check_sunsets(entries, today)
    influence = load_influence(home)
    if world or mix:
        worlds = [load_world(*(world or ()), mix=mix)]
        rows = rows_of(entries, worlds[0])
    else:
        worlds = shipped_worlds(entries)
        rows = check_register(entries, worlds)
        check_influence(entries, worlds[0], influence)
    note_edited(worlds)
    outdated = outdated_influences(entries, worlds[0], influence) if influence is not None else []
    if check:
        print(summary(entries, len(rows), outdated))
    else:
        print_register(rows, influence, outdated, find.lower())


def date_of(text: str) -> date:
    """Date of an option, today if it is empty; StudyError if it is no date."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise StudyError(f"on is {text}, should be a date such as 2027-05-01") from None


def summary(register: Register, count: int, outdated: list[str]) -> str:
    """Size of the register, its next review date and the entries whose influence is outdated, in one line."""
    first, name = min((entry.sunset, name) for name, entry in register.entries.items())
    text = f"{count} assumptions in {len(register.entries)} entries, complete and in date; next is {name}, {first}"
    return f"{text}; influence measured before these changed: {', '.join(outdated)}" if outdated else text


def print_register(rows: list[RegisterRow], influence: InfluenceTable | None, outdated: list[str], find: str) -> None:
    """Print the rows that contain a text: the main columns on a terminal, else all columns as CSV."""
    from pipeline_sim.world.register.register_rows import RegisterRow

    outcomes = influence.outcomes if influence is not None else ()
    measures = [f"{measure}_{outcome}" for outcome in outcomes for measure in MEASURES]
    columns = [*RegisterRow._fields, *measures, "measured_with"]
    cells = [
        (*(" ".join(str(cell).split()) for cell in row), *influence_cells(row, influence, outdated)) for row in rows
    ]
    found = [row for row in cells if any(find in cell.lower() for cell in row)]
    if not sys.stdout.isatty():
        print_rows("", columns, found, None)
        return
    shown = [columns.index(name) for name in (*SHOWN, *[name for name in columns if name.startswith("rank_")][:1])]
    title, names = f"{len(found)} of {len(rows)} assumptions", [columns[index].replace("_", " ") for index in shown]
    print_rows(title, names, [[row[index] for index in shown] for row in found], MAX_CELL)


def influence_cells(row: RegisterRow, influence: InfluenceTable | None, outdated: list[str]) -> tuple[str, ...]:
    """Cells of a row: its influence on each outcome, and whether that was measured alone or with its entry."""
    from pipeline_sim.world.register.recorded_influence import ENTRY

    if influence is None or row.distribution not in ("triangular", "elicited"):
        return (*[""] * len(MEASURES) * len(influence.outcomes if influence else ()), "not drawn")
    factors = [influence.influence_of(row.parameter, row.entry, outcome) for outcome in influence.outcomes]
    level = factors[0].level if factors[0] is not None else ""
    how = {ENTRY: "its entry", "": "not measured"}.get(level, "itself")
    cells = (cell for factor in factors for cell in factor_cells(factor))
    return (*cells, f"{how}, stale" if row.entry in outdated else how)


def factor_cells(factor: FactorInfluence | None) -> tuple[str, ...]:
    """Cells of one factor, empty where it was not measured."""
    if factor is None:
        return ("",) * len(MEASURES)
    return f"{factor.size:g}", f"{factor.interval:g}", str(factor.rank), "yes" if factor.beyond_luck else "no"
