"""Worlds that tests of this room share."""

import pytest
from support import CONFIGS
from support.worlds.timelines import uneventful_timeline

from pipeline_sim.base.calendar import Dates
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import apply_all_shocks
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.tables import Timeline, normal_timeline


@pytest.fixture(scope="session")
def world() -> World:
    """Two offices, four programmes."""
    return load_world(CONFIGS / "tiny.toml")


@pytest.fixture(scope="session")
def people(world: World) -> Population:
    """Its people."""
    return build_population(world)


@pytest.fixture(scope="session")
def timeline(world: World) -> Timeline:
    """Nothing happens."""
    return uneventful_timeline(world)


@pytest.fixture(scope="session")
def book(world: World, people: Population, timeline: Timeline) -> Rulebook:
    """The Rulebook."""
    return lower(world, people, timeline)


@pytest.fixture(scope="session")
def england() -> tuple[World, Population, Timeline]:
    """The whole of England."""
    world = load_world(CONFIGS / "england.toml")
    return world, build_population(world), uneventful_timeline(world)


@pytest.fixture(scope="session")
def england_told() -> dict[str, Timeline]:
    """What happens to England in nine reported years, warm-up left out, as `covid` has it and by scenario."""
    files = {"covid": CONFIGS / "covid.toml"} | {file.stem: file for file in (CONFIGS / "scenarios").glob("*.toml")}
    worlds = {name: load_world(CONFIGS / "england.toml", file) for name, file in files.items()}
    axes = axes_of(worlds["covid"])._replace(dates=Dates(2018, 9))
    timelines = {}
    for name, world in worlds.items():
        assert world.shocks is not None
        timelines[name] = apply_all_shocks(normal_timeline(axes), axes._replace(evidence=world.evidence), world.shocks)
    return timelines
