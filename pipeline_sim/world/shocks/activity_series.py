"""Observed activity and absence series behind the shocks, by day or month of the run."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_YEAR
from pipeline_sim.world.reading.csv_tables import FileStamp, cached_rows, file_stamp, rows_with
from pipeline_sim.world.reading.remembered import remembered
from pipeline_sim.world.schema.elective_lists import IndependentSector, SectorSeries
from pipeline_sim.world.schema.shocks import Absence, IndexSeries
from pipeline_sim.world.shocks.inpatients import ENGLAND
from pipeline_sim.world.timeline.interpolate import daily, following
from pipeline_sim.world.timeline.tables import Axes, Reals
from pipeline_sim.world.world_error import WorldError

ALL_STAFF = "all staff"


def month_losses(path: Path, series: IndexSeries) -> dict[date, float]:
    """Loss by first of month, in order: 1 - index, at least 0; raises WorldError for a series without values."""
    values = _monthly(path, file_stamp(path), series.rows, series.column, series.first)
    return {month: max(0.0, 1.0 - value / series.normal.value) for month, value in values}


@lru_cache(maxsize=64)
def _monthly(
    path: Path, _stamp: FileStamp, which: str | None, column: str, first: date
) -> tuple[tuple[date, float], ...]:
    rows = list(cached_rows(path))
    if which is not None:
        rows = [row for row in rows if row[next(iter(row))] == which]
    if not rows:
        raise WorldError(f"{path}: no rows" + (f" for '{which}'" if which is not None else ""))
    values = {
        month: row.number(column)
        for row in rows
        if row[column] and following(month := row.day("month").replace(day=1)) > first
    }
    if not values:
        raise WorldError(f"{path}: no value of '{column}' from {first} on")
    return tuple(sorted(values.items()))


@remembered
def national_losses(axes: Axes, series: IndexSeries) -> tuple[Reals, Reals]:
    """Daily loss in the months of the series [T], and after its last month on the line back to normal [T]."""
    monthly = month_losses(axes.evidence(series.normal.source), series)
    return daily_losses(axes, monthly, series.first, series.recovery.value)


def daily_losses(axes: Axes, monthly: dict[date, float], first: date, recovery_months: float) -> tuple[Reals, Reals]:
    """Daily loss [T] of monthly losses, and after the last month [T] on a straight line to 0."""
    during = np.zeros(axes.dates.days)
    values = _daily_once(tuple(monthly.items()), first)
    last, loss = list(monthly.items())[-1]
    days = axes.dates.day(following(last)) - len(values) + np.arange(len(values))
    inside = (days >= 0) & (days < axes.dates.days)
    during[days[inside]] = values[inside]
    return during, loss * line_down(axes, following(last), recovery_months)


@lru_cache(maxsize=64)
def _daily_once(monthly: tuple[tuple[date, float], ...], first: date) -> Reals:
    return daily(dict(monthly), first)


def line_down(axes: Axes, start: date, months: float) -> Reals:
    """Weights [T]: 0 before a date, then on a straight line from 1 to 0 over some months."""
    length = months * DAYS_PER_YEAR / 12
    since = np.arange(axes.dates.days) - axes.dates.day(start)
    left = 1.0 - (since + 0.5) / length if length > 0 else np.zeros(axes.dates.days)
    return np.where(since >= 0, np.clip(left, 0.0, 1.0), 0.0)


def sector_losses(axes: Axes, sector: IndependentSector, series: SectorSeries) -> Reals:
    """Share of elective training lost to work in the independent sector beyond the normal share [T].

    Of a share s, 1 - (1 - usable) s can be used; the loss is relative to the normal share. Raises WorldError.
    """
    lost = 1.0 - sector.usable.value
    normal = series.normal.value / 100
    monthly = {
        month: max(0.0, lost * (share - normal) / (1.0 - lost * normal))
        for month, share in sector_shares(axes.evidence(series.normal.source), series).items()
        if following(month) > sector.first
    }
    if not monthly:
        raise WorldError(f"shocks.independent_sector: no month of '{series.column}' from {sector.first} on")
    during, after = daily_losses(axes, monthly, sector.first, sector.recovery.value)
    return during + after


def sector_shares(path: Path, series: SectorSeries) -> dict[date, float]:
    """Share done in the independent sector, by first of month, in order. Read-only."""
    return _shares(path, file_stamp(path), tuple(series.rows.items()), series.month, series.column)


@lru_cache(maxsize=64)
def _shares(
    path: Path, _stamp: FileStamp, which: tuple[tuple[str, str], ...], month: str, share: str
) -> dict[date, float]:
    rows = list(cached_rows(path))
    for column, word in which:
        rows = rows_with(rows, path, column, word)
    shares = {row.day(month): row.number(share, least=0, most=100) / 100 for row in rows}
    return dict(sorted(shares.items()))


def staff_absence(axes: Axes, lost: Absence) -> Reals:
    """Excess absence of all staff in England [M], percentage points of time.

    Months between those published are interpolated; after the last one the line runs back to normal.
    """
    points = absence_points(axes.evidence(lost.normal.source), lost.first)
    beyond = [value - lost.normal.value - lost.winter.value * winter_weight(month) for month, value in points.items()]
    numbers = [month_number(month) for month in points]
    months = [axes.dates.month_date(month) for month in range(axes.dates.months)]
    ends = [*numbers, numbers[-1] + lost.recovery.value]
    values = np.interp([month_number(month) for month in months], ends, [*beyond, 0.0])
    begun = np.array([month >= lost.first for month in months])
    return np.where(begun, np.maximum(0.0, values), 0.0)


def winter_weight(month: date) -> float:
    """Seasonal weight of a month: 1 in January, 0 in April and October, -1 in July."""
    return float(np.cos(2 * np.pi * (month.month - 1) / 12))


def absence_points(path: Path, first: date) -> dict[date, float]:
    """Absence of all staff in England by published month, in order, per cent of time; raises WorldError."""
    published = {
        row.day("period"): row.number("value", least=0)
        for row in cached_rows(path)
        if is_month(row["period"]) and row["geography"].lower() == ENGLAND and row["measure"] == ALL_STAFF
    }
    points = {month: value for month, value in sorted(published.items()) if following(month) > first}
    if not points:
        raise WorldError(f"{path}: no month of '{ALL_STAFF}' in England from {first} on")
    return points


def is_month(period: str) -> bool:
    """True if a period is a month, `2020-04`."""
    year, _, month = period.partition("-")
    return year.isdigit() and len(year) == 4 and len(month) == 2 and month.isdigit() and 1 <= int(month) <= 12


def month_number(month: date) -> int:
    """Serial number of a month."""
    return month.year * 12 + month.month - 1
