"""The population: who is in post on day 0, how many posts there are, who comes in from outside, and what for.

Method, in order; every number is a row of a table of the world or of `evidence/` with its source, grade and range:

1. Intake. Posts advertised a year and the part filled, by programme, at the years for which a figure was found,
   straight lines between. UK figures count with the English part of posts. Where nothing was found, a part of the
   family's total.
2. Time in post. Years of training, lengthened by less than full time working, extensions, parental leave and time out
   of programme, and a period of grace; shortened by attrition (`time_in_post`).
3. Doctors in post are earlier intakes still there. A programme that closes empties, and one that opens fills, cohort by
   cohort; planned expansion reaches the headcount over the length of the programme. The establishment adds the posts
   left empty, so that posts advertised in a settled year are those of step 1: a doctor away or on extension holds one.
4. Reconciliation. One factor a family moves its intake, posts and doctors into the published range, and all families
   together to the published total, by the least relative change (`reconcile`; table: `reconciliation`).
5. Foundation. Its doctors are published exactly; graduates are the smoothest intakes that give them.
6. Offices and redistribution between them (`population_offices`), applicants from outside (`population_applicants`)
   and what they apply for (`population_choice`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline_sim.world.population.applicant_preferences import applications, choice
from pipeline_sim.world.population.applicants import external, market, returners
from pipeline_sim.world.population.foundation import Foundation, foundation, foundation_stock
from pipeline_sim.world.population.national_posts import Posts, settled_posts, stock_by_grade
from pipeline_sim.world.population.office_shares import moves, office_shares
from pipeline_sim.world.population.population_inputs import (
    PopulatedWorld,
    Reals,
    foundation_of,
    is_open,
    simulated_years,
)
from pipeline_sim.world.population.time_in_post import stretch


@dataclass(frozen=True)
class Population:
    """Numbers at full size. Y training years of the run, P programmes, O offices, S streams, in the order of the world.

    Day 0 is after the August changeover: `stock` holds those who took up posts that day, but not that day's F1 doctors.
    """

    stock: Reals  # [P, 8, O] doctors in post on day 0, by grade
    establishment: Reals  # [Y, P, O] posts, of which doctors away or on extension hold theirs
    recruits: npt.NDArray[np.int32]  # [Y, P] 1 if doctors enter in that training year
    graduates: Reals  # [Y, 2, O] new F1 doctors: August, February
    external: Reals  # [Y, S] applicants from outside who first apply in a training year
    returners: Reals  # [3, S] doctors outside training on day 0 who apply in year 0, 1, 2
    choice: Reals  # [S, P] first choice among the programmes open in a year; rows sum to 1
    stretch: Reals  # [P] time in a programme, of the time that counts as training


def build_population(world: PopulatedWorld) -> Population:
    """The population of a world. Raises WorldError where a table says nothing of a programme or an office."""
    posts, mine = settled_posts(world), foundation(world)
    shares, wanted = office_shares(world), applications(world, posts)
    known = market(world, posts, mine, wanted)
    return Population(
        stock=national_stock(world, posts, mine)[:, :, None] * shares[:, None, :],
        establishment=establishment(world, posts, mine, shares),
        recruits=recruits(world),
        graduates=graduates_by_office(world, mine, shares),
        external=external(known),
        returners=returners(known),
        choice=choice(world, wanted),
        stretch=np.array([stretch(each) for each in posts.paces]),
    )


def national_stock(world: PopulatedWorld, posts: Posts, mine: Foundation) -> Reals:
    """[P, 8] doctors in post on day 0."""
    found = stock_by_grade(world, posts, simulated_years(world).start)
    found[foundation_of(world)] = foundation_stock(mine)
    return found


def establishment(world: PopulatedWorld, posts: Posts, mine: Foundation, shares: Reals) -> Reals:
    """[Y, P, O] posts; never below 0."""
    run = simulated_years(world)
    national = posts.establishment[[posts.at(year) for year in run]] / world.recruitment.posts_held.value
    national[:, foundation_of(world)] = mine.doctors
    return np.maximum(0.0, national[:, :, None] * shares[None] + moves(world))


def recruits(world: PopulatedWorld) -> npt.NDArray[np.int32]:
    """[Y, P] 1 if the programme is open."""
    run = simulated_years(world)
    return np.array([[is_open(each, year) for each in world.programmes] for year in run], dtype=np.int32)


def graduates_by_office(world: PopulatedWorld, mine: Foundation, shares: Reals) -> Reals:
    """[Y, 2, O] new F1 doctors."""
    starts = np.array([1 - mine.february, mine.february])
    return mine.graduates[1:, None, None] * starts[None, :, None] * shares[foundation_of(world)]
