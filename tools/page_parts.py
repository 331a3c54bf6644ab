"""Parts of pages that are made from results: tables, numbers, identifiers."""

from typing import Any

from pipeline_sim.report.text.number_format import whole_or_rounded


def markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Markdown table; numbers to the right."""
    lines = [head, ("---", *("---:",) * (len(head) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def three_figures(value: float) -> str:
    """Whole number from a hundred on, else three significant figures; a dash for NaN."""
    return whole_or_rounded(value, 3)


def identifier(manifest: dict[str, Any], kind: str, name: str) -> str:
    """Identifier of a figure or table; empty where the result issued none."""
    entries = manifest.get("items", {}).items()
    return next((text for text, item in entries if (item["kind"], item["name"]) == (kind, name)), "")
