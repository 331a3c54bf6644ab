"""Time out of programme: lengths, and the chance of going that gives the configured prevalence.

Doctors go on the first day of a training year, after the first year of their programme and before its last, if they are
then at work and their last review allows it (`working_life.oop_allowed`): those who have only just come back are to be
reviewed in the programme first. With `prevalence` of all doctors of a programme away for `years` each,
prevalence / years of all go in a year, as many come back, and so

    chance of an eligible doctor = prevalence / (years x eligible part of all doctors)
    eligible part = (length - 2) / length of the programme x (1 - all prevalences - just back) x `oop_may_go`
    just back = sum of prevalence / years x part of the lengths that end between the season's reviews and August

In core training the last year counts too: (length - 1) / length. Twelve months are a training year of 364 days, so that
nobody comes back a day into one.
"""

import numpy as np

from pipeline_sim.base.calendar import MONTHS_PER_YEAR
from pipeline_sim.world.lowering.quantise import Ints, Reals, Thresholds, days_of_months, thresholds
from pipeline_sim.world.population.supply_levers import from_first_year
from pipeline_sim.world.schema.training import OOP_KINDS, STAGES, OutOfProgramme
from pipeline_sim.world.schema.world import World

SEASON_MONTHS = 10  # of a training year: who is away until then is not reviewed in the programme before the next one


def oop_per_year(world: World) -> Thresholds:
    """Cumulative chance that an eligible doctor goes in a training year [Y, P, kind], with levers of supply."""
    going = np.zeros((len(world.programmes), len(OOP_KINDS)))
    for each in world.life.oop:
        years = float(np.mean(each.months.value)) / MONTHS_PER_YEAR
        shares = [each.share(programme.stage, programme.group) for programme in world.programmes]
        going[:, OOP_KINDS.index(each.kind)] += np.array(shares) / years
    eligible = eligible_part(world)[:, None]
    rates = np.divide(going, eligible, out=np.zeros_like(going), where=eligible > 0)
    levers = world.supply.out_of_programme if world.supply is not None else {}
    run = world.dates.training_years
    more = [from_first_year(levers[kind], run, 1.0) if kind in levers else np.ones(len(run)) for kind in OOP_KINDS]
    return thresholds(np.minimum(np.cumsum(rates[None] * np.stack(more, axis=1)[:, None, :], axis=2), 1.0))


def eligible_part(world: World) -> Reals:
    """Share of the doctors of a programme who may go on the first day of a year [P]."""
    closed_years = np.array([1.0 if each.stage == "core" else 2.0 for each in world.programmes])
    open_years = np.maximum(0.0, 1.0 - closed_years / np.array([each.years.value for each in world.programmes]))
    kinds = [(kind, 1.0 + just_back(kind)) for kind in world.life.oop]
    away = [sum(kind.share(each.stage, each.group) * gone for kind, gone in kinds) for each in world.programmes]
    return open_years * np.maximum(0.0, 1.0 - np.array(away)) * world.life.oop_may_go.value


def just_back(kind: OutOfProgramme) -> float:
    """Doctors who on the first day of a year have come back and not been reviewed since, per doctor away."""
    months = np.array(kind.months.value)
    by_august = (months % MONTHS_PER_YEAR >= SEASON_MONTHS) | (months % MONTHS_PER_YEAR == 0)
    return float(np.mean(by_august) / (np.mean(months) / MONTHS_PER_YEAR))


def oop_days(world: World) -> Ints:
    """Lengths in days [stage, kind, 8]; 1 for a kind that is not used."""
    days = np.ones((len(STAGES), len(OOP_KINDS), 8), dtype=np.int32)
    for each in world.life.oop:
        for stage in each.stages:
            days[STAGES.index(stage), OOP_KINDS.index(each.kind)] = days_of_months(each.months.value)
    return days
