"""The chance to pass, and gates."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_table import THOROUGH, case_parameters, word_code

from pipeline_sim.rules import exams
from pipeline_sim.rules.codes import CERTAIN, GATES, MAX_PARTS, NEVER

ABILITY = {"lowest": 0, "average": 32768, "upper quarter": 49152}
CHANCES = st.integers(0, CERTAIN)
PART_COLUMNS = ("grade", "grade began on day", "gate from", "gate by", "opens after grades", "and days")


def threshold(per_thousand):
    """Threshold of a chance that is stated per thousand."""
    return per_thousand * CERTAIN // 1000


@pytest.mark.parametrize("row", case_parameters("exam_chance"))
def test_chance_to_pass(row):
    steps = [
        threshold(word_code(row[column]))
        for column in (
            "first attempt [per thousand]",
            "less for each attempt",
            "standard rank step",
            "less for 10 days of gap",
        )
    ]
    candidate = (word_code(row["attempts before"]), ABILITY[row["rank of ability"]], word_code(row["gap [days]"]))
    expected = threshold(word_code(row["chance [per thousand]"]))
    assert exams.pass_threshold(*steps, *candidate) == pytest.approx(expected, abs=4)


@pytest.mark.parametrize("row", case_parameters("gates"))
def test_gate_is_missing(row):
    held = sum(1 << int(gate) for gate in row["gates held"].split())
    due, grade = word_code(row["to be held by the end of grade"]), word_code(row["grade"])
    assert exams.gate_missing(held, word_code(row["gate"]), due, grade) == word_code(row["missing"])


@pytest.mark.parametrize("row", case_parameters("exam_parts"))
def test_a_part_may_be_sat_from(row):
    numbers = [int(row[column]) for column in PART_COLUMNS]
    assert exams.may_sit_from(*numbers) == (NEVER if row["first day"] == "never" else int(row["first day"]))


@pytest.mark.parametrize("row", case_parameters("put_off"))
def test_a_first_sitting_is_put_off(row):
    word = threshold(word_code(row["drawn [per thousand]"]))
    numbers = [int(row[column]) for column in ("spread [days]", *PART_COLUMNS[2:])]
    assert exams.days_put_off(word, *numbers) == int(row["put off [days]"])


@THOROUGH
@given(st.integers(0, CERTAIN - 1), st.integers(0, 3000), st.integers(0, 7), st.integers(0, 3), st.integers(0, 364))
def test_whoever_puts_a_part_off_may_sit_it_four_months_before_it_is_due(word, spread, last, after_grades, after_days):
    days = after_days + exams.days_put_off(word, spread, 0, last, after_grades, after_days)
    opens = exams.opening_grade(0, last, after_grades, days)
    assert after_days <= days <= after_days + spread
    assert exams.may_sit_from(opens, 1000, 0, last, after_grades, days) != NEVER
    if opens == last:
        assert exams.may_sit_from(last, 1000, 0, last, after_grades, days) <= 1000 + max(after_days, exams.LATEST_DAYS)


@pytest.mark.parametrize(("grade", "opens", "share"), [(0, 0, 400), (1, 1, 400), (2, 1, 600), (3, 0, 600)])
def test_parts_held_on_entry_and_by_those_planted_later_on(grade, opens, share):
    assert exams.held_threshold(400, 600, grade, opens) == share
    assert exams.held_threshold(700, 600, grade, opens) == 700


def test_every_attempt_has_random_numbers_of_its_own():
    cases = product(range(3), range(GATES), range(MAX_PARTS), range(exams.MOST_ATTEMPTS))
    assert len({exams.attempt_index(*case) for case in cases}) == 3 * GATES * MAX_PARTS * exams.MOST_ATTEMPTS


@THOROUGH
@given(CHANCES, CHANCES, CHANCES, CHANCES, st.integers(0, 8), st.integers(0, 65535), st.integers(0, 500))
def test_a_threshold_is_a_chance_and_falls_with_attempts_and_gap(first, attempt, ability, gap, before, rank, behind):
    now = exams.pass_threshold(first, attempt, ability, gap, before, rank, behind)
    assert 0 <= now <= CERTAIN
    assert exams.pass_threshold(first, attempt, ability, gap, before + 1, rank, behind) <= now
    assert exams.pass_threshold(first, attempt, ability, gap, before, rank, behind + 1) <= now
    assert exams.pass_threshold(first, attempt, ability, gap, before, min(rank + 1000, 65535), behind) >= now


@pytest.mark.parametrize("row", case_parameters("cancelled_ahead"))
def test_a_sitting_known_to_be_cancelled(row):
    ahead = exams.cancelled_ahead(int(row["sittings away in days"]), int(row["grade ends in days"]), int(row["places"]))
    assert ahead == word_code(row["due to COVID"])


def test_a_course_may_be_taken_until_it_is_passed():
    assert exams.attempts_allowed(0, 6) == 6
    assert exams.attempts_allowed(1, 6) == exams.MOST_ATTEMPTS - 1
