"""Reads the observed series behind the shocks and lays them along the days of a run. Nothing is assumed here."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipeline_sim.world.reading.csv_tables import rows_with, sheet
from pipeline_sim.world.schema.elective_lists import IndependentSector, SectorSeries
from pipeline_sim.world.schema.shocks import Absence, IndexSeries
from pipeline_sim.world.shocks.inpatients import ENGLAND
from pipeline_sim.world.timeline.interpolate import daily, following
from pipeline_sim.world.timeline.tables import Axes, Reals
from pipeline_sim.world.world_error import WorldError

ALL_STAFF = "all staff"
DAYS_PER_YEAR = 365.25


def month_losses(path: Path, series: IndexSeries) -> dict[date, float]:
    """Loss, 1 - index and never below 0, by first of month, in the order of time."""
    rows = list(sheet(path))
    if series.rows is not None:
        rows = [row for row in rows if row[next(iter(row))] == series.rows]
    if not rows:
        raise WorldError(f"{path}: no rows" + (f" for '{series.rows}'" if series.rows is not None else ""))
    found = {
        month: max(0.0, 1.0 - row.number(series.column) / series.normal.value)
        for row in rows
        if row[series.column] and following(month := row.day("month").replace(day=1)) > series.first
    }
    if not found:
        raise WorldError(f"{path}: no value of '{series.column}' from {series.first} on")
    return dict(sorted(found.items()))


def national_losses(axes: Axes, series: IndexSeries) -> tuple[Reals, Reals]:
    """[T] loss in the months of the series, by day, and [T] loss after its last month on the line back to normal."""
    return along(axes, month_losses(axes.evidence(series.normal.source), series), series.first, series.recovery.value)


def along(axes: Axes, monthly: dict[date, float], first: date, recovery_months: float) -> tuple[Reals, Reals]:
    """[T] monthly losses by day, and [T] what is left of the last one after its month, on a line to nothing."""
    during = np.zeros(axes.dates.days)
    values = _daily_once(tuple(monthly.items()), first)
    last, loss = list(monthly.items())[-1]
    places = axes.dates.day(following(last)) - len(values) + np.arange(len(values))
    inside = (places >= 0) & (places < axes.dates.days)
    during[places[inside]] = values[inside]
    return during, loss * line_down(axes, following(last), recovery_months)


@lru_cache(maxsize=64)
def _daily_once(monthly: tuple[tuple[date, float], ...], first: date) -> Reals:
    """Losses by day, not worked out again for the same months; not to be written on."""
    return daily(dict(monthly), first)


def line_down(axes: Axes, start: date, months: float) -> Reals:
    """[T] 0 before a day, then from 1 on a straight line to 0 within so many months."""
    length = months * DAYS_PER_YEAR / 12
    since = np.arange(axes.dates.days) - axes.dates.day(start)
    left = 1.0 - (since + 0.5) / length if length > 0 else np.zeros(axes.dates.days)
    return np.where(since >= 0, np.clip(left, 0.0, 1.0), 0.0)


def sector_losses(axes: Axes, sector: IndependentSector, series: SectorSeries) -> Reals:
    """[T] part of elective training lost because more than normal is done where it cannot be used.

    What can be used of a share s is 1 - (1 - usable) s; the loss is by how much that is less than at the normal share.
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
    during, after = along(axes, monthly, sector.first, sector.recovery.value)
    return during + after


def sector_shares(path: Path, series: SectorSeries) -> dict[date, float]:
    """Share done in the independent sector, by first of month, in the order of time."""
    rows = list(sheet(path))
    for column, word in series.rows.items():
        rows = rows_with(rows, path, column, word)
    found = {row.day(series.month): row.number(series.column, least=0, most=100) / 100 for row in rows}
    return dict(sorted(found.items()))


def staff_absence(axes: Axes, lost: Absence) -> Reals:
    """[M] percentage points of their time for which all staff in England were away beyond what is normal in a month.

    Months between those published lie on straight lines; after the last one the line runs back to normal.
    """
    points = absence_points(axes.evidence(lost.normal.source), lost.first)
    beyond = [value - lost.normal.value - lost.winter.value * wintry(month) for month, value in points.items()]
    numbers = [month_number(month) for month in points]
    months = [axes.dates.month_date(month) for month in range(axes.dates.months)]
    ends = [*numbers, numbers[-1] + lost.recovery.value]
    values = np.interp([month_number(month) for month in months], ends, [*beyond, 0.0])
    begun = np.array([month >= lost.first for month in months])
    return np.where(begun, np.maximum(0.0, values), 0.0)


def wintry(month: date) -> float:
    """1 in January, 0 in April and October, -1 in July."""
    return float(np.cos(2 * np.pi * (month.month - 1) / 12))


def absence_points(path: Path, first: date) -> dict[date, float]:
    """Per cent of time for which all staff in England were away, in the months published, in the order of time."""
    found = {
        row.day("period"): row.number("value", least=0)
        for row in sheet(path)
        if is_month(row["period"]) and row["geography"].lower() == ENGLAND and row["measure"] == ALL_STAFF
    }
    kept = {month: value for month, value in sorted(found.items()) if following(month) > first}
    if not kept:
        raise WorldError(f"{path}: no month of '{ALL_STAFF}' in England from {first} on")
    return kept


def is_month(period: str) -> bool:
    """True if a period is written as a month, `2020-04`."""
    year, _, month = period.partition("-")
    return year.isdigit() and len(year) == 4 and len(month) == 2 and month.isdigit() and 1 <= int(month) <= 12


def month_number(month: date) -> int:
    """Months counted through the years."""
    return month.year * 12 + month.month - 1
