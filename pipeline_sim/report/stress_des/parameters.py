"""Section 3 and annex: sources and pre-processing of the inputs, and every input."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline_sim.report.stress_des.read_source import modules_naming
from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import Table, first_line, prose, shown_file
from pipeline_sim.report.text.number_format import range_text, value_text
from pipeline_sim.study.replication.parameter_draws import uncertain_parameters
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.reading.csv_row import TEXT
from pipeline_sim.world.reading.pydantic_errors import below
from pipeline_sim.world.reading.sources import EVIDENCE, figures
from pipeline_sim.world.schema.sourced_value import ASSUMPTION
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, shown_path

GRADES = ("A", "B", "C")
SOURCES = ("source_url", "source")  # columns of an evidence file that name the source of a row


def facts(subject: Subject) -> dict[str, Any]:
    """Facts for the templates of section 3 and the annex."""
    world, study = subject.world, subject.study
    fixed = tuple(study.held) if study else ()
    by_grade = Counter[str](figure.grade for _, figure in figures(world))
    return {
        "grades": {grade: by_grade[grade] for grade in GRADES},
        "figure_count": sum(by_grade.values()),
        "assumed_count": sum(figure.source == ASSUMPTION for _, figure in figures(world)),
        "uncertain_count": len(uncertain_paths(subject, fixed)),
        "fixed": fixed,
        "evidence": evidence(world),
        "declared": declared(world),
        "sheets": sheets(world),
        "method": prose(build_population.__doc__),
        "sections": sections(world),
        "every_figure": every_figure(world),
    }


def uncertain_paths(subject: Subject, fixed: tuple[str, ...]) -> set[KeyPath]:
    """Key paths of the parameters that a draw of the study samples; of the world without a study."""
    worlds = [subject.world_of(name) for name in subject.worlds] or [subject.world]
    return {each.path for world in worlds for each in uncertain_parameters(world, fixed)}


def evidence(world: World) -> Table:
    """Table of the evidence files: rows, sources named, figures that cite them."""
    cited = Counter(figure.source for _, figure in figures(world))
    tables = [cell for file in world.files.values() for row in read(file) for cell in row.values()]
    folder = next((at / EVIDENCE for at in world.folders if (at / EVIDENCE).is_dir()), None)
    rows = []
    for file in sorted(folder.glob("*.csv")) if folder else ():
        cells, name = read(file), EVIDENCE + file.name
        named = {row[column] for row in cells for column in SOURCES if row.get(column)}
        counts = (len(cells), len(named), cited[name], sum(name in cell for cell in tables))
        modules = ", ".join(f"`{module}`" for module in modules_naming(file.name))
        rows.append((f"`{shown_file(file)}`", *(f"{each:,}" for each in counts), modules))
    head = ("file", "rows", "sources named", "figures that cite it", "rows of tables", "named in modules")
    return Table(head, rows)


def declared(world: World) -> Table:
    """Table of the sources that are not files."""
    rows = [(f"`{name}`", each.title, each.url or "", each.note or "") for name, each in world.sources.items()]
    return Table(("source", "title", "address", "note"), rows)


def sheets(world: World) -> Table:
    """Table of the CSV tables of a world: rows and grades."""
    rows = []
    for name, file in world.files.items():
        cells = read(file)
        by_grade = Counter(row.get("grade") for row in cells)
        rows.append((name, f"`{shown_file(file)}`", f"{len(cells):,}", *(str(by_grade[grade]) for grade in GRADES)))
    return Table(("table", "file", "rows", *GRADES), rows)


def read(file: Path) -> list[dict[str, str]]:
    """Rows of a CSV file as dictionaries by column."""
    with file.open(encoding=TEXT, errors="replace", newline="") as lines:
        return list(csv.DictReader(lines, restkey="", restval=""))


def sections(world: World) -> Table:
    """Table of the numbers of figures by section of the world."""
    by: dict[str, Counter[str]] = {}
    for path, figure in figures(world):
        by.setdefault(str(path[0]), Counter())[figure.grade] += 1
    rows = []
    for name, counts in by.items():
        counted = (str(sum(counts.values())), *(str(counts[grade]) for grade in GRADES))
        rows.append((f"`{name}`", section_docstring(below(World, name)), *counted))
    return Table(("table", "contents", "figures", *GRADES), rows)


def section_docstring(kinds: Iterable[Any]) -> str:
    """First docstring line of a schema section, or of the entries of a list."""
    kind = next(iter(kinds))
    inner = next(iter(below(kind, 0)), kind)
    return first_line(inner.__doc__) if inner is not type(None) else ""


def every_figure(world: World) -> Table:
    """Table of all figures with value, range, unit, source and grade."""
    rows = []
    for path, figure in figures(world):
        span, note = range_text(figure), figure.note or ""
        source = figure.source.removeprefix(EVIDENCE)
        rows.append((figure_name(world, path), value_text(figure.value), span, figure.unit, source, figure.grade, note))
    return Table(("figure", "value", "low to high", "unit", "source", "grade", "note"), rows)


def figure_name(world: World, path: KeyPath) -> str:
    """Key path of a figure, with the name of the list entry if in one."""
    place = next((at for at, part in enumerate(path) if isinstance(part, int)), None)
    if place is None:
        return f"`{shown_path(path)}`"
    entry: Any = world
    for part in path[: place + 1]:
        entry = entry[part] if isinstance(part, int) else getattr(entry, part)
    return f"`{shown_path(path)}` {getattr(entry, 'id', '')}"
