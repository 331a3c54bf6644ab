"""Out of programme: how long, and the chance of going that keeps as many away as the world says.

Doctors go on the first day of a training year, from run-through and higher training after its first year, if they are
then at work and their last review allows it (`rules.life.oop_allowed`). Those away cannot go again. Where a part
`prevalence` of all doctors is away for `years` each, prevalence / years of all go in a year, and so

    chance of an eligible doctor = prevalence / (years x eligible part of all doctors)
    eligible part = (length - 1) / length of the programme x (1 - all prevalences) x `oop_may_go`
"""

import numpy as np

from pipeline_sim.world.lowering.quantise import Ints, Reals, Thresholds, ints, thresholds
from pipeline_sim.world.schema.training import OOP_KINDS, STAGES
from pipeline_sim.world.schema.world import World

DAYS_PER_MONTH = 365.25 / 12
MONTHS_PER_YEAR = 12


def oop_per_year(world: World, establishment: Reals) -> Thresholds:
    """[stage, kind] cumulative chance that an eligible doctor goes in a year."""
    going = np.zeros((len(STAGES), len(OOP_KINDS)))
    for each in world.life.oop:
        years = float(np.mean(each.months.value)) / MONTHS_PER_YEAR
        for stage in each.stages:
            going[STAGES.index(stage), OOP_KINDS.index(each.kind)] += each.prevalence.value / years
    eligible = eligible_part(world, establishment)[:, None]
    rates = np.divide(going, eligible, out=np.zeros_like(going), where=eligible > 0)
    return thresholds(np.cumsum(rates, axis=1))


def eligible_part(world: World, establishment: Reals) -> Reals:
    """[stage] part of doctors who may go on the first day of a year; 0 for a stage without programmes."""
    past_first_year = np.array([max(0.0, 1.0 - 1.0 / each.years.value) for each in world.programmes])
    posts = establishment.sum(axis=(0, 2))
    found = np.zeros(len(STAGES))
    for place, stage in enumerate(STAGES):
        mine = posts * np.array([each.stage == stage for each in world.programmes])
        if mine.sum() > 0:
            away = sum(each.prevalence.value for each in world.life.oop if stage in each.stages)
            found[place] = mine @ past_first_year / mine.sum() * max(0.0, 1.0 - away) * world.life.oop_may_go.value
    return found


def oop_days(world: World) -> Ints:
    """[kind, 8] lengths; a kind that is not used has a day."""
    days = np.ones((len(OOP_KINDS), 8), dtype=np.int32)
    for each in world.life.oop:
        days[OOP_KINDS.index(each.kind)] = ints(np.array(each.months.value) * DAYS_PER_MONTH)
    return days
