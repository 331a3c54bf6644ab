"""Life outside the curriculum: working time, strain, resignation, out of programme, absence, revalidation."""

import numpy as np

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import CERTAIN, Outcome, Stage
from pipeline_sim.rules.random_numbers import categorical

WHOLE_TIME = 100


@rule
def working_time(
    word_propensity: int, word_level: int, share_threshold: int, levels: np.ndarray, cumulative: np.ndarray
) -> int:
    """WTE per cent: 100, or one of `levels` if the doctor's propensity lies below the share who work less.

    One lasting word of propensity serves every year, so a rising share never sends anyone back to full time.
    """
    if word_propensity >= share_threshold:
        return WHOLE_TIME
    return int(levels[min(categorical(word_level, cumulative), levels.shape[0] - 1)])


@rule
def strain(last_outcome: int, gap_days: int, major_days: int, redeployed_days: int) -> int:
    """Signs of strain, 0 to 3: training extended at the last review, a major gap, redeployment."""
    extended = last_outcome in (Outcome.O3, Outcome.O10_2)
    return int(extended) + int(gap_days >= major_days) + int(redeployed_days > 0)


@rule
def resign_threshold(base: int, strain_share: int, signs: int) -> int:
    """Threshold of resigning in a year: `strain_share` thousandths more for each sign of strain."""
    return min(base * (1000 + strain_share * signs) // 1000, CERTAIN)


@rule
def oop_allowed(stage: int, grade: int, last_outcome: int) -> int:
    """1 if a doctor may go out of programme: run-through or higher training, after its first year.

    The last outcome must be 1, 10.1 or 10.2, or there is none yet in this grade.
    """
    if grade < 1 or stage not in (Stage.RUN_THROUGH, Stage.HIGHER):
        return 0
    return int(last_outcome in (Outcome.NOT_ASSESSED, Outcome.O1, Outcome.O10_1, Outcome.O10_2))


@rule
def counted_absence(days: int, used_before: int, limit: int) -> int:
    """How many of `days` away still count as training, after `used_before` in the same training year."""
    return max(0, min(days, limit - used_before))


@rule
def revalidation_due(due: int, postponed_from: int, postponed_to: int, postponed_days: int) -> int:
    """Due day of a recommendation; days in [postponed_from, postponed_to) are put back."""
    return due + postponed_days if postponed_from <= due < postponed_to else due


@rule
def revalidation_late(day: int, last_review: int, stale_days: int) -> int:
    """Days by which the review that the recommendation rests on is older than it may be; 0 if in time."""
    return max(0, day - last_review - stale_days)
