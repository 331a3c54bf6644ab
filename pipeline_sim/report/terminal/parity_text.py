"""Parity of engines in words: that all rows are equal, or the first row that differs with those before it."""

from rich.table import Table

from pipeline_sim.records.log_difference import Difference, DifferenceKind
from pipeline_sim.report.text.log_row import HEAD_OF, HEADS, LogWords, code_name, log_rows, meaning_of
from pipeline_sim.report.text.number_format import listed
from pipeline_sim.rules.codes import Event
from pipeline_sim.study.diagnostics.engine_parity import Disagreement, Parity

ARROW = "-> "
RIGHT = ("day", "trainee", "wte", "amount")


def agreement_table(result: Parity) -> Table:
    """Table of rows and SHA-256 of every seed on which all engines agree."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("seed", "rows"):
        table.add_column(head, justify="right")
    table.add_column("SHA-256 of the log", overflow="fold")
    for each in result.agreed:
        table.add_row(str(each.seed), f"{each.rows:,}", each.digest)
    return table


def agreement_sentence(result: Parity) -> str:
    """Sentence on the agreement over all seeds."""
    seeds = "1 seed" if len(result.agreed) == 1 else f"{len(result.agreed)} seeds"
    return f"{listed(result.engines)}: all rows are equal, {result.rows:,} of {seeds}, SHA-256 {result.digest}"


def divergence_table(result: Disagreement, words: LogWords) -> Table:
    """Table of the rows before the first difference, then that of either engine; an arrow marks what differs."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("", *HEADS):
        table.add_column(head, justify="right" if head in RIGHT else "left", overflow="fold")
    for row in log_rows(result.before):
        table.add_row("both", *words.cells(row).values())
    heads = [HEAD_OF.get(name, name) for name in result.difference.columns]
    for engine, there in zip(result.engines, result.there, strict=True):
        cells = [marked_cells(words.cells(row), heads) for row in log_rows(there)] or [{"day": f"{ARROW}ended"}]
        table.add_row(engine, *(cells[0].get(head, "") for head in HEADS), style="bold")
    return table


def marked_cells(cells: dict[str, str], heads: list[str]) -> dict[str, str]:
    """Cells with an arrow before each that differs; a date differs with its day."""
    wrong = {*heads, "date"} if "day" in heads else {*heads}
    return {head: f"{ARROW}{text}" if head in wrong else text for head, text in cells.items()}


def divergence_sentence(result: Disagreement) -> str:
    """Sentence on the first difference: seed, row and kind."""
    difference = result.difference
    counts = " and ".join(f"{rows:,}" for rows in difference.lengths)
    kind = divergence_kind(difference, result.engines)
    return f"seed {result.seed}: row {difference.row + 1:,} of {counts} differs: {kind}"


def divergence_kind(difference: Difference, engines: tuple[str, str]) -> str:
    """Clause on the kind of difference."""
    one, other = engines
    if difference.kind == DifferenceKind.CHANGED:
        return f"{listed(engines)} disagree on {listed(HEAD_OF.get(name, name) for name in difference.columns)}"
    has, lacks = (one, other) if difference.kind == DifferenceKind.ONLY_IN_ONE else (other, one)
    return f"{has} has a row that {lacks} does not have"


def amount_lines(result: Disagreement) -> list[str]:
    """Lines on the meaning of the amount, one for each event in the rows that differ."""
    events = dict.fromkeys(row.event for there in result.there for row in log_rows(there))
    meanings = {event: meaning_of(event).amount for event in events}
    return [f"amount of {code_name(Event, event)}: {amount}" for event, amount in meanings.items() if amount]
