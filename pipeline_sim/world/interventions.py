"""What money gives back: each intervention is a function Timeline -> Timeline, applied after the shocks, in mix order.

*Weather* moves a table for all doctors of its groups, saturating. *Places* adds a kind of seat. An intervention on
which nothing is spent leaves the timeline as it was.
"""

from dataclasses import replace

import numpy as np

from pipeline_sim.rules.codes import Domain, SeatOrder
from pipeline_sim.world.axes import axes_of
from pipeline_sim.world.errors import WorldError, hint
from pipeline_sim.world.population import Population
from pipeline_sim.world.schema import World
from pipeline_sim.world.schema_interventions import InterventionsSection, MixSection, Places, Weather
from pipeline_sim.world.spend import (
    DAYS_PER_YEAR,
    SpendRow,
    doctors_of,
    entry_of,
    ledger_rows,
    spend,
    units_bought,
)
from pipeline_sim.world.tables import Axes, Reals, SeatKind, Timeline


def weather(timeline: Timeline, axes: Axes, name: str, entry: Weather, wte_years: Reals) -> Timeline:
    """Opportunity or slots raised by the effect times the reach. wte_years: [M, O] bought in each month."""
    gain = entry.effect.value * reach(axes, name, entry, wte_years)
    groups = [axes.groups.index(group) for group in entry.groups]
    if entry.moves == "slots":
        slots = timeline.slots_share.copy()
        slots[:, groups] *= 1.0 + gain[:, None, :]
        return replace(timeline, slots_share=slots)
    opportunity = timeline.opportunity.copy()
    more = (1.0 + gain[axes.dates.month_of[:-1]].T).astype(np.float32)
    for domain in entry.domains:
        for group in groups:
            opportunity[Domain[domain.upper()], group] *= more
    return replace(timeline, opportunity=opportunity)


def reach(axes: Axes, name: str, entry: Weather, wte_years: Reals) -> Reals:
    """[M, O] part of the doctors who feel the full effect: 1 - exp(-doctors the WTE in post can serve / doctors)."""
    years = np.diff(axes.dates.month_start) / DAYS_PER_YEAR
    served = wte_years / years[:, None] * entry.sessions_freed.value / entry.sessions_each.value
    doctors = doctors_of(axes, entry.groups, name)
    return np.where(doctors > 0, -np.expm1(-served / np.where(doctors > 0, doctors, 1.0)), 0.0)


def places(timeline: Timeline, axes: Axes, name: str, entry: Places, seats: Reals) -> Timeline:
    """A kind of seat added; what a seat is worth depends on the postgraduate year. seats: [M, O]."""
    if entry.gate is not None and entry.gate not in axes.exams:
        raise WorldError(f"interventions.places.{name}: no exam '{entry.gate}'{hint(entry.gate, axes.exams)}")
    kind = SeatKind(
        name=name,
        seats=seats,
        domain=int(Domain[entry.domain.upper()]),
        dose_days=np.array(entry.dose.value) * entry.need.value,
        gate=entry.gate,
        clears=entry.clears.value if entry.clears is not None else 0.0,
        order=int(SeatOrder[entry.order.upper()]),
        groups=tuple(axes.groups.index(group) for group in entry.groups),
        least_gap_days=entry.least_gap.value,
    )
    return replace(timeline, seats=(*timeline.seats, kind))


def mended(
    timeline: Timeline,
    axes: Axes,
    catalogue: InterventionsSection,
    mix: MixSection,
    without: frozenset[str] = frozenset(),
) -> Timeline:
    """All interventions of a mix, each once, in the order in which its lines first name them."""
    spends = spend(axes, catalogue, mix)
    for name in dict.fromkeys(line.intervention for line in mix.lines):
        entry = entry_of(catalogue, name)
        units = units_bought(spends, name, entry)
        if name in without or not units.any():
            continue
        if isinstance(entry, Weather):
            timeline = weather(timeline, axes, name, entry, units)
        else:
            timeline = places(timeline, axes, name, entry, units)
    return timeline


def ledger(world: World, population: Population | None = None) -> list[SpendRow]:
    """Pence spent and unspent of a world's mix; spent + unspent is the budget, exactly. Empty without a mix."""
    if world.mix is None or world.interventions is None:
        return []
    axes = axes_of(world, population)
    return ledger_rows(axes, spend(axes, world.interventions, world.mix))
