"""Who is given a place on an intervention."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_table import THOROUGH, case_parameters, whole_number, word_code

from pipeline_sim.rules import competence, intervention_places
from pipeline_sim.rules.codes import SeatOrder

pytestmark = pytest.mark.unit
ORDERS = {"largest gap": SeatOrder.LARGEST_GAP, "critical first": SeatOrder.CRITICAL_FIRST}
ORDERS["first come"] = SeatOrder.FIRST_COME
THOUSAND = 1000
LUCK = st.integers(0, 2**32 - 1)
DOCTORS = st.tuples(st.integers(0, 2), st.integers(0, 8000), st.integers(0, 2**31 - 1))


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
            claims.append((intervention_places.place_key(int(ORDERS[row["order"]]), point, since, gap), place, who))
    assert (min(claims)[2] if claims else "neither") == row["served"]


@THOROUGH
@given(st.sampled_from(sorted(SeatOrder)), DOCTORS, DOCTORS)
def test_one_integer_says_what_the_order_says(order, one, other):
    def spelled_out(critical, since, gap):
        ahead = {SeatOrder.LARGEST_GAP: 0, SeatOrder.CRITICAL_FIRST: -critical, SeatOrder.FIRST_COME: since}
        return ahead[order], -gap

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
        intervention_places.place_key(SeatOrder.FIRST_COME, 0, since, 1 << 39) for since in (-60 * 365, -1, 0, 14 * 365)
    ]
    assert 0 <= keys[0] < keys[1] < keys[2] < keys[3] < 1 << 63
