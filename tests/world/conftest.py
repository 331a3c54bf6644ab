"""Worlds, populations and timelines that tests of `world` share."""

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
    """The tiny world: two offices, four programmes."""
    return load_world(CONFIGS / "tiny.toml")


@pytest.fixture(scope="session")
def people(world: World) -> Population:
    """Population of the tiny world."""
    return build_population(world)


@pytest.fixture(scope="session")
def timeline(world: World) -> Timeline:
    """Timeline of the tiny world without shocks."""
    return uneventful_timeline(world)


@pytest.fixture(scope="session")
def book(world: World, people: Population, timeline: Timeline) -> Rulebook:
    """Rulebook of the tiny world."""
    return lower(world, people, timeline)


@pytest.fixture(scope="session")
def england() -> tuple[World, Population, Timeline]:
    """England, its population and its timeline without shocks."""
    world = load_world(CONFIGS / "england.toml")
    return world, build_population(world), uneventful_timeline(world)


@pytest.fixture(scope="session")
def england_timelines() -> dict[str, Timeline]:
    """Timelines of England after the shocks of `covid` and of each scenario, nine reported years without warm-up."""
    files = {"covid": CONFIGS / "covid.toml"} | {file.stem: file for file in (CONFIGS / "scenarios").glob("*.toml")}
    worlds = {name: load_world(CONFIGS / "england.toml", file) for name, file in files.items()}
    axes = axes_of(worlds["covid"])._replace(dates=Dates(2018, 9))
    timelines = {}
    for name, world in worlds.items():
        if world.shocks is None:
            continue  # a scenario of interventions alone
        timelines[name] = apply_all_shocks(normal_timeline(axes), axes._replace(evidence=world.evidence), world.shocks)
    return timelines
