"""Who is given a place on an intervention."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_table import THOROUGH, case_parameters, whole_number, word_code

from pipeline_sim.rules import competence, intervention_places
from pipeline_sim.rules.codes import SeatOrder

ORDERS = {"largest gap": SeatOrder.LARGEST_GAP, "critical first": SeatOrder.CRITICAL_FIRST}
ORDERS["first come"] = SeatOrder.FIRST_COME
THOUSAND = 1000
LUCK = st.integers(0, 2**32 - 1)
DOCTORS = st.tuples(
    st.integers(0, intervention_places.MOST_RANK), st.integers(0, 2), st.integers(0, 8000), st.integers(0, 2**31 - 1)
)


def gap_read(row, who):
    """Thousandths of a day that the office reads."""
    gap, error = (whole_number(row[f"{who} {what}"], THOUSAND) for what in ("gap", "misread"))
    return competence.gap_of(intervention_places.read_balance(-gap, error, word_code(row[f"{who} conversation"])))


@pytest.mark.parametrize("row", case_parameters("who_gets_a_place"))
def test_one_place_for_two_doctors(row):
    claims = []
    for place, who in enumerate(("first", "second")):
        gap, lacks = gap_read(row, who), bool(word_code(row[f"{who} lacks gate"]))
        since, point = int(row[f"{who} since day"]), word_code(row[f"{who} point"])
        if intervention_places.needs_place(gap, whole_number(row["least gap"], THOUSAND), lacks):
            claims.append((intervention_places.place_key(int(ORDERS[row["order"]]), 0, point, since, gap), place, who))
    assert (min(claims)[2] if claims else "neither") == row["served"]


@pytest.mark.parametrize("row", case_parameters("who_is_nearest_to_the_line"))
def test_one_place_for_who_is_nearest_to_the_line(row):
    claims = []
    for place, who in enumerate(("first", "second")):
        point, decided, lacks = (word_code(row[f"{who} {what}"]) for what in ("point", "decided", "lacks gate"))
        soon = intervention_places.before_critical_review(point, decided, int(row[f"{who} days left"]))
        due, gap = lacks if word_code(row["for a gate"]) else -1, whole_number(row[f"{who} gap"], THOUSAND)
        line, rank = whole_number(row["line"], THOUSAND), int(row[f"{who} rank"])
        claims.append((intervention_places.nearest_key(rank, soon, due, gap, line, gap), place, who))
    assert min(claims)[2] == row["served"]


@pytest.mark.parametrize(("dose", "time", "given"), [(3000, 3000, 3000), (9600, 750, 750), (400, 3000, 400), (5, 0, 0)])
def test_a_place_gives_no_more_than_its_time_allows(dose, time, given):
    assert intervention_places.taught(dose, time) == given


def test_what_days_cost_in_post_is_shared_by_the_curriculum():
    shares = [intervention_places.displaced(1200, weight) for weight in (300, 250, 250, 200)]
    assert (shares, sum(shares)) == ([360, 300, 300, 240], 1200)


@THOROUGH
@given(st.sampled_from(sorted(set(SeatOrder) - {SeatOrder.NEAREST_TO_LINE})), DOCTORS, DOCTORS)
def test_one_integer_says_what_the_order_says(order, one, other):
    def spelled_out(rank, critical, since, gap):
        ahead = {SeatOrder.LARGEST_GAP: 0, SeatOrder.CRITICAL_FIRST: -critical, SeatOrder.FIRST_COME: since}
        return rank, ahead[order], -gap

    keys = [intervention_places.place_key(int(order), *each) for each in (one, other)]
    assert (keys[0] < keys[1]) == (spelled_out(*one) < spelled_out(*other))
    assert 0 <= keys[0] < 1 << 62


@THOROUGH
@given(LUCK, st.integers(0, 1_000_000))
def test_a_reading_is_off_by_no_more_than_it_may_be(luck, most):
    assert -most <= intervention_places.reading_error(luck, most) <= most


@pytest.mark.parametrize("luck", [0, 1 << 31, (1 << 32) - 1])
def test_without_an_error_the_reading_is_the_balance(luck):
    assert intervention_places.read_balance(-7000, intervention_places.reading_error(luck, 0), 0) == -7000


def test_readings_are_as_often_too_high_as_too_low():
    errors = [intervention_places.reading_error(place * (1 << 20), 500) for place in range(1 << 12)]
    assert (min(errors), max(errors)) == (-500, 500)
    assert abs(sum(errors)) / len(errors) < 1


def test_who_began_long_before_the_first_day_has_a_key_that_can_be_sorted():
    """Keys are sorted as numbers of 63 bits, never below 0: sixty years ago is still in order."""
    keys = [
        intervention_places.place_key(SeatOrder.FIRST_COME, 0, 0, since, 1 << 31)
        for since in (-60 * 365, -1, 0, 14 * 365)
    ]
    assert 0 <= keys[0] < keys[1] < keys[2] < keys[3] < 1 << 63
