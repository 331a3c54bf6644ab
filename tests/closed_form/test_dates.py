"""Dates that can be worked out by hand: full time, less than full time, a change of both, leave."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.run_and_read import Row, rows, rows_of, run_log
from support.worlds.deterministic_world import deterministic_world
from support.worlds.random_worlds import examples
from support.worlds.toy_rulebook import YEAR, changed, ints, thresholds

from pipeline_sim.rules.codes import Event
from pipeline_sim.rules.rulebook import Rulebook

CARRIED = 21  # days before a changeover within which a grade lasts until it
FOUR_MONTHLY = (0, 112, 224)


def on_changeover(end: int) -> int:
    """The end of a foundation grade: a changeover that follows closely, else the day itself."""
    coming = [YEAR * year + day for year in range(9) for day in FOUR_MONTHLY if 0 <= YEAR * year + day - end <= CARRIED]
    return coming[0] if coming else end


def part_time(book: Rulebook, wte: int, from_year: int = 0) -> Rulebook:
    """Everyone works part time from a training year on."""
    ltft = book.life.ltft.copy()
    ltft[from_year:] = thresholds(1)
    return changed(book, life={"ltft": ltft, "wte_levels": ints([wte]), "wte_cumulative": thresholds([1])})


def only(book: Rulebook, *events: Event) -> list[Row]:
    """Rows of some events in the world's log."""
    return rows_of(rows(run_log(book)), *events)


@examples(25)
@given(first=st.integers(120, 364), second=st.integers(120, 364))
def test_full_time_takes_as_long_as_the_grades(first: int, second: int) -> None:
    book = deterministic_world(4)
    lengths = book.programmes.grade_days.copy()
    lengths[0, :2] = first, second
    progressed, completed = only(changed(book, programmes={"grade_days": lengths}), Event.PROGRESSED, Event.COMPLETED)
    assert progressed.day == on_changeover(first)
    assert completed.day == completed.amount == on_changeover(progressed.day + second)


@pytest.mark.parametrize(("wte", "days"), [(100, 364), (80, 455), (70, 520), (50, 728)])
def test_part_time_takes_longer_in_proportion(wte: int, days: int) -> None:
    progressed, completed = only(part_time(deterministic_world(5), wte), Event.PROGRESSED, Event.COMPLETED)
    assert progressed.day == on_changeover(days)
    assert completed.day == completed.amount == on_changeover(progressed.day + days)


@pytest.mark.parametrize("wte", [50, 60, 70, 80, 90])
def test_a_change_of_working_time_moves_the_end_as_the_calculator_does(wte: int) -> None:
    """Out of phase: half the F1 year is left when working time falls; what is left grows by old over new."""
    book = deterministic_world(5)
    february = np.zeros_like(book.posts.graduates)
    february[0, 1] = 1
    progressed, *_ = only(changed(part_time(book, wte, from_year=1), posts={"graduates": february}), Event.PROGRESSED)
    left = 182
    assert progressed.day == on_changeover(YEAR + -(-left * 100 // wte))


@pytest.mark.parametrize("days", [1, 30, 50, 182])
def test_parental_leave_moves_the_end_by_its_length(days: int) -> None:
    leave = {"parental": thresholds([1] * 5), "parental_days": ints([days] * 8)}
    book = deterministic_world(4, 40, life=leave)
    book = changed(book, people={"women": thresholds(np.ones(book.people.women.shape))})
    told_rows = rows(run_log(book))
    ends = {row.trainee: row.day for row in rows_of(told_rows, Event.PROGRESSED)}
    assert len(ends) == 40
    for trainee, end in ends.items():
        away = sum(
            row.amount for row in rows_of(told_rows, Event.RETURNED) if row.trainee == trainee and row.day <= end
        )
        assert end == on_changeover(YEAR + away), trainee
        assert away >= days


@pytest.mark.parametrize(("days", "limit", "moved"), [(28, 20, 0), (29, 20, 1), (60, 20, 32), (60, 0, 60), (60, 90, 0)])
def test_sickness_moves_the_end_by_what_is_above_the_limit(days: int, limit: int, moved: int) -> None:
    """Twenty working days are four weeks.

    For those whose sickness lies inside the F1 year; later ones may fall ill again before the end.
    """
    book = deterministic_world(3, 30, programmes={"standard": ints([0] * 4)})
    sick = book.life.sick.copy()
    sick[:12] = thresholds(1)
    told_rows = rows(
        run_log(changed(book, life={"sick": sick, "sick_days": ints([days] * 16), "absence_limit": ints([limit] * 5)}))
    )
    back = {row.trainee: row.day for row in rows_of(told_rows, Event.RETURNED)}
    ends = {row.trainee: row.day for row in rows_of(told_rows, Event.PROGRESSED) if back.get(row.trainee, YEAR) < YEAR}
    assert ends
    assert set(ends.values()) == {on_changeover(YEAR + moved)}
