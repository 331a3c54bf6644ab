"""Differences by planning horizon, counted from the training year in which the money is spent."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline_sim.study.estimates.intervals import paired_differences
from pipeline_sim.study.estimates.random_effects import Draws

if TYPE_CHECKING:
    import pandas as pd

SPANS = (("in the year", 0, 0), ("one year on", 1, 1), ("2 to 5 years on", 2, 5), ("6 to 15 years on", 6, 15))
FLOWS = ("extensions", "extension_months", "ccts", "ccts_on_time", "resigned")
STOCKS = ("hidden_backlog", "headcount")


def horizons(
    yearly: Mapping[str, "pd.DataFrame"], baseline: str, start: int, years: Sequence[int], draws: Draws
) -> "pd.DataFrame":
    """World less baseline by world, horizon, indicator: flows of the span added up, stocks at its end."""
    import pandas as pd

    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in yearly}
    for label, first, last in SPANS:
        span = [year for year in years if start + first <= year <= start + last]
        if not span:
            continue
        for name, table in yearly.items():
            years_of_span = table[table.index.get_level_values("year").isin(span)].groupby(level="replication")
            both = years_of_span[list(FLOWS)].sum().join(years_of_span[list(STOCKS)].last())
            parts[name].append(pd.concat({label: both}, names=["horizon"]))
    tables = {name: pd.concat(part).reorder_levels(["replication", "horizon"]) for name, part in parts.items()}
    return paired_differences(tables, baseline, draws).round(9)  # without dust of adding up
