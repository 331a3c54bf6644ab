"""Holds the engines against each other and shows where they part, in words."""

import io

from rich.console import Console

from pipeline_sim.report.terminal.parity_text import parting, parting_table
from pipeline_sim.report.text.log_row import LogWords
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.diagnostics.engine_parity import Agreement, Disagreement, compared
from support.worlds.toy_names import FIRST_DAY, TOY_NAMES
from support.worlds.world_differences import DrawnWorld


def parted(book: Rulebook, seed: int, replication: int = 0) -> Disagreement | None:
    """Where the engines part; None if they do not."""
    found = compared(book, seed, replication=replication)
    return None if isinstance(found, Agreement) else found


def shown(found: Disagreement | None) -> str:
    """The first row that differs with those before it; nothing if all are equal."""
    if found is None:
        return ""
    paper = io.StringIO()
    console = Console(file=paper, width=200, highlight=False, markup=False)
    console.print(parting_table(found, LogWords(TOY_NAMES, FIRST_DAY)))
    return f"{parting(found)}\n{paper.getvalue()}"


def assert_parity(book: Rulebook, seed: int, replication: int = 0) -> None:
    """All engines write the same rows; if not, the rows in words, and the world if it was drawn."""
    found = parted(book, seed, replication)
    world = repr(book) if isinstance(book, DrawnWorld) else "this world"
    assert found is None, f"{shown(found)}\nseed {seed}, replication {replication} of {world}"
