"""Earned, asked for, taken and missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_table import THOROUGH, case_parameters, whole_number, word_code

from pipeline_sim.rules import competence

SHARES = st.integers(0, 1000)
PACES = st.integers(300, 2000)
WTES = st.sampled_from([50, 60, 70, 80, 90, 100])


@pytest.mark.parametrize("row", case_parameters("competence"))
def test_earned(row):
    paces = (whole_number(row[column], 10) for column in ("pace [%]", "post pace [%]", "quality [%]"))
    days, weight = whole_number(row["normal days"], 1000), whole_number(row["weight [%]"], 10)
    earned = competence.earned(days, weight, word_code(row["working time [%]"]), *paces)
    assert earned == whole_number(row["curriculum days"], 1000)


@pytest.mark.parametrize("row", case_parameters("requirement"))
def test_required(row):
    wte = word_code(row["working time [%]"])
    before, after = word_code(row["training days done before"]) * wte, word_code(row["then"]) * wte
    days = competence.required_days(before, after, word_code(row["asked within"]) * 100)
    asked = competence.required(whole_number(row["weight [%]"], 10), whole_number(row["standard [%]"], 10), days)
    assert asked == whole_number(row["curriculum days"], 1000)


def test_the_largest_run_does_not_overflow():
    assert competence.earned(2_000_000, 1000, 100, 2000, 2000, 1000) == 8_000_000


@THOROUGH
@given(st.integers(0, 1_000_000), st.integers(0, 1_000_000), SHARES, WTES, PACES, PACES, SHARES)
def test_an_interval_told_in_two_parts_loses_at_most_a_thousandth(first, second, weight, wte, pace, post, quality):
    person = (weight, wte, pace, post, quality)
    parts = competence.earned(first, *person) + competence.earned(second, *person)
    assert 0 <= competence.earned(first + second, *person) - parts <= 2


@THOROUGH
@given(st.integers(0, 2_000_000), SHARES, WTES, PACES, PACES, SHARES)
def test_earned_is_the_product_to_a_thousandth(days_sum, weight, wte, pace, post, quality):
    exact = days_sum * weight * wte * pace * post * quality // 10**14
    assert exact - 1 <= competence.earned(days_sum, weight, wte, pace, post, quality) <= exact


@THOROUGH
@given(st.integers(1, 2000), SHARES, WTES)
def test_a_normal_doctor_in_normal_times_earns_what_is_asked(days, weight, wte):
    earned = competence.earned(days * 1000, weight, wte, 1000, 1000, 1000)
    assert earned == competence.required(weight, 1000, days * wte)


@THOROUGH
@given(st.integers(1, 1500), st.sampled_from([50, 80]), SHARES)
def test_the_same_work_takes_longer_at_less_than_full_time(days, wte, weight):
    longer = days * 1000 * 100 // wte
    assert (
        abs(
            competence.earned(days * 1000, weight, 100, 1000, 1000, 1000)
            - competence.earned(longer, weight, wte, 1000, 1000, 1000)
        )
        <= 1
    )


@THOROUGH
@given(st.integers(0, 50_000), st.integers(0, 50_000), st.integers(0, 50_000), st.integers(0, 50_000))
def test_the_asked_days_of_a_grade_add_up(a, b, c, limit):
    before, between, after = sorted((a, b, c))
    whole = competence.required_days(before, after, limit)
    assert whole == competence.required_days(before, between, limit) + competence.required_days(between, after, limit)
    assert 0 <= whole <= after - before


@THOROUGH
@given(st.integers(-10_000, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_gap_and_what_covid_is_owed_of_it(balance, limit, covid):
    gap = competence.gap_of(balance)
    assert gap - max(0, balance) == -balance
    assert competence.due_to_covid(gap, covid) in (gap, covid)
    assert competence.due_to_covid(gap, covid) <= gap
    assert competence.gap_of(competence.capped(balance, limit)) == gap
    assert competence.capped(balance, limit) <= limit


@pytest.mark.parametrize("row", case_parameters("what_a_ward_teaches"))
def test_what_a_ward_teaches(row):
    days, weight, wte = int(row["days"]), whole_number(row["weight [%]"], 10), int(row["working time [%]"])
    taught = competence.ward_learning(days, weight, wte, whole_number(row["a day teaches [%]"], 10))
    assert taught == whole_number(row["curriculum days"], 1000)
    assert competence.lost(1000 * days, weight, wte) - taught == whole_number(row["lost"], 1000)


def test_what_shocks_take_and_wards_teach():
    assert competence.lost(30_000, 250, 80) == 6_000  # 30 lost days, a quarter of the curriculum, 80 %
    assert competence.ward_learning(28, 250, 100, 300) == 2_100  # four weeks that teach 30 % of a normal day
    assert competence.ramp_loss(10, 250, 80) == 2_000  # ten days that teach nothing


@THOROUGH
@given(st.integers(0, 365), SHARES, WTES, SHARES)
def test_a_ward_never_teaches_more_than_a_normal_day(days, weight, wte, share):
    assert 0 <= competence.ward_learning(days, weight, wte, share) <= competence.lost(1000 * days, weight, wte)
