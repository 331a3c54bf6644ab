"""The Rulebook as two flat arrays, so that one address leads to every table.

A table is named by a constant and read with `number` (int32 tables) or `chance` (thresholds and single numbers,
int64). `at` holds where each begins, its strides and its lengths.
"""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines.batch.layout import NUMBER_AT
from pipeline_sim.rules.rulebook import Rulebook

# int32 tables
NUMBERS = (
    ("calendar", "year_start"),
    ("calendar", "year_of"),
    ("calendar", "month_start"),
    ("calendar", "month_of"),
    ("calendar", "count_day"),
    ("calendar", "next_changeover"),
    ("programmes", "stage"),
    ("programmes", "group"),
    ("programmes", "grades"),
    ("programmes", "grade_days"),
    ("programmes", "critical"),
    ("programmes", "pattern"),
    ("programmes", "weight"),
    ("programmes", "standard"),
    ("programmes", "entry_year"),
    ("programmes", "stream"),
    ("programmes", "stream_after"),
    ("programmes", "allowance_days"),
    ("programmes", "first_exam_extension_days"),
    ("posts", "establishment"),
    ("posts", "recruits"),
    ("posts", "stock"),
    ("posts", "graduates"),
    ("posts", "external"),
    ("posts", "returners"),
    ("posts", "stretch"),
    ("recruitment", "rounds"),
    ("recruitment", "opens"),
    ("recruitment", "takes"),
    ("recruitment", "appointable"),
    ("placements", "slots"),
    ("placements", "unsupervised_share"),
    ("competence", "pace"),
    ("competence", "post_pace"),
    ("competence", "ward_share"),
    ("exams", "gate"),
    ("exams", "gate_from"),
    ("exams", "gate_by"),
    ("exams", "is_course"),
    ("exams", "next_sitting"),
    ("exams", "cancelled_sum"),
    ("exams", "max_attempts"),
    ("panels", "capacity"),
    ("panels", "derogation"),
    ("panels", "minor_days"),
    ("panels", "major_days"),
    ("extensions", "gap_steps"),
    ("life", "wte_levels"),
    ("life", "parental_days"),
    ("life", "sick_days"),
    ("life", "oop_days"),
    ("life", "grace_days"),
    ("revalidation", "defer_days"),
    ("redeployment", "weeks"),
    ("seats", "seats"),
    ("seats", "domain"),
    ("seats", "dose"),
    ("seats", "gate"),
    ("seats", "order"),
    ("seats", "groups"),
    ("seats", "least_gap"),
    ("seats", "finds"),
    ("", "learning"),
)
(
    YEAR_START,
    YEAR_OF,
    MONTH_START,
    MONTH_OF,
    COUNT_DAY,
    NEXT_CHANGEOVER,
    STAGE,
    GROUP,
    GRADES,
    GRADE_DAYS,
    CRITICAL,
    PATTERN,
    WEIGHT,
    STANDARD,
    ENTRY_YEAR,
    STREAM,
    STREAM_AFTER,
    ALLOWANCE_DAYS,
    FIRST_EXAM_EXTENSION_DAYS,
    ESTABLISHMENT,
    RECRUITS,
    STOCK,
    GRADUATES,
    EXTERNAL,
    RETURNERS,
    STRETCH,
    ROUNDS,
    OPENS,
    TAKES,
    APPOINTABLE,
    SLOTS,
    UNSUPERVISED_SHARE,
    PACE,
    POST_PACE,
    WARD_SHARE,
    GATE,
    GATE_FROM,
    GATE_BY,
    IS_COURSE,
    NEXT_SITTING,
    CANCELLED_SUM,
    MAX_ATTEMPTS,
    CAPACITY,
    DEROGATION,
    MINOR_DAYS,
    MAJOR_DAYS,
    GAP_STEPS,
    WTE_LEVELS,
    PARENTAL_DAYS,
    SICK_DAYS,
    OOP_DAYS,
    GRACE_DAYS,
    DEFER_DAYS,
    WEEKS,
    SEATS,
    SEAT_DOMAIN,
    DOSE,
    SEAT_GATE,
    SEAT_ORDER,
    GROUPS,
    LEAST_GAP,
    SEAT_FINDS,
    LEARNING,  # [G, O, T+1, 8] what there was to learn before a day in each domain, then what shocks took
) = range(63)

# thresholds and single numbers
CHANCES = (
    ("posts", "foundation"),
    ("recruitment", "choice"),
    ("recruitment", "applications"),
    ("recruitment", "office_pull"),
    ("recruitment", "home_first"),
    ("recruitment", "ability_share"),
    ("recruitment", "external_ability_share"),
    ("recruitment", "decline"),
    ("recruitment", "expire"),
    ("recruitment", "firm"),
    ("recruitment", "hold"),
    ("recruitment", "defer"),
    ("recruitment", "withdraw"),
    ("recruitment", "max_runs"),
    ("recruitment", "reapply_years"),
    ("recruitment", "again"),
    ("recruitment", "after_f2"),
    ("recruitment", "after_core"),
    ("competence", "surplus_days"),
    ("competence", "ramp_days"),
    ("competence", "ramp_days_supported"),
    ("competence", "supported"),
    ("exams", "pass_first"),
    ("exams", "attempt_step"),
    ("exams", "ability_step"),
    ("exams", "gap_step"),
    ("panels", "incomplete"),
    ("panels", "waiver_days"),
    ("panels", "lead_first"),
    ("panels", "lead_spread"),
    ("panels", "resolve_days"),
    ("panels", "sooner_days"),
    ("panels", "foundation_has_2"),
    ("extensions", "step_days"),
    ("life", "ltft"),
    ("life", "wte_cumulative"),
    ("life", "women"),
    ("life", "parental"),
    ("life", "sick"),
    ("life", "shield"),
    ("life", "shield_days"),
    ("life", "absence_limit"),
    ("life", "oop"),
    ("life", "long_absence_days"),
    ("life", "transfer"),
    ("life", "transfer_days_left"),
    ("life", "resign"),
    ("life", "strain_share"),
    ("life", "grace"),
    ("revalidation", "interval_days"),
    ("revalidation", "defer"),
    ("revalidation", "postponed_from"),
    ("revalidation", "postponed_to"),
    ("revalidation", "postponed_days"),
    ("revalidation", "stale_days"),
    ("redeployment", "pull"),
    ("seats", "clears"),
    ("seats", "reading_error"),
)
(
    FOUNDATION_PROGRAMME,
    CHOICE,
    APPLICATIONS,
    OFFICE_PULL,
    HOME_FIRST,
    ABILITY_SHARE,
    EXTERNAL_ABILITY_SHARE,
    DECLINE,
    EXPIRE,
    FIRM,
    HOLD,
    DEFER,
    WITHDRAW,
    MAX_RUNS,
    REAPPLY_YEARS,
    AGAIN,
    AFTER_F2,
    AFTER_CORE,
    SURPLUS_DAYS,
    RAMP_DAYS,
    RAMP_DAYS_SUPPORTED,
    SUPPORTED,
    PASS_FIRST,
    ATTEMPT_STEP,
    ABILITY_STEP,
    GAP_STEP,
    INCOMPLETE,
    WAIVER_DAYS,
    LEAD_FIRST,
    LEAD_SPREAD,
    RESOLVE_DAYS,
    SOONER_DAYS,
    FOUNDATION_HAS_2,
    STEP_DAYS,
    LTFT,
    WTE_CUMULATIVE,
    WOMEN,
    PARENTAL,
    SICK,
    SHIELD,
    SHIELD_DAYS,
    ABSENCE_LIMIT,
    OOP,
    LONG_ABSENCE_DAYS,
    TRANSFER,
    TRANSFER_DAYS_LEFT,
    RESIGN,
    STRAIN_SHARE,
    GRACE,
    INTERVAL_DAYS,
    REVALIDATION_DEFER,
    POSTPONED_FROM,
    POSTPONED_TO,
    POSTPONED_DAYS,
    STALE_DAYS,
    PULL,
    CLEARS,
    READING_ERROR,
) = range(58)


WORDS = 9  # of the header for one table: its beginning, four strides, four lengths
CHANCE_AT = NUMBER_AT + WORDS * len(NUMBERS)
HEADER_WORDS = CHANCE_AT + WORDS * len(CHANCES)


class Tables(NamedTuple):
    """The flat Rulebook."""

    numbers: npt.NDArray[np.int32]
    chances: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]  # [tables of both kinds, WORDS]


def tables(rulebook: Rulebook) -> Tables:
    """Flatten a Rulebook."""
    numbers, at_number = flat(rulebook, NUMBERS, np.dtype(np.int32))
    chances, at_chance = flat(rulebook, CHANCES, np.dtype(np.int64))
    return Tables(numbers, chances, np.concatenate([at_number, at_chance]))


def flat(
    rulebook: Rulebook, names: tuple[tuple[str, str], ...], dtype: np.dtype[Any]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """One array of all tables of a kind, and where each begins."""
    found = [parts_of(rulebook, room, field) for room, field in names]
    at = np.zeros((len(names), WORDS), np.int64)
    whole = np.empty(sum(part.size for parts in found for part in parts), dtype)
    offset = 0
    for row, parts in zip(at, found, strict=True):
        shape = (*parts[0].shape[:-1], sum(part.shape[-1] for part in parts))
        size = math.prod(shape)
        row[0] = offset
        for axis in range(len(shape)):
            row[1 + axis] = math.prod(shape[axis + 1 :])
            row[5 + axis] = shape[axis]
        if len(shape) == 1:
            row[2] = 1  # a single row may also be read as row 0
        np.concatenate(parts, axis=-1, out=whole[offset : offset + size].reshape(shape))
        offset += size
    return whole, at


def parts_of(rulebook: Rulebook, room: str, field: str) -> list[npt.NDArray[Any]]:
    """A table by name, as parts that lie side by side along its last axis.

    What is learnt is laid out so that one look at a day finds all domains together; it is too large to be copied twice.
    """
    if field == "learning":
        both = rulebook.competence.opportunity_sum, rulebook.competence.taken_sum
        return [np.moveaxis(table, 0, -1) for table in both]
    return [np.atleast_1d(getattr(getattr(rulebook, room), field))]
