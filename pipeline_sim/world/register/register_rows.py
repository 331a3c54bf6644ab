"""Every assumption of a world beside what the register says of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.csv_tables import sheet
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.register.assumption_register import Distribution, Entry, Provenance, Register
from pipeline_sim.world.schema.sourced_value import Sourced, leaves
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, shown_path, world_error

FILES = "files"
DOUBTED = "C"


class Item(NamedTuple):
    """A figure, or a table that the world reads."""

    path: KeyPath
    figure: Sourced[Any] | None
    table: Path | None


class Told(NamedTuple):
    """What a figure, or a table as a whole, says of itself."""

    value: Any
    unit: str
    low: Any
    high: Any
    source: str
    grade: str
    note: str


class Row(NamedTuple):
    """One assumption with all that is registered of it."""

    parameter: str
    value: Any
    unit: str
    low: Any
    high: Any
    distribution: Distribution
    source: str
    grade: str
    provenance: Provenance
    rationale: str
    note: str
    owner: str
    sunset: date
    stale_when: str
    entry: str


def items_of(world: World) -> Iterator[Item]:
    """The figures of a world, then its tables."""
    for path, figure in figures(world):
        yield Item(path, figure, None)
    for name, table in world.files.items():
        yield Item((FILES, name), None, table)


def rows_of(register: Register, world: World) -> list[Row]:
    """Every assumption of a world; WorldError names one that no entry covers or whose entry does not fit it."""
    return [row_of(register, item) for item in items_of(world)]


def row_of(register: Register, item: Item) -> Row:
    """One assumption, checked against its entry."""
    name = register.name_of(item.path)
    if name is None:
        raise world_error(register.path, item.path, "no entry covers it: add one, or let an entry claim it")
    entry = register.entries[name]
    if item.figure is not None:
        check_fit(register, name, entry, item.path, item.figure)
    drawn = item.figure is not None and is_in_doubt(item.figure)
    told = _figure(item.figure) if item.figure is not None else _table(item.table)
    return Row(
        parameter=shown_path(item.path),
        **told._asdict(),
        distribution=entry.distribution if drawn or item.figure is None else "fixed",
        provenance="observed" if told.grade == "A" else entry.provenance,
        rationale=entry.rationale,
        owner=entry.owner,
        sunset=entry.sunset,
        stale_when=entry.stale_when,
        entry=name,
    )


def _figure(figure: Sourced[Any]) -> Told:
    low, high = figure.bounds() or ("", "")
    return Told(figure.value, figure.unit, low, high, figure.source, figure.grade, figure.note or "")


def _table(table: Path | None) -> Told:
    rows = sheet(table) if table is not None else ()
    grades = "/".join(sorted({row["grade"] for row in rows}))
    return Told(f"{len(rows)} rows", "table", "", "", table.name if table is not None else "", grades, "row by row")


def is_in_doubt(figure: Sourced[Any]) -> bool:
    """True if a comparison may draw it: grade C and a range that is one."""
    bounds = figure.bounds()
    return figure.grade == DOUBTED and bounds is not None and leaves(bounds[0]) != leaves(bounds[1])


def check_fit(register: Register, name: str, entry: Entry, path: KeyPath, figure: Sourced[Any]) -> None:
    """Refuses an entry that says of a figure what its grade and range do not allow."""
    here = ("entries", name)
    if entry.provenance == "observed" and figure.grade == DOUBTED:
        problem = f"is 'observed', but {shown_path(path)} is of grade C: estimated, surrogate or assumed would be right"
        raise world_error(register.path, (*here, "provenance"), problem)
    if entry.distribution == "fixed" and is_in_doubt(figure):
        problem = f"is 'fixed', but {shown_path(path)} is of grade C and has a range: triangular or held would be right"
        raise world_error(register.path, (*here, "distribution"), problem)


def shipped_worlds(register: Register) -> list[World]:
    """The worlds whose every assumption is to be registered: the whole one first, then others, scenarios and mixes."""
    here, shipped = register.path.parent, register.shipped
    layers = [here / name for name in shipped.layers]
    worlds = [load_world(*layers), *(load_world(here / other, *layers[1:]) for other in shipped.others)]
    for folder, is_mix in ((shipped.scenarios, False), (shipped.mixes, True)):
        for path in sorted((here / folder).glob("*.toml")) if folder is not None else ():
            worlds.append(load_world(*layers, mix=path) if is_mix else load_world(*layers, path))
    return worlds
