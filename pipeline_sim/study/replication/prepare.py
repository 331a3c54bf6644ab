"""From names of files to a Rulebook: the one place where a world is prepared for an engine."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pipeline_sim.base.folder_cache import folder_cache
from pipeline_sim.records.count_measures import MeasureAxes
from pipeline_sim.records.invariants import PostLimits
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.memory_check import release_memory
from pipeline_sim.study.replication.parameter_draws import (
    Parameters,
    VariedFigures,
    figures_key,
    varied_figures,
    with_parameters,
)
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.build_timeline import build_timeline
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.names import Names, names_of
from pipeline_sim.world.schema.world import World

Layers = tuple[str, ...]
Mix = str | MixSection  # a file, or a mix that was made in memory: its interventions and groups should be known
Files = tuple[Layers, Mix | None]  # of a world, and of its mix


class WorldSpec(NamedTuple):
    """Specification of a world by its files: small enough to send to another process."""

    layers: Layers  # TOML files, later ones over earlier ones
    mix: str | None = None
    without: frozenset[str] = frozenset()  # shocks and interventions left out
    scale: float = 1.0
    parameters: Parameters | None = None  # None: all figures as stated
    made: MixSection | None = None  # mix made in memory, in place of a file; its budget is not drawn

    @property
    def files(self) -> Files:
        """Layers and mix, from which the world is loaded."""
        return self.layers, self.made or self.mix


class PreparedWorld(NamedTuple):
    """A world that an engine can run."""

    rulebook: Rulebook
    names: Names
    frame: MeasureAxes
    posts: PostLimits


def world_of(spec: WorldSpec) -> World:
    """World of a specification, cached; WorldError if a file is wrong."""
    return _world(spec._replace(without=frozenset(), scale=1.0))


def worlds_of(specs: Sequence[WorldSpec]) -> list[World]:
    """Worlds of some specifications; sections of them that are equal as stated, and varied alike, are one object."""
    files = tuple(dict.fromkeys(spec.files for spec in specs))
    stated = dict(zip(files, _loaded_together(files), strict=True))
    known: dict[Parameters, dict[tuple[object, ...], Any]] = {}
    worlds: dict[tuple[Files, Parameters | None], World] = {}
    for layers, mix, parameters in dict.fromkeys((*spec.files, spec.parameters) for spec in specs):
        world = stated[layers, mix]
        if parameters is not None:
            varied = _figures(layers, mix if isinstance(mix, str) else None, figures_key(parameters))
            world = with_parameters(world, parameters, varied, known.setdefault(parameters, {}))
        worlds[(layers, mix), parameters] = world
    return [worlds[spec.files, spec.parameters] for spec in specs]


@folder_cache(maxsize=64)
def _world(spec: WorldSpec) -> World:
    return worlds_of([spec])[0]


@folder_cache(maxsize=64)
def _figures(layers: Layers, mix: str | None, kind: Parameters) -> VariedFigures:
    return varied_figures(_loaded(layers, mix), kind)


@folder_cache(maxsize=8)
def _loaded_together(files: tuple[Files, ...]) -> tuple[World, ...]:
    known: dict[str, list[Any]] = {name: [] for name in World.model_fields}
    worlds = []
    for world in (_loaded(*each) for each in files):
        sections = {}
        for name, others in known.items():
            own = getattr(world, name)
            sections[name] = next((other for other in others if other == own), own)
            if sections[name] is own:
                others.append(own)
        worlds.append(world.model_copy(update=sections))
    return tuple(worlds)


@folder_cache(maxsize=64)
def _loaded(layers: Layers, mix: Mix | None) -> World:
    if isinstance(mix, MixSection):
        return _loaded(layers, None).model_copy(update={"mix": mix})
    return load_world(*map(Path, layers), mix=Path(mix) if mix is not None else None)


@folder_cache(maxsize=1)
def prepare(spec: WorldSpec) -> PreparedWorld:
    """World lowered to its Rulebook; the latest one is cached."""
    world = world_of(spec)
    population = build_population(world)
    timeline = build_timeline(world, spec.without, population)
    rulebook = lower(world, population, timeline, spec.scale)
    check_not_empty(world, rulebook, spec.scale)
    names = names_of(world, tuple(kind.name for kind in timeline.place_kinds))
    posts = PostLimits(rulebook.calendar.year_of, rulebook.posts.establishment)
    del timeline
    release_memory()
    return PreparedWorld(rulebook, names, frame_of(world, rulebook), posts)


def check_not_empty(world: World, rulebook: Rulebook, scale: float) -> None:
    """Refuses, with StudyError, a world so small that it has no post."""
    if not rulebook.posts.establishment.any():
        raise StudyError(f"scale {scale:g} is too small: {world.name} would have no post and no doctor")


def frame_of(world: World, rulebook: Rulebook) -> MeasureAxes:
    """MeasureAxes that turns codes of the world's logs into years and stages."""
    period = world.period
    first_year = period.first_year - period.warm_up_years
    return MeasureAxes(rulebook.calendar.year_start, first_year, period.warm_up_years, rulebook.programmes.stage)


def rulebook_digest(rulebook: Rulebook) -> str:
    """SHA-256 over every number of a Rulebook."""
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
