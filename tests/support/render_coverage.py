"""Puts the measured coverage of our intervals into docs/statistics.md, in about a minute.

PYTHONPATH=.:tests python -m support.render_coverage
"""

from functools import cache
from pathlib import Path

from support.interval_coverage import Calibrated, Part, Row, calibrated_table, part_table, table
from support.worlds import closed_form_worlds as small_worlds
from support.worlds import drawn_studies
from tools.render_readme import between_marks

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"


@cache
def measured() -> dict[str, list[Row]]:
    """Rows of Monte Carlo intervals by the mark of the page between which they stand; the same on every machine."""
    return {"engine": small_worlds.rows(), "drawn": drawn_studies.rows(), "beyond": drawn_studies.rows_beyond()}


@cache
def credible() -> list[Part]:
    """Rows of credible intervals."""
    return [*small_worlds.credible(), *drawn_studies.rows_credible()]


@cache
def calibrated() -> list[Calibrated]:
    """Rows of probabilities."""
    return drawn_studies.rows_calibrated()


def filled(page: str) -> str:
    """The page with what is measured."""
    blocks = {mark: table(rows) for mark, rows in measured().items()}
    blocks |= {"credible": part_table(credible()), "calibrated": calibrated_table(calibrated())}
    for mark, block in blocks.items():
        page = between_marks(page, mark, block)
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(PAGE)
