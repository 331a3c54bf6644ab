"""Shocks to the opportunity to learn: surges, the backlog, the independent sector and winters."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from pipeline_sim.base.shared_rows import NO_CHANGE, Keys, SharedRows
from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.schema.names import year_label
from pipeline_sim.world.schema.shocks import IndexSeries, ShocksSection
from pipeline_sim.world.schema.sourced_value import Figure
from pipeline_sim.world.shocks.activity_series import month_losses, national_losses, sector_losses
from pipeline_sim.world.shocks.compiled_loops import keep
from pipeline_sim.world.shocks.counterfactual_waves import activity_left, counterfactual_occupancy, is_as_recorded
from pipeline_sim.world.shocks.inpatients import occupancy, regional_ratio
from pipeline_sim.world.shocks.specialty_losses import Terms, loss_terms
from pipeline_sim.world.shocks.waiting_list import ModelledList, list_setting, waiting_list
from pipeline_sim.world.timeline.interpolate import following
from pipeline_sim.world.timeline.tables import Axes, Reals, Singles, Timeline

DECEMBER, JANUARY = 12, 1


def surge(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Opportunity lost in the months of the series, more where wards were fuller, under the waves of the world."""
    recorded = occupancy(axes, shocks.regions)
    ratio = regional_ratio(axes, recorded, shocks.regions)
    national = {name: national_losses(axes, series)[0] for name, series in shocks.series.items()}
    if is_as_recorded(shocks):
        losses = {name: shocks.surge.scale.value * loss[None, :] * ratio for name, loss in national.items()}
        return reduced_opportunity(timeline, axes, shocks, losses)
    now = counterfactual_occupancy(axes, shocks)
    losses = {}
    for name, loss in national.items():
        left = activity_left(axes, shocks, now, recorded, shocks.series[name])
        here = np.clip(1.0 - (1.0 - loss[None, :]) * left, 0.0, 1.0)
        losses[name] = shocks.surge.scale.value * here * ratio
    return reduced_opportunity(timeline, axes, shocks, losses)


def backlog(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Opportunity still lost after the series end: on a line, the same everywhere, or from the waiting list."""
    national = {name: national_losses(axes, series)[1] for name, series in shocks.series.items()}
    everywhere = np.ones((len(axes.offices), 1))
    losses = {name: loss[None, :] * everywhere for name, loss in national.items()}
    if shocks.backlog.mode == "endogenous":
        losses |= endogenous_losses(timeline, axes, shocks)
    return reduced_opportunity(
        timeline, axes, shocks, {name: shocks.backlog.scale.value * loss for name, loss in losses.items()}
    )


def endogenous_losses(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> dict[str, Reals]:
    """Loss after its last month of each series that has a stream [O, T].

    The last monthly loss changes by the waiting list's teaching factor, relative to that month for England with waves
    as recorded and nobody absent.
    """
    lists = waiting_list(list_setting(timeline, axes, shocks))
    plain = waiting_list(list_setting(None, axes, with_waves_as_recorded(shocks)))
    return {
        name: loss_after_series(axes, series, lists, plain)
        for name, series in shocks.series.items()
        if series.stream is not None
    }


def loss_after_series(axes: Axes, series: IndexSeries, lists: ModelledList, plain: ModelledList) -> Reals:
    """Loss of one series after its last month [O, T]."""
    assert series.stream is not None
    last, loss = list(month_losses(axes.evidence(series.normal.source), series).items())[-1]
    month = axes.dates.month_of[:-1]
    start = axes.dates.day(following(last))
    anchor = int(month[min(max(0, start - 1), axes.dates.days - 1)])
    then = float(plain.teaching_of_all(series.stream)[anchor] @ axes.trainee_share)
    lost = np.clip(loss + then - lists.teaching_of_all(series.stream).T[:, month], 0.0, 1.0)
    return np.where(np.arange(axes.dates.days) >= start, lost, 0.0)


def with_waves_as_recorded(shocks: ShocksSection) -> ShocksSection:
    """Shocks with waves and shutdown as recorded."""
    waves = {
        name: wave.model_copy(update={"enabled": True, "moved_to": None, "scale": with_value(wave.scale, 1.0)})
        for name, wave in shocks.waves.items()
    }
    shut = shocks.shutdown.model_copy(update={"scale": with_value(shocks.shutdown.scale, 1.0)})
    return shocks.model_copy(update={"waves": waves, "more_waves": {}, "shutdown": shut})


def with_value(figure: Figure, value: float) -> Figure:
    """Copy of a figure with another value."""
    return figure.model_copy(update={"value": value})


def reduced_opportunity(timeline: Timeline, axes: Axes, shocks: ShocksSection, losses: dict[str, Reals]) -> Timeline:
    """Timeline with opportunity reduced by the losses [O, T] of each series, by group or specialty, and domain."""
    alike = {name: alike_rows(loss) for name, loss in losses.items()}
    together: dict[tuple[str, ...], tuple[Reals, Keys]] = {}  # by series: losses of each kind of office, and its kind
    numbers: dict[Terms, tuple[int, Reals, Keys]] = {}  # with the first of the factors
    count, keys = 0, np.full((len(Domain), len(axes.learning_rows), len(axes.offices)), NO_CHANGE)
    for index, terms_of in enumerate(loss_terms(axes, shocks)):
        for domain, terms in terms_of.items():
            if terms not in numbers:
                series = tuple(term.series for term in terms)
                if series not in together:
                    offices, which = distinct([alike[name] for name in series])
                    together[series] = np.array([losses[name][offices] for name in series]), which
                numbers[terms] = count, *together[series]
                count += together[series][0].shape[1]
            first, _, which = numbers[terms]
            keys[Domain[domain.upper()], index] = first + which
    factors, learning = np.empty((count, axes.dates.days), dtype=np.float32), learning_lost(axes, shocks)
    for terms, (first, few, _) in numbers.items():
        times, parts = np.array([term[1:] for term in terms]).T
        keep(times, parts, few, learning, factors[first : first + few.shape[1]])
    return multiplied(timeline, keys, factors) if count else timeline


def alike_rows(losses: Reals) -> list[int]:
    """Number of each row of losses [O], the same for rows that are equal."""
    numbers: dict[bytes, int] = {}
    return [numbers.setdefault(row.tobytes(), len(numbers)) for row in losses]


def distinct(alike: list[list[int]]) -> tuple[list[int], Keys]:
    """First office of each kind, and the kind of each office [O]: alike in all series."""
    kinds = list(zip(*alike, strict=True))
    numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    return [kinds.index(kind) for kind in numbers], np.array([numbers[kind] for kind in kinds])


def multiplied(timeline: Timeline, keys: Keys, factors: Singles) -> Timeline:
    """Timeline with opportunity multiplied by factors [K, T], by key; those that change nothing are passed over."""
    moves = np.append((factors != 1).any(axis=1), False)[keys]

    def multiply(rows: Singles, own: Keys) -> None:
        for row, key in enumerate(own.tolist()):
            rows[row] *= factors[key]

    return with_opportunity(timeline, lambda table: table.changed(np.where(moves, keys, NO_CHANGE), multiply))


def with_opportunity(timeline: Timeline, change: Callable[[SharedRows], SharedRows]) -> Timeline:
    """Timeline with opportunity changed by a shock, with a mix and without; once if no mix has moved it yet."""
    opportunity = change(SharedRows.of(timeline.opportunity))
    apart = timeline.shocked is not timeline.opportunity
    shocked = change(SharedRows.of(timeline.shocked)) if apart else opportunity
    return replace(timeline, opportunity=opportunity, shocked=shocked)


def learning_lost(axes: Axes, shocks: ShocksSection) -> Reals:
    """Share of lost opportunity that is lost learning [T], from the first day of each month named."""
    share = np.ones(axes.dates.days)
    for month, value in sorted(shocks.learning_lost.value.items()):
        start = axes.dates.day(date.fromisoformat(f"{month}-01"))
        share[max(0, start) :] = value
    return share


def independent_sector(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Upper bound on elective opportunity from work in the independent sector, the same in every office.

    A bound, not a further loss, because the indices of lost opportunity include work that moved.
    """
    sector = shocks.independent_sector
    learning = learning_lost(axes, shocks) * sector.scale.value
    losses = {name: sector_losses(axes, sector, series) for name, series in sector.series.items()}
    bound = np.ones((len(axes.groups), axes.dates.days), dtype=np.float32)
    for index, group in enumerate(axes.groups):
        if group in sector.parts:
            lost = sum(share * losses[name] for name, share in sector.parts[group].value.items())
            bound[index] = 1.0 - np.clip(learning * lost, 0.0, 1.0)
    keys = elective_by_group(axes)

    def cap(rows: Singles, own: Keys) -> None:
        np.minimum(rows, bound[own], out=rows)

    return with_opportunity(timeline, lambda table: table.changed(keys, cap))


def elective_by_group(axes: Axes) -> Keys:
    """Specialty group of each elective row of opportunity [D, L, O]; NO_CHANGE for other domains."""
    keys = np.full((len(Domain), len(axes.learning_rows), len(axes.offices)), NO_CHANGE)
    keys[Domain.ELECTIVE] = np.array([axes.groups.index(group) for group, _ in axes.learning_rows])[:, None]
    return keys


def winter(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Elective lists cancelled in December and January, beyond those of normal winters."""
    lost = learning_lost(axes, shocks) * cancelled_in_winter(axes, shocks)
    part = np.array([[shocks.winter.part.value.get(group, 0.0)] for group in axes.groups])
    kept = (1.0 - np.clip(part * lost, 0.0, 1.0)).astype(np.float32)
    return multiplied(timeline, elective_by_group(axes), kept)


def cancelled_in_winter(axes: Axes, shocks: ShocksSection) -> Reals:
    """Share of elective lists cancelled in winter [T]."""
    rules = shocks.winter
    share = {DECEMBER: rules.december.value, JANUARY: rules.january.value}
    strength = {name: scale.value for name, scale in rules.winters.items()}
    lost = np.zeros(axes.dates.months)
    for index in range(axes.dates.months):
        month = axes.dates.month_date(index)
        if month >= rules.first and month.month in share:
            lost[index] = rules.scale.value * share[month.month] * strength.get(winter_of(month), 0.0)
    return np.clip(lost, 0.0, 1.0)[axes.dates.month_of[:-1]]


def winter_of(month: date) -> str:
    """Winter of a month, as `2022/23`."""
    return year_label(month.year if month.month >= 7 else month.year - 1)
