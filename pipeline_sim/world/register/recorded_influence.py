"""What was measured of the influence of assumptions, as it is kept beside the register.

`influence.csv` is written by the command sensitivity; `influence.json` tells how it was made. A factor is an entry of
the register, or a single figure; what it does to an outcome is mu* of Morris, the mean change over the factor's range.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.world.reading.csv_tables import read_rows
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.register.assumption_register import Register
from pipeline_sim.world.register.register_rows import is_in_doubt
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import shown_path

RECORDED, RECORD = "influence.csv", "influence.json"
ENTRY, FIGURE, LUCK = "entry", "figure", "luck"
Stated = Mapping[str, tuple[Any, Any, Any]]


class Measured(NamedTuple):
    """What a factor does to an outcome, in its unit."""

    level: str  # ENTRY or FIGURE
    size: float  # mu*
    interval: float  # half of its 95 % interval
    rank: int
    beyond_luck: bool
    digest: str  # over what its figures were stated to be


class Recorded(NamedTuple):
    """Everything measured: by level, factor and outcome, of the programme that gains most where there are several.

    The first outcome is the one that ranks.
    """

    outcomes: tuple[str, ...]
    found: Mapping[tuple[str, str, str], Measured]

    def of(self, parameter: str, entry: str, outcome: str) -> Measured | None:
        """What a figure does, by itself where that was measured, else with its entry."""
        return self.found.get((FIGURE, parameter, outcome)) or self.found.get((ENTRY, entry, outcome))


def load_influence(folder: Path) -> Recorded | None:
    """What is kept; none where nothing was measured yet. WorldError if the file is damaged."""
    path = folder / RECORDED
    if not path.exists():
        return None
    found: dict[tuple[str, str, str], Measured] = {}
    rows = read_rows(path)
    for row in rows:
        measured = Measured(
            row["level"],
            row.number("mu_star", least=0.0),
            row.number("mu_star_interval", least=0.0),
            row.whole("rank"),
            row["beyond_luck"] == "yes",
            row["digest"],
        )
        found.setdefault((row["level"], row["factor"], row["outcome"]), measured)
    return Recorded(tuple(dict.fromkeys(row["outcome"] for row in rows)), found)


def stated(worlds: Iterable[World]) -> Stated:
    """Low, value and high of every figure in doubt, by its name."""
    found = {}
    for world in worlds:
        for path, figure in figures(world):
            bounds = figure.bounds()
            if bounds is not None and is_in_doubt(figure):
                found[shown_path(path)] = (bounds[0], figure.value, bounds[1])
    return found


def digest_of(figures_stated: Stated, members: Iterable[str]) -> str:
    """Eight hex digits over what some figures are stated to be: an influence measured of other ones is known stale."""
    parts = [(name, figures_stated[name]) for name in sorted(members)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


def drawn_by_entry(register: Register, world: World) -> dict[str, list[str]]:
    """Figures of a world that are drawn, by the entry that covers them."""
    found: dict[str, list[str]] = {}
    for path, figure in figures(world):
        name = register.name_of(path)
        if name is not None and is_in_doubt(figure) and register.entries[name].distribution == "triangular":
            found.setdefault(name, []).append(shown_path(path))
    return found
