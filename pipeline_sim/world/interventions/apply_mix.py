"""What money gives back: each intervention is a function Timeline -> Timeline, applied after the shocks, in mix order.

*Weather* moves a table for all doctors of its groups, saturating. *Places* adds a kind of seat for each way in which
its lines are targeted. *Payments* move nothing. What nothing is spent on leaves the timeline as it was.
"""

from dataclasses import replace

import numpy as np

from pipeline_sim.rules.codes import FURTHEST_BEHIND, NEVER, Domain, SeatOrder
from pipeline_sim.world.interventions.spending import (
    DAYS_PER_YEAR,
    LineSpend,
    SpendRow,
    UnitRow,
    entry_of,
    groups_for,
    ledger_rows,
    spend,
    unit_rows,
    units_of,
)
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.interventions import (
    LARGEST_GAP,
    POSTGRADUATE_YEARS,
    InterventionsSection,
    Places,
    Weather,
)
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.tables import Axes, Reals, SeatKind, Singles, Timeline
from pipeline_sim.world.world_error import WorldError, hint

NO_DOMAIN = -1
THOUSANDTHS = 1000


def weather(timeline: Timeline, axes: Axes, entry: Weather, units: Reals) -> Timeline:
    """The table that an entry moves, moved by the effect times the reach. units: [M, G, O] bought in each month."""
    gain = entry.effect.value * reach(axes, entry, units)
    if entry.moves == "opportunity":
        return replace(timeline, opportunity=more_opportunity(timeline, axes, entry, gain))
    if entry.moves == "slots":
        return replace(timeline, slots_share=timeline.slots_share * (1.0 + gain))
    if entry.moves == "pull":
        month = axes.dates.month_of[: axes.dates.days : 7]
        return replace(timeline, pull_per_week=timeline.pull_per_week * (1.0 - gain[month]))
    if entry.moves == "evidence":  # one chance for all England: what offices gain counts by their doctors
        fall = (gain * axes.doctors[None]).sum(axis=(1, 2)) / axes.doctors.sum()
        return replace(timeline, incomplete=timeline.incomplete * (1.0 - fall[:, None]))
    doctors = axes.doctors.sum(axis=0)  # support is one chance for an office: what groups gain counts by their doctors
    more = np.divide((gain * axes.doctors[None]).sum(axis=1), doctors, out=np.zeros(gain.shape[::2]), where=doctors > 0)
    return replace(timeline, supported_more=1.0 - (1.0 - timeline.supported_more) * (1.0 - more))


def more_opportunity(timeline: Timeline, axes: Axes, entry: Weather, gain: Reals) -> Singles:
    """[D, G, O, T] opportunity raised in an entry's domains. gain: [M, G, O]."""
    opportunity = timeline.opportunity.copy()
    month = axes.dates.month_of[:-1]
    for group in np.flatnonzero(gain.any(axis=(0, 2))):
        more = (1.0 + gain[month, group].T).astype(np.float32)
        for domain in entry.domains:
            opportunity[Domain[domain.upper()], group] *= more
    return opportunity


def reach(axes: Axes, entry: Weather, units: Reals) -> Reals:
    """[M, G, O] part of the doctors who feel the full effect: 1 - exp(-doctors that the units serve / doctors)."""
    years = np.diff(axes.dates.month_start) / DAYS_PER_YEAR
    served = units / years[:, None, None] * entry.frees.value / entry.takes.value
    doctors = np.where(axes.doctors > 0, axes.doctors, 1.0)[None]
    return np.asarray(np.where(axes.doctors[None] > 0, -np.expm1(-served / doctors), 0.0))


def places(axes: Axes, name: str, entry: Places, seats: Reals, groups: tuple[int, ...], order: str) -> SeatKind:
    """A kind of seat; what it is worth depends on the postgraduate year. seats: [M, O]."""
    if entry.gate is not None and entry.gate not in axes.exams:
        raise WorldError(f"interventions.places.{name}: no exam '{entry.gate}'{hint(entry.gate, axes.exams)}")
    dose, need = entry.dose, entry.need
    return SeatKind(
        name=name,
        seats=seats,
        domain=domain_of(entry),
        dose_days=np.array(dose.value) * need.value if dose and need else np.zeros(POSTGRADUATE_YEARS),
        gate=entry.gate,
        clears=entry.clears.value if entry.clears is not None else 0.0,
        order=int(SeatOrder[order.upper()]),
        groups=groups,
        least_gap_days=entry.least_gap.value if entry.least_gap is not None else NEVER / THOUSANDTHS,
        finds=entry.finds,
    )


def domain_of(entry: Places) -> int:
    """Domain of a place, FURTHEST_BEHIND, or -1 where it only clears a gate."""
    if entry.domain is None:
        return NO_DOMAIN
    return FURTHEST_BEHIND if entry.domain == LARGEST_GAP else int(Domain[entry.domain.upper()])


def seat_kinds(
    axes: Axes, catalogue: InterventionsSection, name: str, entry: Places, lines: tuple[LineSpend, ...]
) -> list[SeatKind]:
    """A kind for each way in which lines of an intervention are targeted, in the order of the lines; none where too
    little is spent to buy anything."""
    ways: dict[tuple[tuple[int, ...], str], list[LineSpend]] = {}
    for each in lines:
        groups = tuple(np.flatnonzero(groups_for(axes, catalogue, each.line)).tolist())
        ways.setdefault((groups, each.line.order or entry.order), []).append(each)
    bought = [(way, units_of(name, entry, tuple(mine)).sum(axis=1)) for way, mine in ways.items()]
    return [places(axes, name, entry, seats, *way) for way, seats in bought if seats.any()]


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
        if name in without:
            continue
        entry = entry_of(catalogue, name)
        lines = tuple(each for each in spends if each.line.intervention == name)
        if isinstance(entry, Weather):
            units = units_of(name, entry, lines)
            timeline = weather(timeline, axes, entry, units) if units.any() else timeline
        elif isinstance(entry, Places):
            kinds = seat_kinds(axes, catalogue, name, entry, lines)
            timeline = replace(timeline, seats=(*timeline.seats, *kinds))
    return timeline


def priced(world: World) -> InterventionsSection:
    """The catalogue; a payment without a price of its own is priced as a month of extension, where there are costs."""
    catalogue = world.interventions or InterventionsSection()
    if world.costs is None:
        return catalogue
    month = world.costs.extension.month
    payments = {
        name: entry if entry.unit_cost is not None else entry.model_copy(update={"unit_cost": month})
        for name, entry in catalogue.payments.items()
    }
    return catalogue.model_copy(update={"payments": payments})


def ledger(world: World, population: Population | None = None) -> list[SpendRow]:
    """Pence spent and unspent of a world's mix; spent + unspent is the budget, exactly. Empty without a mix."""
    if world.mix is None or world.interventions is None:
        return []
    axes = axes_of(world, population)
    return ledger_rows(axes, spend(axes, priced(world), world.mix))


def units(world: World, population: Population | None = None) -> list[UnitRow]:
    """What a world's mix buys in all, by intervention. Empty without a mix."""
    if world.mix is None or world.interventions is None:
        return []
    catalogue = priced(world)
    return unit_rows(catalogue, spend(axes_of(world, population), catalogue, world.mix))
