"""ARCP panels, extensions and revalidation in the Rulebook."""

from functools import cache

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, Dates
from pipeline_sim.rules.rulebook import Extensions, Panels, Revalidation
from pipeline_sim.world.lowering.quantise import (
    Ints,
    Reals,
    days_of_months,
    in_order,
    round_half_up,
    threshold,
    thresholds,
    to_int32,
)
from pipeline_sim.world.schema.training import STAGES
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.tables import Flags, Timeline


def lower_panels(world: World, establishment: Ints, timeline: Timeline) -> Panels:
    """Panels of the Rulebook."""
    section = world.panels
    last = timeline.derogation[-1:]
    return Panels(
        capacity=panel_capacity(world, establishment, timeline.panel_capacity_share),
        incomplete=thresholds(timeline.incomplete),
        evidence_lost=thresholds(timeline.evidence_lost),
        waiver_days=to_int32(timeline.waiver_days),
        derogation=to_int32(np.concatenate([timeline.derogation, last])),
        minor_days=to_int32(in_order(section.minor.value, STAGES)),
        major_days=to_int32(in_order(section.major.value, STAGES)),
        lead_first=round_half_up(section.lead_first.value),
        lead_spread=round_half_up(section.lead_spread.value),
        resolve_days=round_half_up(section.resolve.value),
        sooner_days=round_half_up(section.sooner.value),
        foundation_has_2=int(section.foundation_has_outcome_2),
    )


def panel_capacity(world: World, establishment: Ints, left: Reals) -> Ints:
    """Weekly capacity in reviews [W, O]: the year's expected reviews with headroom, spread by season.

    A week in which a panel sits has a capacity of at least 1.
    """
    section = world.panels
    starts = np.arange(world.dates.weeks) * DAYS_PER_WEEK
    year = world.dates.year_of[starts]
    expected = establishment.sum(axis=1)[year] * (section.reviews.value * section.headroom.value)
    capacity = expected * season_share(world, year)[:, None] * left
    return to_int32(np.where(capacity > 0, np.maximum(capacity, 1.0), 0.0))


def season_share(world: World, year: Ints) -> Reals:
    """Share of its year's reviews in each week [W]; a season's share is spread evenly over its weeks."""
    section = world.panels
    share = section.out_of_phase.value / np.bincount(year)[year]
    for window in section.windows:
        first, last = (window.from_month, window.from_day), (window.to_month, window.to_day)
        inside = weeks_inside(world.dates, first, last)
        count = np.bincount(year, weights=inside)[year]
        share = share + np.divide(window.share.value * inside, count, out=np.zeros(len(year)), where=count > 0)
    return np.asarray(share)


@cache
def weeks_inside(dates: Dates, first: tuple[int, int], last: tuple[int, int]) -> Flags:
    """Weeks [W] whose middle lies in a season between two (month, day), perhaps over New Year. Read-only."""
    middles = [dates.date(week * DAYS_PER_WEEK + DAYS_PER_WEEK // 2) for week in range(dates.weeks)]
    here = [(middle.month, middle.day) for middle in middles]
    return np.array([first <= day <= last if first <= last else day >= first or day <= last for day in here])


def lower_extensions(world: World) -> Extensions:
    """Extensions of the Rulebook."""
    section = world.extensions
    return Extensions(int(days_of_months(section.step.value).item()), to_int32(section.gap_steps.value))


def lower_revalidation(world: World, postponed: tuple[int, int, int]) -> Revalidation:
    """Revalidation of the Rulebook."""
    section = world.revalidation
    first, last, days = postponed
    return Revalidation(
        interval_days=round_half_up(section.interval.value * DAYS_PER_YEAR),
        defer=threshold(section.defer.value),
        defer_days=to_int32(section.defer_days.value),
        postponed_from=int(first),
        postponed_to=int(last),
        postponed_days=int(days),
        stale_days=round_half_up(section.stale.value),
    )
