"""Quantisation of shares, chances and amounts to the integers of the Rulebook."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.apportion import cumulative_rounding
from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.rules.codes import CERTAIN

Reals = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Thresholds = npt.NDArray[np.int64]
GOLDEN = 0.6180339887498949
WEEKS_PER_MONTH = 52 / 12


def to_int32(values: Any) -> Ints:
    """Nearest int32 in C order; halves are rounded up."""
    return np.ascontiguousarray(np.floor(np.asarray(values, dtype=np.float64) + 0.5), dtype=np.int32)


def thresholds(chances: Any) -> Thresholds:
    """Thresholds of chances, clipped to 0 to 1, for 32-bit random words."""
    clipped = np.clip(np.asarray(chances, dtype=np.float64), 0.0, 1.0)
    return np.ascontiguousarray(np.rint(clipped * CERTAIN), dtype=np.int64)


def threshold(chance: float) -> int:
    """Threshold of one chance."""
    return int(thresholds(chance).item())


def cumulative(shares: Any) -> Thresholds:
    """Cumulative thresholds along the last axis; the remainder to 1 is none of the categories."""
    return thresholds(np.cumsum(np.asarray(shares, dtype=np.float64), axis=-1))


def normalised_thresholds(weights: Any) -> Thresholds:
    """Cumulative thresholds of weights, each row normalised to 1; a row of zeros stays none."""
    table = np.asarray(weights, dtype=np.float64)
    total = table.sum(axis=-1, keepdims=True)
    shares = np.divide(table, total, out=np.zeros_like(table), where=total > 0)
    result = cumulative(shares)
    last = np.where(shares > 0, np.arange(shares.shape[-1]), -1).max(axis=-1, keepdims=True)
    certain = (np.arange(shares.shape[-1]) >= last) & (last >= 0)
    return np.ascontiguousarray(np.where(certain, CERTAIN, result), dtype=np.int64)


def per_mille(shares: Any) -> Ints:
    """Parts per thousand."""
    return to_int32(np.asarray(shares, dtype=np.float64) * 1000)


def per_mille_whole(shares: Any) -> Ints:
    """Parts per thousand of shares [N, K]; each row sums to 1000."""
    table = np.asarray(shares, dtype=np.float64)
    return apportion_rows(table, np.full(len(table), 1000), np.full(len(table), 0.5))


def apportion(parts: Any, total: int, phase: float = 0.5) -> Ints:
    """Integers in proportion to `parts` that sum to `total`, by cumulative rounding.

    The sum over any run of neighbours is exact to within one, so small parts are neither all lost nor all kept
    (Balinski & Demange). `phase` in 0 to 1 shifts where along the row remainders fall. A row of zeros gets none.
    """
    row = np.asarray(parts, dtype=np.float64)
    return apportion_rows(row.reshape(1, -1), np.array([total]), np.array([phase])).reshape(row.shape)


def apportion_rows(parts: Reals, totals: Ints, phases: Reals) -> Ints:
    """Rows [N, K], each apportioned to a total of its own as `apportion` does."""
    rows = np.ascontiguousarray(parts)
    most = rows.max(axis=1, initial=0.0)
    given = (totals > 0) & (most > 0)
    shares = rows / np.where(given, most, 1.0)[:, None]
    factors = np.where(given, totals / np.where(given, shares.sum(axis=1), 1.0), 0.0)
    whole = np.empty(rows.shape, dtype=np.int32)
    cumulative_rounding(shares, factors, phases % 1.0, totals.astype(np.float64), whole)
    return whole


def golden_phases(count: int) -> Reals:
    """Phases of rows [N], all different, so that single doctors and posts spread over the columns."""
    return np.asarray(np.arange(1, count + 1) * GOLDEN, dtype=np.float64)


def apportion_cells(cells: Any, scale: float) -> Ints:
    """Scaled cells [A, B]: the total rounded, then apportioned over rows, then each row over its cells."""
    table = np.asarray(cells, dtype=np.float64) * scale
    rows = apportion(table.sum(axis=1), round_half_up(float(table.sum())))
    return apportion_rows(table, rows, golden_phases(len(rows)))


def round_half_up(amount: float) -> int:
    """Nearest integer; halves are rounded up."""
    return int(np.floor(amount + 0.5))


def days_of_months(months: Any) -> Ints:
    """Whole-time days of months, 364 days in twelve."""
    return to_int32(np.asarray(months, dtype=np.float64) * WEEKS_PER_MONTH * DAYS_PER_WEEK)


def by_year(points: Mapping[str, float], years: tuple[int, ...]) -> Reals:
    """Values by year [Y], interpolated between named years, constant before the first and after the last."""
    known = sorted((int(year), value) for year, value in points.items())
    return np.interp(years, [year for year, _ in known], [value for _, value in known])


def in_order(table: Mapping[str, float], names: tuple[str, ...]) -> Reals:
    """Values of a table in the order of names [N]."""
    return np.array([table[name] for name in names], dtype=np.float64)
