"""From names of files to a Rulebook: the one place where a world is made ready for an engine."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pipeline_sim.records.count_measures import Frame
from pipeline_sim.records.invariants import Posts
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.memory_check import give_back
from pipeline_sim.study.replication.parameter_draws import At, Belief, Chosen, Doubted, believed, in_doubt
from pipeline_sim.study.replication.plausible_set import Known, fitting
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.build_timeline import build_timeline
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.schema.names import Names, names_of
from pipeline_sim.world.schema.world import World


class Assumed(NamedTuple):
    """Which world, as text: small enough to send to another process."""

    layers: tuple[str, ...]  # TOML files, later ones over earlier ones
    mix: str | None = None
    without: frozenset[str] = frozenset()  # shocks and interventions left out
    scale: float = 1.0
    belief: Belief | Chosen | At | None = None  # figures drawn or chosen within their ranges; none: as stated


class Prepared(NamedTuple):
    """A world that an engine can run."""

    rulebook: Rulebook
    names: Names
    frame: Frame
    posts: Posts


def world_of(assumed: Assumed) -> World:
    """Load a world; WorldError if a file is wrong."""
    if assumed.belief is None:
        return _loaded(assumed.layers, assumed.mix)
    return _believed(assumed.layers, assumed.mix, assumed.belief)


@lru_cache(maxsize=64)
def _believed(layers: tuple[str, ...], mix: str | None, belief: Belief | Chosen | At) -> World:
    if isinstance(belief, At):
        return believed(_loaded(layers, mix), belief)
    plausible = belief.plausible if isinstance(belief, Belief) else None
    known = None if plausible is None else _fitting(layers, mix, plausible)
    return believed(_loaded(layers, mix), belief, _doubted(layers, mix, belief.kept), known)


@lru_cache(maxsize=64)
def _fitting(layers: tuple[str, ...], mix: str | None, plausible: str) -> Known:
    return fitting(plausible, _loaded(layers, mix))


@lru_cache(maxsize=64)
def _doubted(layers: tuple[str, ...], mix: str | None, held: tuple[str, ...]) -> tuple[Doubted, ...]:
    return in_doubt(_loaded(layers, mix), held)


@lru_cache(maxsize=64)
def _loaded(layers: tuple[str, ...], mix: str | None) -> World:
    return load_world(*map(Path, layers), mix=Path(mix) if mix is not None else None)


@lru_cache(maxsize=1)
def prepare(assumed: Assumed) -> Prepared:
    """Lower a world; the last one is kept."""
    world = world_of(assumed)
    population = build_population(world)
    timeline = build_timeline(world, assumed.without, population)
    rulebook = lower(world, population, timeline, assumed.scale)
    check_somebody(world, rulebook, assumed.scale)
    names = names_of(world, tuple(kind.name for kind in timeline.seats))
    posts = Posts(rulebook.calendar.year_of, rulebook.posts.establishment)
    del timeline
    give_back()
    return Prepared(rulebook, names, frame_of(world, rulebook), posts)


def check_somebody(world: World, rulebook: Rulebook, scale: float) -> None:
    """Refuses a world so small that nobody is in it."""
    if not rulebook.posts.establishment.any():
        raise StudyError(f"scale {scale:g} is too small: {world.name} would have no post and no doctor")


def frame_of(world: World, rulebook: Rulebook) -> Frame:
    """What turns codes of the world's logs into years and stages."""
    period = world.period
    first_year = period.first_year - period.warm_up_years
    return Frame(rulebook.calendar.year_start, first_year, period.warm_up_years, rulebook.programmes.stage)


def rulebook_digest(rulebook: Rulebook) -> str:
    """SHA-256 over every number that an engine may know."""
    digest = hashlib.sha256()
    _digest(digest, "", rulebook)
    return digest.hexdigest()


def _digest(digest: Any, name: str, part: Any) -> None:
    if hasattr(part, "_fields"):
        for field in part._fields:
            _digest(digest, f"{name}.{field}", getattr(part, field))
        return
    array = np.ascontiguousarray(part)
    digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
    digest.update(array.tobytes())
