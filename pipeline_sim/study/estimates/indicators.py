"""Indicators of a replication, from its counts: over all reported years or year by year.

Counts are scaled up to the whole world by 1 / scale.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.event_log import Columns
from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.estimates.intervals import Estimate, level_and_interval
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.replication.summary import (
    PATTERN,
    PATTERNS,
    STAGE,
    STAGES,
    SUBGROUP_MEASURES,
    Subgroups,
    WorldReplications,
    add_at,
)

if TYPE_CHECKING:
    import pandas as pd

FILLED = ("accepted_first", "accepted_second", "accepted_readvert")
POSTS = ("accepted_first", "accepted_second", "advertised_readvert")  # taken, or still empty when advertised again
ASSESSED = ("o1", "o2", "o3", "o4", "o6", "o8", "o10_1", "o10_2")


class Formula(NamedTuple):
    """Formula of an indicator from counts (`records/measure_catalogue`): as text, and as a function."""

    text: str
    of: Callable[[Mapping[str, Any]], Any]  # arrays, or columns of a data frame, of one shape


class Indicator(NamedTuple):
    """An indicator: one number of a replication."""

    name: str
    label: str
    unit: str
    formula: Formula
    is_share: bool = False  # a share or mean: not scaled up to England
    is_stock: bool = False  # counted at a census: not added up over years


def _count(measure: str) -> Formula:
    return Formula(measure, lambda counts: counts[measure].astype(float))


def _over(measure: str, divisor: float) -> Formula:
    return Formula(f"{measure} / {divisor:g}", lambda counts: counts[measure] / divisor)


def _less(whole: str, part: str) -> Formula:
    return Formula(f"{whole} - {part}", lambda counts: (counts[whole] - counts[part]).astype(float))


def _share(parts: tuple[str, ...], wholes: tuple[str, ...]) -> Formula:
    """100 * parts / wholes; NaN where the whole is zero."""

    def of(counts: Mapping[str, Any]) -> Any:
        return 100 * sum(counts[name] for name in parts) / _or_nan(sum(counts[name] for name in wholes))

    return Formula(f"100 x {_sum(parts)} / {_sum(wholes)}", of)


def _sum(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"({' + '.join(names)})"


def _mean(whole: str, divisor: float, each: str) -> Formula:
    """whole / divisor / each; NaN where `each` is zero."""

    def of(counts: Mapping[str, Any]) -> Any:
        return counts[whole] / divisor / _or_nan(counts[each])

    return Formula(f"{whole} / {divisor:g} / {each}", of)


def _rest_share(part: str, whole: str) -> Formula:
    """100 * (1 - part / whole); NaN where the whole is zero."""

    def of(counts: Mapping[str, Any]) -> Any:
        return 100 * (1 - counts[part] / _or_nan(counts[whole]))

    return Formula(f"100 x (1 - {part} / {whole})", of)


def _or_nan(whole: Any) -> npt.NDArray[np.float64]:
    """NaN where a count is zero."""
    return np.where(whole > 0, whole, np.nan)


MONTHS = "months of training"
BY_YEAR = (
    Indicator("extensions", "Extensions", "extensions", _count("extensions")),
    Indicator("extensions_10_2", "Extensions by outcome 10.2 (official)", "extensions", _count("extensions_10_2")),
    Indicator("extensions_3", "Extensions by outcome 3", "extensions", _count("extensions_3")),
    Indicator("extension_months", "Length of extensions", "months", _over("extension_days", DAYS_PER_MONTH)),
    Indicator("hidden_backlog", "Hidden backlog", MONTHS, _over("gap_carried_days", DAYS_PER_MONTH), is_stock=True),
    Indicator("carrying_gap", "Doctors carrying a gap", "doctors", _count("carrying_gap"), is_stock=True),
    Indicator("ccts", "CCTs", "doctors", _count("ccts")),
    Indicator("ccts_on_time", "CCTs without an extension", "doctors", _less("ccts", "ccts_extended")),
    Indicator("headcount", "Doctors in training", "doctors", _count("headcount"), is_stock=True),
    Indicator("wte", "Working time in training", "WTE", _over("wte", 100), is_stock=True),
    Indicator("resigned", "Resignations", "doctors", _count("resigned")),
    Indicator("released", "Releases", "doctors", _count("released")),
    Indicator("seats", "Recovery places used", "places", _count("seats")),
    Indicator("late_reviews", "Reviews held after the day on which they were due", "reviews", _count("late_reviews")),
    Indicator("revalidations_late", "Late revalidations", "doctors", _count("revalidations_late")),
    Indicator("outcomes_10_1", "Reviews with outcome 10.1", "reviews", _count("o10_1")),
    Indicator("outcomes_10_2", "Reviews with outcome 10.2", "reviews", _count("o10_2")),
    Indicator("outcomes_2", "Reviews with outcome 2", "reviews", _count("o2")),
    Indicator("outcomes_3", "Reviews with outcome 3", "reviews", _count("o3")),
    Indicator("returners_supported", "Returners supported (SuppoRTT)", "returns", _count("returners_supported")),
    Indicator("redeployed_weeks", "Weeks on COVID wards", "weeks", _count("redeployed_weeks")),
    Indicator("gp_accepted", "GP acceptances", "doctors", _count("gp_accepted")),
    Indicator(
        "years_to_cct", "Years in programme to CCT", "years", _mean("time_to_cct_days", DAYS_PER_YEAR, "ccts"), True
    ),
    Indicator("outcome_10_share", "Outcomes 10.1 and 10.2", "%", _share(("o10_1", "o10_2"), ASSESSED), True),
    Indicator("outcome_2_3_share", "Outcomes 2 and 3", "%", _share(("o2", "o3"), ASSESSED), True),
    Indicator("cct_share", "CCTs as a share of doctors in training", "%", _share(("ccts",), ("headcount",)), True),
    Indicator("on_time_share", "CCTs without an extension", "%", _rest_share("ccts_extended", "ccts"), True),
    Indicator("late_share", "Revalidations late", "%", _share(("revalidations_late",), ("revalidations",)), True),
    Indicator("fill_share", "Posts for August filled", "%", _share(FILLED, POSTS), True),
    Indicator("rerun_share", "Offers declined in the round", "%", _share(("offers_again",), ("offers_made",)), True),
    Indicator(
        "ltft_share", "Less than full time", "%", _share(("headcount_ltft",), ("headcount",)), True, is_stock=True
    ),
    Indicator("supported_share", "Returners supported", "%", _share(("returners_supported",), ("returners",)), True),
)

OVER_ALL_YEARS = {  # label, unit, and how `indicators` makes them of the others
    "months_short": (
        "Training short: extensions and backlog left",
        "months",
        "extension_months of all years + hidden_backlog of the last census",
    ),
    "mean_backlog": (
        "Hidden backlog, yearly average",
        "months of training",
        "hidden_backlog, mean of the yearly censuses",
    ),
}
LABELS = {indicator.name: (indicator.label, indicator.unit) for indicator in BY_YEAR} | {
    name: (label, unit) for name, (label, unit, _) in OVER_ALL_YEARS.items()
}
PERCENTAGES = frozenset(name for name, (_, unit) in LABELS.items() if unit == "%")
SPLIT = {  # counts that need a key of their own, made by `counts_by_year` and `counts_by_replication`
    "headcount_ltft": "headcount of those less than full time",
    "gp_accepted": "accepted into general practice",
}


def counts_by_year(measures: Columns) -> tuple[npt.NDArray[Any], dict[str, npt.NDArray[np.int64]]]:
    """Years [Y] of a table of measures and its counts [R, Y], with the two that need a key of their own."""
    names, measure, value = measure_names(), measures["measure"], measures["value"]
    runs, run = np.unique(measures["replication"], return_inverse=True)
    years, year = np.unique(measures["year"], return_inverse=True)
    shape = (len(runs), len(years), len(names))
    counts = dict(zip(names, np.moveaxis(add_at(shape, (run, year, measure), value), 2, 0), strict=True))
    part_time = (measure == names.index("headcount")) & (measures["pattern"] == 1)
    general_practice = (measure == names.index("accepted")) & (measures["stage"] == Stage.GP)
    for name, rows in (("headcount_ltft", part_time), ("gp_accepted", general_practice)):
        counts[name] = add_at(shape[:2], (run[rows], year[rows]), value[rows])
    return years, counts


def counts_by_replication(sample: WorldReplications, subgroups: Subgroups, years: Sequence[int]) -> "pd.DataFrame":
    """Counts by replication and year."""
    import pandas as pd

    counts = sample.counts
    index = pd.MultiIndex.from_product([range(len(counts)), years], names=["replication", "year"])
    table = pd.DataFrame(counts.reshape(len(index), -1), index=index, columns=measure_names())
    part_time, general = subgroups.position(PATTERN, PATTERNS[1]), subgroups.position(STAGE, STAGES[Stage.GP])
    people = sample.by_subgroup
    table["headcount_ltft"] = people[:, part_time, :, SUBGROUP_MEASURES.index("headcount")].ravel()
    table["gp_accepted"] = people[:, general, :, SUBGROUP_MEASURES.index("accepted")].ravel()
    return table


def headline(sample: WorldReplications, name: str) -> "npt.NDArray[np.float64]":
    """Indicator [R] by which mixes are ranked or chosen, in single replications; not yet scaled up to England."""

    def of(measure: str) -> "npt.NDArray[np.float64]":
        return np.asarray(sample.counts[:, :, measure_names().index(measure)], dtype=np.float64)

    if name == "extensions":
        return np.asarray(of("extensions").sum(axis=1))
    if name == "ccts_on_time":
        return np.asarray((of("ccts") - of("ccts_extended")).sum(axis=1))
    return np.asarray((of("extension_days").sum(axis=1) + of("gap_carried_days")[:, -1]) / DAYS_PER_MONTH)


def indicators_by_year(counts: "pd.DataFrame", scale: float, wanted: Sequence[Indicator] = BY_YEAR) -> "pd.DataFrame":
    """Indicators, all by default, by replication and year."""
    import pandas as pd

    arrays = dict(zip(counts.columns, counts.to_numpy().T, strict=True))
    return pd.DataFrame(indicator_values(arrays, scale, wanted), index=counts.index)


def indicator_values(counts: Mapping[str, Any], scale: float, wanted: Sequence[Indicator] = BY_YEAR) -> dict[str, Any]:
    """Indicators by name, in the shape of the counts."""
    return {i.name: i.formula.of(counts) / (1 if i.is_share else scale) for i in wanted}


def estimates_by_year(measures: Columns, scale: float) -> dict[tuple[int, str], Estimate]:
    """Estimates of all indicators of one world, by year and name."""
    years, counts = counts_by_year(measures)
    values = indicator_values(counts, scale)
    wide = np.stack([*values.values()], axis=-1)  # [R, Y, I]
    keys = [(year, name) for year in years.tolist() for name in values]
    shares = [place for place, name in enumerate(values) if name in PERCENTAGES]
    ends = level_and_interval(wide, Draws.one(len(wide)), percentages=shares)
    found = map(Estimate, *(end.ravel().tolist() for end in ends))
    return dict(zip(keys, found, strict=True))


def indicators(counts: "pd.DataFrame", scale: float) -> "pd.DataFrame":
    """All indicators by replication: flows over all reported years, stocks at the last census.

    `months_short` is training time given as extensions plus the backlog still carried at the end; `mean_backlog` is the
    hidden backlog, averaged over the reported censuses.
    """
    flows = indicators_by_year(counts.groupby(level="replication").sum(), scale)
    of_census = [indicator for indicator in BY_YEAR if indicator.is_stock]
    stocks = indicators_by_year(counts.groupby(level="replication").last(), scale, of_census)
    flows[list(stocks)] = stocks
    flows["months_short"] = flows["extension_months"] + flows["hidden_backlog"]
    backlog = [indicator for indicator in of_census if indicator.name == "hidden_backlog"]
    by_census = indicators_by_year(counts, scale, backlog)["hidden_backlog"]
    flows["mean_backlog"] = by_census.groupby(level="replication").mean()
    return flows
