"""What COVID and the backlog took of opportunity to learn. None of it gives."""

from dataclasses import replace
from datetime import date

import numpy as np

from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.schema.shocks import IndexSeries, ShocksSection
from pipeline_sim.world.schema.sourced_value import Figure
from pipeline_sim.world.shocks.activity_series import month_losses, national_losses, sector_losses
from pipeline_sim.world.shocks.counterfactual_waves import as_recorded, lists_left, occupancy_told
from pipeline_sim.world.shocks.inpatients import occupancy, regional_ratio
from pipeline_sim.world.shocks.waiting_list import Lists, waiting_list
from pipeline_sim.world.timeline.interpolate import following
from pipeline_sim.world.timeline.tables import Axes, Reals, Singles, Timeline

DECEMBER, JANUARY = 12, 1


def surge(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Opportunity lost in the months of the series, more where wards were fuller, and in waves that came otherwise."""
    recorded = occupancy(axes, shocks.regions)
    ratio = regional_ratio(axes, recorded, shocks.regions)
    national = {name: national_losses(axes, series)[0] for name, series in shocks.series.items()}
    if as_recorded(shocks):
        losses = {name: shocks.surge.scale.value * loss[None, :] * ratio for name, loss in national.items()}
        return lowered(timeline, axes, shocks, losses)
    told = occupancy_told(axes, shocks)
    losses = {}
    for name, loss in national.items():
        left = lists_left(axes, shocks, told, recorded, shocks.series[name])
        here = np.clip(1.0 - (1.0 - loss[None, :]) * left, 0.0, 1.0)
        losses[name] = shocks.surge.scale.value * here * ratio
    return lowered(timeline, axes, shocks, losses)


def backlog(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Opportunity still lost after the series end: on a line, the same everywhere, or as the waiting list goes."""
    national = {name: national_losses(axes, series)[1] for name, series in shocks.series.items()}
    everywhere = np.ones((len(axes.offices), 1))
    losses = {name: loss[None, :] * everywhere for name, loss in national.items()}
    if shocks.backlog.mode == "endogenous":
        losses |= endogenous_losses(timeline, axes, shocks)
    return lowered(timeline, axes, shocks, {name: shocks.backlog.scale.value * loss for name, loss in losses.items()})


def endogenous_losses(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> dict[str, Reals]:
    """[O, T] loss, after its last month, of each series that has a stream.

    It moves on from the loss of that month by as much as the waiting list says, which is compared with what the list
    says of that month for England with waves as recorded and nobody away.
    """
    lists, plain = waiting_list(timeline, axes, shocks), waiting_list(None, axes, as_it_was(shocks))
    return {
        name: moved_on(axes, series, lists, plain)
        for name, series in shocks.series.items()
        if series.stream is not None
    }


def moved_on(axes: Axes, series: IndexSeries, lists: Lists, plain: Lists) -> Reals:
    """[O, T] loss of one series after its last month."""
    assert series.stream is not None
    last, loss = list(month_losses(axes.evidence(series.normal.source), series).items())[-1]
    month = axes.dates.month_of[:-1]
    start = axes.dates.day(following(last))
    anchor = int(month[min(max(0, start - 1), axes.dates.days - 1)])
    then = float(plain.teaching[series.stream][anchor] @ axes.trainee_share)
    lost = np.clip(loss + then - lists.teaching[series.stream].T[:, month], 0.0, 1.0)
    return np.where(np.arange(axes.dates.days) >= start, lost, 0.0)


def as_it_was(shocks: ShocksSection) -> ShocksSection:
    """The shocks with waves and shutdown as recorded."""
    waves = {
        name: wave.model_copy(update={"enabled": True, "moved_to": None, "scale": figure(wave.scale, 1.0)})
        for name, wave in shocks.waves.items()
    }
    shut = shocks.shutdown.model_copy(update={"scale": figure(shocks.shutdown.scale, 1.0)})
    return shocks.model_copy(update={"waves": waves, "more_waves": {}, "shutdown": shut})


def figure(like: Figure, value: float) -> Figure:
    """A figure with another value."""
    return like.model_copy(update={"value": value})


def lowered(timeline: Timeline, axes: Axes, shocks: ShocksSection, losses: dict[str, Reals]) -> Timeline:
    """Opportunity with the losses [O, T] of each series taken off by group and domain."""
    opportunity, shocked = timeline.opportunity.copy(), timeline.shocked.copy()
    felt = learning_lost(axes, shocks)
    for place, group in enumerate(axes.groups):
        lost = shocks.surge.groups[group]
        for domain, name in lost.series.items():
            part = lost.share.value[domain] * losses[name] * felt
            kept = (1.0 - np.clip(part, 0.0, 1.0)).astype(np.float32)
            for table in (opportunity, shocked):
                table[Domain[domain.upper()], place] *= kept
    return replace(timeline, opportunity=opportunity, shocked=shocked)


def learning_lost(axes: Axes, shocks: ShocksSection) -> Reals:
    """[T] part of a lost opportunity that is lost learning: each figure holds from the first day of its month on."""
    part = np.ones(axes.dates.days)
    for month, value in sorted(shocks.learning_lost.value.items()):
        start = axes.dates.day(date.fromisoformat(f"{month}-01"))
        part[max(0, start) :] = value
    return part


def independent_sector(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Elective opportunity is at most what the independent sector leaves, the same in every office.

    The indices of lost opportunity hold work that moved, so it is not taken off again: where more is lost already,
    nothing is lost here.
    """
    sector = shocks.independent_sector
    felt = learning_lost(axes, shocks) * sector.scale.value
    losses = {name: sector_losses(axes, sector, series) for name, series in sector.series.items()}
    most = np.ones((len(axes.groups), axes.dates.days), dtype=np.float32)
    for place, group in enumerate(axes.groups):
        if group in sector.parts:
            lost = sum(part * losses[name] for name, part in sector.parts[group].value.items())
            most[place] = 1.0 - np.clip(felt * lost, 0.0, 1.0)
    return replace(
        timeline,
        opportunity=at_most(timeline.opportunity, most),
        shocked=at_most(timeline.shocked, most),
    )


def at_most(table: Singles, most: Singles) -> Singles:
    """The table with elective opportunity held down. most: [G, T]."""
    held = table.copy()
    np.minimum(held[Domain.ELECTIVE], most[:, None, :], out=held[Domain.ELECTIVE])
    return held


def winter(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Elective lists cancelled in December and January, beyond what normal winters cancel."""
    lost = learning_lost(axes, shocks) * cancelled_in_winter(axes, shocks)
    opportunity, shocked = timeline.opportunity.copy(), timeline.shocked.copy()
    for place, group in enumerate(axes.groups):
        kept = (1.0 - np.clip(shocks.winter.part.value.get(group, 0.0) * lost, 0.0, 1.0)).astype(np.float32)
        for table in (opportunity, shocked):
            table[Domain.ELECTIVE, place] *= kept
    return replace(timeline, opportunity=opportunity, shocked=shocked)


def cancelled_in_winter(axes: Axes, shocks: ShocksSection) -> Reals:
    """[T] part of elective lists cancelled."""
    rules = shocks.winter
    share = {DECEMBER: rules.december.value, JANUARY: rules.january.value}
    strength = {name: bad.value for name, bad in rules.winters.items()}
    lost = np.zeros(axes.dates.months)
    for place in range(axes.dates.months):
        month = axes.dates.month_date(place)
        if month >= rules.first and month.month in share:
            lost[place] = rules.scale.value * share[month.month] * strength.get(winter_of(month), 0.0)
    return np.clip(lost, 0.0, 1.0)[axes.dates.month_of[:-1]]


def winter_of(month: date) -> str:
    """The winter of a month, as `2022/23`."""
    year = month.year if month.month >= 7 else month.year - 1
    return f"{year}/{(year + 1) % 100:02d}"
