"""Axes of a world's Timeline."""

import numpy as np

from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.population.population_inputs import usual_years
from pipeline_sim.world.schema.training import STAGES
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.tables import Axes, Reals


def axes_of(world: World, population: Population | None = None) -> Axes:
    """Axes of a world; posts of the reported years stand for trainee numbers. A population given is not rebuilt."""
    posts = posts_by_group(world, population or build_population(world))
    return Axes(
        dates=world.dates,
        groups=tuple(group.id for group in world.groups),
        offices=tuple(office.id for office in world.offices),
        regions=tuple(office.region for office in world.offices),
        trainee_share=posts.sum(axis=0) / posts.sum(),
        doctors=posts,
        exams=tuple(dict.fromkeys(part.gate for part in world.exams)),
        parts=tuple(part.id for part in world.exams),
        kinds=tuple(part.kind for part in world.exams),
        incomplete=np.array([world.panels.incomplete.value[stage] for stage in STAGES]),
        sickness=world.life.sickness.value,
        evidence=world.evidence,
        specialties=tuple(each.id for each in world.competence.specialties),
        specialty_groups=tuple(each.group for each in world.competence.specialties),
    )


def posts_by_group(world: World, population: Population) -> Reals:
    """Posts [G, O] without levers of supply, mean of usual reported years."""
    posts = population.without_levers[world.reported_from : usual_years(world)].mean(axis=0)
    groups = np.zeros((len(world.groups), len(world.offices)))
    np.add.at(groups, [world.group_index(programme.group) for programme in world.programmes], posts)
    return groups
