"""One replication of all worlds of a study, under common random numbers and the same draw of the parameters.

Nothing is computed twice: worlds with the same parameters share their people and the effects of shocks, worlds whose
Rulebooks are equal run once, and worlds that begin alike run their beginning once.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pipeline_sim.engines import ENGINES, RELEASES_GIL, SHARED_PREFIX_ENGINES
from pipeline_sim.engines.interface import Progress
from pipeline_sim.records.count_measures import MeasureAxes, measures_of_log
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.mix_spending import MixSpending, mix_spending
from pipeline_sim.study.replication.prepare import WorldSpec, check_not_empty, frame_of, world_of
from pipeline_sim.study.replication.summary import Summary, counts_of, summary_of
from pipeline_sim.world.lowering.build_timeline import apply_mix, apply_shocks
from pipeline_sim.world.lowering.lower import LoweringCache, lower
from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.schema.names import Names, names_of
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS
from pipeline_sim.world.timeline.tables import Timeline

MOVES_NO_PEOPLE = ("name", "shocks", "interventions", "mix", "costs", "sources", "layers")


class PairedReplication(NamedTuple):
    """A replication of several worlds; the first world is the trunk from which the others branch."""

    worlds: tuple[WorldSpec, ...]
    engine: str
    seed: int
    replication: int


class PreparedWorlds(NamedTuple):
    """Inputs of the engine, independent of random numbers: replications with the same parameters share them."""

    rulebooks: tuple[Rulebook, ...]  # distinct ones; the first is that of the first world
    rulebook_index: tuple[int, ...]  # of each world, among them
    spending: tuple[MixSpending | None, ...]  # by world
    frame: MeasureAxes
    names: Names


class SharedInputs(NamedTuple):
    """People and effects of shocks that several worlds share."""

    world: World  # whose people and shocks these are
    without: frozenset[str]
    population: Population
    timeline: Timeline


def run_paired_replication(paired: PairedReplication, progress: Progress | None = None) -> tuple[Summary, ...]:
    """Summary of every world, in the order of the worlds."""
    with _one_at_a_time:
        prepared = prepare_worlds(paired.worlds)
    distinct = run_worlds(prepared, paired, progress)
    summaries = [distinct[index] for index in prepared.rulebook_index]
    return tuple(
        summary if spending is None else summary._replace(ledger=spending.ledger, bought=spending.bought)
        for summary, spending in zip(summaries, prepared.spending, strict=True)
    )


_one_at_a_time = threading.Lock()  # so that of two threads the second finds what the first has prepared


@lru_cache(maxsize=1)
def prepare_worlds(worlds: tuple[WorldSpec, ...]) -> PreparedWorlds:
    """Distinct Rulebooks and mix spending of some worlds; the latest call is cached."""
    books, shared = rulebooks(worlds)
    distinct: list[Rulebook] = []
    indices = []
    for book in books:
        equal = (index for index, other in enumerate(distinct) if equal_rulebooks(book, other))
        indices.append(next(equal, len(distinct)))
        if indices[-1] == len(distinct):
            distinct.append(book)
    spending = [mix_spending(world_of(spec), inputs.population) for spec, inputs in zip(worlds, shared, strict=True)]
    world = world_of(worlds[0])
    return PreparedWorlds(tuple(distinct), tuple(indices), tuple(spending), frame_of(world, books[0]), names_of(world))


def equal_rulebooks(one: Any, other: Any) -> bool:
    """True if two Rulebooks, or parts of them, are equal. Intervention places come last and are compared first."""
    if one is other:
        return True
    if hasattr(one, "_fields"):
        return all(equal_rulebooks(*parts) for parts in zip(one[::-1], other[::-1], strict=True))
    return np.array_equal(one, other)


def run_worlds(prepared: PreparedWorlds, paired: PairedReplication, progress: Progress | None) -> list[Summary]:
    """Summary of every distinct Rulebook."""
    books = prepared.rulebooks
    logs = [EventLog(keep_rows=paired.engine not in RELEASES_GIL) for _ in books]
    if paired.engine in SHARED_PREFIX_ENGINES:
        SHARED_PREFIX_ENGINES[paired.engine](books, paired.seed, paired.replication, logs, progress)
    else:
        for run, (book, log) in enumerate(zip(books, logs, strict=True)):
            share = share_of_progress(progress, run, len(books))
            ENGINES[paired.engine](book, paired.seed, paired.replication, log, share)
    return [summarise_log(log, prepared.frame, prepared.names) for log in logs]


def summarise_log(log: EventLog, frame: MeasureAxes, names: Names) -> Summary:
    """Summary of a log, from the counts of the engine or, without them, from its rows."""
    counts = log.counts or [counts_of(measures_of_log(log.columns(), frame), frame)]
    return summary_of(counts, frame, names)


def share_of_progress(progress: Progress | None, run: int, runs: int) -> Progress | None:
    """Progress of one of several runs as progress of all."""
    if progress is None:
        return None
    return lambda day, days: progress(run * days + day, runs * days)


def rulebooks(worlds: Sequence[WorldSpec]) -> tuple[list[Rulebook], list[SharedInputs]]:
    """Rulebook and shared inputs of every world; common inputs, and equal tables, are made once."""
    known: list[SharedInputs] = []
    lowered, books, shared = LoweringCache(), [], []
    for spec in worlds:
        world = world_of(spec)
        inputs = shared_inputs(world, spec.without, known)
        timeline = apply_mix(world, inputs.timeline, spec.without, inputs.population)
        books.append(lower(world, inputs.population, timeline, spec.scale, lowered))
        check_not_empty(world, books[-1], spec.scale)
        shared.append(inputs)
    return books, shared


def shared_inputs(world: World, without: frozenset[str], known: list[SharedInputs]) -> SharedInputs:
    """Inputs that a world shares with one before it; new ones are added to `known`."""
    without &= frozenset(SHOCKS)
    population = next((inputs.population for inputs in known if same_people(world, inputs.world)), None)
    for inputs in known:
        if inputs.population is population and inputs.world.shocks == world.shocks and inputs.without == without:
            return inputs
    population = population or build_population(world)
    known.append(SharedInputs(world, without, population, apply_shocks(world, without, population)))
    return known[-1]


def same_people(one: World, other: World) -> bool:
    """True if two worlds agree in everything that decides their population."""
    fields = [name for name in World.model_fields if name not in MOVES_NO_PEOPLE]
    return all(getattr(one, name) == getattr(other, name) for name in fields)
