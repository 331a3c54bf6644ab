"""Markdown tables and text helpers of the model report."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.records.files.shipped_files import SHIPPED


class Table(NamedTuple):
    """Markdown table; cells may contain `|`."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def __str__(self) -> str:
        """Markdown of the table; `None.` without rows."""
        if not self.rows:
            return "None."
        lines = [self.head, ("---",) * len(self.head), *self.rows]
        return "\n".join(f"| {' | '.join(map(in_a_cell, line))} |" for line in lines)


def in_a_cell(text: str) -> str:
    """Text on one line, escaped for a cell."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")


def first_line(text: str | None) -> str:
    """First line of a docstring."""
    return (text or "").strip().split("\n", 1)[0]


def prose(text: str | None) -> str:
    """Docstring from its second paragraph on."""
    return (text or "").strip().partition("\n\n")[2].strip()


def shown_file(path: Path) -> str:
    """Path relative to the project, so that the report does not depend on where it is printed."""
    path = path.resolve()
    return path.relative_to(SHIPPED).as_posix() if path.is_relative_to(SHIPPED) else path.name
