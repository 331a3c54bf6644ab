"""What COVID and the backlog take away: each shock is a function Timeline -> Timeline, applied in order of `SHOCKS`.

A shock never gives: there is no more opportunity, slots or sittings after it than before.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.errors import WorldError, hint
from pipeline_sim.world.schema_shocks import ShocksSection, Sittings, Wave
from pipeline_sim.world.series import Occupancy, bounded, national_losses, occupancy, regional_ratio
from pipeline_sim.world.shocks_people import absence, evidence, revalidation, shielding
from pipeline_sim.world.tables import GATES_DEROGATED, OUTCOMES_DEROGATED, Axes, Reals, Singles, Timeline

Shock = Callable[[Timeline, Axes, ShocksSection], Timeline]
PER_INPATIENTS = 10_000
MOST_PULLED = 0.95  # of a group in a wave, whatever the scale, so that a hazard exists


def surge(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Opportunity lost in the months of the series, more where wards were fuller."""
    ratio = regional_ratio(axes, occupancy(axes, shocks.regions), shocks.regions)
    national = {name: national_losses(axes, series)[0] for name, series in shocks.series.items()}
    losses = {name: shocks.surge.scale.value * loss[None, :] * ratio for name, loss in national.items()}
    return lowered(timeline, axes, shocks, losses)


def backlog(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Opportunity still lost after the series end, the same everywhere."""
    national = {name: national_losses(axes, series)[1] for name, series in shocks.series.items()}
    everywhere = np.ones((len(axes.offices), 1))
    losses = {name: shocks.backlog.scale.value * loss[None, :] * everywhere for name, loss in national.items()}
    return lowered(timeline, axes, shocks, losses)


def lowered(timeline: Timeline, axes: Axes, shocks: ShocksSection, losses: dict[str, Reals]) -> Timeline:
    """Opportunity with the losses [O, T] of each series taken off by group and domain."""
    kept = np.ones_like(timeline.opportunity)
    felt = learning_lost(axes, shocks)
    for place, group in enumerate(axes.groups):
        lost = shocks.surge.groups[group]
        for domain, name in lost.series.items():
            part = lost.share.value[domain] * losses[name] * felt
            kept[Domain[domain.upper()], place] = 1.0 - np.clip(part, 0.0, 1.0)
    return replace(timeline, opportunity=times(timeline.opportunity, kept), shocked=times(timeline.shocked, kept))


def learning_lost(axes: Axes, shocks: ShocksSection) -> Reals:
    """[T] part of a lost opportunity that is lost learning: each figure holds from the first day of its month on."""
    part = np.ones(axes.dates.days)
    for month, value in sorted(shocks.learning_lost.value.items()):
        start = axes.dates.day(date.fromisoformat(f"{month}-01"))
        part[max(0, start) :] = value
    return part


def times(table: Singles, kept: Singles) -> Singles:
    """Product of two tables in single precision."""
    return np.multiply(table, kept, dtype=np.float32)


def supervision(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Slots lost in proportion to the month's inpatients per bed; the month in which the series begins is normal."""
    occupied = occupancy(axes, shocks.regions)
    starts, lengths = axes.dates.month_start[:-1], np.diff(axes.dates.month_start)
    mean = np.add.reduceat(occupied.per_bed, starts, axis=1) / lengths * (occupied.england[starts] > 0)
    groups = np.array([shocks.supervision.lost.value[group] for group in axes.groups])
    lost = shocks.supervision.scale.value * mean.T[:, None, :] / PER_INPATIENTS * groups[None, :, None]
    return replace(timeline, slots_share=timeline.slots_share * (1.0 - np.clip(lost, 0.0, 1.0)))


def redeployment(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Weekly chance of being pulled, so that over a wave the share of a group pulled at least once is as configured."""
    occupied = occupancy(axes, shocks.regions)
    stays = np.ones_like(timeline.pull_per_week)
    for place, wave in enumerate(shocks.redeployment.waves):
        stays *= 1.0 - wave_pull(axes, shocks, occupied, wave, later=place > 0)
    weeks = np.array(shocks.redeployment.weeks.value, dtype=np.int64)
    return replace(timeline, pull_per_week=1.0 - (1.0 - timeline.pull_per_week) * stays, redeployment_weeks=weeks)


def wave_pull(axes: Axes, shocks: ShocksSection, occupied: Occupancy, wave: Wave, later: bool) -> Reals:
    """[W, G, O] weekly chance in one wave: the hazard of the wave's share, spread over its weeks as inpatients are.

    A week whose first day, the day on which doctors are pulled, is not of the wave has none.
    """
    days = np.zeros(axes.dates.days)
    days[axes.span(wave.start, wave.end)] = 1.0
    if not (occupied.england * days).any():
        return np.zeros((axes.dates.weeks, len(axes.groups), len(axes.offices)))
    weekly = (occupied.office * days).reshape(len(axes.offices), -1, DAYS_PER_WEEK).sum(axis=2)
    weekly *= days[::DAYS_PER_WEEK]
    share = wave_share(axes, shocks, wave, later)[:, None] * wave_ratio(axes, shocks, occupied, days)[None, :]
    hazard = -np.log1p(-np.clip(share, 0.0, MOST_PULLED))
    total = weekly.sum(axis=1, keepdims=True)
    spread = np.divide(weekly, total, out=np.zeros_like(weekly), where=total > 0)
    return np.asarray(-np.expm1(-hazard[None] * spread.T[:, None, :]))


def wave_share(axes: Axes, shocks: ShocksSection, wave: Wave, later: bool) -> Reals:
    """[G] part of each group pulled in a wave, in England."""
    moved = shocks.redeployment
    own = moved.own_ratio.value if later else {}
    ratios = [own.get(group, wave.ratio.value) for group in axes.groups]
    shares = [moved.share.value[group] for group in axes.groups]
    return moved.scale.value * np.array(shares) * np.array(ratios)


def wave_ratio(axes: Axes, shocks: ShocksSection, occupied: Occupancy, days: Reals) -> Reals:
    """[O] how much fuller an office's wards were over a wave than England's."""
    ratio = (occupied.per_bed * days).sum(axis=1) / (occupied.england * days).sum()
    return bounded(ratio, shocks.regions, axes.trainee_share)


def changeover(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Changeovers that did not happen."""
    opened = timeline.changeover_open.copy()
    opened[axes.span(shocks.changeover.first, shocks.changeover.last)] = False
    return replace(timeline, changeover_open=opened)


def exams(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Sittings of exams cancelled."""
    return cancelled(timeline, axes, shocks.exams, course=False)


def courses(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Dates of courses cancelled."""
    return cancelled(timeline, axes, shocks.courses, course=True)


def cancelled(timeline: Timeline, axes: Axes, lost: Sittings, course: bool) -> Timeline:
    """All sittings closed for a while, then whole months closed in an even alternation that keeps the open share."""
    closed_to = stretched(lost.closed_from, lost.closed_to, lost.scale.value)
    partial_to = stretched(lost.closed_from, lost.partial_to, lost.scale.value)
    opened = timeline.sitting_open.copy()
    which = np.array(axes.is_course, dtype=np.bool_) == course
    opened[which, axes.span(lost.closed_from, closed_to)] = False
    partial = axes.span(closed_to + timedelta(days=1), partial_to)
    month = axes.dates.month_of[partial].astype(np.int64)
    number = month - month[0] + 1 if len(month) else month
    share = lost.open_share.value
    opened[which, partial] &= np.floor(number * share) > np.floor((number - 1) * share)
    return replace(timeline, sitting_open=opened)


def stretched(first: date, last: date, scale: float) -> date:
    """Last day of a span from `first`, both included, made longer or shorter; the day before `first` at 0."""
    days = round(((last - first).days + 1) * scale)
    return first + timedelta(days=days - 1)


def derogation(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Days on which outcomes 10.x could be given and gates forgone."""
    bits = timeline.derogation.copy()
    for window, bit in ((shocks.derogation.outcomes, OUTCOMES_DEROGATED), (shocks.derogation.gates, GATES_DEROGATED)):
        if window.enabled:
            bits[axes.span(window.first, window.last)] |= bit
    return replace(timeline, derogation=bits)


SHOCKS: dict[str, Shock] = {
    "surge": surge,
    "backlog": backlog,
    "supervision": supervision,
    "redeployment": redeployment,
    "changeover": changeover,
    "exams": exams,
    "courses": courses,
    "derogation": derogation,
    "evidence": evidence,
    "absence": absence,
    "shielding": shielding,
    "revalidation": revalidation,
}


def switched_on(shocks: ShocksSection, name: str) -> bool:
    """True if a shock is switched on; the two derogations have a switch each."""
    if name == "derogation":
        return shocks.derogation.outcomes.enabled or shocks.derogation.gates.enabled
    return bool(getattr(shocks, name).enabled)


def check_groups(axes: Axes, shocks: ShocksSection) -> None:
    """Refuses a world one of whose specialty groups has no loss, no redeployment share or no loss of slots."""
    tables: dict[str, Mapping[str, object]] = {
        "surge.groups": shocks.surge.groups,
        "redeployment.share": shocks.redeployment.share.value,
        "supervision.lost": shocks.supervision.lost.value,
    }
    for name, table in tables.items():
        for group in axes.groups:
            if group not in table:
                raise WorldError(f"shocks.{name}: nothing for group '{group}'{hint(group, table)}")


def shocked(timeline: Timeline, axes: Axes, shocks: ShocksSection, without: frozenset[str] = frozenset()) -> Timeline:
    """All shocks that are switched on, in order."""
    check_groups(axes, shocks)
    for name, apply in SHOCKS.items():
        if name not in without and switched_on(shocks, name):
            timeline = apply(timeline, axes, shocks)
    return timeline
