"""Checks of the rules of tables: a rule for a table or column that does not exist would check nothing."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple, get_args

from pipeline_sim.world.reading.csv_sections import TABLES, columns
from pipeline_sim.world.reading.csv_tables import cached_rows
from pipeline_sim.world.reading.sources import EVIDENCE
from pipeline_sim.world.reading.table_rules import TableRules
from pipeline_sim.world.schema.world import Table, World
from pipeline_sim.world.world_error import KeyPath

SECTION = "world."
SIMILAR = 0.8  # a range may be absent from a table, so a name in its rule is refused only beside one like it


class ColumnName(NamedTuple):
    """Name of a column in a rule, and whether the table may be without it."""

    path: KeyPath
    name: str
    absent: bool = False


def check_rule_tables(world: World, every: Iterable[TableRules], tables: Iterable[str]) -> None:
    """Check that rules are for tables that exist, used by this world or not; raises WorldError."""
    sections = {f"{SECTION}{key}" for key in TABLES}
    known = {*tables, *sections, *get_args(Table), *evidence_names(world)}
    for rules in every:
        own = {file.stem for file in rules.file.parent.glob("*.csv")}
        if rules.table not in known | own:
            raise rules.error((), "there is no such table", sorted(known | own), rules.table)


def check_rule_columns(world: World, rules: TableRules, file: Path) -> None:
    """Check that the columns and tables named in the rules of a table exist; raises WorldError."""
    heading = heading_of(file, rules.table)
    for path, name, absent in names_in(rules) if heading else ():
        odd = name not in heading and name not in rules.columns
        if odd and (not absent or get_close_matches(name, heading, 1, SIMILAR)):
            raise rules.error(path, f"'{name}' is no column of {file}", heading, name)
    known = {*evidence_names(world), *world.files}
    for path, table, column in others_in(rules):
        if table not in known:
            raise rules.error(path, f"there is no table '{table}'", sorted(known), table)
        other = world.evidence(f"{EVIDENCE}{table}.csv")
        heading = heading_of(other, table)
        if heading and column not in heading:
            raise rules.error(path, f"'{column}' is no column of {other}", heading, column)


def evidence_names(world: World) -> set[str]:
    """Names of the tables of evidence beside the files of a world."""
    return {file.stem for folder in world.folders for file in (folder / EVIDENCE).glob("*.csv")}


def heading_of(file: Path, table: str) -> list[str]:
    """Columns of a table, or those that a section of the world may have; none of a table without rows."""
    if table.startswith(SECTION):
        return sorted(columns(TABLES[table.removeprefix(SECTION)]))
    rows = cached_rows(file)
    return list(rows[0]) if rows else []


def names_in(rules: TableRules) -> Iterator[ColumnName]:
    """Names of columns in the rules of a table."""
    yield from (ColumnName(("key",), name) for name in rules.key)
    yield from (ColumnName(("within", at), name, True) for at, each in enumerate(rules.within) for name in each)
    for at, spread in enumerate(rules.spreads):
        yield from (ColumnName(("spreads", at), name, True) for name in (spread.low, spread.high))
    if rules.steps is not None:
        yield from (ColumnName(("steps",), name) for name in (rules.steps.column, rules.steps.by) if name)
    named: dict[str, list[tuple[str, ...]]] = {
        "totals": [(*each.parts, each.total) for each in rules.totals],
        "shares": [(each.share, each.part, *each.whole) for each in rules.shares],
        "indices": [(each.index, each.of, each.month) for each in rules.indices],
        "jumps": [(*each.columns, each.along, each.by, each.share_of) for each in rules.jumps],
        "filled": [(*each.columns, each.where) for each in rules.filled],
        "cited": [(each.column,) for each in rules.cited],
    }
    for key, rows in named.items():
        yield from (ColumnName((key, at), name) for at, row in enumerate(rows) for name in row if name)
    for column, rule in rules.columns.items():
        yield from [ColumnName(("columns", column, "or_else"), rule.or_else)] if rule.or_else else []


def others_in(rules: TableRules) -> Iterator[tuple[KeyPath, str, str]]:
    """Other tables and their columns that the rules of a table name."""
    yield from ((("cited", at), each.table, each.among) for at, each in enumerate(rules.cited))
    for column, rule in rules.columns.items():
        if rule.found_in is not None:
            yield ("columns", column, "found_in"), *rule.found_in
