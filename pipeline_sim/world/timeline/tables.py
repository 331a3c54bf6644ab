"""Timeline: opportunity, capacity and rates over time, as float tables. Decisions about doctors are made in `rules`.

Sizes: D 4 domains, G specialty groups, L groups and then specialties with an opportunity of their own, O offices,
T days, M calendar months, W weeks, E parts of exams.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import DAYS_PER_FINANCIAL_YEAR, DAYS_PER_WEEK, Dates
from pipeline_sim.base.shared_rows import SharedRows
from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.timeline.shared_results import SharedResults

Reals = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
LENGTHS = 16  # equally likely lengths of a redeployment


class Axes(NamedTuple):
    """Axes of the tables, with doctors and normal rates along them."""

    dates: Dates
    groups: tuple[str, ...]
    offices: tuple[str, ...]
    regions: tuple[str, ...]  # [O] NHS region of the COVID series
    trainee_share: Reals  # [O] sums to 1
    doctors: Reals  # [G, O] posts, by which money is shared
    exams: tuple[str, ...]
    parts: tuple[str, ...]  # [E] of exams, and courses
    kinds: tuple[str, ...]  # [E] written, clinical or course
    incomplete: Reals  # [5] chance that evidence is incomplete at a review, by Stage
    sickness: float  # share of days on which doctors in training are ill in normal times
    evidence: Callable[[str], Path]  # the file of a source `evidence/x.csv`
    specialties: tuple[str, ...] = ()  # with an opportunity of their own
    specialty_groups: tuple[str, ...] = ()  # group of each

    @property
    def learning_rows(self) -> tuple[tuple[str, str | None], ...]:
        """Rows of opportunity [L]: each group, without a specialty, then each specialty with its group."""
        own = zip(self.specialty_groups, self.specialties, strict=True)
        return (*((group, None) for group in self.groups), *own)

    def span(self, first: date, last: date) -> slice:
        """Days of the run from one date to another, both included."""
        start, stop = self.dates.day(first), self.dates.day(last) + 1
        return slice(max(0, min(start, self.dates.days)), max(0, min(stop, self.dates.days)))


class MixService(NamedTuple):
    """What a mix does to service."""

    added: Numbers  # [M, L, O] pathways completed on lists and clinics that it adds, by group with a waiting list
    away: Reals  # [M, O] share of the doctors who serve the waiting list whom it takes away from service


def no_service(months: int, of: Reals | Numbers) -> MixService:
    """Service of no mix, for a table [..., L, O]."""
    return MixService(np.zeros((months, *of.shape[-2:]), np.int64), np.zeros((months, of.shape[-1])))


@dataclass(frozen=True)
class PlaceKind:
    """Kind of place given to individuals."""

    name: str
    places: Reals  # [M, O]
    domain: int  # Domain, FURTHEST_BEHIND, or -1: worth only a gate
    dose_days: Reals  # [12] curriculum days, by postgraduate year: 0 is F1, 2 CT1 or ST1, 4 the ST3 that follows core
    gate: str | None  # an exam or course, or ANY_EXAM
    clears: float
    order: int  # SeatOrder
    groups: tuple[int, ...]
    least_gap_days: float
    finds: bool = False
    time_days: float = 0.0  # curriculum days that the days attended allow it to teach
    displaced_days: float = 0.0  # of learning in post, lost in all domains together
    raises: float = 0.0
    extra_sitting: bool = False
    failed_before: bool = False
    first: tuple[tuple[str, ...], ...] = ()  # programmes, groups and stages that go first, one set after the other


@dataclass(frozen=True)
class Timeline:
    """Timeline of read-only tables; a shock or an intervention returns a copy with some of them replaced."""

    days: int
    opportunity: SharedRows  # [D, L, O, T] 1 in normal times; shocks and interventions
    shocked: SharedRows  # [D, L, O, T] with shocks alone; the same object until a mix moves opportunity
    slots_share: Reals  # [M, G, O] supervised slots over those of normal times
    pull_per_week: Reals  # [W, G, O] chance of being pulled to a COVID ward that week
    redeployment_weeks: npt.NDArray[np.int64]  # [16] equally likely lengths
    incomplete: Reals  # [M, 5] chance that evidence is incomplete, by Stage
    evidence_lost: Reals  # [M, G] chance that COVID kept evidence from being obtained, by group
    waiver_days: Reals  # [M, G] curriculum days due to COVID that panels disregard
    sitting_places: Singles  # [E, T] share of candidates with a place at a sitting of that day; 0: cancelled
    changeover_open: Flags  # [T] False: a changeover on that day does not happen
    derogation: npt.NDArray[np.int8]  # [T] bits OUTCOMES_DEROGATED and GATES_DEROGATED
    sick_share_multiplier: Reals  # [M, O] sickness that begins in a month, over that of normal times
    shield_per_year: Reals  # [M, O] yearly rate at which doctors begin to shield
    revalidation_postponed: tuple[int, int, int]  # due from this day, to before this day, put back by days; or 0, 0, 0
    panel_capacity_share: Reals  # [W, O] panel capacity over that of normal times
    supported_more: Reals  # [M, O] share of the returners without support who now have it
    place_kinds: tuple[PlaceKind, ...]


def full_rows(shape: tuple[int, ...]) -> SharedRows:
    """Opportunity of normal times: one row of ones, everywhere."""
    return SharedRows([np.ones((1, shape[-1]), dtype=np.float32)], np.zeros(shape[:-1], dtype=np.int64))


def normal_timeline(axes: Axes, shared: SharedResults | None = None) -> Timeline:
    """Timeline without shocks and interventions; worlds may share its opportunity."""
    dates, groups, offices = axes.dates, len(axes.groups), len(axes.offices)
    shape = (len(Domain), len(axes.learning_rows), offices, dates.days)
    opportunity = (shared or SharedResults()).get(lambda: full_rows(shape), f"full {shape}")
    return Timeline(
        days=dates.days,
        opportunity=opportunity,
        shocked=opportunity,
        slots_share=np.ones((dates.months, groups, offices)),
        pull_per_week=np.zeros((dates.days // DAYS_PER_WEEK, groups, offices)),
        redeployment_weeks=np.ones(LENGTHS, dtype=np.int64),
        incomplete=np.tile(axes.incomplete, (dates.months, 1)),
        evidence_lost=np.zeros((dates.months, groups)),
        waiver_days=np.zeros((dates.months, groups)),
        sitting_places=np.ones((len(axes.parts), dates.days), dtype=np.float32),
        changeover_open=np.ones(dates.days, dtype=np.bool_),
        derogation=np.zeros(dates.days, dtype=np.int8),
        sick_share_multiplier=np.ones((dates.months, offices)),
        shield_per_year=np.zeros((dates.months, offices)),
        revalidation_postponed=(0, 0, 0),
        panel_capacity_share=np.ones((dates.days // DAYS_PER_WEEK, offices)),
        supported_more=np.zeros((dates.months, offices)),
        place_kinds=(),
    )


@cache
def years_of_months(dates: Dates) -> Reals:
    """Length of each calendar month of a run in financial years [M, 1, 1]. Read-only."""
    return np.asarray(np.diff(dates.month_start)[:, None, None] / DAYS_PER_FINANCIAL_YEAR)
