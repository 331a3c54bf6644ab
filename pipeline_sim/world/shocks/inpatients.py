"""COVID inpatients and ventilated beds by day, as published, and their variation by NHS region."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import Dates
from pipeline_sim.world.reading.csv_tables import FileStamp, cached_rows, file_stamp
from pipeline_sim.world.reading.remembered import remembered
from pipeline_sim.world.schema.shocks import Regions
from pipeline_sim.world.schema.waves import Measure
from pipeline_sim.world.timeline.tables import Axes, Reals
from pipeline_sim.world.world_error import WorldError, hint

ENGLAND = "england"
COLUMN: dict[Measure, str] = {"inpatients": "occupied_mean", "ventilated": "mv_mean"}


class Occupancy(NamedTuple):
    """COVID inpatients, or ventilated ones, by day."""

    england: Reals  # [T]
    office: Reals  # [O, T] of the office's NHS region
    per_bed: Reals  # [O, T] inpatients England would have at the region's inpatients per bed
    bed_share: Reals  # [O] beds of the region over those of England


@remembered
def occupancy(axes: Axes, regions: Regions, measure: Measure = "inpatients") -> Occupancy:
    """Daily steps of the weekly figures.

    Gaps are filled for inpatients from England's, shared as in the regions' last weeks; for ventilated beds from
    inpatients, at the ratio of the nearest weeks published.
    """
    path = axes.evidence(regions.row_days.source)
    areas = (ENGLAND, *sorted(set(axes.regions)))
    weeks, table = weekly(path, file_stamp(path), areas, measure, int(regions.carry_weeks.value))
    row_days = int(regions.row_days.value)
    beds = [beds_of(regions, name) for name in axes.regions]
    bed_share = np.array(beds) / sum(regions.beds.value.values())
    daily = dict(zip(areas, daily_steps(axes.dates, weeks, table, row_days), strict=True))
    office = np.stack([daily[name] for name in axes.regions])
    return Occupancy(daily[ENGLAND], office, office / bed_share[:, None], bed_share)


@lru_cache(maxsize=16)
def weekly(
    path: Path, _stamp: FileStamp, areas: tuple[str, ...], measure: Measure, carry_weeks: int
) -> tuple[list[date], Reals]:
    """First days of the weeks, and figures [areas, weeks] with gaps filled; England is the first area. Read-only."""
    table = np.array([published(path, _stamp, name, "inpatients") for name in areas])
    table[1:] = fill_from_england(table[0], table[1:], carry_weeks)
    if measure == "ventilated":
        ventilated = np.array([published(path, _stamp, name, measure) for name in areas])
        table = np.stack([fill_by_ratio(*pair, carry_weeks) for pair in zip(ventilated, table, strict=True)])
    return [row.day("week_start_mon") for row in cached_rows(path)], table


@lru_cache(maxsize=32)
def published(path: Path, _stamp: FileStamp, area: str, measure: Measure) -> list[float]:
    """Weekly figures of an area, NaN where not published; raises WorldError for a gap in England's inpatients."""
    if not (rows := cached_rows(path)):
        raise WorldError(f"{path}: no rows")
    name, required = f"{area}_{COLUMN[measure]}", area == ENGLAND and measure == "inpatients"
    return [row.number(name, least=0) if row[name] or required else float("nan") for row in rows]


def beds_of(regions: Regions, name: str) -> float:
    """Beds of an NHS region; raises WorldError."""
    if name not in regions.beds.value:
        raise WorldError(f"shocks.regions.beds: no beds for '{name}'{hint(name, regions.beds.value)}")
    return regions.beds.value[name]


def fill_from_england(england: Reals, regions: Reals, weeks: int) -> Reals:
    """Regional figures [R, weeks] with gaps filled from England's, shared as in the last `weeks` observed."""
    observed = np.asarray(~np.isnan(regions).any(axis=0))
    recent = np.flatnonzero(observed)[-weeks:]
    share = regions[:, recent].sum(axis=1) / england[recent].sum()
    return np.where(observed[None, :], regions, share[:, None] * england[None, :])


def fill_by_ratio(values: Reals, inpatients: Reals, weeks: int) -> Reals:
    """Figures with gaps filled by inpatients times the ratio of the last (or first) `weeks` observed."""
    observed = np.flatnonzero(~np.isnan(values))
    if not len(observed):
        return inpatients
    first, last = (values[few].sum() / inpatients[few].sum() for few in (observed[:weeks], observed[-weeks:]))
    ratio = np.where(np.arange(len(values)) < observed[0], first, last)
    return np.where(np.isnan(values), ratio * inpatients, values)


def daily_steps(dates: Dates, weeks: list[date], values: Reals, row_days: int) -> Reals:
    """Daily values [..., T] of a weekly series [..., rows]; 0 outside it."""
    table = np.zeros((*values.shape[:-1], dates.days))
    for row, week in enumerate(weeks):
        start = dates.day(week)
        table[..., max(0, start) : max(0, start + row_days)] = values[..., row, None]
    return table


def bounded_ratio(ratio: Reals, regions: Regions, weight: Reals) -> Reals:
    """Ratios [O, ...] within their bounds, scaled so that the trainee-weighted mean is 1."""
    clipped = np.clip(ratio, regions.least_ratio.value, regions.most_ratio.value)
    return np.asarray(clipped / np.tensordot(weight, clipped, axes=1))


@remembered
def regional_ratio(axes: Axes, occupied: Occupancy, regions: Regions) -> Reals:
    """Loss of an office over that of England [O, T], by calendar month; 1 where there were no COVID inpatients."""
    starts = axes.dates.month_start[:-1]
    england = np.add.reduceat(occupied.england, starts)
    office = np.add.reduceat(occupied.per_bed, starts, axis=1)
    none = england == 0
    ratio = np.where(none, 1.0, office / np.where(none, 1.0, england))
    return bounded_ratio(ratio, regions, axes.trainee_share)[:, axes.dates.month_of[:-1]]
