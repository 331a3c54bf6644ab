"""Time out of programme: lengths, and the chance of going that gives the configured prevalence.

Doctors go on the first day of a training year, from run-through and higher training after its first year, if they are
then at work and their last review allows it (`working_life.oop_allowed`). With `prevalence` of all doctors away for
`years` each, prevalence / years of all go in a year, and so

    chance of an eligible doctor = prevalence / (years x eligible part of all doctors)
    eligible part = (length - 1) / length of the programme x (1 - all prevalences) x `oop_may_go`
"""

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_MONTH, MONTHS_PER_YEAR
from pipeline_sim.world.lowering.quantise import Ints, Reals, Thresholds, thresholds, to_int32
from pipeline_sim.world.schema.training import OOP_KINDS, STAGES
from pipeline_sim.world.schema.world import World


def oop_per_year(world: World, establishment: Reals) -> Thresholds:
    """Cumulative chance that an eligible doctor goes in a year [stage, kind]."""
    going = np.zeros((len(STAGES), len(OOP_KINDS)))
    for each in world.life.oop:
        years = float(np.mean(each.months.value)) / MONTHS_PER_YEAR
        for stage in each.stages:
            going[STAGES.index(stage), OOP_KINDS.index(each.kind)] += each.prevalence.value / years
    eligible = eligible_part(world, establishment)[:, None]
    rates = np.divide(going, eligible, out=np.zeros_like(going), where=eligible > 0)
    return thresholds(np.cumsum(rates, axis=1))


def eligible_part(world: World, establishment: Reals) -> Reals:
    """Share of doctors who may go on the first day of a year [stage]; 0 for a stage without programmes."""
    past_first_year = np.array([max(0.0, 1.0 - 1.0 / each.years.value) for each in world.programmes])
    posts = establishment.sum(axis=(0, 2))
    eligible = np.zeros(len(STAGES))
    for index, stage in enumerate(STAGES):
        own = posts * np.array([each.stage == stage for each in world.programmes])
        if own.sum() > 0:
            away = sum(each.prevalence.value for each in world.life.oop if stage in each.stages)
            eligible[index] = own @ past_first_year / own.sum() * max(0.0, 1.0 - away) * world.life.oop_may_go.value
    return eligible


def oop_days(world: World) -> Ints:
    """Lengths in days [kind, 8]; 1 for a kind that is not used."""
    days = np.ones((len(OOP_KINDS), 8), dtype=np.int32)
    for each in world.life.oop:
        days[OOP_KINDS.index(each.kind)] = to_int32(np.array(each.months.value) * DAYS_PER_MONTH)
    return days
