"""Subject of a model report: a world, its population, and perhaps a study."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.study.comparison.study_file import Study, load_study, world_spec
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.schema.world import World


class Subject(NamedTuple):
    """Inputs of a model report."""

    layers: tuple[Path, ...]
    world: World
    people: Population
    study: Study | None
    worlds: Mapping[str, WorldSpec]  # of the study, by name

    def world_of(self, name: str) -> World:
        """World of the study, loaded."""
        return world_of(self.worlds[name])


def subject_of(layers: tuple[Path, ...], mix: Path | None, study_file: Path | None) -> Subject:
    """Load the subject; raises WorldError or StudyError for an invalid file."""
    world = load_world(*layers, mix=mix)
    study, worlds = None, {}
    if study_file is not None:
        study = load_study(study_file)
        worlds = {each.name: world_spec(study, each, study_file.parent) for each in study.worlds}
    given = (*layers, mix) if mix is not None else layers
    return Subject(given, world, build_population(world), study, worlds)
