"""The command `interventions`: what recovery money can buy, at what price, up to what ceiling, and for whom."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.console import console, print_rows
from pipeline_sim.cli.terminal.default_paths import shipped
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import world_paths

if TYPE_CHECKING:
    from pipeline_sim.world.schema.interventions import AnyEntry
    from pipeline_sim.world.schema.world import World

COLUMNS = ("intervention", "what it is", "unit", "GBP a unit", "ceiling", "for", "what it does", "grade")
MAX_CELL = 44
LAYERS = ("england.toml", "costs.toml", "interventions.toml")
EVIDENCE = "evidence/intervention_evidence.csv"
MONTH_OF_EXTENSION = "a month of extension"


def interventions(
    name: Annotated[
        str | None,
        typer.Argument(help="Intervention to show in full, or specialty to list those for it; none: all."),
    ] = None,
    world: Annotated[
        list[Path] | None,
        typer.Option("--world", help="World files; those supplied by default. May be repeated.", callback=world_paths),
    ] = None,
) -> None:
    """List what recovery money can buy: unit, price, ceiling, for whom, what it does, grade."""
    from pipeline_sim.study.study_error import StudyError
    from pipeline_sim.world.interventions.spending import entry_of
    from pipeline_sim.world.loading.load_world import load_world

    loaded = load_world(*(world or [Path(shipped(layer)) for layer in LAYERS]))
    note_edited([loaded])
    if loaded.interventions is None:
        raise StudyError(f"{loaded.name} has no [interventions]: name a file that has with --world")
    group = group_of(loaded, name)
    if name is not None and group is None:
        entry = entry_of(loaded.interventions, name)
        for label, text in zip(COLUMNS, cells(loaded, name, entry), strict=True):
            console().print(f"{label}: {text}", soft_wrap=True)
        for line in evidence_lines(loaded, entry):
            console().print(line, soft_wrap=True)
        return
    catalogue = loaded.interventions
    served = {each: catalogue.group_names(entry.groups) for each, entry in catalogue.entries.items()}
    rows = [cells(loaded, each, catalogue.entries[each]) for each in served if group is None or group in served[each]]
    whom = "" if group is None else f" for {group}"
    title = f"{len(rows)} interventions{whom}; `interventions NAME` shows one in full, with its evidence"
    print_rows(title, COLUMNS, rows, MAX_CELL if sys.stdout.isatty() else None)


def group_of(world: World, name: str | None) -> str | None:
    """Specialty group that a name is, or to whose programmes it belongs: what can be bought for it is listed."""
    groups = {group.id: group.id for group in world.groups}
    return (groups | {each.id: each.group for each in world.programmes}).get(name or "")


def cells(world: World, name: str, entry: AnyEntry) -> tuple[str, ...]:
    """Texts of an intervention, one a column."""
    from pipeline_sim.report.stress_des.intervention_tables import effects
    from pipeline_sim.report.text.number_format import with_range

    price = with_range(entry.unit_cost) if entry.unit_cost is not None else MONTH_OF_EXTENSION
    ceiling = f"{with_range(entry.ceiling)} {entry.ceiling.unit}" if entry.ceiling is not None else "none"
    unit = entry.unit if entry.bought_unit == entry.unit else f"{entry.unit}, sold as a {entry.bought_unit}"
    whom, does = ", ".join(entry.groups), "; ".join(effects(entry))
    return name, entry.label, unit, price, ceiling, whom, does, grades(world, entry)


def grades(world: World, entry: AnyEntry) -> str:
    """Grade of the effect, which no source measures on reviews, and of the evidence on learning behind it."""
    found = [row["grade"] for row in evidence_rows(world, entry)]
    return f"C; on learning {', '.join(sorted(set(found)))}" if found else "C; no source"


def evidence_rows(world: World, entry: AnyEntry) -> list[dict[str, str]]:
    """Rows of the table of evidence that an intervention names."""
    from pipeline_sim.world.reading.csv_tables import read_rows

    rows = read_rows(world.evidence(EVIDENCE)) if entry.evidence else []
    return [row for row in rows if row["intervention"] in entry.evidence]


def evidence_lines(world: World, entry: AnyEntry) -> list[str]:
    """Lines on the note of an intervention and on every source behind it."""
    notes = [f"note: {entry.note}"] if entry.note else []
    return notes + [
        f"evidence (grade {row['grade']}): {row['intervention']}, {row['setting']}, {row['design']}: {row['effect']}; "
        f"{row['source_url']}"
        for row in evidence_rows(world, entry)
    ]
