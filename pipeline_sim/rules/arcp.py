"""ARCP decisions: outcome and reason code, from what is missing and why.

A decision is one integer, outcome * 1000 + reason. All `_days` are whole curriculum days. The table follows
configs/evidence/arcp_codes.csv (outcomes; C-, U- and N-codes) and arcp_rules.csv (what a critical point allows).
"""

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import (
    CERTAIN,
    GATES_DEROGATED,
    OUTCOMES_DEROGATED,
    Critical,
    Outcome,
    Reason,
    Stage,
    State,
)
from pipeline_sim.rules.random_numbers import bernoulli

PUT_OFF = -2  # in place of a decision: the doctor is back within weeks
SHORT_SICKNESS = 28  # days; what is longer is long-term sickness

EVIDENCE_MISSING = 1  # values of `incomplete`
EVIDENCE_CAME_LATE = 2
EVIDENCE_LOST = 3


@rule
def outcome_of(decision: int) -> int:
    """Outcome code of a decision."""
    return decision // 1000


@rule
def reason_of(decision: int) -> int:
    """Reason code of a decision."""
    return decision % 1000


@rule
def _encode_decision(outcome: int, reason: int) -> int:
    return outcome * 1000 + reason


@rule
def _covid_reason(behind_before: int, redeployed_days: int, isolation_days: int, incomplete: int) -> int:
    """C-code of a shortfall in experience, the most severe cause first."""
    if behind_before:
        return Reason.C5
    if redeployed_days > 0:
        return Reason.C3
    if isolation_days > 0:
        return Reason.C4
    return Reason.C6 if incomplete == EVIDENCE_CAME_LATE else Reason.C12


@rule
def _gate_reason(is_cct: int, exams: int) -> int:
    """C-code of extra time for a gate that COVID closed; exams before courses."""
    if exams > 0:
        return Reason.C8 if is_cct else Reason.C10
    return Reason.C9 if is_cct else Reason.C11


@rule
def _own_reason(short_days: int, minor_days: int, own_exams: int) -> int:
    """U-code of a shortfall not due to COVID: U5 if it is an exam alone, else U10."""
    return Reason.U5 if own_exams > 0 and short_days < minor_days else Reason.U10


@rule
def _extended(allowance_left_days: int, reason: int) -> int:
    """Decision on an extension: outcome 3 while any of the allowance is left, else 4."""
    if allowance_left_days > 0:
        return _encode_decision(Outcome.O3, reason)
    return _encode_decision(Outcome.O4, reason)


@rule
def _at_critical_point(
    stage: int,
    critical: int,
    short_of_days: int,
    far_short: int,
    exams: int,
    courses: int,
    derogation: int,
    behind_before: int,
    covid_reason: int,
) -> int:
    """Decision on a shortfall due to COVID at a critical point: 10.1 lets the doctor progress, 10.2 gives extra time.

    While gates are derogated a doctor progresses with a gate or less than a major gap missing, but not to a CCT, and
    not from a year of foundation with a gap.
    """
    if behind_before:
        return _encode_decision(Outcome.O10_2, covid_reason)
    is_cct = critical == Critical.FINAL and stage in (Stage.RUN_THROUGH, Stage.HIGHER, Stage.GP)
    still_short = short_of_days if stage == Stage.FOUNDATION else far_short
    if not still_short and not is_cct and (derogation & GATES_DEROGATED) != 0:
        if exams + courses > 0:
            return _encode_decision(Outcome.O10_1, Reason.C1 if exams > 0 else Reason.C2)
        return _encode_decision(Outcome.O10_1, covid_reason)
    if exams + courses > 0:
        return _encode_decision(Outcome.O10_2, _gate_reason(is_cct, exams))
    if stage == Stage.FOUNDATION:
        return _encode_decision(Outcome.O10_2, Reason.C7)
    return _encode_decision(Outcome.O10_2, covid_reason)


@rule
def decide(
    stage: int,
    critical: int,
    at_grade_end: int,
    incomplete: int,
    gap_days: int,
    covid_days: int,
    waived_days: int,
    minor_days: int,
    major_days: int,
    exams_missing: int,
    courses_missing: int,
    exams_missing_covid: int,
    courses_missing_covid: int,
    attempts_exhausted: int,
    derogation: int,
    redeployed_days: int,
    isolation_days: int,
    allowance_left_days: int,
    foundation_has_2: int,
) -> int:
    """Decision of a panel on a doctor in training.

    `critical`, and the counts of missing gates and of those that COVID closed, matter only in the review for the end
    of the grade (`at_grade_end`). `covid_days` are the part of `gap_days` due to COVID, `waived_days` the part of
    those that is disregarded (`days_waived`). While outcomes 10 exist, a doctor from whom COVID took as much as a minor
    gap, or half of what is missing, gets no outcome 2, 3 or 4 for a gap, even if behind before (C5). `incomplete` is 0,
    1 (evidence missing: outcome 5), 2 (it was, and the case is now decided) or 3 (COVID kept it from being obtained:
    10.1 at once, but outcome 5 where a critical point or the end of training asks for proof). Before the
    review for the end of the grade no gap of one's own gets extra time.
    """
    has_to_prove = at_grade_end != 0 and critical != Critical.ORDINARY
    if incomplete == EVIDENCE_LOST and (derogation & OUTCOMES_DEROGATED) != 0 and not has_to_prove:
        return _encode_decision(Outcome.O10_1, Reason.C6)
    if incomplete in (EVIDENCE_MISSING, EVIDENCE_LOST):
        return _encode_decision(Outcome.O5, Reason.NONE)
    if attempts_exhausted:
        return _encode_decision(Outcome.O4, Reason.U6)
    exams = exams_missing if at_grade_end else 0
    courses = courses_missing if at_grade_end else 0
    short = gap_days - waived_days >= minor_days
    if not short and exams + courses == 0:
        final = at_grade_end != 0 and critical == Critical.FINAL
        return _encode_decision(Outcome.O6 if final else Outcome.O1, Reason.NONE)
    derogated = (derogation & OUTCOMES_DEROGATED) != 0
    own_days = max(0, gap_days - covid_days)
    own_exams = max(0, exams - exams_missing_covid)
    own_gates = own_exams + max(0, courses - courses_missing_covid)
    excused = derogated and own_gates == 0
    behind_before = int(own_days >= minor_days)
    hindered = covid_days >= minor_days or 2 * covid_days >= gap_days
    covid_reason = _covid_reason(behind_before, redeployed_days, isolation_days, incomplete)
    own_reason = _own_reason(own_days if derogated else gap_days - waived_days, minor_days, own_exams)
    if has_to_prove:
        if excused and (hindered or not behind_before):
            far = gap_days - waived_days >= major_days
            return _at_critical_point(
                stage, critical, short, far, exams, courses, derogation, behind_before, covid_reason
            )
        return _extended(allowance_left_days, own_reason)
    if excused and (hindered or not short):
        if exams + courses > 0 and not behind_before and (derogation & GATES_DEROGATED) != 0:
            return _encode_decision(Outcome.O10_1, Reason.C1 if exams > 0 else Reason.C2)
        return _encode_decision(Outcome.O10_1, covid_reason)
    if own_days >= major_days and at_grade_end:
        return _extended(allowance_left_days, Reason.U10)
    if stage == Stage.FOUNDATION and not foundation_has_2:
        return _encode_decision(Outcome.O1, Reason.NONE)
    return _encode_decision(Outcome.O2, own_reason)


@rule
def away_outcome(state: int, days_away: int) -> int:
    """Decision on a doctor who is absent when a review is due; -1 for one who is present.

    A short sickness of `days_away` in all puts the review off to the return (PUT_OFF).
    """
    if state in (State.OOPR, State.OOPE, State.OOPC, State.OOPP):
        return _encode_decision(Outcome.O8, Reason.NONE)
    if state == State.SICK:
        if days_away <= SHORT_SICKNESS:
            return PUT_OFF
        return _encode_decision(Outcome.NOT_ASSESSED, Reason.N1)
    if state == State.PARENTAL:
        return _encode_decision(Outcome.NOT_ASSESSED, Reason.N2)
    return -1


@rule
def derogation_for(derogation: int, unwaived: int) -> int:
    """Derogation for a doctor who lacks so many gates that no derogation waives."""
    return derogation & OUTCOMES_DEROGATED if unwaived > 0 else derogation


@rule
def evidence_at_review(word: int, missing: int, lost: int) -> int:
    """Value of `incomplete` for a word of 32 bits and the thresholds of evidence missing and lost to COVID."""
    if bernoulli(word, missing):
        return EVIDENCE_MISSING
    return EVIDENCE_LOST if bernoulli(word, min(missing + lost, CERTAIN)) else 0


@rule
def days_waived(covid_days: int, waiver_days: int) -> int:
    """Days of a gap that do not count, of those due to COVID, by the curriculum as it is read at the time."""
    return min(covid_days, waiver_days)


@rule
def passes(outcome: int) -> int:
    """Whether an outcome allows a doctor to progress to the next grade, or to complete: 1 or 0."""
    return int(outcome in (Outcome.O1, Outcome.O2, Outcome.O6, Outcome.O10_1))


@rule
def counts_against_allowance(outcome: int) -> int:
    """Whether an extension uses up the allowance: 1 for outcome 3, 0 for the no-fault 10.2."""
    return int(outcome == Outcome.O3)


@rule
def extension_given(outcome: int, needed_days: int, allowance_left_days: int) -> int:
    """Extension that comes with an outcome: what is needed, after outcome 3 at most what is left of the allowance."""
    if counts_against_allowance(outcome) == 0:
        return needed_days
    return min(needed_days, allowance_left_days)


@rule
def allowance_regained(used_days: int, spared_days: int, outcome: int) -> int:
    """Allowance that is used up once days of an extension by an outcome are given back."""
    return max(0, used_days - spared_days * counts_against_allowance(outcome))


@rule
def allowance_brought(stage: int, used_days: int) -> int:
    """Allowance that is used up at the start of a programme: core's extensions count in higher training."""
    return used_days if stage == Stage.HIGHER else 0
