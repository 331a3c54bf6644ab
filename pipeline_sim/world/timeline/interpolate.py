"""From means by month to values by day, and which months lie wholly in a window."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from pipeline_sim.world.timeline.tables import Axes, Reals


def following(month: date) -> date:
    """First of the next month."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def daily(monthly: Mapping[date, float], begin: date) -> Reals:
    """Losses by day, from `begin` or the first month to the end of the last one, whose means by month are those given.

    Straight lines join a value in the middle of each month; the values are those that give every month its mean, and
    what would leave 0 to 1 is held there. The month in which `begin` lies has its whole loss after it, as far as a
    day can lose all there is.
    """
    months = list(monthly)
    begin = max(begin, months[0])
    spans = [slice(max(0, (month - begin).days), (following(month) - begin).days) for month in months]
    lengths = np.array([span.stop - span.start for span in spans])
    whole = np.array([(following(month) - month).days for month in months])
    due = np.minimum(1.0, np.array(list(monthly.values())) * whole / lengths)
    middles = [(span.start + span.stop - 1) / 2 for span in spans]
    lines = np.stack([np.interp(np.arange(spans[-1].stop), middles, one) for one in np.eye(len(months))])
    means = np.stack([lines[:, span].mean(axis=1) for span in spans])
    return np.asarray(np.clip(np.linalg.solve(means, due) @ lines, 0.0, 1.0))


def whole_months(axes: Axes, first: date, last: date) -> npt.NDArray[np.bool_]:
    """[M] True for months that begin on `first` or later and end on `last` or before: nothing acts before it begins."""
    months = [axes.dates.month_date(month) for month in range(axes.dates.months)]
    return np.array([first <= month and following(month) - timedelta(days=1) <= last for month in months])
