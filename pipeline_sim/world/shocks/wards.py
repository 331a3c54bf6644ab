"""Shocks of full wards: supervised slots lost, and doctors redeployed to COVID wards."""

from dataclasses import replace

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from pipeline_sim.world.schema.shocks import PullWave, ShocksSection, Supervision
from pipeline_sim.world.schema.waves import Measure
from pipeline_sim.world.shocks.activity_series import line_down
from pipeline_sim.world.shocks.counterfactual_waves import counterfactual_occupancy, wave_moves
from pipeline_sim.world.shocks.inpatients import Occupancy, bounded_ratio, occupancy
from pipeline_sim.world.timeline.interpolate import monthly_means
from pipeline_sim.world.timeline.tables import Axes, Reals, Timeline

PER_INPATIENTS = 10_000
MOST_PULLED = 0.95  # share of a group in a wave, so that the hazard is finite


def supervision(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Educators lost to wards in proportion to monthly inpatients per bed, and to leaving: slots are lost with them.

    The first month of the series of inpatients is normal.
    """
    occupied = counterfactual_occupancy(axes, shocks)
    mean = monthly_means(axes, occupied.per_bed) * (occupied.england[axes.dates.month_start[:-1]] > 0)
    groups = np.array([shocks.supervision.lost.value[group] for group in axes.groups])
    lost = shocks.supervision.scale.value * mean.T[:, None, :] / PER_INPATIENTS * groups[None, :, None]
    there = (1.0 - np.clip(lost, 0.0, 1.0)) * (1.0 - left_for_good(axes, shocks.supervision))[:, None, None]
    return replace(timeline, slots_share=timeline.slots_share * there)


def left_for_good(axes: Axes, rules: Supervision) -> Reals:
    """Share of educators who have left and are not replaced [M], monthly means."""
    since = (np.arange(axes.dates.days) - axes.dates.day(rules.leaving_first)) / DAYS_PER_YEAR
    years = max(0.0, (rules.leaving_last - rules.leaving_first).days / DAYS_PER_YEAR)
    after = years * line_down(axes, rules.leaving_last, rules.leaving_recovery.value)
    going = np.where(np.arange(axes.dates.days) < axes.dates.day(rules.leaving_last), np.clip(since, 0.0, years), after)
    lost = rules.scale.value * rules.leaving.value * going
    return np.clip(monthly_means(axes, lost[None])[0], 0.0, 1.0)


def redeployment(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Weekly chance of redeployment, such that the share of a group redeployed over a wave is as configured.

    The hazard of a counterfactual wave is that of the recorded one, moved and scaled with it.
    """
    drivers: dict[Measure, Occupancy] = {}
    for measure in dict.fromkeys(driver_of(shocks, group) for group in axes.groups):
        drivers[measure] = occupancy(axes, shocks.regions, measure)
    hazard = np.zeros_like(timeline.pull_per_week)
    for wave in shocks.redeployment.waves.values():
        for measure, occupied in drivers.items():
            groups = np.array([driver_of(shocks, group) == measure for group in axes.groups])
            of_wave, more = wave_hazard(axes, shocks, occupied, wave)
            hazard[of_wave] += more * groups[None, :, None]
    moves = wave_moves(axes, shocks)
    if any(moves):
        hazard = np.moveaxis(moves.redated(np.moveaxis(hazard, 0, -1), DAYS_PER_WEEK), -1, 0)
    if not hazard.any():
        return timeline
    weeks = np.array(shocks.redeployment.weeks.value, dtype=np.int64)
    pull = 1.0 - (1.0 - timeline.pull_per_week) * np.exp(-hazard)
    return replace(timeline, pull_per_week=pull, redeployment_weeks=weeks)


def driver_of(shocks: ShocksSection, group: str) -> Measure:
    """Measure that drives the redeployment of a specialty group."""
    return shocks.redeployment.driver.get(group, "inpatients")


def wave_hazard(axes: Axes, shocks: ShocksSection, occupied: Occupancy, wave: PullWave) -> tuple[slice, Reals]:
    """Weeks w of one wave, and weekly hazard of redeployment in it [w, G, O], in proportion to inpatients.

    A week whose first day, on which doctors are redeployed, is outside the wave has none.
    """
    days = np.zeros(axes.dates.days)
    days[axes.span(wave.start, wave.end)] = 1.0
    if not (occupied.england * days).any():
        return slice(0), np.zeros((0, len(axes.groups), len(axes.offices)))
    weekly = (occupied.office * days).reshape(len(axes.offices), -1, DAYS_PER_WEEK).sum(axis=2)
    weekly *= days[::DAYS_PER_WEEK]
    share = wave_share(axes, shocks, wave)[:, None] * wave_ratio(axes, shocks, occupied, days)[None, :]
    hazard = -np.log1p(-np.clip(share, 0.0, MOST_PULLED))
    total = weekly.sum(axis=1, keepdims=True)
    spread = np.divide(weekly, total, out=np.zeros_like(weekly), where=total > 0)
    inside = np.flatnonzero(days[::DAYS_PER_WEEK])
    weeks = slice(inside[0], inside[-1] + 1) if len(inside) else slice(0)
    return weeks, np.asarray(hazard[None] * spread.T[weeks, None, :])


def wave_share(axes: Axes, shocks: ShocksSection, wave: PullWave) -> Reals:
    """Share of each group redeployed in a wave in England [G]."""
    rules = shocks.redeployment
    own = wave.own.value if wave.own is not None else {}
    ratios = [own.get(group, wave.ratio.value) for group in axes.groups]
    shares = [rules.share.value[group] for group in axes.groups]
    return rules.scale.value * np.array(shares) * np.array(ratios)


def wave_ratio(axes: Axes, shocks: ShocksSection, occupied: Occupancy, days: Reals) -> Reals:
    """Inpatients per bed of an office over England's in a wave [O]."""
    ratio = (occupied.per_bed * days).sum(axis=1) / (occupied.england * days).sum()
    return bounded_ratio(ratio, shocks.regions, axes.trainee_share)
