"""Working time, strain, resignation, out of programme, absence and revalidation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_table import THOROUGH, case_parameters, outcome_code, word_code

from pipeline_sim.rules import working_life
from pipeline_sim.rules.codes import CERTAIN, State

LEVELS = np.array([50, 60, 70, 80, 90], dtype=np.int32)
CUMULATIVE = np.array([share * CERTAIN // 100 for share in (10, 35, 45, 95, 100)], dtype=np.int64)
WORDS = st.integers(0, CERTAIN - 1)


def part(cell):
    """A percentage as a threshold."""
    return word_code(cell) * CERTAIN // 100


@pytest.mark.parametrize("row", case_parameters("working_time"))
def test_working_time(row):
    draws = (part(row[c]) for c in ("propensity [%]", "draw of level [%]", "share less than full time [%]"))
    assert working_life.working_time(*draws, LEVELS, CUMULATIVE) == word_code(row["working time [%]"])


@pytest.mark.parametrize("row", case_parameters("strain"))
def test_signs_of_strain(row):
    days = (word_code(row[column]) for column in ("gap days", "major days", "redeployed days"))
    assert working_life.strain(outcome_code(row["last outcome"]), *days) == word_code(row["signs"])


@pytest.mark.parametrize("row", case_parameters("resignation"))
def test_resignation_is_likelier_under_strain(row):
    base = word_code(row["chance per thousand a year"]) * CERTAIN // 1000
    threshold = working_life.resign_threshold(
        base, word_code(row["more for each sign [per thousand]"]), word_code(row["signs"])
    )
    assert threshold == pytest.approx(word_code(row["then per thousand"]) * CERTAIN / 1000, abs=4)


@pytest.mark.parametrize("row", case_parameters("out_of_programme"))
def test_out_of_programme(row):
    asked = (word_code(row[column]) for column in ("stage", "end of grade", "years done"))
    allowed = working_life.oop_allowed(*asked, outcome_code(row["last outcome"]))
    assert allowed == word_code(row["allowed"])


@pytest.mark.parametrize("row", case_parameters("out_in_extension"))
def test_out_of_programme_in_an_extension(row):
    kind = State[row["kind"]]
    assert working_life.interrupts_extension(kind, word_code(row["extension days"])) == word_code(row["may begin"])


@pytest.mark.parametrize("row", case_parameters("absence"))
def test_absence_that_counts(row):
    asked = (
        word_code(row[column]) for column in ("days away", "used before", "limit [working days]", "working time [%]")
    )
    assert working_life.counted_absence(*asked) == word_code(row["count as training"])


@pytest.mark.parametrize("row", case_parameters("revalidation"))
def test_revalidation(row):
    asked = [word_code(row[column]) for column in ("due", "postponed from", "postponed to", "put back by")]
    assert working_life.revalidation_due(*asked) == word_code(row["due after all"])
    review = [word_code(row[column]) for column in ("day", "last review", "stale after")]
    assert working_life.revalidation_late(*review) == word_code(row["days late"])


@THOROUGH
@given(WORDS, WORDS, st.integers(0, CERTAIN), st.integers(0, CERTAIN))
def test_a_larger_share_less_than_full_time_moves_nobody_to_more(propensity, level, share, other):
    less, more = sorted((share, other))
    before = working_life.working_time(propensity, level, less, LEVELS, CUMULATIVE)
    after = working_life.working_time(propensity, level, more, LEVELS, CUMULATIVE)
    assert after <= before
    assert before in (after, working_life.WHOLE_TIME)


def test_a_row_of_levels_that_ends_early_gives_the_last_level():
    short = np.array([CERTAIN // 10, CERTAIN // 2], dtype=np.int64)
    assert working_life.working_time(0, CERTAIN - 1, CERTAIN, LEVELS[:2], short) == 60


@THOROUGH
@given(st.lists(st.integers(0, 60), max_size=6), st.integers(0, 40), st.sampled_from([50, 60, 80, 100]))
def test_absence_counted_over_a_year_never_passes_the_limit(spells, limit, wte):
    counted, used = 0, 0
    for days in spells:
        counted += working_life.counted_absence(days, used, limit, wte)
        used += days
    assert counted == min(used, -(-limit * 140 // wte))


@THOROUGH
@given(st.integers(0, CERTAIN), st.integers(0, 3000), st.integers(0, 3))
def test_resignation_is_a_chance_and_never_less_likely_under_strain(base, share, signs):
    assert base <= working_life.resign_threshold(base, share, signs) <= CERTAIN
