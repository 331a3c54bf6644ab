"""Foundation doctors: graduates by year, found from published headcounts of F1 and F2 together."""

from typing import NamedTuple

import numpy as np

from pipeline_sim.rules.codes import MAX_GRADES
from pipeline_sim.world.population.national_posts import foundation_doctors
from pipeline_sim.world.population.population_inputs import PopulatedWorld, Reals, foundation_of, simulated_years
from pipeline_sim.world.population.time_in_post import factors, pace, years_held


class Foundation(NamedTuple):
    """By year of the run, but for `graduates`, which begins one year earlier."""

    doctors: Reals  # [Y] F1 and F2 in post
    graduates: Reals  # [1 + Y] new F1 doctors of a training year
    february: float  # part of graduates who start out of phase
    stay: float  # part of an F1 intake who reach F2 a year later


def graduates(doctors: Reals, stay: float, longer: float) -> Reals:
    """[1 + Y] intakes whose F1 and F2 doctors are exactly those of each year, as even as can be.

    doctors[y] = (graduates[y] + stay x graduates[y - 1]) x longer leaves one intake free: the one that makes the
    series smoothest, in squared second differences.
    """
    years = len(doctors)
    bare, free = np.zeros(years + 1), np.ones(years + 1)
    for year in range(years):
        bare[year + 1] = doctors[year] / longer - stay * bare[year]
        free[year + 1] = -stay * free[year]
    bend, free_bend = np.diff(bare, 2), np.diff(free, 2)
    best = -(bend @ free_bend) / (free_bend @ free_bend) if years > 1 else doctors[0] / longer / (1 + stay)
    return np.asarray(bare + best * free, dtype=np.float64)


def foundation(world: PopulatedWorld) -> Foundation:
    """The foundation doctors of a world."""
    run = simulated_years(world)
    mine = pace(world, world.programmes[foundation_of(world)])
    stay = float(np.exp(-mine.leaves_per_year))
    longer = years_held(mine, 1.0) / mine.years
    doctors = foundation_doctors(world).at(run)
    return Foundation(doctors, graduates(doctors, stay, longer), factors(world)["foundation", "out_of_phase"], stay)


def foundation_stock(known: Foundation) -> Reals:
    """[8] doctors on day 0 before that day's graduates: last year's intake in F2, and those still in F1."""
    found = np.zeros(MAX_GRADES)
    found[1] = known.stay * known.graduates[0]
    found[0] = max(0.0, known.doctors[0] - known.graduates[1] * (1 - known.february) - found[1])
    return found
