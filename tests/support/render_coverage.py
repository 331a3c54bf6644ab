"""Puts the measured coverage of our intervals into docs/statistics.md, in about a minute.

PYTHONPATH=.:tests python -m support.render_coverage
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from support.interval_coverage import Row, table
from support.worlds import closed_form_worlds as small_worlds
from support.worlds import drawn_studies
from tools.render_readme import between_marks

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"


@cache
def measured() -> dict[str, list[Row]]:
    """Rows by the mark of the page between which they stand; the same numbers on every machine."""
    return {
        "engine": small_worlds.rows(),
        "drawn": drawn_studies.rows(),
        "best": drawn_studies.rows_best(),
        "beyond": drawn_studies.rows_beyond(),
    }


def filled(page: str) -> str:
    """The page with what is measured."""
    for mark, rows in measured().items():
        page = between_marks(page, mark, best_table(rows) if mark == "best" else table(rows))
    return page


def best_table(rows: Sequence[Row]) -> str:
    """In how many studies the best is one of those that may be."""
    lines = ["| drawn | studies | the best may be the best, % |", "|---|---:|---:|"]
    return "\n".join([*lines, *(f"| {row.what} | {row.of:,} | {100 * row.share:.1f} |" for row in rows)])


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print("\n\n".join(table(rows) for rows in measured().values()))
