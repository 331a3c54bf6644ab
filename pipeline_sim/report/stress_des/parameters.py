"""Section 3: where numbers come from, what was done to them, and every one of them."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline_sim.report.stress_des.read_source import modules_naming
from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import Table, first_line, listed, prose, range_text, shown_file, value_text
from pipeline_sim.study.replication.parameter_draws import in_doubt
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.reading.csv_tables import TEXT
from pipeline_sim.world.reading.pydantic_errors import below
from pipeline_sim.world.reading.sources import EVIDENCE, figures
from pipeline_sim.world.schema.sourced_value import ASSUMPTION
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, shown_path

GRADES = ("A", "B", "C")
SOURCES = ("source_url", "source")  # columns of a file of evidence that say where a row was found


def facts(subject: Subject) -> dict[str, Any]:
    """What the templates of section 3 and the annex ask for."""
    world, study = subject.world, subject.study
    held = tuple(study.held) if study else ()
    by_grade = Counter[str](figure.grade for _, figure in figures(world))
    return {
        "grades": {grade: by_grade[grade] for grade in GRADES},
        "figure_count": sum(by_grade.values()),
        "assumed_count": sum(figure.source == ASSUMPTION for _, figure in figures(world)),
        "doubted_count": len(doubted(subject, held)),
        "held": held,
        "evidence": evidence(world),
        "declared": declared(world),
        "sheets": sheets(world),
        "method": prose(build_population.__doc__),
        "sections": sections(world),
        "every_figure": every_figure(world),
    }


def doubted(subject: Subject, held: tuple[str, ...]) -> set[KeyPath]:
    """Key paths of the figures that draws of the study, or of the world where there is none, take from their ranges."""
    worlds = [subject.world_of(name) for name in subject.worlds] or [subject.world]
    return {each.path for world in worlds for each in in_doubt(world, held)}


def evidence(world: World) -> Table:
    """Files of evidence: how much is in them, how many sources they name, and what rests on them."""
    cited = Counter(figure.source for _, figure in figures(world))
    tables = [cell for file in world.files.values() for row in read(file) for cell in row.values()]
    folder = next((at / EVIDENCE for at in world.folders if (at / EVIDENCE).is_dir()), None)
    rows = []
    for file in sorted(folder.glob("*.csv")) if folder else ():
        cells, name = read(file), EVIDENCE + file.name
        named = {row[column] for row in cells for column in SOURCES if row.get(column)}
        found = (len(cells), len(named), cited[name], sum(name in cell for cell in tables))
        modules = listed(f"`{module}`" for module in modules_naming(file.name))
        rows.append((f"`{shown_file(file)}`", *(f"{each:,}" for each in found), modules))
    head = ("file", "rows", "sources named", "figures that rest on it", "rows of tables", "named in the code of")
    return Table(head, rows)


def declared(world: World) -> Table:
    """Sources that are no file."""
    rows = [(f"`{name}`", each.title, each.url or "", each.note or "") for name, each in world.sources.items()]
    return Table(("source", "title", "address", "note"), rows)


def sheets(world: World) -> Table:
    """Tables too long for TOML: what they hold and how well it is known."""
    rows = []
    for name, file in world.files.items():
        cells = read(file)
        by_grade = Counter(row.get("grade") for row in cells)
        rows.append((name, f"`{shown_file(file)}`", f"{len(cells):,}", *(str(by_grade[grade]) for grade in GRADES)))
    return Table(("table", "file", "rows", *GRADES), rows)


def read(file: Path) -> list[dict[str, str]]:
    """Rows of a CSV file by the names of its columns."""
    with file.open(encoding=TEXT, errors="replace", newline="") as lines:
        return list(csv.DictReader(lines, restkey="", restval=""))


def sections(world: World) -> Table:
    """Figures by table of the world, with what the table says."""
    by: dict[str, Counter[str]] = {}
    for path, figure in figures(world):
        by.setdefault(str(path[0]), Counter())[figure.grade] += 1
    rows = []
    for name, found in by.items():
        counted = (str(sum(found.values())), *(str(found[grade]) for grade in GRADES))
        rows.append((f"`{name}`", says(below(World, name)), *counted))
    return Table(("table", "what it says", "figures", *GRADES), rows)


def says(kinds: Iterable[Any]) -> str:
    """First line of the docstring of a table, or of the entries of a list."""
    kind = next(iter(kinds))
    inner = next(iter(below(kind, 0)), kind)
    return first_line(inner.__doc__) if inner is not type(None) else ""


def every_figure(world: World) -> Table:
    """All figures with their value, range, unit, source and grade."""
    rows = []
    for path, figure in figures(world):
        span, note = range_text(figure), figure.note or ""
        source = figure.source.removeprefix(EVIDENCE)
        rows.append((named(world, path), value_text(figure.value), span, figure.unit, source, figure.grade, note))
    return Table(("figure", "value", "low to high", "unit", "source", "grade", "note"), rows)


def named(world: World, path: KeyPath) -> str:
    """A key path; for an entry of a list with the name of the entry."""
    place = next((at for at, part in enumerate(path) if isinstance(part, int)), None)
    if place is None:
        return f"`{shown_path(path)}`"
    entry: Any = world
    for part in path[: place + 1]:
        entry = entry[part] if isinstance(part, int) else getattr(entry, part)
    return f"`{shown_path(path)}` {getattr(entry, 'id', '')}"
