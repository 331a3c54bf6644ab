"""Checks of the CSV tables of a world when it is loaded: their rules, their names, and figures cited from evidence."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from pipeline_sim.world.loading.check_table_rules import check_rule_columns, check_rule_tables, evidence_names
from pipeline_sim.world.reading.check_rows import check_rows, is_number, words_of
from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.csv_tables import FileStamp, cached_rows, file_stamp
from pipeline_sim.world.reading.layers import own_tables
from pipeline_sim.world.reading.sources import EVIDENCE, cited_tables
from pipeline_sim.world.reading.table_rules import Cited, TableRules, table_rules
from pipeline_sim.world.schema.world import World, evidence_in
from pipeline_sim.world.world_error import WorldError, hint

ALWAYS = (
    "regions",
    "trainees_by_specialty",
    "applicants_pipeline_by_year",
    "assumptions_grade_C",
)  # read by population
TABLE_NAMED = re.compile(f"{EVIDENCE}[^ :,;]*")
PLAIN = TableRules()  # of a table without rules


def check_tables(world: World, ids: Mapping[str, Iterable[str]]) -> None:
    """Check of every table that a world reads or cites; `ids` are the names known to any layer. Raises WorldError."""
    known, named = table_rules(world.folders), tables_of(world)
    beside = {file.parent: table_rules((file.parent, file.parent.parent)) for _, file in named}
    every = {id(rules): rules for each in (known, *beside.values()) for rules in each.values()}
    check_rule_tables(world, every.values(), (table for table, _ in named))
    tables = [(file, beside[file.parent].get(table) or known.get(table, PLAIN)) for table, file in named]
    for file, rules in tables:
        check_rule_columns(world, rules, file)
        _check_once(file, file_stamp(file), rules)
    for file, rules in tables:
        rows = cached_rows(file)
        for column, rule in rules.columns.items():
            if rule.known:
                check_names(rows, column, {*ids[rule.known], *rule.also}, rule.or_else)
            if rule.found_in:
                check_names(rows, column, {*words_in(world, *rule.found_in), *rule.also})
        for cited in rules.cited:
            check_cited(rows, cited, world)
    for _, file in named:
        check_named_tables(cached_rows(file), world)


def tables_of(world: World) -> list[tuple[str, Path]]:
    """Tables that a world reads or cites, or that lie in its folders of evidence, each with the name of its rules."""
    sections = [(f"world.{key}", file) for layer in world.layers for key, file in own_tables(layer).items()]
    evidence = {*cited_tables(world), *(f"{EVIDENCE}{name}.csv" for name in (*ALWAYS, *evidence_names(world)))}
    return [*sections, *world.files.items(), *((Path(name).stem, world.evidence(name)) for name in sorted(evidence))]


@lru_cache(maxsize=256)
def _check_once(file: Path, _stamp: FileStamp, rules: TableRules) -> None:
    check_rows(cached_rows(file), file, rules)


def words_in(world: World, table: str, column: str) -> set[str]:
    """Words of a column of a table of the world or of its evidence."""
    file = dict(world.files).get(table) or world.evidence(f"{EVIDENCE}{table}.csv")  # type: ignore[call-overload]
    return {row[column] for row in cached_rows(file)}


def check_names(rows: Iterable[CsvRow], column: str, known: set[str], or_else: str = "") -> None:
    """Check that the words of a column, or of another where it is empty, are known; raises WorldError."""
    for row in rows:
        for word in words_of(row, column if row[column] or not or_else else or_else):
            if word not in known:
                raise row.error(f"{column}: '{word}' is nowhere in this world{hint(word, sorted(known))}")


def check_named_tables(rows: Iterable[CsvRow], world: World) -> None:
    """Check that a source that begins with a table of evidence names one that is there; raises WorldError."""
    for row in rows:
        found = TABLE_NAMED.match(row.get("source", ""))
        if found and evidence_in(world.folders, found[0]) is None:
            raise row.error(f"source: there is no file '{found[0]}'{world.near(found[0])}")


def check_cited(rows: Iterable[CsvRow], cited: Cited, world: World) -> None:
    """Check of figures of grade A that cite a row of a table by its year; raises WorldError for a figure not there."""
    table = f"{EVIDENCE}{cited.table}.csv"
    for row in rows:
        before, _, after = row["source"].partition(f"{table} ")
        if row["grade"] == "A" and after and not before:
            file, year = world.evidence(table), after[:4]
            if row.number(cited.column) not in _figures_of(file, file_stamp(file), year, cited.among):
                raise row.wrong(cited.column, f"should be a figure of {year} in {table}, the source of this row")


@lru_cache(maxsize=64)
def _figures_of(file: Path, _stamp: FileStamp, year: str, column: str) -> frozenset[float]:
    rows = (row for row in cached_rows(file) if row["year"] == year and is_number(row[column]))
    figures = frozenset(row.number(column) for row in rows)
    if not figures:
        raise WorldError(f"{file}: no row of {year} has a figure in '{column}'")
    return figures
