"""Interventions of a mix: functions Timeline -> Timeline, applied after the shocks, in the order of the lines.

Broad effects (`[interventions.weather]`) change a table for all doctors of their groups, saturating. Places add a kind
of place for each target of their lines. Payments change nothing.
"""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.base.shared_rows import NO_CHANGE, Keys, SharedRows
from pipeline_sim.rules.codes import FURTHEST_BEHIND, NEVER, Domain, SeatOrder
from pipeline_sim.world.interventions.spending import (
    LineSpend,
    Purchases,
    entry_of,
    months_of,
    spend_budget,
    units_of,
)
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.interventions import (
    ANY_EXAM,
    LARGEST_GAP,
    POSTGRADUATE_YEARS,
    BroadEffect,
    InterventionsSection,
    Places,
)
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Axes, PlaceKind, Reals, Singles, Timeline, years_of_months
from pipeline_sim.world.world_error import WorldError, hint

NO_DOMAIN = -1
MOVED = {  # table of the timeline, by what a broad effect moves
    "opportunity": "opportunity",
    "slots": "slots_share",
    "pull": "pull_per_week",
    "evidence": "incomplete",
    "support": "supported_more",
}
THOUSANDTHS = 1000


def apply_broad_effect(timeline: Timeline, axes: Axes, entry: BroadEffect, units: Reals) -> Timeline:
    """Timeline with the entry's table changed by effect x share reached, for units [M, G, O] bought in each month."""
    gain = entry.effect.value * share_reached(axes, entry, units)
    if entry.moves == "opportunity":
        return replace(timeline, opportunity=raised_opportunity(timeline.opportunity, axes, entry, gain))
    if entry.moves == "slots":
        return replace(timeline, slots_share=timeline.slots_share * (1.0 + gain))
    if entry.moves == "pull":
        month = axes.dates.month_of[: axes.dates.days : DAYS_PER_WEEK]
        return replace(timeline, pull_per_week=timeline.pull_per_week * (1.0 - gain[month]))
    if entry.moves == "evidence":  # one chance for all England: gains are weighted by doctors
        fall = (gain * axes.doctors[None]).sum(axis=(1, 2)) / axes.doctors.sum()
        return replace(timeline, incomplete=timeline.incomplete * (1.0 - fall[:, None]))
    doctors = axes.doctors.sum(axis=0)  # support is one chance for an office: gains are weighted by doctors
    more = np.divide((gain * axes.doctors[None]).sum(axis=1), doctors, out=np.zeros(gain.shape[::2]), where=doctors > 0)
    return replace(timeline, supported_more=1.0 - (1.0 - timeline.supported_more) * (1.0 - more))


def raised_opportunity(opportunity: SharedRows, axes: Axes, entry: BroadEffect, gain: Reals) -> SharedRows:
    """Opportunity [D, L, O, T] raised in an entry's domains by a gain [M, G, O]."""
    delivered = np.flatnonzero(gain.any(axis=(1, 2)))  # all other days keep what they had
    days = slice(*axes.dates.month_start[[delivered[0], delivered[-1] + 1]]) if len(delivered) else slice(0, 0)
    factor = (1.0 + gain).astype(np.float32).reshape(len(gain), -1).T[:, axes.dates.month_of[days]]  # [G x O, days]
    groups, offices = [axes.groups.index(group) for group, _ in axes.learning_rows], len(axes.offices)
    keys = np.full((len(Domain), len(groups), offices), NO_CHANGE)
    for domain in entry.domains:
        numbers = np.arange(gain[0].size).reshape(-1, offices)
        keys[Domain[domain.upper()]] = np.where(gain.any(axis=0), numbers, NO_CHANGE)[groups]

    def raised(rows: Singles, own: Keys, on: slice) -> None:
        rows *= factor[:, on.start - days.start : on.stop - days.start].take(own, axis=0)

    return SharedRows.of(opportunity).changed_on(days, keys, raised)


def share_reached(axes: Axes, entry: BroadEffect, units: Reals) -> Reals:
    """Share of doctors reached [M, G, O]: 1 - exp(-doctors served / doctors)."""
    served = units / years_of_months(axes.dates) * entry.frees.value / entry.takes.value
    doctors = np.where(axes.doctors > 0, axes.doctors, 1.0)[None]
    return np.asarray(np.where(axes.doctors[None] > 0, -np.expm1(-served / doctors), 0.0))


class PlaceTarget(NamedTuple):
    """Whom the places of a line are for, and in which order."""

    groups: tuple[int, ...]
    order: str
    first: tuple[tuple[str, ...], ...]


def place_kind(axes: Axes, name: str, entry: Places, places: Reals, target: PlaceTarget) -> PlaceKind:
    """Kind of place for places [M, O] of an intervention; raises WorldError for an unknown exam."""
    if entry.gate not in (None, ANY_EXAM, *axes.exams):
        raise WorldError(f"interventions.places.{name}: no exam '{entry.gate}'{hint(entry.gate or '', axes.exams)}")
    days = days_attended(entry)
    time = days * (entry.intensity.value if entry.intensity else 1.0)
    dose = np.array(entry.dose.value) * days if entry.dose else np.zeros(POSTGRADUATE_YEARS)
    return PlaceKind(
        name=name,
        places=places,
        domain=domain_of(entry),
        dose_days=np.minimum(dose, time),
        gate=entry.gate,
        clears=entry.clears.value if entry.clears is not None else 0.0,
        order=int(SeatOrder[target.order.upper()]),
        groups=target.groups,
        least_gap_days=entry.least_gap.value if entry.least_gap is not None else NEVER / THOUSANDTHS,
        finds=entry.finds,
        time_days=time,
        displaced_days=days * entry.displaces.value if entry.displaces else 0.0,
        raises=entry.raises.value if entry.raises is not None else 0.0,
        extra_sitting=entry.extra_sitting,
        failed_before=entry.failed_before,
        first=target.first,
    )


def days_attended(entry: Places) -> float:
    """Days that a doctor attends in one place."""
    units = entry.units_per_place.value if entry.units_per_place is not None else 1.0
    return entry.days.value * units if entry.days is not None else 0.0


def domain_of(entry: Places) -> int:
    """Domain of a place, FURTHEST_BEHIND, or -1 for a place that only clears a gate."""
    if entry.domain is None:
        return NO_DOMAIN
    return FURTHEST_BEHIND if entry.domain == LARGEST_GAP else int(Domain[entry.domain.upper()])


def place_kinds(bought: Purchases, name: str, entry: Places) -> list[PlaceKind]:
    """Kinds of place of an intervention, one for each target of its lines that buys anything."""
    axes = bought.axes
    by_target: dict[PlaceTarget, list[LineSpend]] = {}
    for spend in bought.lines_of(name):
        line = spend.line
        groups = tuple(np.flatnonzero(spend.groups).tolist())
        first = tuple(map(bought.catalogue.members, line.first))
        by_target.setdefault(PlaceTarget(groups, line.order or entry.order, first), []).append(spend)
    units = [(target, places_bought(name, entry, own)) for target, own in by_target.items()]
    return [place_kind(axes, name, entry, places, target) for target, places in units if places.any()]


def places_bought(name: str, entry: Places, lines: list[LineSpend]) -> Reals:
    """Places [M, O] that lines of an intervention buy, for all groups together."""
    places, months = np.zeros(lines[0].budget.shape), months_of(lines)
    places[months] = units_of(name, entry, tuple(lines), months).sum(axis=1)
    return places


def apply_purchases(
    timeline: Timeline, bought: Purchases, without: frozenset[str] = frozenset(), shared: SharedResults | None = None
) -> Timeline:
    """Timeline after what a mix buys; effects of the same purchases on the same table are shared."""
    get = (shared or SharedResults()).get
    effects: dict[str, list[str]] = {}  # by what they move
    for name in dict.fromkeys(spend.line.intervention for spend in bought.lines):
        if name in without:
            continue
        entry = entry_of(bought.catalogue, name)
        if isinstance(entry, BroadEffect):
            effects.setdefault(entry.moves, []).append(name)
        elif isinstance(entry, Places):
            kinds = get(partial(place_kinds, bought, name, entry), f"places of {name}", bought)
            timeline = replace(timeline, place_kinds=(*timeline.place_kinds, *kinds))
    for moves, names in effects.items():
        table = MOVED[moves]
        change = partial(apply_broad_effects, timeline, bought, names)
        after = get(change, f"effects of {names}", bought, getattr(timeline, table))
        timeline = replace(timeline, **{table: getattr(after, table)})
    return timeline


def apply_broad_effects(timeline: Timeline, bought: Purchases, names: list[str]) -> Timeline:
    """Timeline after some broad effects of a mix, in order."""
    for name in names:
        entry = bought.catalogue.weather[name]
        units = units_of(name, entry, bought.lines_of(name))
        if units.any():
            timeline = apply_broad_effect(timeline, bought.axes, entry, units)
    return timeline


def priced(world: World) -> InterventionsSection:
    """Catalogue of a world; a payment without a unit cost costs a month of extension, if the world has costs."""
    catalogue = world.interventions or InterventionsSection()
    if world.costs is None:
        return catalogue
    month = world.costs.extension.month
    payments = {
        name: entry if entry.unit_cost is not None else entry.model_copy(update={"unit_cost": month})
        for name, entry in catalogue.payments.items()
    }
    return catalogue.model_copy(update={"payments": payments})


def purchases(
    world: World,
    population: Population | None = None,
    axes: Axes | None = None,
    shocked: Timeline | None = None,
    shared: SharedResults | None = None,
) -> Purchases | None:
    """What a world's mix buys; None without a mix. Axes given are not worked out twice.

    Lines split by need look at the learning lost in the timeline after the shocks.
    """
    if world.mix is None or world.interventions is None:
        return None
    axes, shared = axes or axes_of(world, population), shared or SharedResults()
    catalogue = shared.get(lambda: priced(world), "priced", world.interventions, world.costs)
    return Purchases(axes, catalogue, spend_budget(axes, catalogue, world.mix, shocked, shared))
