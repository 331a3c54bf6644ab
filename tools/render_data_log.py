"""Write the data log: every table of evidence, its contents, source and grade, and the assumptions that use it.

    python -m tools.render_data_log [REGISTER]

docs/data_log.md is made from the tables, from `data.toml` in the folder of the register, and from the figures that cite
them; a test compares the two.
"""

import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.report.text.number_format import listed
from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.csv_tables import read_rows
from pipeline_sim.world.reading.layers import read_toml
from pipeline_sim.world.reading.pydantic_errors import plain_message
from pipeline_sim.world.reading.sources import EVIDENCE
from pipeline_sim.world.register.assumption_register import Register, load_register
from pipeline_sim.world.register.register_rows import FILES, assumptions_of, shipped_worlds
from pipeline_sim.world.schema.sourced_value import Frozen
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import nearest, world_error

DATA = "data.toml"
SOURCES = ("source_url", "source", "anchor", "reasoning")  # columns that may name a source, in order of preference
PLACE = re.compile(r"https?://(?:www\.)?([^/\s;,]+)")
GRADE = re.compile(r"\s*([ABC]([/ (;].*)?)?$")  # A, A/B, B (fill), nothing
MOST_SOURCES = 3
NO_SOURCE = {"", "same", "as above", "none", "raw"}
HEADING = """# Data log

Every table of `configs/evidence`: its contents, source and grade, and what uses it: entries of the register of
assumptions, with the number of figures and rows of tables that cite it. Grade A is a primary source, B a secondary
source, C an assumption or estimate. Printed by `python -m tools.render_data_log`; do not edit."""


class TableEntry(Frozen):
    """Entry of data.toml on a table of evidence."""

    holds: Annotated[str, Field(min_length=20)]
    also: Annotated[str, Field(min_length=1)] | None = None  # other uses than figures that cite it


def load_entries(path: Path, tables: Sequence[str]) -> dict[str, TableEntry]:
    """Entries of data.toml by table; raises WorldError for a missing or an unknown table."""
    found = {}
    for name, tree in read_toml(path).items():
        if name not in tables:
            close = nearest(name, tables)
            raise world_error(path, (name,), "there is no such table" + (f"; nearest is '{close}'" if close else ""))
        try:
            found[name] = TableEntry.model_validate(tree)
        except ValidationError as problem:
            first = problem.errors()[0]
            raise world_error(path, (name, *first["loc"]), plain_message(first)) from None
    left_out = [name for name in tables if name not in found]
    if left_out:
        raise world_error(path, (left_out[0],), "is missing: say what the table holds")
    return found


def data_log(folder: Path) -> str:
    """Data log as Markdown; `folder` is that of the register."""
    register = load_register(folder)
    worlds = shipped_worlds(register)
    tables = {path.name: read_rows(path) for path in sorted((folder.parent / EVIDENCE).glob("*.csv"))}
    entries = load_entries(folder / DATA, list(tables))
    users = users_of(register, worlds)
    rows = [
        (
            f"`{name}`",
            entries[name].holds,
            str(len(lines)),
            sources(lines),
            grades(lines),
            _used(users, name, entries[name]),
        )
        for name, lines in tables.items()
    ]
    total = sum(len(lines) for lines in tables.values())
    totals = f"{len(tables)} tables, {total:,} rows."
    lines = [
        ("table", "contents", "rows", "source", "grades", "used by"),
        ("---", "---", "---:", "---", "---", "---"),
    ]
    return "\n\n".join([HEADING, totals, "\n".join(f"| {' | '.join(line)} |" for line in [*lines, *rows])])


def users_of(register: Register, worlds: Sequence[World]) -> Mapping[str, Counter[str]]:
    """Numbers of figures and rows that cite each table, by entry of the register."""
    cited: dict[str, dict[str, set[str]]] = {}
    for item in (item for world in worlds for item in assumptions_of(world)):
        entry = register.name_of(item.path) or ""
        if item.figure is not None:
            texts = {str(item.path): item.figure.source}
        else:
            texts = {f"{FILES}.{line.line}": line["source"] for line in read_rows(item.table)} if item.table else {}
        for place, text in texts.items():
            if text.startswith(EVIDENCE):
                name = text.removeprefix(EVIDENCE).split(".csv")[0] + ".csv"
                cited.setdefault(name, {}).setdefault(entry, set()).add(place)
    return {name: Counter({entry: len(places) for entry, places in by.items()}) for name, by in cited.items()}


def sources(rows: Sequence[CsvRow]) -> str:
    """Main sources of a table, and the number of others."""
    column = next((name for name in SOURCES if rows and name in rows[0]), None)
    if column is None:
        return "not given by row"
    count = Counter(place for row in rows if (place := _place(row[column])) not in NO_SOURCE)
    if not count:
        return "judgement, no source"
    first = [name for name, _ in count.most_common(MOST_SOURCES)]
    more = len(count) - len(first)
    return listed([*first, f"{more} more"] if more else first)


def grades(rows: Sequence[CsvRow]) -> str:
    """Numbers of rows by grade; where `grade` is that of the doctor another column has it."""
    columns = [name for name in rows[0] if name.startswith("grade")]
    column = next((name for name in columns if all(GRADE.match(row[name]) for row in rows)), None)
    if column is None:
        return f"C {len(rows)}"
    count = Counter(row[column].strip() or "none" for row in rows)
    return ", ".join(f"{grade} {number}" for grade, number in sorted(count.items()))


def _place(text: str) -> str:
    """Site of a web address, else the first words of a source."""
    found = PLACE.search(text)
    if found:
        return found[1].lower()
    first = re.split(r"[;:,(]", text.strip())[0].strip()
    return first if len(first) <= 60 else f"{first[:59]}…"


def _used(users: Mapping[str, Counter[str]], name: str, table: TableEntry) -> str:
    count = users.get(name, Counter())
    entries = [f"{entry} ({number})" for entry, number in sorted(count.items())]
    return "; ".join([*entries, *([table.also] if table.also else [])]) or "nothing"


def main(arguments: Sequence[str], page: Path = Path("docs/data_log.md")) -> None:
    """Write the page."""
    write_text(page, data_log(Path(arguments[0]) if arguments else Path("configs/register")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
