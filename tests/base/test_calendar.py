"""Days and dates."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline_sim.base.calendar import Dates, first_wednesday, next_on_or_after, spans

RUN = Dates(2014, 13)


def test_known_first_wednesdays() -> None:
    assert first_wednesday(2015, 8) == date(2015, 8, 5)
    assert first_wednesday(2016, 8) == date(2016, 8, 3)
    assert first_wednesday(2020, 4) == date(2020, 4, 1)


def test_run_of_thirteen_years() -> None:
    assert RUN.day_zero == date(2014, 8, 6)
    assert RUN.end == date(2027, 8, 4)
    assert RUN.days == (date(2027, 8, 4) - date(2014, 8, 6)).days
    assert RUN.weeks * 7 == RUN.days
    assert RUN.training_years == tuple(range(2014, 2027))


@given(st.integers(1990, 2080), st.integers(1, 30))
def test_years_are_52_or_53_weeks_from_first_wednesday(first: int, years: int) -> None:
    run = Dates(first, years)
    assert set(np.diff(run.year_start)) <= {364, 371}
    for index, start in enumerate(run.year_start):
        assert run.date(start) == first_wednesday(first + index, 8)


@given(st.integers(0, RUN.days - 1))
def test_day_and_date_are_inverse(day: int) -> None:
    when = RUN.date(day)
    assert RUN.day(when) == day
    assert RUN.contains(when)
    assert RUN.month_date(int(RUN.month_of[day])) == when.replace(day=1)
    assert first_wednesday(RUN.training_years[int(RUN.year_of[day])], 8) <= when


def test_months_start_on_day_zero_and_firsts() -> None:
    assert RUN.month_start[0] == 0
    assert all(RUN.date(day).day == 1 for day in RUN.month_start[1:-1])
    assert RUN.month_start[-1] == RUN.days
    assert RUN.months == 157


def test_the_end_counts_to_the_last_year_and_month() -> None:
    assert len(RUN.year_of) == len(RUN.month_of) == RUN.days + 1
    assert RUN.year_of[-1] == RUN.years - 1
    assert RUN.month_of[-1] == RUN.months - 1


def test_outside_the_run() -> None:
    assert not RUN.contains(date(2014, 8, 5))
    assert not RUN.contains(date(2027, 8, 4))
    assert RUN.day(date(2014, 8, 5)) == -1


def test_dates_in_named_months() -> None:
    short = Dates(2020, 1)
    assert short.dates_in((1, 9), 15) == (date(2020, 9, 15), date(2021, 1, 15))
    assert short.wednesdays((2, 8)) == (date(2020, 8, 5), date(2021, 2, 3), date(2021, 8, 4))


def test_spans_and_what_comes_next() -> None:
    assert spans(np.array([0, 2, 5], dtype=np.int32)).tolist() == [0, 0, 1, 1, 1, 1]
    found = next_on_or_after(np.array([2, 4], dtype=np.int32), 6, 99)
    assert found.tolist() == [2, 2, 2, 4, 4, 99]
