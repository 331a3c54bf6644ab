"""Scenarios of a study, and what each mix is compared with: its own scenario without the mix.

A mix world that differs from the baseline in more than its mix would be credited with what the scenario changes. So
every such world has a reference: a world of the study that is the same but for the mix, or one added for it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.study.comparison.study_file import Study, paths_of
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, switched_on

OF_THE_MONEY = ("name", "interventions", "mix", "costs", "sources", "layers")  # sections that make no scenario
NAMES_ONLY = ("name", "layers", "sources")
WITHOUT = "without"
Worlds = Mapping[str, WorldSpec]


class ScenarioMix(NamedTuple):
    """A mix in a scenario that is not the baseline's."""

    scenario: str  # label
    mix: str  # world of the study whose mix it is
    world: str
    reference: str  # world of the same scenario without the mix


class Scenarios(NamedTuple):
    """Mixes in other scenarios, and the worlds they need besides the study's own."""

    mixes: tuple[ScenarioMix, ...]
    worlds: Mapping[str, WorldSpec]


NO_SCENARIOS = Scenarios((), {})


def is_same_scenario(one: WorldSpec, other: WorldSpec) -> bool:
    """True if two worlds differ in nothing but their mix, the interventions that it may buy, and prices of time."""
    return not scenario_differences(one, other)


def scenario_differences(one: WorldSpec, other: WorldSpec) -> list[str]:
    """Sections, beside those of the money, in which two worlds differ."""
    first, second = world_of(one), world_of(other)
    names = [name for name in World.model_fields if name not in OF_THE_MONEY]
    differing = [name for name in names if getattr(first, name) != getattr(second, name)]
    return differing + [WITHOUT] * (shocks_left_out(one) != shocks_left_out(other))


def shocks_left_out(spec: WorldSpec) -> frozenset[str]:
    """Shocks that a world goes without."""
    return spec.without & frozenset(SHOCKS)


def without_covid(study: Study, worlds: Worlds) -> str | None:
    """First world of the study that is the baseline without any of its shocks; None if there is none."""
    base = worlds[study.baseline]
    others = (world.name for world in study.worlds if world.mix is None and world.name != study.baseline)
    for name in others:
        if set(scenario_differences(worlds[name], base)) <= {"shocks", WITHOUT} and not has_shocks(worlds[name]):
            return name if has_shocks(base) else None
    return None


def has_shocks(spec: WorldSpec) -> bool:
    """True if any shock of a world is on."""
    shocks = world_of(spec).shocks
    return shocks is not None and any(switched_on(shocks, name) and name not in spec.without for name in SHOCKS)


def programmes_of(study: Study, worlds: Worlds) -> tuple[str, ...]:
    """Worlds with a mix in the scenario of the baseline: those that are ranked."""
    mixes = (world.name for world in study.worlds if world.mix is not None and world.name != study.baseline)
    return tuple(name for name in mixes if is_same_scenario(worlds[name], worlds[study.baseline]))


def scenarios_of(study: Study, worlds: Worlds, folder: Path) -> Scenarios:
    """Every mix of the study in every scenario, and the worlds of the study that lie in a scenario of their own."""
    ranked, added = programmes_of(study, worlds), dict[str, WorldSpec]()
    labels = {world.name: world.label for world in study.worlds}
    mixes = []
    for scenario in study.scenarios:
        for name in (study.baseline, *ranked):
            layers = (*worlds[name].layers, *paths_of(scenario, folder))
            added[f"{name}.{scenario.name}"] = worlds[name]._replace(layers=layers)
            check_scenario(scenario.name, added[f"{name}.{scenario.name}"], worlds[name])
        reference = f"{study.baseline}.{scenario.name}"
        labels[reference] = scenario.label
        mixes += [ScenarioMix(scenario.label, name, f"{name}.{scenario.name}", reference) for name in ranked]
    for world in study.worlds:
        if world.mix is not None and world.name != study.baseline and world.name not in ranked:
            reference = reference_of({**worlds, **added}, world.name)
            if reference not in {**worlds, **added}:
                added[reference] = worlds[world.name]._replace(mix=None)
            label = labels.setdefault(reference, f"That of “{world.label}”")
            row = next((name for name in ranked if worlds[name].mix == worlds[world.name].mix), world.name)
            taken = any((each.scenario, each.mix) == (label, row) for each in mixes)
            mixes.append(ScenarioMix(label, world.name if taken else row, world.name, reference))
    if study.scenarios and not mixes:
        raise StudyError("scenarios: no world of the study has a mix to run in them; make each a world of its own")
    return Scenarios(tuple(mixes), added)


def check_scenario(name: str, within: WorldSpec, outside: WorldSpec) -> None:
    """Refuses, with StudyError, a scenario that changes nothing in a world, or what its mix buys."""
    changed, before = world_of(within), world_of(outside)
    if changed.mix != before.mix:
        raise StudyError(f"scenarios: {name} has a mix in its layers: a mix belongs to a world of the study")
    if changed.period != before.period:
        raise StudyError(f"scenarios: {name} changes the years of the run, should leave those of the other worlds")
    if all(getattr(changed, key) == getattr(before, key) for key in World.model_fields if key not in NAMES_ONLY):
        raise StudyError(f"scenarios: {name} changes nothing: its layers are weaker layers of the worlds already")


def reference_of(worlds: Worlds, name: str) -> str:
    """Name of the world without a mix in the scenario of a world; a new name if there is none."""
    plain = (other for other, spec in worlds.items() if world_of(spec).mix is None)
    return next((other for other in plain if is_same_scenario(worlds[other], worlds[name])), f"{name}.{WITHOUT}")
