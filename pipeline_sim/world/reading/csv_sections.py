"""CSV tables that are sections of a world: one row is a programme or a part of an exam, as the tree of its TOML table.

Empty cells are left out. Words within a cell are separated by spaces; a gate is written `exam:first:last`.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.world.reading.csv_row import TEXT
from pipeline_sim.world.world_error import KeyPath, world_error

Parser = Callable[[str], Any]


def words(cell: str) -> list[str]:
    """Words of a cell."""
    return cell.split()


def numbers(cell: str) -> list[int]:
    """Whole numbers of a cell."""
    return [int(word) for word in cell.split()]


def gates(cell: str) -> list[dict[str, str | bool]]:
    """Gates of a cell, written `exam:first:last`, with `:entry` for an exam that entrants hold."""
    found = [(word.removesuffix(":entry").split(":"), word.endswith(":entry")) for word in cell.split()]
    return [dict(zip(("exam", "first", "last"), names, strict=True), entry=entry) for names, entry in found]


class Table(NamedTuple):
    """Table definition: plain columns and their parsers, and figures (with cells `x_low`, `x_high`) and their units."""

    plain: dict[str, Parser]
    figures: dict[str, str]


TABLES = {
    "programmes": Table(
        {
            "id": str, "name": str, "stage": str, "group": str, "grades": words, "critical": words, "gates": gates,
            "pattern": str, "stream": str, "stream_after": str, "first_entry": int, "last_entry": int,
            "rounds": words, "note": str,
        },
        {"years": "years"},
    ),
    "exams": Table(
        {"id": str, "exam": str, "needs": words, "name": str, "kind": str, "months": numbers},
        {
            "after": "months", "spread": "months", "result_weeks": "weeks", "pass_first": "chance",
            "max_attempts": "attempts", "held": "share",
        },
    ),
}  # fmt: skip


def columns(table: Table) -> set[str]:
    """Columns that a table may have."""
    parts = {f"{name}{end}" for name in table.figures for end in ("", "_low", "_high", "_source", "_grade")}
    return {*table.plain, *parts, "source", "grade"}


def rows_of(key: str, file: Path, layer: Path) -> list[dict[str, Any]]:
    """Rows of a CSV file as trees; raises WorldError for an unreadable file, column or cell."""
    if key not in TABLES:
        raise world_error(layer, ("tables", key), "is no table", TABLES, key)
    try:
        with file.open(encoding=TEXT, newline="") as handle:
            reader = csv.DictReader(handle)
            rows, heading = list(reader), reader.fieldnames or ()
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise world_error(layer, ("tables", key), f"{file} cannot be read: {reason}") from None
    for name in heading:
        if name not in columns(TABLES[key]):
            raise world_error(file, (key,), f"unknown column '{name}'", sorted(columns(TABLES[key])), name)
    return [tree_of(TABLES[key], row, file, (key, index)) for index, row in enumerate(rows)]


def tree_of(table: Table, row: dict[str, Any], file: Path, path: KeyPath) -> dict[str, Any]:
    """Tree of one row."""
    if None in row or None in row.values():
        raise world_error(file, path, "has not as many cells as the header")
    plain = ((name, parse) for name, parse in table.plain.items() if row.get(name))
    tree = {name: cell_of(parse, row[name], file, (*path, name)) for name, parse in plain}
    for name, unit_name in table.figures.items():
        if row.get(name):
            tree[name] = figure_of(name, unit_name, row, file, path)
    return tree


def figure_of(name: str, unit_name: str, row: dict[str, str], file: Path, path: KeyPath) -> dict[str, Any]:
    """Figure from its columns; `source` and `grade` of the row apply where the figure has none of its own."""
    figure: dict[str, Any] = {"value": cell_of(float, row[name], file, (*path, name)), "unit": unit_name}
    for end in ("low", "high"):
        if row.get(f"{name}_{end}"):
            figure[end] = cell_of(float, row[f"{name}_{end}"], file, (*path, f"{name}_{end}"))
    for end in ("source", "grade"):
        cell = row.get(f"{name}_{end}") or row.get(end)
        if cell:
            figure[end] = cell
    return figure


def cell_of(parse: Parser, cell: str, file: Path, path: KeyPath) -> Any:
    """Parsed cell; raises WorldError."""
    try:
        return parse(cell)
    except ValueError:
        form = "exam:first:last, perhaps with :entry"
        wanted = {int: "a whole number", float: "a number", numbers: "whole numbers", gates: form}
        raise world_error(file, path, f"is '{cell}', should be {wanted.get(parse, 'text')}") from None
