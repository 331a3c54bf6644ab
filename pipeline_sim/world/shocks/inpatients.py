"""COVID inpatients and ventilated beds by day, as published, and how unevenly they fell on NHS regions."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import Dates
from pipeline_sim.world.reading.csv_tables import Cells, Stamp, sheet, stamp
from pipeline_sim.world.schema.shocks import Regions
from pipeline_sim.world.schema.waves import Measure
from pipeline_sim.world.timeline.tables import Axes, Reals
from pipeline_sim.world.world_error import WorldError, hint

ENGLAND = "england"
COLUMN: dict[Measure, str] = {"inpatients": "occupied_mean", "ventilated": "mv_mean"}


class Occupancy(NamedTuple):
    """COVID inpatients, or those of them who were ventilated, by day."""

    england: Reals  # [T]
    office: Reals  # [O, T] of the office's NHS region
    per_bed: Reals  # [O, T] inpatients England would have at the region's inpatients per bed
    bed_share: Reals  # [O] beds of the region over those of England


def occupancy(axes: Axes, regions: Regions, measure: Measure = "inpatients") -> Occupancy:
    """Weekly figures as steps. Inpatients: where regions are not observed, England's are split as in their last weeks.

    Ventilated: where they were not published, those of each place per inpatient in the nearest weeks published.
    """
    path = axes.evidence(regions.row_days.source)
    places = (ENGLAND, *sorted(set(axes.regions)))
    weeks, table = weekly(path, stamp(path), places, measure, int(regions.carry_weeks.value))
    row_days = int(regions.row_days.value)
    beds = [beds_of(regions, name) for name in axes.regions]
    bed_share = np.array(beds) / sum(regions.beds.value.values())
    daily = dict(zip(places, by_day(axes.dates, weeks, table, row_days), strict=True))
    office = np.stack([daily[name] for name in axes.regions])
    return Occupancy(daily[ENGLAND], office, office / bed_share[:, None], bed_share)


@lru_cache(maxsize=16)
def weekly(
    path: Path, _stamp: Stamp, places: tuple[str, ...], measure: Measure, carry_weeks: int
) -> tuple[list[date], Reals]:
    """First days of the weeks and [places, weeks] figures, gaps filled; not to be written on. England comes first."""
    rows = sheet(path)
    if not rows:
        raise WorldError(f"{path}: no rows")
    table = np.array([published(rows, name, "inpatients") for name in places])
    table[1:] = carry(table[0], table[1:], carry_weeks)
    if measure == "ventilated":
        sick = np.array([published(rows, name, measure) for name in places])
        table = np.stack([beside(*pair, carry_weeks) for pair in zip(sick, table, strict=True)])
    return [row.day("week_start_mon") for row in rows], table


def published(rows: tuple[Cells, ...], place: str, measure: Measure) -> list[float]:
    """Figures of a place by week; NaN where none were published, which of England's inpatients is refused."""
    name, wanted = f"{place}_{COLUMN[measure]}", place == ENGLAND and measure == "inpatients"
    return [row.number(name, least=0) if row[name] or wanted else float("nan") for row in rows]


def beds_of(regions: Regions, name: str) -> float:
    """Beds of an NHS region."""
    if name not in regions.beds.value:
        raise WorldError(f"shocks.regions.beds: no beds for '{name}'{hint(name, regions.beds.value)}")
    return regions.beds.value[name]


def carry(england: Reals, regions: Reals, weeks: int) -> Reals:
    """[R, weeks] gaps filled with England's figure, shared out as in the last `weeks` observed."""
    observed = np.asarray(~np.isnan(regions).any(axis=0))
    recent = np.flatnonzero(observed)[-weeks:]
    share = regions[:, recent].sum(axis=1) / england[recent].sum()
    return np.where(observed[None, :], regions, share[:, None] * england[None, :])


def beside(values: Reals, inpatients: Reals, weeks: int) -> Reals:
    """Gaps filled with inpatients times the ratio in the last `weeks` observed; gaps before them, in the first ones."""
    observed = np.flatnonzero(~np.isnan(values))
    if not len(observed):
        return inpatients
    first, last = (values[few].sum() / inpatients[few].sum() for few in (observed[:weeks], observed[-weeks:]))
    ratio = np.where(np.arange(len(values)) < observed[0], first, last)
    return np.where(np.isnan(values), ratio * inpatients, values)


def by_day(dates: Dates, weeks: list[date], values: Reals, row_days: int) -> Reals:
    """[..., T] the value of the row a day is in; 0 outside the series. values: [..., rows]."""
    table = np.zeros((*values.shape[:-1], dates.days))
    for place, week in enumerate(weeks):
        start = dates.day(week)
        table[..., max(0, start) : max(0, start + row_days)] = values[..., place, None]
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
