"""Reads the observed series behind the shocks and lays them along the days of a run. Nothing is assumed here."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import Dates
from pipeline_sim.world.daily import daily, following
from pipeline_sim.world.errors import WorldError, hint
from pipeline_sim.world.schema_shocks import Absence, IndexSeries, Regions
from pipeline_sim.world.sheets import Cells, read_rows
from pipeline_sim.world.tables import Axes, Reals

ENGLAND = "england"
ALL_STAFF = "all staff"


class Occupancy(NamedTuple):
    """COVID inpatients by day."""

    england: Reals  # [T]
    office: Reals  # [O, T] of the office's NHS region
    per_bed: Reals  # [O, T] inpatients England would have at the region's inpatients per bed
    bed_share: Reals  # [O] beds of the region over those of England


def month_losses(path: Path, series: IndexSeries) -> dict[date, float]:
    """Loss, 1 - index and never below 0, by first of month, in the order of time."""
    rows = read_rows(path)
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
    monthly = month_losses(axes.evidence(series.normal.source), series)
    during, after = np.zeros(axes.dates.days), np.zeros(axes.dates.days)
    values = daily(monthly, series.first)
    last, loss = list(monthly.items())[-1]
    places = axes.dates.day(following(last)) - len(values) + np.arange(len(values))
    inside = (places >= 0) & (places < axes.dates.days)
    during[places[inside]] = values[inside]
    length = series.recovery.value * 365.25 / 12
    since = np.arange(axes.dates.days) - axes.dates.day(following(last))
    left = 1.0 - (since + 0.5) / length if length > 0 else np.zeros(axes.dates.days)
    after[:] = np.where(since >= 0, loss * np.clip(left, 0.0, 1.0), 0.0)
    return during, after


def occupancy(axes: Axes, regions: Regions) -> Occupancy:
    """Weekly COVID inpatients as steps; where regions are not observed, England's are split as in their last weeks."""
    path = axes.evidence(regions.row_days.source)
    rows = read_rows(path)
    if not rows:
        raise WorldError(f"{path}: no rows")
    weeks = [row.day("week_start_mon") for row in rows]
    england = np.array([inpatients(row, ENGLAND) for row in rows])
    names = sorted(set(axes.regions))
    by_region = [[inpatients(row, name) for row in rows] for name in names]
    carried = carry(england, np.array(by_region).reshape(len(names), len(weeks)), int(regions.carry_weeks.value))
    row_days = int(regions.row_days.value)
    beds = [beds_of(regions, name) for name in axes.regions]
    bed_share = np.array(beds) / sum(regions.beds.value.values())
    office = np.stack([by_day(axes.dates, weeks, carried[names.index(name)], row_days) for name in axes.regions])
    return Occupancy(by_day(axes.dates, weeks, england, row_days), office, office / bed_share[:, None], bed_share)


def inpatients(row: Cells, place: str) -> float:
    """COVID inpatients of a week; NaN where none were published for a region."""
    name = f"{place}_occupied_mean"
    return row.number(name, least=0) if row[name] or place == ENGLAND else float("nan")


def beds_of(regions: Regions, name: str) -> float:
    """Beds of an NHS region."""
    if name not in regions.beds.value:
        raise WorldError(f"shocks.regions.beds: no beds for '{name}'{hint(name, regions.beds.value)}")
    return regions.beds.value[name]


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
        for row in read_rows(path)
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


def carry(england: Reals, regions: Reals, weeks: int) -> Reals:
    """[R, weeks] gaps filled with England's figure, shared out as in the last `weeks` observed."""
    observed = np.asarray(~np.isnan(regions).any(axis=0))
    recent = np.flatnonzero(observed)[-weeks:]
    share = regions[:, recent].sum(axis=1) / england[recent].sum()
    return np.where(observed[None, :], regions, share[:, None] * england[None, :])


def by_day(dates: Dates, weeks: list[date], values: Reals, row_days: int) -> Reals:
    """[T] the value of the row a day is in; 0 outside the series."""
    table = np.zeros(dates.days)
    for week, value in zip(weeks, values, strict=True):
        start = dates.day(week)
        table[max(0, start) : max(0, start + row_days)] = value
    return table


def bounded(ratio: Reals, regions: Regions, weight: Reals) -> Reals:
    """[O, ...] ratios within their bounds, then centred so that the trainee-weighted mean is 1."""
    held = np.clip(ratio, regions.least_ratio.value, regions.most_ratio.value)
    return np.asarray(held / np.tensordot(weight, held, axes=1))


def regional_ratio(axes: Axes, occupied: Occupancy, regions: Regions) -> Reals:
    """[O, T] loss of an office over that of England, by calendar month; 1 where no one was in hospital with COVID."""
    starts = axes.dates.month_start[:-1]
    england = np.add.reduceat(occupied.england, starts)
    office = np.add.reduceat(occupied.per_bed, starts, axis=1)
    none = england == 0
    ratio = np.where(none, 1.0, office / np.where(none, 1.0, england))
    return bounded(ratio, regions, axes.trainee_share)[:, axes.dates.month_of[:-1]]
