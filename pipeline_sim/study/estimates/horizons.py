"""Differences by planning horizon, counted from the training year in which most of the money is spent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline_sim.study.estimates.intervals import paired_differences
from pipeline_sim.study.estimates.random_effects import Draws

if TYPE_CHECKING:
    import pandas as pd

SPANS = (("in the year", 0, 0), ("one year on", 1, 1), ("2 to 5 years on", 2, 5), ("6 to 15 years on", 6, 15))
FLOWS = ("extensions", "extension_months", "ccts", "ccts_on_time", "resigned")
STOCKS = ("hidden_backlog", "headcount")


def spans(start: int, spent: Iterable[int], years: Sequence[int]) -> dict[str, list[int]]:
    """Years of each horizon that the run reaches; the first begins with the first year in which money is spent."""
    begins = min([start, *spent])
    ends = {label: (begins if first == 0 else start + first, start + last) for label, first, last in SPANS}
    found = {label: [year for year in years if low <= year <= high] for label, (low, high) in ends.items()}
    return {label: own for label, own in found.items() if own}


def horizons(
    yearly: Mapping[str, "pd.DataFrame"], baseline: str, spans: Mapping[str, Sequence[int]], draws: Draws
) -> "pd.DataFrame":
    """World less baseline by world, horizon, indicator: flows of the span added up, stocks at its end."""
    import pandas as pd

    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in yearly}
    for label, span in spans.items():
        for name, table in yearly.items():
            years_of_span = table[table.index.get_level_values("year").isin(span)].groupby(level="replication")
            both = years_of_span[list(FLOWS)].sum().join(years_of_span[list(STOCKS)].last())
            parts[name].append(pd.concat({label: both}, names=["horizon"]))
    tables = {name: pd.concat(part).reorder_levels(["replication", "horizon"]) for name, part in parts.items()}
    return paired_differences(tables, baseline, draws).round(9)  # without dust of adding up
