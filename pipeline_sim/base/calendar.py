"""Days and dates. Day 0 is the first Wednesday of August of the first training year; a training year
runs from one first Wednesday of August to the day before the next, so it is 52 or 53 whole weeks."""

import datetime
from datetime import timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

AUGUST = 8
WEDNESDAY = 2
DAYS_PER_WEEK = 7


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
        """T, the number of days in the run."""
        return self.day(first_wednesday(self.first_year + self.years, AUGUST))

    @property
    def weeks(self) -> int:
        """W, the number of weeks in the run."""
        return self.days // DAYS_PER_WEEK

    @property
    def months(self) -> int:
        """M, calendar months touched; the first and the last are parts of an August."""
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
        """True if a date is a day of the run."""
        return 0 <= self.day(when) < self.days

    @property
    def training_years(self) -> tuple[int, ...]:
        """Calendar year in which each training year begins."""
        return tuple(range(self.first_year, self.first_year + self.years))

    @property
    def year_start(self) -> npt.NDArray[np.int32]:
        """[Y+1] first day of each training year, then the end of the run."""
        starts = [self.day(first_wednesday(self.first_year + index, AUGUST)) for index in range(self.years + 1)]
        return np.array(starts, dtype=np.int32)

    @property
    def month_start(self) -> npt.NDArray[np.int32]:
        """[M+1] first day of each calendar month (the first is day 0), then the end of the run."""
        return _month_start(self)

    @property
    def year_of(self) -> npt.NDArray[np.int32]:
        """[T+1] training year of a day; the end of the run counts to the last year."""
        return spans(self.year_start)

    @property
    def month_of(self) -> npt.NDArray[np.int32]:
        """[T+1] month of a day; the end of the run counts to the last month."""
        return spans(self.month_start)

    def month_date(self, month: int) -> datetime.date:
        """First of the calendar month with this index."""
        return self.date(int(self.month_start[month])).replace(day=1)

    def dates_in(self, months: tuple[int, ...], day_of_month: int) -> tuple[datetime.date, ...]:
        """Every date of the run on that day of those months."""
        every = (
            datetime.date(year, month, day_of_month)
            for year in range(self.first_year, self.first_year + self.years + 1)
            for month in sorted(months)
        )
        return tuple(when for when in every if self.contains(when))

    def wednesdays(self, months: tuple[int, ...]) -> tuple[datetime.date, ...]:
        """First Wednesdays of those months, from day 0 to the end of the run, both included."""
        every = (
            first_wednesday(year, month)
            for year in range(self.first_year, self.first_year + self.years + 1)
            for month in sorted(months)
        )
        return tuple(when for when in every if 0 <= self.day(when) <= self.days)


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


def spans(starts: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Index of the span each day is in, for days 0 to the last start; that last day counts to the last span."""
    days = np.arange(starts[-1] + 1)
    found = np.searchsorted(starts, days, side="right") - 1
    return np.minimum(found, len(starts) - 2).astype(np.int32)


def next_on_or_after(days: npt.NDArray[np.int32], length: int, never: int) -> npt.NDArray[np.int32]:
    """[length] for each day the first of `days` (ascending) on or after it, or `never`."""
    padded = np.append(np.asarray(days, dtype=np.int32), np.int32(never))
    return padded[np.searchsorted(padded[:-1], np.arange(length), side="left")]
