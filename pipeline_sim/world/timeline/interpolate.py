"""Interpolation between monthly means and daily values."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import Dates
from pipeline_sim.world.timeline.tables import Axes, Reals


def following(month: date) -> date:
    """First of the next month."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def daily(monthly: Mapping[date, float], begin: date) -> Reals:
    """Daily losses [days], from `begin` or the first month to the end of the last, with the given monthly means.

    Straight lines join values in the middle of each month, solved so that every month has its mean, and are clipped to
    0 to 1. The month of `begin` has its whole loss after that day, up to 1 a day.
    """
    whole, lengths, means, lines = _lines(tuple(monthly), begin)
    due = np.minimum(1.0, np.array(list(monthly.values())) * whole / lengths)
    return np.asarray(np.clip(np.linalg.solve(means, due) @ lines, 0.0, 1.0))


@lru_cache(maxsize=64)
def _lines(months: tuple[date, ...], begin: date) -> tuple[Reals, Reals, Reals, Reals]:
    begin = max(begin, months[0])
    spans = [slice(max(0, (month - begin).days), (following(month) - begin).days) for month in months]
    lengths = np.array([span.stop - span.start for span in spans])
    whole = np.array([(following(month) - month).days for month in months])
    middles = [(span.start + span.stop - 1) / 2 for span in spans]
    lines = np.stack([np.interp(np.arange(spans[-1].stop), middles, unit) for unit in np.eye(len(months))])
    return whole, lengths, np.stack([lines[:, span].mean(axis=1) for span in spans]), lines


def monthly_means(axes: Axes, daily: Reals) -> Reals:
    """Monthly means [O, M] of a daily table [O, T]."""
    return np.add.reduceat(daily, axes.dates.month_start[:-1], axis=1) / np.diff(axes.dates.month_start)


def whole_months(axes: Axes, first: date, last: date) -> npt.NDArray[np.bool_]:
    """Months wholly within a period, [M] flags."""
    begins, ends = _month_ordinals(axes.dates)
    return (first.toordinal() <= begins) & (ends <= last.toordinal())


@lru_cache(maxsize=16)
def _month_ordinals(dates: Dates) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    months = [dates.month_date(month) for month in range(dates.months)]
    last = [following(month) - timedelta(days=1) for month in months]
    return np.array([month.toordinal() for month in months]), np.array([day.toordinal() for day in last])
