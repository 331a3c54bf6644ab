"""Extra time, grade ends and review dates."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_table import OUTCOMES, THOROUGH, case_parameters, word_code

from pipeline_sim.rules import extension
from pipeline_sim.rules.codes import NEVER

pytestmark = pytest.mark.unit
LEAD_FIRST, WINDOW, SOONER = 28, 91, 182  # configs/england/reviews.toml
KINDS, FLAGS = st.integers(0, 2), st.integers(0, 1)
STEPS = (91, 60, 120, 180)  # three months; largest gaps of one, two and three of them
WTES = st.sampled_from([50, 60, 70, 80, 90, 100])


def hee_extension_days(days, new_wte, old_wte=100):
    """calculateLtftExtensionDays of cct-calc-core: days worked at a new rate, halves rounded up."""
    return int(days - days * Fraction(new_wte, old_wte) + Fraction(1, 2))


def changed_end(day, end, old_wte, new_wte):
    """End of a grade that was to end on `end`, told again on the day on which working time changes."""
    target = 10_000
    return extension.grade_end(day, 100 * target - (end - day) * old_wte, target, new_wte)


@pytest.mark.parametrize("row", case_parameters("extension_length"))
def test_length_of_extra_time(row):
    wte = word_code(row["working time [%]"])
    fixed = extension.fixed_term(word_code(row["fixed days for an exam"]), wte)
    length = extension.length_days(word_code(row["gap days"]), *STEPS, word_code(row["only an exam"]), fixed)
    assert length == word_code(row["whole-time days"])


@pytest.mark.parametrize("row", case_parameters("grade_end"))
def test_end_of_a_grade(row):
    done, asked = word_code(row["whole-time days done"]) * 100, word_code(row["whole-time days asked"])
    assert extension.grade_end(word_code(row["day"]), done, asked, word_code(row["working time [%]"])) == word_code(
        row["end"]
    )


@pytest.mark.parametrize("row", case_parameters("working_time_change"))
def test_end_moves_with_working_time(row):
    moved = changed_end(
        word_code(row["day"]), word_code(row["end"]), word_code(row["from [%]"]), word_code(row["to [%]"])
    )
    assert moved == word_code(row["new end"])


def next_review(day, end, last, outcome, lead, critical, settled):
    """Day of the next review, as the engines put the rules together; first Wednesdays of August are 364 days apart."""
    season = -(-extension.season_after(last, lead) // 364) * 364 - lead
    annual = extension.annual_due(season, last, outcome, SOONER)
    own = extension.grade_review_due(end, last, lead, LEAD_FIRST)
    return extension.review_due(day, end, own, annual, WINDOW, critical, settled)


@pytest.mark.parametrize("row", case_parameters("review_due"))
def test_next_review(row):
    asked = [word_code(row[column]) for column in ("day", "end of grade", "last review")]
    outcome = OUTCOMES[row["last outcome"] or "not assessed"]
    rest = [word_code(row[column]) for column in ("lead", "kind of end", "end settled")]
    assert next_review(*asked, outcome, *rest) == word_code(row["due"])


@pytest.mark.parametrize(
    ("left", "served", "critical", "missing", "settles"),
    [(91, 300, 2, 1, 1), (92, 300, 2, 0, 0), (300, 91, 0, 0, 1), (300, 90, 0, 0, 0), (300, 300, 0, 1, 0)],
)
def test_a_review_settles_the_end_that_is_near_or_ordinary(left, served, critical, missing, settles):
    """Outcome 6 up to three months ahead; extra reviews only at critical points (arcp_rules.csv)."""
    assert extension.settles_grade(left, served, WINDOW, critical, missing) == settles


@pytest.mark.parametrize("row", case_parameters("changeover"))
def test_a_grade_ends_at_a_close_changeover(row):
    assert extension.snapped(word_code(row["end"]), word_code(row["changeover"])) == word_code(row["carried to"])


@pytest.mark.parametrize(
    ("days", "new", "old", "added"), [(11, 80, 100, 2), (11, 50, 100, 6), (11, 100, 100, 0), (10, 60, 80, 3)]
)
def test_our_reading_of_the_hee_calculator_gives_its_published_cases(days, new, old, added):
    """fixtures/calculation-test-cases.json of Health-Education-England/cct-calc-core."""
    assert hee_extension_days(days, new, old) == added


@THOROUGH
@given(st.integers(0, 3000), st.integers(1, 3000), WTES, WTES)
def test_end_moves_as_the_hee_calculator_says(day, left, old, new):
    end = day + left
    moved = changed_end(day, end, old, new)
    assert abs(moved - end - hee_extension_days(moved - day, new, old)) <= 1


@THOROUGH
@given(st.integers(0, 3000), st.integers(0, 3000), WTES, WTES)
def test_a_change_of_working_time_keeps_the_work_that_is_left(day, left, old, new):
    worked = (changed_end(day, day + left, old, new) - day) * new
    assert left * old <= worked < left * old + new


@THOROUGH
@given(st.integers(0, 3000), st.integers(0, 36400), st.integers(0, 728), WTES)
def test_a_grade_ends_on_the_first_day_that_reaches_its_target(day, done, target, wte):
    end = extension.grade_end(day, done, target, wte)
    assert end >= day
    assert done + (end - day) * wte >= target * 100
    assert end == day or done + (end - day - 1) * wte < target * 100


@THOROUGH
@given(st.integers(0, 1000), st.integers(0, 200))
def test_a_larger_gap_never_gets_less_time(gap, more):
    assert extension.length_days(gap + more, *STEPS, 0, 91) >= extension.length_days(gap, *STEPS, 0, 91)


@THOROUGH
@given(
    st.integers(0, 1500),
    st.integers(0, 364),
    st.sampled_from([0, 1, 2, 3, 101, 102]),
    st.integers(28, 91),
    KINDS,
    FLAGS,
)
def test_a_review_is_ahead_and_within_fifteen_months(to_end, since, outcome, lead, critical, settled):
    day = 1000
    due = next_review(day, day + to_end, day - since, outcome, lead, critical, settled)
    assert due > day
    assert due <= max(day + 1, day - since + 364 + 91 + lead) or (settled and due == NEVER)


def test_the_past_of_a_doctor_of_the_first_day():
    """Two years served at 60 per cent and 50 whole-time days of the third, a tenth more of leave and extensions."""
    assert extension.past_days(730, 5_000, 60, 1000) == (73_000 + 5_000) // 60
    assert extension.past_days(730, 5_000, 60, 1100) == (73_000 + 5_000) * 11 // 600
    assert extension.past_days(0, 0, 100, 1100) == 0


@THOROUGH
@given(st.integers(0, 3000), st.integers(0, 36400), WTES)
def test_the_past_is_as_long_as_it_takes_to_learn_as_much(earlier, done, wte):
    past = extension.past_days(earlier, done, wte, 1000)
    assert past * wte <= 100 * earlier + done < (past + 1) * wte
