"""Timelines to compare with: one without shocks and mix, and whether two agree in every number."""

from dataclasses import replace

import numpy as np

from pipeline_sim.world.interventions.apply_mix import purchases
from pipeline_sim.world.interventions.spending import NATIONAL, LineSpend, SpendRow, UnitRow, ledger_table, unit_rows
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.tables import Axes, Timeline, normal_timeline


def uneventful_timeline(world: World) -> Timeline:
    """Timeline of a world without its shocks and its mix."""
    return normal_timeline(axes_of(world))


def equal_timelines(left: Timeline, right: Timeline) -> bool:
    """True if two timelines agree in every number."""
    pairs = zip(left.place_kinds, right.place_kinds, strict=False)
    alike = _equal_fields(replace(left, place_kinds=()), replace(right, place_kinds=()))
    return alike and len(left.place_kinds) == len(right.place_kinds) and all(_equal_fields(*pair) for pair in pairs)


def _equal_fields(left: object, right: object) -> bool:
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in vars(left))


def ledger(world: World, population: Population | None = None) -> list[SpendRow]:
    """Ledger of a world's mix in pence."""
    bought = purchases(world, population)
    return [] if bought is None else ledger_rows(bought.axes, bought.lines)


def ledger_rows(axes: Axes, spends: tuple[LineSpend, ...]) -> list[SpendRow]:
    """Rows of a ledger with any money, by year, payer and intervention."""
    names, table = list(dict.fromkeys(spend.line.intervention for spend in spends)), ledger_table(axes, spends)
    payers = (*axes.offices, NATIONAL)
    return [
        SpendRow(axes.dates.training_years[year], payers[payer], names[name], *table[name, year, payer].tolist())
        for name, year, payer in np.argwhere(table.any(axis=3))
    ]


def units(world: World, population: Population | None = None) -> list[UnitRow]:
    """Units that a world's mix buys, by intervention."""
    bought = purchases(world, population)
    return [] if bought is None else unit_rows(bought.catalogue, bought.lines)
