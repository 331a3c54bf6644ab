"""Who is given a supervised slot first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_table import THOROUGH, case_parameters, word_code

from pipeline_sim.rules import supervision_slots

WORDS = st.integers(0, 2**32 - 1)
DOCTORS = st.tuples(st.integers(0, 2), st.integers(0, supervision_slots.LARGEST_GAP), WORDS)


@pytest.mark.parametrize("row", case_parameters("placement_order"))
def test_first_is_served_before_second(row):
    keys = [
        supervision_slots.order_key(
            word_code(row[f"{who} critical"]), word_code(row[f"{who} gap"]), word_code(row[f"{who} luck"])
        )
        for who in ("first", "second")
    ]
    assert keys[0] < keys[1]


@THOROUGH
@given(DOCTORS, DOCTORS)
def test_one_integer_says_what_three_say(one, other):
    def spelled_out(critical, gap, luck):
        return (critical == 0, -gap, luck)

    assert (supervision_slots.order_key(*one) < supervision_slots.order_key(*other)) == (
        spelled_out(*one) < spelled_out(*other)
    )
    assert 0 <= supervision_slots.order_key(*one) < 1 << 61
