"""ARCP panels, extensions and revalidation in the Rulebook."""

from datetime import date, timedelta

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
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
from pipeline_sim.world.schema.training import STAGES, PanelWindow
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.tables import Timeline


def lower_panels(world: World, establishment: Ints, timeline: Timeline) -> Panels:
    """Panels of the Rulebook."""
    section = world.panels
    last = timeline.derogation[-1:]
    return Panels(
        capacity=panel_capacity(world, establishment, timeline.panel_capacity_share),
        incomplete=thresholds(timeline.incomplete),
        derogation=to_int32(np.concatenate([timeline.derogation, last])),
        minor_days=to_int32(in_order(section.minor.value, STAGES)),
        major_days=to_int32(in_order(section.major.value, STAGES)),
        lead_first=round_half_up(section.lead_first.value),
        lead_spread=round_half_up(section.lead_spread.value),
        waiver_days=round_half_up(section.waiver.value),
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
    days = [world.dates.date(week * DAYS_PER_WEEK) for week in range(world.dates.weeks)]
    share = section.out_of_phase.value / np.bincount(year)[year]
    for window in section.windows:
        inside = np.array([is_inside(window, day) for day in days])
        count = np.bincount(year, weights=inside)[year]
        share = share + np.divide(window.share.value * inside, count, out=np.zeros(len(days)), where=count > 0)
    return np.asarray(share)


def is_inside(window: PanelWindow, day: date) -> bool:
    """True if the middle of the week from a day lies in the season, which may include New Year."""
    middle = day + timedelta(days=DAYS_PER_WEEK // 2)
    here = (middle.month, middle.day)
    first, last = (window.from_month, window.from_day), (window.to_month, window.to_day)
    return first <= here <= last if first <= last else here >= first or here <= last


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
