"""Sourced values of time, as the baseline of an answer states them."""

from typing import TYPE_CHECKING

from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.world.schema.costs import CostsSection

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "item", "label", "gbp", "gbp_low", "gbp_high", "unit", "price_year", "perspective", "cash_releasing",
    "source", "grade",
)  # fmt: skip


def costs_of(answer: Answer) -> CostsSection | None:
    """Prices of the baseline as stated; every draw takes its own within their ranges."""
    return world_of(answer.specs[answer.study.baseline]).costs


def values(answer: Answer) -> "pd.DataFrame":
    """Sourced values of time, a row each."""
    import pandas as pd

    costs = costs_of(answer)
    rows = []
    if costs is not None:
        month, done = costs.extension, costs.completed
        for name, label, figure, year, about in (
            ("month", "A month of extension", month.month, month.reference_year, month),
            (
                "consultant_year",
                "A year of a consultant that comes sooner",
                done.consultant_year,
                done.price_year,
                done,
            ),
            ("gp_year", "A year of a GP, sooner", done.gp_year, done.price_year, done),
        ):
            low, high = figure.bounds() or (figure.value, figure.value)
            seen = about.perspective, "yes" if about.cash_releasing else "no"
            rows.append((name, label, figure.value, low, high, figure.unit, year, *seen, figure.source, figure.grade))
    return pd.DataFrame(rows, columns=list(COLUMNS))
