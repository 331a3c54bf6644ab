"""Foundation doctors: graduates by year, from published headcounts of F1 and F2 together."""

from typing import NamedTuple

import numpy as np

from pipeline_sim.rules.codes import MAX_GRADES
from pipeline_sim.world.population.national_posts import foundation_doctors
from pipeline_sim.world.population.population_inputs import Reals, foundation_index, simulated_years, usual_years
from pipeline_sim.world.population.time_in_post import factors, pace, years_held
from pipeline_sim.world.schema.world import World


class Foundation(NamedTuple):
    """Foundation doctors by year of the run; `graduates` begins one year earlier."""

    doctors: Reals  # [Y] F1 and F2 in post
    graduates: Reals  # [1 + Y] new F1 doctors of a training year
    february: float  # share of graduates who start out of phase
    stay: float  # share of an F1 intake who reach F2 a year later


def graduates(doctors: Reals, stay: float, longer: float, usual: int) -> Reals:
    """Smoothest intakes [1 + Y] that give the F1 and F2 doctors of each year exactly.

    doctors[y] = (graduates[y] + stay x graduates[y - 1]) x longer leaves one intake free; it minimises the squared
    second differences of the usual years.
    """
    years = len(doctors)
    particular, homogeneous = np.zeros(years + 1), np.ones(years + 1)
    for year in range(years):
        particular[year + 1] = doctors[year] / longer - stay * particular[year]
        homogeneous[year + 1] = -stay * homogeneous[year]
    bend, free_bend = np.diff(particular[: usual + 1], 2), np.diff(homogeneous[: usual + 1], 2)
    first = -(bend @ free_bend) / (free_bend @ free_bend) if min(years, usual) > 1 else doctors[0] / longer / (1 + stay)
    return np.asarray(particular + first * homogeneous, dtype=np.float64)


def foundation(world: World) -> Foundation:
    """Foundation doctors of a world."""
    run = simulated_years(world)
    known = factors(world)
    own = pace(world, world.programmes[foundation_index(world)], known)
    stay = float(np.exp(-own.leaves_per_year))
    longer = years_held(own, 1.0) / own.years
    doctors = foundation_doctors(world).at(run)
    return Foundation(
        doctors, graduates(doctors, stay, longer, usual_years(world)), known["foundation", "out_of_phase"], stay
    )


def foundation_stock(inputs: Foundation) -> Reals:
    """Foundation doctors on day 0 by grade [8], without that day's graduates."""
    stock = np.zeros(MAX_GRADES)
    stock[1] = inputs.stay * inputs.graduates[0]
    stock[0] = max(0.0, inputs.doctors[0] - inputs.graduates[1] * (1 - inputs.february) - stock[1])
    return stock
