"""Parity in words: that all rows are equal, or the row at which two engines part with those before it."""

from rich.table import Table

from pipeline_sim.records.log_difference import Difference, Kind
from pipeline_sim.report.text.log_row import HEAD_OF, HEADS, LogWords, code_name, meaning_of, rows_in
from pipeline_sim.report.text.number_format import listed
from pipeline_sim.rules.codes import Event
from pipeline_sim.study.diagnostics.engine_parity import Disagreement, Parity

ARROW = "-> "
RIGHT = ("day", "trainee", "wte", "amount")


def agreement_table(found: Parity) -> Table:
    """Rows and SHA-256 of every seed on which all engines agree."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("seed", "rows"):
        table.add_column(head, justify="right")
    table.add_column("SHA-256 of the log", overflow="fold")
    for each in found.agreed:
        table.add_row(str(each.seed), f"{each.rows:,}", each.digest)
    return table


def agreement(found: Parity) -> str:
    """One sentence for all seeds."""
    seeds = "1 seed" if len(found.agreed) == 1 else f"{len(found.agreed)} seeds"
    return f"{listed(found.engines)}: all rows are equal, {found.rows:,} of {seeds}, SHA-256 {found.digest}"


def parting_table(found: Disagreement, words: LogWords) -> Table:
    """The rows before the first that differs, then that of either engine; an arrow where they differ."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("", *HEADS):
        table.add_column(head, justify="right" if head in RIGHT else "left", overflow="fold")
    for row in rows_in(found.before):
        table.add_row("both", *words.cells(row).values())
    heads = [HEAD_OF.get(name, name) for name in found.difference.columns]
    for engine, there in zip(found.engines, found.there, strict=True):
        cells = [marked(words.cells(row), heads) for row in rows_in(there)] or [{"day": f"{ARROW}ended"}]
        table.add_row(engine, *(cells[0].get(head, "") for head in HEADS), style="bold")
    return table


def marked(cells: dict[str, str], heads: list[str]) -> dict[str, str]:
    """An arrow before every cell that differs; a date differs with its day."""
    wrong = {*heads, "date"} if "day" in heads else {*heads}
    return {head: f"{ARROW}{text}" if head in wrong else text for head, text in cells.items()}


def parting(found: Disagreement) -> str:
    """One sentence: where, and what is the matter."""
    difference = found.difference
    counts = " and ".join(f"{rows:,}" for rows in difference.lengths)
    return f"seed {found.seed}: row {difference.row + 1:,} of {counts} differs: {matter(difference, found.engines)}"


def matter(difference: Difference, engines: tuple[str, str]) -> str:
    """What is the matter with the row."""
    one, other = engines
    if difference.kind == Kind.CHANGED:
        return f"{listed(engines)} disagree on {listed(HEAD_OF.get(name, name) for name in difference.columns)}"
    has, lacks = (one, other) if difference.kind == Kind.ONLY_IN_ONE else (other, one)
    return f"{has} has a row that {lacks} has not"


def amounts(found: Disagreement) -> list[str]:
    """What the amounts of the rows that differ are, a line for each event."""
    events = dict.fromkeys(row.event for there in found.there for row in rows_in(there))
    said = {event: meaning_of(event).amount for event in events}
    return [f"amount of {code_name(Event, event)}: {amount}" for event, amount in said.items() if amount]
