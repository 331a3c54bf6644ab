"""Foundation doctors: graduates by year, from published headcounts of its one or two grades together."""

from typing import NamedTuple

import numpy as np

from pipeline_sim.rules.codes import MAX_GRADES
from pipeline_sim.world.population.national_posts import foundation_doctors
from pipeline_sim.world.population.people_mix import women_in_post
from pipeline_sim.world.population.population_inputs import Reals, foundation_index, simulated_years, usual_years
from pipeline_sim.world.population.time_in_post import factors, pace, years_held
from pipeline_sim.world.schema.world import World


class Foundation(NamedTuple):
    """Foundation doctors by year of the run; `graduates` begins one year earlier."""

    doctors: Reals  # [Y] in post
    graduates: Reals  # [1 + Y] new doctors of a training year
    february: float  # share of graduates who start out of phase
    stay: float  # share of an intake who are there a year later
    grades: int  # one or two


def graduates(doctors: Reals, stay: float, longer: float, usual: int, grades: int = 2) -> Reals:
    """Smoothest intakes [1 + Y] that give the foundation doctors of each year exactly.

    doctors[y] = (graduates[y] + stay x graduates[y - 1]) x longer leaves one intake free; it minimises the squared
    second differences of the usual years. With one grade there is nothing to choose: each year has its own intake.
    """
    years, kept = len(doctors), stay if grades > 1 else 0.0
    particular, homogeneous = np.zeros(years + 1), np.ones(years + 1)
    for year in range(years):
        particular[year + 1] = doctors[year] / longer - kept * particular[year]
        homogeneous[year + 1] = -kept * homogeneous[year]
    if not kept:
        return np.append(particular[1], particular[1:])
    bend, free_bend = np.diff(particular[: usual + 1], 2), np.diff(homogeneous[: usual + 1], 2)
    first = -(bend @ free_bend) / (free_bend @ free_bend) if min(years, usual) > 1 else doctors[0] / longer / (1 + stay)
    return np.asarray(particular + first * homogeneous, dtype=np.float64)


def foundation(world: World) -> Foundation:
    """Foundation doctors of a world."""
    run = simulated_years(world)
    known, at = factors(world), foundation_index(world)
    programme = world.programmes[at]
    own = pace(world, programme, known, float(women_in_post(world)[at]))
    grades = len(programme.grades)
    stay = float(np.exp(-own.leaves_per_year))
    longer = years_held(own, 1.0) / own.years
    doctors = foundation_doctors(world).at(run)
    starts = graduates(doctors, stay, longer, usual_years(world), grades)
    return Foundation(doctors, starts, known["foundation", "out_of_phase"], stay, grades)


def foundation_stock(inputs: Foundation) -> Reals:
    """Foundation doctors on day 0 by grade [8], without that day's graduates."""
    stock = np.zeros(MAX_GRADES)
    stock[1] = inputs.stay * inputs.graduates[0] if inputs.grades > 1 else 0.0
    stock[0] = max(0.0, inputs.doctors[0] - inputs.graduates[1] * (1 - inputs.february) - stock[1])
    return stock
