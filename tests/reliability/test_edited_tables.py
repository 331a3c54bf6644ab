"""Hurried edits of the CSV tables of England: each is refused with file and line, or touches what no model reads.

The edits are those that people make in a spreadsheet. The columns that the model reads are traced, not listed.
"""

import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from support import CONFIGS

from pipeline_sim.world.loading import check_tables
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.reading.check_rows import is_number
from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.layers import layer_stack, merge
from pipeline_sim.world.reading.table_rules import table_rules
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import apply_all_shocks
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.tables import normal_timeline
from pipeline_sim.world.world_error import WorldError
from reliability.hurried_edits import NUMBERS, ROWS_OF_ANY, WORDS, Lines, edits_of, lines_of, texts

pytestmark = pytest.mark.law
LAYERS = ("england.toml", "covid.toml", "scenarios/endogenous_backlog.toml")
RULES = table_rules([CONFIGS])
ROWS, SEED = 4, 7  # rows of a table that are edited


class Table(NamedTuple):
    """Table of England: its file, and the columns that the model reads."""

    file: Path
    read: frozenset[str]


# What cannot be seen in a table: why these edits of these columns may pass although they move results.
REGIONS = (
    "east_of_england",
    "london",
    "midlands",
    "north_east_and_yorkshire",
    "north_west",
    "south_east",
    "south_west",
)
PASSED = {
    **{("covid_occupancy_weekly_england", f"{region}_{what}_mean", "exchanged"): "two regions had about as many"
       for region in REGIONS for what in ("occupied", "mv")},
    ("posts", "posts", "ten times"): "ten is a figure of the record of that year too, of another specialty",
}  # fmt: skip
# The same for programmes and exams, which are also under the rules of the world's own schema.
PASSED_SECTIONS = {
    ("exams", "after", "a tenth"), ("exams", "after_high", "a tenth"), ("exams", "held", "a tenth"),  # in their ranges
    ("exams", "after", "negative"), ("exams", "after_low", "negative"), ("exams", "held_low", "negative"),  # nought
    ("exams", "after_low", "ten times"), ("exams", "after_low", "a tenth"),
    ("exams", "id", "another word"), ("exams", "id", "typing error"),  # the name of a part that no layer names
    ("exams", "held", "emptied"), ("programmes", "critical", "emptied"),  # many have none
    ("programmes", "gates", "emptied"), ("programmes", "first_entry", "emptied"),
    ("programmes", "first_entry", "exchanged"), ("programmes", "first_entry", "headings exchanged"),
    ("programmes", "last_entry", "emptied"), ("programmes", "last_entry", "exchanged"),
    ("programmes", "last_entry", "headings exchanged"),
    ("programmes", "id", "row twice, other figure"), ("exams", "id", "row twice, other figure"),  # one of its own
}  # fmt: skip
FREE_TEXT = ("name", "source", "note")


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy of the configs."""
    folder = tmp_path_factory.mktemp("edited") / "configs"
    shutil.copytree(CONFIGS, folder)
    return folder


def load(configs: Path) -> World:
    """England with COVID of a copy of the configs."""
    return load_world(*(configs / layer for layer in LAYERS))


@pytest.fixture(scope="module")
def tables(configs: Path) -> dict[str, Table]:
    """Tables of which the model reads something, by name, with the columns that it is seen to read."""
    read: dict[Path, set[str]] = {}
    usual = CsvRow.__getitem__

    def traced(row: CsvRow, name: str) -> str:
        read.setdefault(row.file, set()).add(name)
        return usual(row, name)

    world = load(configs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CsvRow, "__getitem__", traced, raising=False)
        build_population(world)
        axes = axes_of(world)
        apply_all_shocks(normal_timeline(axes), axes, world.shocks)
    return {file.stem: Table(file, frozenset(columns)) for file, columns in read.items()}


def edited(table: Table, name: str) -> Iterator[tuple[str, str, Lines]]:
    """Edited tables: column, edit and lines."""
    lines, rng = lines_of(table.file), random.Random(SEED)
    rows = rng.sample(range(1, len(lines)), min(ROWS, len(lines) - 1))
    for column, rule in RULES[name].columns.items():
        if column not in table.read:
            continue
        at = lines[0].index(column)
        for row in rows:
            for edit, change in {**edits_of(rule.kind), **ROWS_OF_ANY}.items():
                if lines[row][at] and not (edit == "emptied" and rule.empty):
                    after = change(lines, row, at)
                    if after != lines:
                        yield column, edit, after


def test_the_model_reads_only_columns_under_rules(tables: dict[str, Table]) -> None:
    assert len(tables) >= 15
    for name, table in tables.items():
        assert table.read <= set(RULES[name].columns), name


def results(configs: Path) -> list[bytes]:
    """Population and timeline of England with COVID, part by part."""
    world = load(configs)
    axes = axes_of(world)
    return list(parts_of((build_population(world), apply_all_shocks(normal_timeline(axes), axes, world.shocks))))


def parts_of(value: Any) -> Iterator[bytes]:
    """Arrays and plain values of nested tables, as bytes."""
    if is_dataclass(value):
        value = [getattr(value, field.name) for field in fields(value)]
    if isinstance(value, (tuple, list)):
        for part in value:
            yield from parts_of(part)
    else:
        yield np.asarray(value).tobytes() if hasattr(value, "shape") else repr(value).encode()


def refusal(world: World, ids: Mapping[str, set[str]]) -> str | None:
    """Text of the error of a table, if one is refused."""
    try:
        check_tables.check_tables(world, ids)
    except WorldError as problem:
        return str(problem)
    return None


def silent_edits(
    configs: Path, tables: dict[str, Table], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, list[tuple[str, str, str, Lines]]]:
    """Number of edits, and those that are not refused."""
    world, ids = load(configs), merge(layer_stack(tuple(configs / layer for layer in LAYERS))).ids
    known = check_tables.tables_of(world)
    monkeypatch.setattr(check_tables, "tables_of", lambda _: known)  # walks every figure, thousands of times
    count, silent = 0, []
    for name, table in tables.items():
        before = table.file.read_bytes()
        for column, edit, lines in edited(table, name):
            table.file.write_text(texts(lines), encoding="utf-8", newline="")
            count += 1
            problem = refusal(world, ids)
            if problem is None:
                silent.append((name, column, edit, lines))
            else:
                assert str(configs) in problem.split(".csv")[0]
                assert "\n" not in problem
        table.file.write_bytes(before)
    return count, silent


@pytest.mark.full
def test_every_hurried_edit_is_refused_with_file_and_line_or_changes_nothing(
    configs: Path, tables: dict[str, Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    count, silent = silent_edits(configs, tables, monkeypatch)
    usual = results(configs)
    assert count > 3_000
    for name, column, edit, lines in silent:
        if (name, column, edit) not in PASSED:
            file = tables[name].file
            before = file.read_bytes()
            file.write_text(texts(lines), encoding="utf-8", newline="")
            assert results(configs) == usual, (name, column, edit)
            file.write_bytes(before)
    assert len(silent) < count / 100


def edits_of_section(file: Path) -> Iterator[tuple[str, str, Lines]]:
    """Edited tables of programmes or exams: column, edit and lines."""
    lines, rng = lines_of(file), random.Random(SEED)
    for row in rng.sample(range(1, len(lines)), 2):
        for at, column in enumerate(lines[0]):
            if lines[row][at] and column not in FREE_TEXT:
                kinds = NUMBERS if is_number(lines[row][at]) else WORDS
                for edit, change in {**kinds, **ROWS_OF_ANY}.items():
                    if (after := change(lines, row, at)) != lines:
                        yield column, edit, after


@pytest.mark.parametrize("name", ["programmes", "exams"])
def test_hurried_edits_of_programmes_and_exams(configs: Path, name: str) -> None:
    file, silent = configs / "england" / f"{name}.csv", set()
    before = file.read_bytes()
    for column, edit, lines in edits_of_section(file):
        file.write_text(texts(lines), encoding="utf-8", newline="")
        try:
            load(configs)
        except WorldError as problem:
            assert str(configs) in str(problem)  # noqa: PT017
        else:
            silent.add((name, column, edit))
    file.write_bytes(before)
    assert silent <= PASSED_SECTIONS
