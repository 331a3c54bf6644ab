"""Recorded influence of assumptions, stored beside the register.

`influence.csv` is written by the command sensitivity, with the manifest `influence.json`. A factor is an entry of the
register or a single figure; its influence on an outcome is mu* of Morris, the mean change over the factor's range.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.world.reading.check_rows import check_rows
from pipeline_sim.world.reading.csv_tables import read_rows
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.reading.table_rules import TableRules, table_rules
from pipeline_sim.world.register.assumption_register import Register
from pipeline_sim.world.register.register_rows import is_uncertain
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import shown_path

INFLUENCE_FILE, RECORD_MANIFEST = "influence.csv", "influence.json"
ENTRY, FIGURE, CHANCE = "entry", "figure", "luck"
StatedRanges = Mapping[str, tuple[Any, Any, Any]]


class FactorInfluence(NamedTuple):
    """Influence of a factor on an outcome, in its unit."""

    level: str  # ENTRY or FIGURE
    size: float  # mu*
    interval: float  # half of its 95 % interval
    rank: int
    beyond_luck: bool
    digest: str  # of the ranges of its figures when measured


class InfluenceTable(NamedTuple):
    """Influences by level, factor and outcome, of the programme that gains most where there are several.

    Factors are ranked by the first outcome.
    """

    outcomes: tuple[str, ...]
    influences: Mapping[tuple[str, str, str], FactorInfluence]

    def influence_of(self, parameter: str, entry: str, outcome: str) -> FactorInfluence | None:
        """Influence of a figure, else of its entry, if measured."""
        return self.influences.get((FIGURE, parameter, outcome)) or self.influences.get((ENTRY, entry, outcome))


def load_influence(folder: Path) -> InfluenceTable | None:
    """Recorded influences, None without a file; raises WorldError if it is damaged."""
    path = folder / INFLUENCE_FILE
    if not path.exists():
        return None
    influences: dict[tuple[str, str, str], FactorInfluence] = {}
    rows = read_rows(path)
    check_rows(rows, path, table_rules([folder]).get(path.stem, TableRules()))
    for row in rows:
        influence = FactorInfluence(
            row["level"],
            row.number("mu_star", least=0.0),
            row.number("mu_star_interval", least=0.0),
            row.whole("rank"),
            row["beyond_luck"] == "yes",
            row["digest"],
        )
        influences.setdefault((row["level"], row["factor"], row["outcome"]), influence)
    return InfluenceTable(tuple(dict.fromkeys(row["outcome"] for row in rows)), influences)


def stated_ranges(worlds: Iterable[World]) -> StatedRanges:
    """Low, value and high of every uncertain figure, by name."""
    ranges = {}
    for world in worlds:
        for path, figure in figures(world):
            bounds = figure.bounds()
            if bounds is not None and is_uncertain(figure):
                ranges[shown_path(path)] = (bounds[0], figure.value, bounds[1])
    return ranges


def ranges_digest(ranges: StatedRanges, members: Iterable[str]) -> str:
    """Digest of the ranges of some figures, eight hex digits: it shows that a measured influence is outdated."""
    parts = [(name, ranges[name]) for name in sorted(members)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


def drawn_by_entry(register: Register, world: World) -> dict[str, list[str]]:
    """Names of the figures of a world that are drawn, by entry."""
    by_entry: dict[str, list[str]] = {}
    for path, figure in figures(world):
        name = register.name_of(path)
        if name is not None and is_uncertain(figure) and register.entries[name].distribution == "triangular":
            by_entry.setdefault(name, []).append(shown_path(path))
    return by_entry
