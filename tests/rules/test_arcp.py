"""The ARCP table: named cases a doctor can check, and laws that hold between them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.case_table import OUTCOMES, THOROUGH, case_parameters, outcome_code, reason_code, table_rows, word_code

from pipeline_sim.rules import arcp
from pipeline_sim.rules.codes import GATES_DEROGATED, OUTCOMES_DEROGATED, Critical, Outcome, Reason, Stage, State

NEVER_GIVEN = {  # reasons for which the model has no event; the columns of the table cannot tell them
    Reason.U1,
    Reason.U2,
    Reason.U3,
    Reason.U4,
    Reason.U7,
    Reason.U8,
    Reason.U9,
}
BADNESS = {
    Outcome.O1: 0,
    Outcome.O6: 0,
    Outcome.O10_1: 1,
    Outcome.O2: 2,
    Outcome.O10_2: 3,
    Outcome.O3: 4,
    Outcome.O4: 5,
}
COLUMNS = {
    "stage": "stage",
    "critical": "end of grade",
    "at_grade_end": "review at end",
    "incomplete": "evidence",
    "gap_days": "gap days",
    "covid_days": "of it COVID",
    "waived_days": "of it waived",
    "minor_days": "minor days",
    "major_days": "major days",
    "exams_missing": "exams missing",
    "courses_missing": "courses missing",
    "exams_missing_covid": "of them COVID",
    "courses_missing_covid": "of them COVID (courses)",
    "attempts_exhausted": "attempts used up",
    "derogation": "derogation",
    "redeployed_days": "redeployed days",
    "isolation_days": "isolation days",
    "allowance_left_days": "allowance left",
    "foundation_has_2": "F has outcome 2",
}


def decided(case):
    """Outcome and reason of a case, whose fields are named as the arguments of the rule."""
    decision = arcp.decide(*(int(case[name]) for name in COLUMNS))
    return Outcome(arcp.outcome_of(decision)), Reason(arcp.reason_of(decision))


@pytest.mark.parametrize("row", case_parameters("arcp"))
def test_panel_decides(row):
    case = {name: word_code(row[column]) for name, column in COLUMNS.items()}
    given_, why = decided(case)
    assert (given_, why) == (Outcome(outcome_code(row["outcome"])), Reason(reason_code(row["reason"])))
    if given_ in (Outcome.O3, Outcome.O10_2):
        length = arcp.extension_given(given_, int(row["extension needed"]), case["allowance_left_days"])
        assert length == int(row["extension given"])


@pytest.mark.parametrize("row", case_parameters("allowance_at_start"))
def test_what_is_used_of_the_allowance_at_a_start(row):
    used = arcp.allowance_brought(word_code(row["stage of the new programme"]), int(row["used before"]))
    assert used == int(row["used at the start"])


@pytest.mark.parametrize("row", case_parameters("away"))
def test_panel_meets_a_doctor_who_is_away(row):
    expected = -1
    if row["outcome"]:
        put_off = row["outcome"] == "put off"
        expected = arcp.PUT_OFF if put_off else outcome_code(row["outcome"]) * 1000 + reason_code(row["reason"])
    assert arcp.away_outcome(word_code(row["state"]), word_code(row["days away in all"])) == expected


@pytest.mark.parametrize("row", case_parameters("waiver"))
def test_what_a_panel_waives(row):
    assert arcp.days_waived(int(row["owed days"]), int(row["waiver days"])) == int(row["days waived"])


@pytest.mark.parametrize("row", case_parameters("derogation_by_exam"))
def test_a_derogation_does_not_hold_for_every_exam(row):
    held = arcp.derogation_for(word_code(row["derogation"]), int(row["gates missing that are never waived"]))
    assert held == word_code(row["derogation that holds"])


@pytest.mark.parametrize("row", case_parameters("outcome_effects"))
def test_what_an_outcome_does(row):
    code = outcome_code(row["outcome"])
    assert arcp.passes(code) == word_code(row["may go on"])
    assert arcp.counts_against_allowance(code) == word_code(row["uses up the allowance"])


def test_every_outcome_and_reason_has_a_case():
    told = table_rows("arcp") + table_rows("away")
    assert {outcome_code(row["outcome"]) for row in told if row["outcome"] in OUTCOMES} == set(Outcome)
    assert {reason_code(row["reason"]) for row in told} == set(Reason) - NEVER_GIVEN


@pytest.mark.parametrize("state", [state for state in State if state >= State.POOL or state == State.NOT_YET])
def test_nobody_outside_training_is_out_of_programme(state):
    assert arcp.away_outcome(state, 0) == -1


@st.composite
def doctors(draw):
    """Any doctor at a review, the part owed to COVID never more than the whole."""
    gap = draw(st.integers(0, 300))
    covid = draw(st.integers(0, gap))
    exams, courses = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    minor = draw(st.integers(1, 60))
    return {
        "stage": draw(st.sampled_from(list(Stage))),
        "critical": draw(st.sampled_from(list(Critical))),
        "at_grade_end": draw(st.integers(0, 1)),
        "incomplete": draw(st.sampled_from([0, 0, 0, 1, 2])),
        "gap_days": gap,
        "covid_days": covid,
        "waived_days": draw(st.integers(0, covid)),
        "minor_days": minor,
        "major_days": minor + draw(st.integers(1, 120)),
        "exams_missing": exams,
        "courses_missing": courses,
        "exams_missing_covid": draw(st.integers(0, exams)),
        "courses_missing_covid": draw(st.integers(0, courses)),
        "attempts_exhausted": draw(st.integers(0, 1)),
        "derogation": draw(st.integers(0, 3)),
        "redeployed_days": draw(st.integers(0, 60)),
        "isolation_days": draw(st.integers(0, 60)),
        "allowance_left_days": draw(st.integers(0, 728)),
        "foundation_has_2": draw(st.integers(0, 1)),
    }


@THOROUGH
@given(doctors(), st.integers(1, 200))
def test_a_larger_gap_of_ones_own_never_helps(doctor, more):
    assume(doctor["incomplete"] != arcp.EVIDENCE_MISSING)
    worse = doctor | {"gap_days": doctor["gap_days"] + more}
    assert BADNESS[decided(worse)[0]] >= BADNESS[decided(doctor)[0]]


@THOROUGH
@given(doctors())
def test_one_more_exam_missing_never_helps(doctor):
    assume(doctor["incomplete"] != arcp.EVIDENCE_MISSING)
    worse = doctor | {"exams_missing": doctor["exams_missing"] + 1}
    assert BADNESS[decided(worse)[0]] >= BADNESS[decided(doctor)[0]]


@THOROUGH
@given(doctors())
def test_without_derogation_nothing_is_owed_to_covid(doctor):
    given_, why = decided(doctor | {"derogation": doctor["derogation"] & GATES_DEROGATED})
    assert given_ not in (Outcome.O10_1, Outcome.O10_2)
    assert not Reason.C1 <= why <= Reason.C12


@THOROUGH
@given(doctors())
def test_the_derogation_never_harms(doctor):
    assume(doctor["incomplete"] != arcp.EVIDENCE_MISSING)
    with_it, _ = decided(doctor | {"derogation": doctor["derogation"] | OUTCOMES_DEROGATED})
    without, _ = decided(doctor | {"derogation": 0})
    in_foundation = doctor["stage"] == Stage.FOUNDATION and not doctor["foundation_has_2"]
    assert BADNESS[with_it] <= BADNESS[without] or (in_foundation and without == Outcome.O1)


@THOROUGH
@given(doctors())
def test_outcome_2_never_at_a_critical_point(doctor):
    given_, _ = decided(doctor | {"at_grade_end": 1, "critical": max(doctor["critical"], Critical.CRITICAL_POINT)})
    assert given_ != Outcome.O2


@THOROUGH
@given(doctors())
def test_outcome_6_only_at_the_end_with_nothing_missing(doctor):
    given_, _ = decided(doctor)
    short = doctor["gap_days"] - doctor["waived_days"] >= doctor["minor_days"]
    complete = not short and doctor["exams_missing"] + doctor["courses_missing"] == 0
    at_the_end = doctor["at_grade_end"] and doctor["critical"] == Critical.FINAL
    assert (given_ == Outcome.O6) == (at_the_end and complete and doctor["incomplete"] != arcp.EVIDENCE_MISSING)


@THOROUGH
@given(doctors())
def test_each_outcome_keeps_to_its_reasons(doctor):
    given_, why = decided(doctor)
    if given_ in (Outcome.O1, Outcome.O5, Outcome.O6):
        assert why == Reason.NONE
    elif given_ == Outcome.O10_1:
        assert why in {Reason.C1, Reason.C2, Reason.C3, Reason.C4, Reason.C5, Reason.C6, Reason.C12}
    elif given_ == Outcome.O10_2:
        assert Reason.C3 <= why <= Reason.C12
    else:
        assert why in {Reason.U5, Reason.U6, Reason.U10}
    assert why not in NEVER_GIVEN


@THOROUGH
@given(doctors(), st.sampled_from([91, 182, 273, 364]))
def test_an_extension_keeps_to_the_allowance(doctor, needed):
    given_, why = decided(doctor)
    if given_ == Outcome.O3:
        assert 0 < arcp.extension_given(given_, needed, doctor["allowance_left_days"]) <= doctor["allowance_left_days"]
    if given_ == Outcome.O4:
        assert doctor["allowance_left_days"] <= 0 or why == Reason.U6


@THOROUGH
@given(doctors())
def test_no_unsatisfactory_outcome_for_a_gap_where_covid_took_part(doctor):
    material = min(doctor["minor_days"], (doctor["gap_days"] + 1) // 2)
    assume(doctor["covid_days"] >= max(1, material) and doctor["derogation"] & OUTCOMES_DEROGATED)
    given_, _ = decided(doctor | {"exams_missing": 0, "courses_missing": 0, "attempts_exhausted": 0})
    assert given_ not in (Outcome.O2, Outcome.O3, Outcome.O4)
