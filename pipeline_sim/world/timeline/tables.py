"""The Timeline: how much of everything there is on each day, as float tables. It knows what is normal and what happened
to it; what a doctor or a panel makes of it is decided in `rules`.

Sizes: D 4 domains, G specialty groups, O offices, T days, M calendar months, W weeks, E exams.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import DAYS_PER_WEEK, Dates
from pipeline_sim.rules.codes import Domain

Reals = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
LENGTHS = 16  # equally likely lengths of a redeployment

OUTCOMES_DEROGATED = 1  # outcomes 10.1 and 10.2 may be given
GATES_DEROGATED = 2  # an exam or course may be forgone


class Axes(NamedTuple):
    """What the tables are laid along, and who stands there."""

    dates: Dates
    groups: tuple[str, ...]
    offices: tuple[str, ...]
    regions: tuple[str, ...]  # [O] NHS region of the COVID series
    trainee_share: Reals  # [O] sums to 1
    doctors: Reals  # [G, O] posts, for which money is shared out
    exams: tuple[str, ...]
    is_course: tuple[bool, ...]  # [E]
    incomplete: Reals  # [5] chance that evidence is incomplete at a review, by Stage
    sickness: float  # part of their days for which doctors in training are ill in normal times
    evidence: Callable[[str], Path]  # the file of a source `evidence/x.csv`

    def span(self, first: date, last: date) -> slice:
        """Days from one date to another, both included, as far as they lie in the run."""
        start, stop = self.dates.day(first), self.dates.day(last) + 1
        return slice(max(0, min(start, self.dates.days)), max(0, min(stop, self.dates.days)))


@dataclass(frozen=True)
class SeatKind:
    """Places given to individuals."""

    name: str
    seats: Reals  # [M, O]
    domain: int  # Domain, FURTHEST_BEHIND, or -1: worth only a gate
    dose_days: Reals  # [12] curriculum days, by postgraduate year: 0 is F1, 2 CT1 or ST1, 4 the ST3 that follows core
    gate: str | None
    clears: float
    order: int  # SeatOrder
    groups: tuple[int, ...]
    least_gap_days: float
    finds: bool = False


@dataclass(frozen=True)
class Timeline:
    """Every table is read-only; a shock or an intervention hands back a copy with some of them replaced."""

    days: int
    opportunity: Singles  # [D, G, O, T] 1 in normal times; shocks and interventions
    shocked: Singles  # [D, G, O, T] the same with shocks alone
    slots_share: Reals  # [M, G, O] supervised slots over those of normal times
    pull_per_week: Reals  # [W, G, O] chance of being pulled to a COVID ward that week
    redeployment_weeks: npt.NDArray[np.int64]  # [16] equally likely lengths
    incomplete: Reals  # [M, 5] chance that evidence is incomplete, by Stage
    sitting_open: Flags  # [E, T] False: sittings of that day are cancelled
    changeover_open: Flags  # [T] False: a changeover on that day does not happen
    derogation: npt.NDArray[np.int8]  # [T] bits OUTCOMES_DEROGATED and GATES_DEROGATED
    sick_share_multiplier: Reals  # [M, O] sickness that begins in a month, over that of normal times
    shield_per_year: Reals  # [M, O] part of doctors who would begin to shield in a year of such months
    revalidation_postponed: tuple[int, int, int]  # due from this day, to before this day, put back by days; or 0, 0, 0
    panel_capacity_share: Reals  # [W, O] panel capacity over that of normal times
    supported_more: Reals  # [M, O] part of the returners without support who have it now
    seats: tuple[SeatKind, ...]


def normal(axes: Axes) -> Timeline:
    """A world in which nothing happens."""
    dates, groups, offices = axes.dates, len(axes.groups), len(axes.offices)
    opportunity = np.ones((len(Domain), groups, offices, dates.days), dtype=np.float32)
    return Timeline(
        days=dates.days,
        opportunity=opportunity,
        shocked=opportunity.copy(),
        slots_share=np.ones((dates.months, groups, offices)),
        pull_per_week=np.zeros((dates.days // DAYS_PER_WEEK, groups, offices)),
        redeployment_weeks=np.ones(LENGTHS, dtype=np.int64),
        incomplete=np.tile(axes.incomplete, (dates.months, 1)),
        sitting_open=np.ones((len(axes.exams), dates.days), dtype=np.bool_),
        changeover_open=np.ones(dates.days, dtype=np.bool_),
        derogation=np.zeros(dates.days, dtype=np.int8),
        sick_share_multiplier=np.ones((dates.months, offices)),
        shield_per_year=np.zeros((dates.months, offices)),
        revalidation_postponed=(0, 0, 0),
        panel_capacity_share=np.ones((dates.days // DAYS_PER_WEEK, offices)),
        supported_more=np.zeros((dates.months, offices)),
        seats=(),
    )


def same(one: Timeline, other: Timeline) -> bool:
    """True if two timelines agree in every number."""
    fields = [name for name in Timeline.__dataclass_fields__ if name != "seats"]
    alike = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in fields)
    return alike and len(one.seats) == len(other.seats) and all(map(same_seats, one.seats, other.seats))


def same_seats(one: SeatKind, other: SeatKind) -> bool:
    """True if two kinds of seat agree in every number."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in SeatKind.__dataclass_fields__)
