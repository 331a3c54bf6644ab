"""Population: doctors in post on day 0, posts, applicants from outside and their choices.

Method; every number is a row of a table of the world or of `evidence/` with its source, grade and range:

1. Intake. Posts advertised a year and the share filled, by programme, interpolated between published years. UK figures
   count with the English share of posts; without a figure, a share of the family's total is used.
2. Time in post. Years of training, lengthened by less than full time working, extensions, leave, time out of programme
   and a period of grace; shortened by attrition (`time_in_post`).
3. Doctors in post are the survivors of earlier intakes, so programmes open, close and expand cohort by cohort. The
   establishment adds the unfilled posts; a doctor away or on extension holds one (`national_posts`).
4. Reconciliation. One factor a family moves its intake, posts and doctors into the published range, and all families
   together to the published total, by the least relative change (`headcount_targets`).
5. Foundation. Its doctors are published; graduates are the smoothest intakes that give them (`foundation`).
6. Offices and redistribution between them (`office_shares`), applicants from outside (`applicants`) and their choices
   (`applicant_preferences`).
7. Levers of supply add posts to all that, each from its first year on (`supply_levers`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline_sim.world.population.applicant_preferences import applications, choice
from pipeline_sim.world.population.applicants import applicant_inputs, external_applicants, returners_on_day_0
from pipeline_sim.world.population.foundation import Foundation, foundation, foundation_stock
from pipeline_sim.world.population.national_posts import Posts, reconciled_posts, stock_by_grade
from pipeline_sim.world.population.office_shares import office_shares, redistributed_posts
from pipeline_sim.world.population.population_inputs import Reals, foundation_index, simulated_years
from pipeline_sim.world.population.supply_levers import added_posts, with_added, with_added_by_office
from pipeline_sim.world.population.time_in_post import time_factor
from pipeline_sim.world.schema.world import World


@dataclass(frozen=True)
class Population:
    """Population at full size, by Y training years, P programmes, O offices and S streams in the order of the world.

    Day 0 is after the August changeover: `stock` includes those who started that day, except that day's F1 doctors.
    """

    stock: Reals  # [P, 8, O] doctors in post on day 0, by grade
    establishment: Reals  # [Y, P, O] posts; doctors away or on extension hold theirs
    without_levers: Reals  # [Y, P, O] the same, had the world no levers of supply
    entrants: Reals  # [Y, P] posts for entrants of the year as published, 0 for foundation
    intake: Reals  # [Y, P, O] posts planned to be filled
    recruits: npt.NDArray[np.int32]  # [Y, P] 1 if doctors enter in that training year
    graduates: Reals  # [Y, 2, O] new F1 doctors: August, February
    external: Reals  # [Y, 2, S] applicants from outside who first apply for a start in a training year
    returners: Reals  # [3, S] doctors outside training on day 0 who apply for a start in year 1, 2, 3
    choice: Reals  # [Y, S, P] first choice among the programmes open in a year; rows sum to 1
    stretch: Reals  # [P] time in a programme over time that counts as training


def build_population(world: World) -> Population:
    """Population of a world; raises WorldError for a programme or an office without a row in a table."""
    tables, f1_f2, shares = reconciled_posts(world), foundation(world), office_shares(world)
    added = added_posts(world, tables)
    posts, without = with_added(tables, added), establishment(world, tables, f1_f2, shares)
    planned = tables.advertised[[tables.at(year) for year in simulated_years(world)]][:, :, None] * shares
    demand = applications(world, tables, posts)
    inputs = applicant_inputs(world, posts, f1_f2, demand)
    return Population(
        stock=national_stock(world, posts, f1_f2)[:, :, None] * shares[:, None, :],
        establishment=with_added_by_office(world, posts.calendar, added, shares, "posts", without),
        without_levers=without,
        entrants=posts.advertised[[posts.at(year) for year in simulated_years(world)]] / posts.factor,
        intake=with_added_by_office(world, posts.calendar, added, shares, "advertised", planned),
        recruits=recruits(world),
        graduates=graduates_by_office(world, f1_f2, shares),
        external=external_applicants(inputs),
        returners=returners_on_day_0(inputs),
        choice=choice(world, demand),
        stretch=np.array([time_factor(each) for each in posts.paces]),
    )


def national_stock(world: World, posts: Posts, f1_f2: Foundation) -> Reals:
    """Doctors in post on day 0 by programme and grade [P, 8]."""
    stock = stock_by_grade(world, posts, simulated_years(world).start)
    stock[foundation_index(world)] = foundation_stock(f1_f2)
    return stock


def establishment(world: World, posts: Posts, f1_f2: Foundation, shares: Reals) -> Reals:
    """Posts [Y, P, O], at least 0."""
    run = simulated_years(world)
    national = posts.establishment[[posts.at(year) for year in run]] / world.recruitment.posts_held.value
    national[:, foundation_index(world)] = f1_f2.doctors
    return np.maximum(0.0, national[:, :, None] * shares[None] + redistributed_posts(world))


def recruits(world: World) -> npt.NDArray[np.int32]:
    """Open programmes [Y, P], 1 or 0."""
    run = simulated_years(world)
    return np.array([[each.recruits_in(year) for each in world.programmes] for year in run], dtype=np.int32)


def graduates_by_office(world: World, f1_f2: Foundation, shares: Reals) -> Reals:
    """New F1 doctors [Y, 2, O], starting in August and February."""
    starts = np.array([1 - f1_f2.february, f1_f2.february])
    return f1_f2.graduates[1:, None, None] * starts[None, :, None] * shares[foundation_index(world)]
