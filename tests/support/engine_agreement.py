"""Comparison of the engines on one world, and the first difference between their logs in words."""

import io

from rich.console import Console

from pipeline_sim.report.terminal.parity_text import divergence_sentence, divergence_table
from pipeline_sim.report.text.log_row import LogWords
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.diagnostics.engine_parity import Agreement, Disagreement, compare_engines
from support.worlds.toy_names import FIRST_DAY, TOY_NAMES
from support.worlds.world_differences import DrawnWorld


def disagreement(book: Rulebook, seed: int, replication: int = 0) -> Disagreement | None:
    """The first difference between the logs of the engines; None if they are equal."""
    found = compare_engines(book, seed, replication=replication)
    return None if isinstance(found, Agreement) else found


def disagreement_text(found: Disagreement | None) -> str:
    """The first row that differs, with the rows before it; empty if all are equal."""
    if found is None:
        return ""
    paper = io.StringIO()
    console = Console(file=paper, width=200, highlight=False, markup=False)
    console.print(divergence_table(found, LogWords(TOY_NAMES, FIRST_DAY)))
    return f"{divergence_sentence(found)}\n{paper.getvalue()}"


def assert_parity(book: Rulebook, seed: int, replication: int = 0) -> None:
    """Assert that the engines write equal rows; the message has the first difference and the world if it was drawn."""
    found = disagreement(book, seed, replication)
    world = repr(book) if isinstance(book, DrawnWorld) else "this world"
    assert found is None, f"{disagreement_text(found)}\nseed {seed}, replication {replication} of {world}"
