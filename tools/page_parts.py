"""Parts of pages that are made from results: tables, numbers, identifiers."""

from typing import Any

from pipeline_sim.report.text.number_format import whole_or_rounded

DIGITS = 8  # of a revision


def markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Markdown table; numbers to the right."""
    lines = [head, ("---", *("---:",) * (len(head) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def three_figures(value: float) -> str:
    """Whole number from a hundred on, else three significant figures; a dash for NaN."""
    return whole_or_rounded(value, 3)


def identifiers_sentence(manifest: dict[str, Any], *shown: tuple[str, str]) -> str:
    """Sentence with the identifiers of a figure and of tables, each a kind and a name, and what made them.

    Empty where the result issued none.
    """
    picture, *tables = (identifier(manifest, kind, name) for kind, name in shown)
    if not picture:
        return ""
    revision = (manifest.get("git_revision") or "")[:DIGITS]
    made = f", made at revision `{revision}`" if revision else ""
    return f" Identifiers: figure `{picture}`, numbers `{'`, `'.join(tables)}`{made}."


def identifier(manifest: dict[str, Any], kind: str, name: str) -> str:
    """Identifier of a figure or table; empty where the result issued none."""
    entries = manifest.get("items", {}).items()
    return next((text for text, item in entries if (item["kind"], item["name"]) == (kind, name)), "")
