"""Calendar of a run. Day 0 is the first Wednesday of August of the first training year; a training year
lasts from one first Wednesday of August to the day before the next, so it is 52 or 53 whole weeks."""

import datetime
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

AUGUST = 8
WEDNESDAY = 2
DAYS_PER_WEEK = 7
DAYS_PER_YEAR = 365.25  # mean calendar year
DAYS_PER_FINANCIAL_YEAR = 365  # over which yearly ceilings on spending are spread
MONTHS_PER_YEAR = 12
DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR


@cache
def first_wednesday(year: int, month: int) -> datetime.date:
    """First Wednesday of a month."""
    first = datetime.date(year, month, 1)
    return first + timedelta(days=(WEDNESDAY - first.weekday()) % DAYS_PER_WEEK)


class Dates(NamedTuple):
    """The calendar of a run: training years `first_year` on, `years` of them (warm-up included)."""

    first_year: int
    years: int

    @property
    def day_zero(self) -> datetime.date:
        """Date of day 0."""
        return first_wednesday(self.first_year, AUGUST)

    @property
    def days(self) -> int:
        """Number of days in the run, T."""
        return self.day(first_wednesday(self.first_year + self.years, AUGUST))

    @property
    def weeks(self) -> int:
        """Number of weeks in the run, W."""
        return self.days // DAYS_PER_WEEK

    @property
    def months(self) -> int:
        """Number of calendar months in the run, M; the first and the last are parts of an August."""
        return len(self.month_start) - 1

    @property
    def end(self) -> datetime.date:
        """Date of the day after the last."""
        return self.date(self.days)

    def day(self, when: datetime.date) -> int:
        """Day number of a date; below 0 before the run."""
        return (when - self.day_zero).days

    def date(self, day: int) -> datetime.date:
        """Date of a day number."""
        return self.day_zero + timedelta(days=int(day))

    def contains(self, when: datetime.date) -> bool:
        """Whether a date is a day of the run."""
        return 0 <= self.day(when) < self.days

    @property
    def training_years(self) -> tuple[int, ...]:
        """Calendar years in which the training years begin."""
        return tuple(range(self.first_year, self.first_year + self.years))

    @property
    def year_start(self) -> npt.NDArray[np.int32]:
        """First day of each training year, then the end of the run, [Y+1]."""
        starts = [self.day(first_wednesday(self.first_year + index, AUGUST)) for index in range(self.years + 1)]
        return np.array(starts, dtype=np.int32)

    @property
    def month_start(self) -> npt.NDArray[np.int32]:
        """First day of each calendar month (the first is day 0), then the end of the run, [M+1]."""
        return _month_start(self)

    @property
    def year_of(self) -> npt.NDArray[np.int32]:
        """Training year of each day, [T+1]; the end of the run belongs to the last year."""
        return _year_of(self)

    @property
    def month_of(self) -> npt.NDArray[np.int32]:
        """Month of each day, [T+1]; the end of the run belongs to the last month."""
        return _month_of(self)

    def month_date(self, month: int) -> datetime.date:
        """First date of the calendar month with an index."""
        return _month_dates(self)[month]

    def dates_in(self, months: tuple[int, ...], day_of_month: int) -> tuple[datetime.date, ...]:
        """Dates of the run on a day of some months, ascending."""
        dates = (datetime.date(year, month, day_of_month) for year, month in self._months(months))
        return tuple(when for when in dates if self.contains(when))

    def wednesdays(self, months: tuple[int, ...]) -> tuple[datetime.date, ...]:
        """First Wednesdays of some months, from day 0 to the end of the run, both included."""
        dates = (first_wednesday(year, month) for year, month in self._months(months))
        return tuple(when for when in dates if 0 <= self.day(when) <= self.days)

    def _months(self, months: tuple[int, ...]) -> Iterator[tuple[int, int]]:
        return product(range(self.first_year, self.first_year + self.years + 1), sorted(months))


@cache
def _month_start(dates: Dates) -> npt.NDArray[np.int32]:
    end = first_wednesday(dates.first_year + dates.years, AUGUST)
    firsts = [
        dates.day(datetime.date(year, month, 1))
        for year in range(dates.first_year, end.year + 1)
        for month in range(1, 13)
        if dates.day_zero < datetime.date(year, month, 1) < end
    ]
    starts = np.array([0, *firsts, dates.day(end)], dtype=np.int32)
    starts.setflags(write=False)
    return starts


@cache
def _month_dates(dates: Dates) -> tuple[datetime.date, ...]:
    return tuple(dates.date(day).replace(day=1) for day in dates.month_start.tolist())


@cache
def _year_of(dates: Dates) -> npt.NDArray[np.int32]:
    return spans(dates.year_start)


@cache
def _month_of(dates: Dates) -> npt.NDArray[np.int32]:
    return spans(dates.month_start)


def spans(starts: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Index of the span of each day, [last start + 1]; the last day belongs to the last span."""
    days = np.arange(starts[-1] + 1)
    index = np.searchsorted(starts, days, side="right") - 1
    found = np.minimum(index, len(starts) - 2).astype(np.int32)
    found.setflags(write=False)
    return found


def next_on_or_after(days: npt.NDArray[np.int32], length: int, never: int) -> npt.NDArray[np.int32]:
    """First of `days` (ascending) on or after each day, or `never`, [length]."""
    padded = np.append(np.asarray(days, dtype=np.int32), np.int32(never))
    return padded[np.searchsorted(padded[:-1], np.arange(length), side="left")]
