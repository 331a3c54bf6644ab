"""Tables and small words that every section of the model report uses."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.base.package import PACKAGE
from pipeline_sim.world.schema.sourced_value import Sourced

PROJECT = PACKAGE.parent


class Table(NamedTuple):
    """Head and rows as text; `|` may stand in a cell."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def __str__(self) -> str:
        """Markdown; a table without rows says so."""
        if not self.rows:
            return "None."
        lines = [self.head, ("---",) * len(self.head), *self.rows]
        return "\n".join(f"| {' | '.join(map(in_a_cell, line))} |" for line in lines)


def in_a_cell(text: str) -> str:
    """Text on one line that ends no cell."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")


def first_line(text: str | None) -> str:
    """The first line of a docstring."""
    return (text or "").strip().split("\n", 1)[0]


def prose(text: str | None) -> str:
    """A docstring without what is meant for programmers: from the second paragraph to the end, as it stands."""
    return (text or "").strip().partition("\n\n")[2].strip()


def words(code: str) -> str:
    """A name of a code as one writes it."""
    return code.lower().replace("_", " ")


def value_text(value: Any) -> str:
    """A number, a row or a table of them on one line."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {value_text(part)}" for key, part in value.items())
    if isinstance(value, tuple | list):
        return " ".join(map(value_text, value))
    return f"{value:,.10g}" if isinstance(value, int | float) and abs(value) >= 1e6 else f"{value:.10g}"


def range_text(figure: Sourced[Any]) -> str:
    """Low to high; nothing where the figure is taken as known."""
    bounds = figure.bounds()
    if bounds is None:
        return ""
    if figure.spread is not None and not isinstance(figure.value, int | float):
        return f"all {figure.spread * 100:g} % lower to higher"
    return f"{value_text(rounded(bounds[0]))} to {value_text(rounded(bounds[1]))}"


def rounded(value: Any) -> Any:
    """Without the dust of a multiplication."""
    return round(value, 12) if isinstance(value, float) else value


def said(figure: Sourced[Any]) -> str:
    """A figure with its range."""
    span = range_text(figure)
    return f"{value_text(figure.value)} ({span})" if span else value_text(figure.value)


def listed(names: Iterable[str]) -> str:
    """Names with commas between."""
    return ", ".join(names)


def shown_file(path: Path) -> str:
    """A file as seen from the project, so that it does not matter where the report is printed."""
    path = path.resolve()
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.name
