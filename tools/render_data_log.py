"""The data log: every table of evidence, what it holds, whence, how sure, and which assumptions rest on it.

    python -m tools.render_data_log [REGISTER]

It is printed into docs/data_log.md from the tables, from `data.toml` beside the register, and from the figures that
cite them; a test compares the two.
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
from pipeline_sim.world.reading.csv_tables import Cells, read_rows
from pipeline_sim.world.reading.layers import read_toml
from pipeline_sim.world.reading.pydantic_errors import in_plain_words
from pipeline_sim.world.reading.sources import EVIDENCE
from pipeline_sim.world.register.assumption_register import Register, load_register
from pipeline_sim.world.register.register_rows import FILES, items_of, shipped_worlds
from pipeline_sim.world.schema.sourced_value import Frozen
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import nearest, world_error

DATA = "data.toml"
SOURCES = ("source_url", "source", "anchor", "reasoning")  # columns that may tell one, the best first
PLACE = re.compile(r"https?://(?:www\.)?([^/\s;,]+)")
GRADE = re.compile(r"\s*([ABC]([/ (;].*)?)?$")  # A, A/B, B (fill), nothing
MOST_SOURCES = 3
NO_SOURCE = {"", "same", "as above", "none", "raw"}
HEAD = ("table", "holds", "rows", "found at", "grades", "rests on it")
HEADING = """# Data log

Every table of `configs/evidence`: what it holds, where that was found, how sure it is, and what rests on it: entries of
the register of assumptions, with how many figures and rows of tables cite it. Grade A was found at first hand, B at
second hand, C is assumed or estimated. Printed by `python -m tools.render_data_log`; not to be edited."""


class Held(Frozen):
    """What is said of a table by hand."""

    holds: Annotated[str, Field(min_length=20)]
    also: Annotated[str, Field(min_length=1)] | None = None  # what else uses it, besides figures that cite it


def load_held(path: Path, tables: Sequence[str]) -> dict[str, Held]:
    """What the data file says of every table; WorldError names one that it leaves out or that is not there."""
    found = {}
    for name, tree in read_toml(path).items():
        if name not in tables:
            close = nearest(name, tables)
            raise world_error(path, (name,), "there is no such table" + (f"; nearest is '{close}'" if close else ""))
        try:
            found[name] = Held.model_validate(tree)
        except ValidationError as problem:
            first = problem.errors()[0]
            raise world_error(path, (name, *first["loc"]), in_plain_words(first)) from None
    left_out = [name for name in tables if name not in found]
    if left_out:
        raise world_error(path, (left_out[0],), "is missing: say what the table holds")
    return found


def data_log(folder: Path) -> str:
    """The log as Markdown; `folder` holds the register."""
    register = load_register(folder)
    worlds = shipped_worlds(register)
    tables = {path.name: read_rows(path) for path in sorted((folder.parent / EVIDENCE).glob("*.csv"))}
    held = load_held(folder / DATA, list(tables))
    users = users_of(register, worlds)
    rows = [
        (f"`{name}`", held[name].holds, str(len(lines)), sources(lines), grades(lines), _used(users, name, held[name]))
        for name, lines in tables.items()
    ]
    total = sum(len(lines) for lines in tables.values())
    said = f"{len(tables)} tables, {total:,} rows."
    lines = [
        ("table", "holds", "rows", "found at", "grades", "rests on it"),
        ("---", "---", "---:", "---", "---", "---"),
    ]
    return "\n\n".join([HEADING, said, "\n".join(f"| {' | '.join(line)} |" for line in [*lines, *rows])])


def users_of(register: Register, worlds: Sequence[World]) -> Mapping[str, Counter[str]]:
    """By table of evidence: how many figures and rows of tables cite it, by the entry of the register."""
    cited: dict[str, dict[str, set[str]]] = {}
    for item in (item for world in worlds for item in items_of(world)):
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


def sources(rows: Sequence[Cells]) -> str:
    """Where most of a table was found, and how many places there are."""
    column = next((name for name in SOURCES if rows and name in rows[0]), None)
    if column is None:
        return "not told row by row"
    count = Counter(place for row in rows if (place := _place(row[column])) not in NO_SOURCE)
    if not count:
        return "judged, not found"
    first = [name for name, _ in count.most_common(MOST_SOURCES)]
    more = len(count) - len(first)
    return listed([*first, f"{more} more"] if more else first)


def grades(rows: Sequence[Cells]) -> str:
    """How many rows have each grade; in some tables `grade` is that of the doctor, and another column is meant."""
    columns = [name for name in rows[0] if name.startswith("grade")]
    column = next((name for name in columns if all(GRADE.match(row[name]) for row in rows)), None)
    if column is None:
        return f"C {len(rows)}"
    count = Counter(row[column].strip() or "none" for row in rows)
    return ", ".join(f"{grade} {number}" for grade, number in sorted(count.items()))


def _place(text: str) -> str:
    """The site of an address, else the first words of a source."""
    found = PLACE.search(text)
    if found:
        return found[1].lower()
    first = re.split(r"[;:,(]", text.strip())[0].strip()
    return first if len(first) <= 60 else f"{first[:59]}…"


def _used(users: Mapping[str, Counter[str]], name: str, held: Held) -> str:
    count = users.get(name, Counter())
    said = [f"{entry} ({number})" for entry, number in sorted(count.items())]
    return "; ".join([*said, *([held.also] if held.also else [])]) or "nothing"


def main(arguments: Sequence[str], page: Path = Path("docs/data_log.md")) -> None:
    """Print the page."""
    write_text(page, data_log(Path(arguments[0]) if arguments else Path("configs/register")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
