"""What a year brings on fixed days stands on the agenda, once and in order."""

import numpy as np
import pytest
from hypothesis import given
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.engines.batch.memory.agenda import ABROAD, AUGUST, FEBRUARY, FIRST_DAY, ROUND, agenda
from pipeline_sim.rules.codes import Pattern
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law


@examples(60)
@given(book=worlds(most_years=4, most_people=5))
def test_every_round_and_every_cohort_comes_once(book: Rulebook) -> None:
    items, begins = (part.tolist() for part in agenda(book))
    days = int(book.calendar.year_start[-1])
    assert len(begins) == days + 1
    assert (begins[0], begins[-1]) == (0, len(items))
    for day in range(days):
        today = [what == ROUND for what, _ in items[begins[day] : begins[day + 1]]]
        assert today == sorted(today)  # who comes is there before offers are made
    within = [index for index, day in enumerate(book.recruitment.rounds[:, 0].tolist()) if day < days]
    assert [index for what, index in items if what == ROUND] == within
    years = range(book.posts.graduates.shape[0])
    changeover = book.calendar.next_changeover[Pattern.SIX]
    opened = [year for year in years if changeover[book.calendar.year_start[year]] < days]  # the rest come too late
    for what, expected in ((AUGUST, [*years]), (FEBRUARY, opened), (ABROAD, [*years])):
        assert sorted(year for kind, year in items if kind == what) == expected, what
    assert items.count([FIRST_DAY, 0]) == 1


def test_f1_doctors_come_on_the_first_day_of_a_year_and_half_a_year_later() -> None:
    book = toy_rulebook(3)
    items, begins = agenda(book)
    day_of = {tuple(item): int(np.searchsorted(begins, n, side="right")) - 1 for n, item in enumerate(items.tolist())}
    for year in range(3):
        starts = int(book.calendar.year_start[year])
        assert day_of[AUGUST, year] == starts
        assert 150 < day_of[FEBRUARY, year] - starts < 220
