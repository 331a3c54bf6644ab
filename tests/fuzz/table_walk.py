"""Hurried edits of every CSV table that ships: each is refused with its file, or named as an edit, or says the same.

`PYTHONPATH=.:tests python -m fuzz.table_walk --places 4` makes every kind of edit in so many places of every table, and
prints how many of each were refused, and which were named only, as CSV: file, line, column, edit, before, after.
"""

import argparse
import csv
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest import mock

from reliability.hurried_edits import Lines, cell, lines_of, swapped_with_neighbour, texts, typing_error
from support import CONFIGS

from pipeline_sim.world.loading import check_tables
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.check_rows import is_number
from pipeline_sim.world.reading.layers import layer_stack, merge
from pipeline_sim.world.reading.shipped_lines import LIST, differences, shipped_lines
from pipeline_sim.world.register.recorded_influence import load_influence
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError

ENGLAND = ("england.toml", "covid.toml", "scenarios/endogenous_backlog.toml", "interventions.toml", "costs.toml")
LAYERS = {"dental/": ("dental.toml", "dental/covid.toml"), "supply/": (*ENGLAND, "supply/redistribution_to_2031.toml")}
SECTIONS = ("programmes.csv", "exams.csv")  # of the world itself: read by its schema
OF_USERS = "own/"  # filled by the user, refused by `evidence add` and `elicit`
READERS = re.compile("note|detail|reasoning|source|url|fact|name|effect|form|meaning|what_|setting|design|metric|popul")


class Edit(NamedTuple):
    """Kind of edit: of which cells, and whether it must be refused in every cell that a rule is for."""

    of: Callable[[str], bool]
    change: Callable[[Lines, int, int], Lines]
    refused: bool = False


class Made(NamedTuple):
    """Edit that was made: its place, the file's bytes, and what came of it."""

    name: str
    row: int
    column: str
    edit: str
    before: str
    after: str
    verdict: str


def is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text) is not None


def is_word(text: str) -> bool:
    return len(text) > 2 and not is_number(text) and not is_date(text)


def anything(_: str) -> bool:
    return True


def times(factor: float) -> Callable[[Lines, int, int], Lines]:
    return cell(lambda text: f"{float(text) * factor:.10g}")


def row_of_one(lines: Lines, row: int, _: int) -> Lines:
    return [*lines[:row], *lines[row + 1 :]]


def columns_exchanged(lines: Lines, _: int, column: int) -> Lines:
    """Cells of a column and its neighbour exchanged, but not their headings."""
    return [lines[0], *(swapped_with_neighbour(lines, row, column)[row] for row in range(1, len(lines)))]


EDITS = {
    "row twice": Edit(anything, lambda lines, row, _: [*lines[: row + 1], *lines[row:]], True),
    "row gone": Edit(anything, row_of_one),
    "two cells exchanged": Edit(anything, swapped_with_neighbour),
    "two columns exchanged": Edit(anything, columns_exchanged),
    "misnamed": Edit(is_word, cell(typing_error)),
    "ten times": Edit(is_number, times(10)),
    "a hundredth": Edit(is_number, times(0.01)),
    "out of range": Edit(is_number, times(1e9)),
    "minus sign": Edit(is_number, cell(lambda text: f"-{text}")),
    "footnote mark": Edit(is_number, cell(lambda text: f"{text}*"), True),
    "thousands separator": Edit(is_number, cell(lambda text: f"1,{text}"), True),
    "per cent sign": Edit(is_number, cell(lambda text: f"{text}%"), True),
    "as spreadsheets write dates": Edit(is_date, cell(lambda text: "/".join(reversed(text.split("-")))), True),
    "day and month exchanged": Edit(is_date, cell(lambda text: "-".join((text[:4], *text.split("-")[:0:-1])))),
    "emptied": Edit(bool, cell(lambda _: "")),
    "error of a formula": Edit(bool, cell(lambda _: "#REF!"), True),
    "heading merged": Edit(anything, lambda lines, _, column: cell(lambda _: "")(lines, 0, column), True),
    "in cp1252": Edit(anything, cell(lambda text: f"{text} £"), True),
}  # fmt: skip


class Walk:
    """Copy of the folder configs, whose tables are edited one at a time."""

    def __init__(self, home: Path) -> None:
        self.home, self.listed = home, shipped_lines(CONFIGS / LIST)
        self.worlds: dict[str, tuple[World, dict[str, set[str]]]] = {}

    def layers(self, name: str) -> tuple[Path, ...]:
        """Layers of the world that reads a table."""
        return tuple(self.home / each for each in LAYERS.get(name.partition("/")[0] + "/", ENGLAND))

    def refusal(self, name: str) -> str | None:
        """Message that refuses the folder as it is, if any; only the tables are read again unless a schema reads it."""
        layers = self.layers(name)
        try:
            if name.startswith("register/"):
                load_influence(self.home / "register")
            elif name.endswith(SECTIONS) and not name.startswith("evidence/"):
                load_world(*layers)
            else:
                check_tables.check_tables(*self.worlds[str(layers)])
        except WorldError as problem:
            return str(problem)
        return None

    @contextmanager
    def loaded(self) -> Iterator[None]:
        """Block in which the tables of each world are known: they are found by a walk over all figures."""
        for layers in {self.layers(name) for name in self.listed}:
            self.worlds[str(layers)] = load_world(*layers), merge(layer_stack(layers)).ids
        usual = check_tables.tables_of
        known = {id(world): usual(world) for world, _ in self.worlds.values()}
        with mock.patch.object(check_tables, "tables_of", lambda world: known.get(id(world)) or usual(world)):
            yield

    def made(self, name: str, edit: str, chance: Random, places: int) -> Iterator[Made]:
        """Edits of a kind in a table, and what comes of each: refused, named, or the same."""
        file = self.home / name
        before, lines = file.read_bytes(), lines_of(file)
        cells = [(r, c) for r in range(1, len(lines)) for c, text in enumerate(lines[r]) if EDITS[edit].of(text)]
        for row, column in chance.sample(cells, min(places, len(cells))):
            after = EDITS[edit].change(lines, row, column)
            if after == lines:
                continue
            file.write_text(texts(after), encoding="cp1252" if edit == "in cp1252" else "utf-8", errors="replace")
            problem, other = self.refusal(name), differences(file, self.listed[name])
            if problem is not None:
                assert "\n" not in problem, problem
                assert str(self.home) in problem, problem
            verdict = "refused" if problem else "named" if other.lines or other.gone else "silent"
            now = after[row][column] if row < len(after) and column < len(after[row]) else ""
            yield Made(name, row + 1, lines[0][column], edit, lines[row][column], now, verdict)
        file.write_bytes(before)

    def tables(self) -> list[str]:
        """Tables that ship, by name."""
        return [name for name in self.listed if name.endswith(".csv")]


@contextmanager
def walk() -> Iterator[Walk]:
    """Walk in a copy of the folder configs."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place).resolve() / "configs"
        shutil.copytree(CONFIGS, home)
        found = Walk(home)
        with found.loaded():
            yield found


def main() -> int:
    """Walk, and print what was not refused."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.table_walk", description=__doc__)
    parser.add_argument("--places", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts, out, chance = Counter[tuple[str, str]](), csv.writer(sys.stdout, lineterminator="\n"), Random(options.seed)
    with walk() as found:
        for name in found.tables():
            for edit in EDITS:
                for made in found.made(name, edit, chance, options.places):
                    counts[edit, made.verdict] += 1
                    if made.verdict != "refused":
                        out.writerow(each[:60] if isinstance(each, str) else each for each in made)
    for edit in EDITS:
        print(f"{edit}: { ({kind: counts[edit, kind] for kind in ('refused', 'named', 'silent')}) }", file=sys.stderr)
    print(f"all: {counts.total()}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
