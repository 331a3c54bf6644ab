"""Rulebooks of all worlds of a replication, made together: what several worlds have in common is made once.

Worlds with the same parameters share their people; shocks, purchases and tables are shared where what they are made of
is the same.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from pipeline_sim.base.shared_rows import SharedRows
from pipeline_sim.records.count_measures import MeasureAxes
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.mix_spending import MixSpending, list_counts, mix_spending
from pipeline_sim.study.replication.prepare import WorldSpec, check_not_empty, frame_of, worlds_of
from pipeline_sim.study.replication.summary import Numbers
from pipeline_sim.world.interventions.apply_mix import purchases
from pipeline_sim.world.lowering.build_timeline import apply_mix_and_list, apply_shocks
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.schema.names import Names, names_of
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Timeline

MOVES_NO_PEOPLE = ("name", "shocks", "interventions", "mix", "costs", "sources", "layers")


class PreparedWorlds(NamedTuple):
    """Inputs of the engine, independent of random numbers: replications with the same parameters share them."""

    rulebooks: tuple[Rulebook, ...]  # distinct ones; the first is that of the first world
    rulebook_index: tuple[int, ...]  # of each world, among them
    spending: tuple[MixSpending | None, ...]  # by world
    waiting: tuple[Numbers, ...]  # by world: the waiting list
    frame: MeasureAxes
    names: Names


class WorldInputs(NamedTuple):
    """A world, its Rulebook and what that was made of."""

    world: World
    timeline: Timeline
    rulebook: Rulebook
    spending: MixSpending | None
    waiting: Numbers


def prepare_worlds(specs: Sequence[WorldSpec]) -> PreparedWorlds:
    """Distinct Rulebooks and mix spending of some worlds."""
    inputs = inputs_of(specs)
    equal, distinct = EqualParts(), dict[int, Rulebook]()
    numbers = [equal.number(each.rulebook) for each in inputs]
    for number, each in zip(numbers, inputs, strict=True):
        distinct.setdefault(number, each.rulebook)
    indices = [list(distinct).index(number) for number in numbers]
    spending = tuple(each.spending for each in inputs)
    world, first = inputs[0].world, inputs[0].rulebook
    waiting = tuple(each.waiting for each in inputs)
    return PreparedWorlds(
        tuple(distinct.values()), tuple(indices), spending, waiting, frame_of(world, first), names_of(world)
    )


class EqualParts:
    """Numbers of Rulebooks and of their parts: the same for parts that are equal. Parts must stay alive."""

    def __init__(self) -> None:
        self._by_identity: dict[int, int] = {}
        self._by_content: dict[Any, int] = {}
        self._tables: list[tuple[SharedRows, int]] = []
        self._next = count()

    def number(self, part: Any) -> int:
        """Number of a Rulebook, or of a part of one."""
        found = self._by_identity.get(id(part))
        if found is None:
            found = self._by_identity[id(part)] = self._compared(part)
        return found

    def _compared(self, part: Any) -> int:
        new = next(self._next)
        if isinstance(part, SharedRows):
            for other, number in self._tables:  # sums that differ mostly do so in the end
                if np.array_equal(part.ends, other.ends) and part.first_difference(other) is None:
                    return number
            self._tables.append((part, new))
            return new
        if isinstance(part, tuple):
            key: Any = tuple(map(self.number, part))
        else:
            key = (part.shape, part.tobytes()) if isinstance(part, np.ndarray) else part
        return self._by_content.setdefault(key, new)


def rulebooks(specs: Sequence[WorldSpec]) -> list[Rulebook]:
    """Rulebook of every world."""
    return [each.rulebook for each in inputs_of(specs)]


def inputs_of(specs: Sequence[WorldSpec]) -> list[WorldInputs]:
    """Rulebook of every world, with what it was made of."""
    peopled: list[tuple[World, Population]] = []
    inputs, shared = [], SharedResults()
    for spec, world in zip(specs, worlds_of(specs), strict=True):
        inputs.append(inputs_of_one(spec, world, population_of(world, peopled), shared))
    return inputs


def inputs_of_one(spec: WorldSpec, world: World, people: Population, shared: SharedResults) -> WorldInputs:
    """Rulebook of one world of several, with what it was made of."""
    get = shared.get
    axes = get(lambda: axes_of(world, people), "axes", people, world.shocks)
    timeline = apply_shocks(world, spec.without, axes, shared)
    by_need = world.mix is not None and any(line.split == "by_need" for line in world.mix.lines)
    need = timeline.shocked if by_need else None
    paid = axes, world.interventions, world.costs, world.mix, need, timeline.slots_share
    bought = get(lambda: purchases(world, axes=axes, shocked=timeline, shared=shared), "purchases", *paid)
    timeline, waiting = apply_mix_and_list(world, axes, timeline, bought, spec.without, shared)
    book = lower(world, people, timeline, spec.scale, shared)
    check_not_empty(world, book, spec.scale)
    spending = get(lambda: mix_spending(world, bought), "spending", *paid)
    counts = get(lambda: list_counts(world, waiting), "counts of the list", people, waiting)
    return WorldInputs(world, timeline, book, spending, counts)


def population_of(world: World, peopled: list[tuple[World, Population]]) -> Population:
    """Population that a world shares with one before it; a new one is added to `peopled`."""
    for other, people in peopled:
        if same_people(world, other):
            return people
    peopled.append((world, build_population(world)))
    return peopled[-1][1]


def same_people(one: World, other: World) -> bool:
    """True if two worlds agree in everything that decides their population."""
    fields = [name for name in World.model_fields if name not in MOVES_NO_PEOPLE]
    pairs = ((getattr(one, name), getattr(other, name)) for name in fields)
    return all(mine is theirs or mine == theirs for mine, theirs in pairs)
