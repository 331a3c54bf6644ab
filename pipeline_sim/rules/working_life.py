"""Working life: working time, strain, resignation, out of programme, absence, revalidation."""

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import CERTAIN, Critical, Outcome, Stage, State
from pipeline_sim.rules.people import SEXES
from pipeline_sim.rules.random_numbers import categorical

WHOLE_TIME = 100
WORKING_DAYS_PER_WEEK = 5


@rule
def working_time(
    word_propensity: int, word_level: int, share_threshold: int, levels: np.ndarray, cumulative: np.ndarray
) -> int:
    """Working time, per cent: 100, or one of `levels` if the doctor's propensity is below the share who work less.

    One lasting word of propensity serves every year, so a rising share never sends anyone back to full time.
    """
    if word_propensity >= share_threshold:
        return WHOLE_TIME
    return int(levels[min(categorical(word_level, cumulative), levels.shape[0] - 1)])


@rule
def ltft_column(grade: int, woman: int) -> int:
    """Column of the part of doctors less than full time: by grade from 0, men before women."""
    return grade * SEXES + woman


@rule
def strain(last_outcome: int, gap_days: int, major_days: int, redeployed_days: int) -> int:
    """Strain, 0 to 3 signs: training extended at the last review, a major gap, redeployment."""
    extended = last_outcome in (Outcome.O3, Outcome.O10_2)
    return int(extended) + int(gap_days >= major_days) + int(redeployed_days > 0)


@rule
def resign_threshold(base: int, strain_share: int, signs: int) -> int:
    """Threshold of resigning in a year: `strain_share` thousandths more for each sign of strain."""
    return min(base * (1000 + strain_share * signs) // 1000, CERTAIN)


@rule
def oop_allowed(stage: int, critical: int, grade: int, last_outcome: int) -> int:
    """Eligibility to go out of programme, 1 or 0: after the first year, and not in the last one before a CCT.

    The last outcome must be 1, 10.1 or 10.2, or none yet in this programme; 8 is that of a doctor back from out of
    programme who has not been reviewed since. Where nobody goes the chance is 0.
    """
    if grade < 1 or (critical == Critical.FINAL and stage != Stage.CORE):
        return 0
    return int(last_outcome in (Outcome.NOT_ASSESSED, Outcome.O1, Outcome.O10_1, Outcome.O10_2))


@rule
def interrupts_extension(kind: int, extension_days: int) -> int:
    """Whether time out of programme of a kind may begin, 1 or 0: in an extension (`extension_days`) a pause alone.

    The pause is open to doctors with outcome 10.2; what was extended for is not left for research or a break.
    """
    return int(extension_days == 0 or kind == State.OOPP)


@rule
def outcome_on_return(was: int, last_outcome: int) -> int:
    """Last outcome of a doctor who returns: 8 from out of programme, until training there has been reviewed."""
    return Outcome.O8 if State.OOPT <= was <= State.OOPP else last_outcome


@rule
def counted_absence(days: int, used_before: int, limit: int, wte: int) -> int:
    """Absence that counts as training: those of `days` within the limit, after `used_before` in the training year.

    `limit` is in working days, on which the doctor would be at work: five of seven at whole time, fewer by `wte`. The
    others are calendar days; a part day is a day.
    """
    within = (limit * WHOLE_TIME * DAYS_PER_WEEK + WORKING_DAYS_PER_WEEK * wte - 1) // (WORKING_DAYS_PER_WEEK * wte)
    return max(0, min(days, within - used_before))


@rule
def revalidation_due(due: int, postponed_from: int, postponed_to: int, postponed_days: int) -> int:
    """Due day of a recommendation; those due in [postponed_from, postponed_to) are postponed."""
    return due + postponed_days if postponed_from <= due < postponed_to else due


@rule
def revalidation_late(day: int, last_review: int, stale_days: int) -> int:
    """Lateness of a recommendation, days: by how much the last review is older than allowed; 0 if it is not."""
    return max(0, day - last_review - stale_days)
