"""Extra time, grade ends and review dates."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_table import OUTCOMES, THOROUGH, case_parameters, word_code

from pipeline_sim.rules import extension
from pipeline_sim.rules.codes import NEVER, Reason

LEAD_FIRST, WINDOW, SOONER = 28, 91, 182  # configs/england/reviews.toml
OUTCOME_CODES = st.sampled_from([0, 1, 2, 3, 101, 102])
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


def season_of(last, lead):
    """The season's review that follows a review; first Wednesdays of August are 364 days apart."""
    return -(-extension.season_after(last, lead) // 364) * 364 - lead


def next_review(day, end, last, outcome, lead, critical, settled, extended=0, back=0, away=0):
    """Day of the next review, as the engines put the rules together."""
    season, first = season_of(last, lead), 0
    if back:
        seen = back + extension.CLOSE_DAYS - extension.APART_DAYS
        first = extension.first_seen(back, season_of(max(last, seen), lead), last, away, outcome)
    annual = extension.annual_due(season, last, outcome, SOONER, first)
    own = extension.grade_review_due(end, last, first, lead, LEAD_FIRST, extended)
    until = extension.one_review_until(annual, season, lead, LEAD_FIRST, extended)
    window = extension.decides_within(LEAD_FIRST, WINDOW - LEAD_FIRST, extended)
    own = extension.in_season(own, end, annual, until, window, LEAD_FIRST)
    decides = extension.has_to_decide(critical, outcome, extended)
    return extension.review_due(day, end, own, annual, window, until, decides, settled)


@pytest.mark.parametrize("row", case_parameters("review_due"))
def test_next_review(row):
    asked = [word_code(row[column]) for column in ("day", "end of grade", "last review")]
    outcome = OUTCOMES[row["last outcome"] or "not assessed"]
    rest = [
        word_code(row[column])
        for column in ("lead", "kind of end", "end settled", "extended by", "back on day", "after days away")
    ]
    assert next_review(*asked, outcome, *rest) == word_code(row["due"])


@pytest.mark.parametrize("row", case_parameters("looks_ahead"))
def test_who_is_on_course_is_judged_ahead(row):
    columns = ("exam or course missing", "gap days", "minor days", "major days", "ends before the interim review")
    asked = (word_code(row[column]) for column in columns)
    ahead = extension.on_course(word_code(row["end of grade"]), OUTCOMES[row["outcome"]], *asked)
    assert ahead == word_code(row["looks ahead"])


@pytest.mark.parametrize(
    ("left", "served", "ahead", "extended", "settles"),
    [
        (91, 300, 0, 0, 1),
        (92, 300, 0, 0, 0),
        (300, 91, 1, 0, 1),
        (300, 90, 1, 0, 0),
        (300, 300, 1, 91, 0),
        (91, 300, 0, 91, 1),
    ],
)
def test_a_review_settles_the_end_that_is_near_or_that_it_can_look_ahead_to(left, served, ahead, extended, settles):
    """Outcome 6 up to three months ahead; nothing is looked ahead from a grade's first 13 weeks or in an extension."""
    assert extension.settles_grade(left, served, WINDOW, ahead, extended) == settles


@pytest.mark.parametrize("row", case_parameters("exam_extension"))
def test_an_extension_for_an_exam_holds_the_next_result_and_a_review(row):
    result = NEVER if row["next result on day"] == "never" else int(row["next result on day"])
    usual, begins, lead = (
        int(row[name]) for name in ("usual days", "extension begins on day", "review before the end")
    )
    assert extension.exam_term(usual, 91, begins, result, lead) == int(row["days"])


@pytest.mark.parametrize("row", case_parameters("extension_begins"))
def test_an_extension_begins_with_the_decision_or_the_end(row):
    grade, before, served, given_ = (
        int(row[name]) for name in ("grade days", "extended before", "whole-time days served", "months given [days]")
    )
    assert extension.with_extension(before, given_, grade, 100 * served) == int(row["days beyond the grade"])


@pytest.mark.parametrize("row", case_parameters("extension_ends"))
def test_an_extension_ends_once_nothing_is_missing(row):
    grade, length, served, wte, lead = (
        int(row[name])
        for name in (
            "grade days",
            "extended by",
            "whole-time days served",
            "working time [%]",
            "review before the end",
        )
    )
    left = extension.extension_still_needed(length, grade, 100 * served, wte, lead)
    assert left == int(row["days left of it beyond the grade"])


@pytest.mark.parametrize(
    ("reason", "missing", "gap", "alone"),
    [(Reason.U5, 1, 80, 1), (Reason.U5, 1, 0, 1), (Reason.C8, 1, 19, 1), (Reason.C8, 1, 20, 0), (Reason.U10, 0, 5, 0)],
)
def test_an_extension_for_an_exam_alone(reason, missing, gap, alone):
    """With U5 the gap is COVID's, and counts for nothing; with C8 a gap that is named needs time of its own."""
    assert extension.exam_only(reason, missing, gap, 20) == alone


@pytest.mark.parametrize(
    ("day", "due", "season", "asked"),
    [(100, 150, 200, 150), (100, 250, 200, 200), (100, NEVER, 200, 200), (100, NEVER, 90, NEVER), (100, 150, 90, 150)],
)
def test_a_doctor_on_leave_is_asked_about_in_the_season(day, due, season, asked):
    assert extension.review_while_away(day, due, season) == asked


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
    OUTCOME_CODES,
    st.integers(28, 91),
    KINDS,
    FLAGS,
)
def test_a_review_is_ahead_and_within_fifteen_months(to_end, since, outcome, lead, critical, settled):
    day = 1000
    due = next_review(day, day + to_end, day - since, outcome, lead, critical, settled)
    assert due > day
    assert due <= max(day + 1, day - since + 364 + 91 + lead) or (settled and due == NEVER)


@THOROUGH
@given(st.integers(0, 1500), st.integers(0, 364), st.sampled_from([3, 102]), st.integers(28, 91), KINDS)
def test_after_outcome_3_nobody_is_left_without_a_review(to_end, since, outcome, lead, critical):
    day = 1000
    due = next_review(day, day + to_end, day - since, outcome, lead, critical, 0, extended=182)
    assert due <= max(day + 1, day - since + SOONER + 91)


@THOROUGH
@given(st.integers(0, 1500), st.integers(0, 364), OUTCOME_CODES, st.integers(28, 91), KINDS)
def test_a_doctor_back_from_long_leave_trains_for_weeks_before_a_review(to_end, since, outcome, lead, critical):
    day = 1000
    due = next_review(day, day + to_end, day - since, outcome, lead, critical, 0, back=day)
    assert due >= min(day + extension.CLOSE_DAYS, max(day + 1, day + to_end - LEAD_FIRST))


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
