"""Assumptions of a world with their entries in the register."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.csv_tables import cached_rows
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.register.assumption_register import Distribution, Entry, Provenance, Register
from pipeline_sim.world.schema.sourced_value import Sourced, leaves
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, shown_path, world_error

FILES = "files"
UNCERTAIN_GRADE = "C"


class Assumption(NamedTuple):
    """Assumption: a figure, or a table that the world reads."""

    path: KeyPath
    figure: Sourced[Any] | None
    table: Path | None


class AssumptionFields(NamedTuple):
    """Fields of a figure, or of a table as a whole."""

    value: Any
    unit: str
    low: Any
    high: Any
    source: str
    grade: str
    note: str


class RegisterRow(NamedTuple):
    """Row of the register: an assumption and its entry."""

    parameter: str
    value: Any
    unit: str
    low: Any
    high: Any
    distribution: Distribution | Literal["elicited"]  # elicited: by the quantiles of a panel
    source: str
    grade: str
    provenance: Provenance
    rationale: str
    note: str
    owner: str
    sunset: date
    stale_when: str
    entry: str


def assumptions_of(world: World) -> Iterator[Assumption]:
    """Assumptions of a world: figures, then tables."""
    for path, figure in figures(world):
        yield Assumption(path, figure, None)
    for name, table in world.files.items():
        yield Assumption((FILES, name), None, table)


def rows_of(register: Register, world: World) -> list[RegisterRow]:
    """Rows of all assumptions of a world; raises WorldError for one without a fitting entry."""
    return [row_of(register, assumption) for assumption in assumptions_of(world)]


def row_of(register: Register, assumption: Assumption) -> RegisterRow:
    """Row of an assumption, checked against its entry; raises WorldError."""
    path, figure, table = assumption
    name = register.name_of(path)
    if name is None:
        raise world_error(register.path, path, "no entry covers it: add one, or a pattern to an entry")
    entry = register.entries[name]
    if figure is not None:
        check_fit(register, name, entry, path, figure)
    drawn = figure is None or is_uncertain(figure)
    fields = _figure_fields(figure) if figure is not None else _table_fields(table)
    return RegisterRow(
        parameter=shown_path(path),
        **fields._asdict(),
        distribution="elicited" if drawn and figure and figure.quantiles else entry.distribution if drawn else "fixed",
        provenance="observed" if fields.grade == "A" else entry.provenance,
        rationale=entry.rationale,
        owner=entry.owner,
        sunset=entry.sunset,
        stale_when=entry.stale_when,
        entry=name,
    )


def _figure_fields(figure: Sourced[Any]) -> AssumptionFields:
    low, high = figure.bounds() or ("", "")
    return AssumptionFields(figure.value, figure.unit, low, high, figure.source, figure.grade, figure.note or "")


def _table_fields(table: Path | None) -> AssumptionFields:
    rows = cached_rows(table) if table is not None else ()
    grades = "/".join(sorted({row["grade"] for row in rows}))
    return AssumptionFields(
        f"{len(rows)} rows", "table", "", "", table.name if table is not None else "", grades, "row by row"
    )


def is_uncertain(figure: Sourced[Any]) -> bool:
    """True if a figure may be drawn: grade C with a range of positive width."""
    bounds = figure.bounds()
    return figure.grade == UNCERTAIN_GRADE and bounds is not None and leaves(bounds[0]) != leaves(bounds[1])


def check_fit(register: Register, name: str, entry: Entry, path: KeyPath, figure: Sourced[Any]) -> None:
    """Check that an entry agrees with grade and range of a figure; raises WorldError."""
    here = ("entries", name)
    if entry.provenance == "observed" and figure.grade == UNCERTAIN_GRADE:
        problem = f"is 'observed', but {shown_path(path)} is of grade C: estimated, surrogate or assumed would be right"
        raise world_error(register.path, (*here, "provenance"), problem)
    if entry.distribution == "fixed" and is_uncertain(figure):
        problem = f"is 'fixed', but {shown_path(path)} is of grade C and has a range: triangular or held would be right"
        raise world_error(register.path, (*here, "distribution"), problem)


def shipped_worlds(register: Register) -> list[World]:
    """Worlds whose assumptions must all be registered: the main one, then others, scenarios and mixes."""
    here, shipped = register.path.parent, register.shipped
    layers = [here / name for name in shipped.layers]
    worlds = [load_world(*layers), *(load_world(here / other, *layers[1:]) for other in shipped.others)]
    for folder, is_mix in ((shipped.scenarios, False), (shipped.supply, False), (shipped.mixes, True)):
        for path in sorted((here / folder).glob("*.toml")) if folder is not None else ():
            worlds.append(load_world(*layers, mix=path) if is_mix else load_world(*layers, path))
    return worlds
