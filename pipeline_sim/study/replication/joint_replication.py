"""One replication of all worlds of a comparison, under the same luck and the same beliefs.

Nothing is computed twice: worlds that believe the same share their people and what happened to them, worlds whose
Rulebooks are equal run once, and worlds that begin alike run their beginning once.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pipeline_sim.engines import ENGINES, RELEASES_GIL, SHARED_PREFIX_ENGINES
from pipeline_sim.engines.interface import Progress
from pipeline_sim.records.count_measures import Frame, measures
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.mix_spending import Spent, spent
from pipeline_sim.study.replication.prepare import Assumed, check_somebody, frame_of, world_of
from pipeline_sim.study.replication.summary import Summary, counts_of, summary_of
from pipeline_sim.world.lowering.build_timeline import Timeline, bought, shaken
from pipeline_sim.world.lowering.lower import Lowered, lower
from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.schema.names import Names, names_of
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS

MOVES_NO_PEOPLE = ("name", "shocks", "interventions", "mix", "costs", "sources", "layers")


class Family(NamedTuple):
    """A replication; the first world is the trunk from which the others branch."""

    worlds: tuple[Assumed, ...]
    engine: str
    seed: int
    replication: int


class Ready(NamedTuple):
    """Worlds made ready to be lived: nothing of it depends on luck, so replications that believe the same share it."""

    books: tuple[Rulebook, ...]  # those that differ, each once; the first is that of the first world
    places: tuple[int, ...]  # of each world's Rulebook among them
    spent: tuple[Spent | None, ...]  # by world
    frame: Frame
    names: Names


class Ground(NamedTuple):
    """What several worlds share."""

    world: World  # whose people and shocks these are
    without: frozenset[str]
    population: Population
    happens: Timeline


def run_family(family: Family, progress: Progress | None = None) -> tuple[Summary, ...]:
    """Counts of every world, in the order of the worlds."""
    with _one_at_a_time:
        ready = made_ready(family.worlds)
    found = run_all(ready, family, progress)
    summaries = [found[place] for place in ready.places]
    return tuple(
        summary if money is None else summary._replace(ledger=money.ledger, bought=money.bought)
        for summary, money in zip(summaries, ready.spent, strict=True)
    )


_one_at_a_time = threading.Lock()  # so that of two threads the second finds what the first has made


@lru_cache(maxsize=1)
def made_ready(worlds: tuple[Assumed, ...]) -> Ready:
    """Worlds made ready; the last ones are kept."""
    books, grounds = rulebooks(worlds)
    different: list[Rulebook] = []
    places = []
    for book in books:
        same = (place for place, other in enumerate(different) if is_same(book, other))
        places.append(next(same, len(different)))
        if places[-1] == len(different):
            different.append(book)
    money = [spent(world_of(assumed), ground.population) for assumed, ground in zip(worlds, grounds, strict=True)]
    world = world_of(worlds[0])
    return Ready(tuple(different), tuple(places), tuple(money), frame_of(world, books[0]), names_of(world))


def is_same(one: Any, other: Any) -> bool:
    """True if two Rulebooks, or parts of them, hold the same. Places are the last room, and looked at first."""
    if one is other:
        return True
    if hasattr(one, "_fields"):
        return all(is_same(mine, theirs) for mine, theirs in zip(one[::-1], other[::-1], strict=True))
    return np.array_equal(one, other)


def run_all(ready: Ready, family: Family, progress: Progress | None) -> list[Summary]:
    """Counts of every Rulebook."""
    books = ready.books
    logs = [EventLog(keeps=family.engine not in RELEASES_GIL) for _ in books]
    if family.engine in SHARED_PREFIX_ENGINES:
        SHARED_PREFIX_ENGINES[family.engine](books, family.seed, family.replication, logs, progress)
    else:
        for place, (book, log) in enumerate(zip(books, logs, strict=True)):
            ENGINES[family.engine](book, family.seed, family.replication, log, part_of(progress, place, len(books)))
    return [counted(log, ready.frame, ready.names) for log in logs]


def counted(log: EventLog, frame: Frame, names: Names) -> Summary:
    """The counts of a log, made by the engine or read off its rows."""
    if log.counts:
        return summary_of(log.counts, frame, names)
    return summary_of([counts_of(measures(log.columns(), frame), frame)], frame, names)


def part_of(progress: Progress | None, place: int, count: int) -> Progress | None:
    """Progress of one of several runs as progress of all."""
    if progress is None:
        return None
    return lambda day, days: progress(place * days + day, count * days)


def rulebooks(worlds: Sequence[Assumed]) -> tuple[list[Rulebook], list[Ground]]:
    """The Rulebook and the ground of every world. What worlds share is made once, and so are equal tables."""
    grounds: list[Ground] = []
    lowered, books, found = Lowered(), [], []
    for assumed in worlds:
        world = world_of(assumed)
        ground = ground_of(world, assumed.without, grounds)
        timeline = bought(world, ground.happens, assumed.without, ground.population)
        books.append(lower(world, ground.population, timeline, assumed.scale, lowered))
        check_somebody(world, books[-1], assumed.scale)
        found.append(ground)
    return books, found


def ground_of(world: World, without: frozenset[str], grounds: list[Ground]) -> Ground:
    """What a world shares with one before it; what is new is added."""
    without &= frozenset(SHOCKS)
    population = next((each.population for each in grounds if same_people(world, each.world)), None)
    for each in grounds:
        if each.population is population and each.world.shocks == world.shocks and each.without == without:
            return each
    population = population or build_population(world)
    grounds.append(Ground(world, without, population, shaken(world, without, population)))
    return grounds[-1]


def same_people(one: World, other: World) -> bool:
    """True if nothing that decides who there is differs."""
    fields = [name for name in World.model_fields if name not in MOVES_NO_PEOPLE]
    return all(getattr(one, name) == getattr(other, name) for name in fields)
