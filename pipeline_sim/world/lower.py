"""The only door down: a World, its people and its Timeline become the integers of a Rulebook."""

import math

from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.world.errors import WorldError
from pipeline_sim.world.lower_calendar import lower_calendar
from pipeline_sim.world.lower_life import lower_life
from pipeline_sim.world.lower_posts import lower_posts, lower_recruitment
from pipeline_sim.world.lower_programmes import lower_exams, lower_programmes
from pipeline_sim.world.lower_reviews import lower_extensions, lower_panels, lower_revalidation
from pipeline_sim.world.lower_seats import lower_redeployment, lower_seats
from pipeline_sim.world.lower_training import lower_competence, lower_placements
from pipeline_sim.world.population import Population
from pipeline_sim.world.schema import World
from pipeline_sim.world.tables import Timeline


def lower(world: World, population: Population, timeline: Timeline, scale: float = 1.0) -> Rulebook:
    """The Rulebook. `scale` (0 < scale <= 1) shrinks stock, intake, posts, slots, panel capacity and seats together.

    Chances, lengths of time and dates do not depend on the scale. Raises WorldError for another scale.
    """
    if not (math.isfinite(scale) and 0 < scale <= 1):
        raise WorldError(f"scale: is {scale}, should be above 0 and at most 1")
    programmes = lower_programmes(world)
    part = scale * world.size
    posts = lower_posts(world, population, part)
    return Rulebook(
        calendar=lower_calendar(world, timeline.changeover_open),
        programmes=programmes,
        posts=posts,
        recruitment=lower_recruitment(world, population),
        placements=lower_placements(world, programmes, posts.establishment, timeline),
        competence=lower_competence(world, timeline),
        exams=lower_exams(world, timeline.sitting_open),
        panels=lower_panels(world, posts.establishment, timeline),
        extensions=lower_extensions(world),
        life=lower_life(world, population, timeline, programmes),
        revalidation=lower_revalidation(world, timeline.revalidation_postponed),
        redeployment=lower_redeployment(timeline),
        seats=lower_seats(world, timeline.seats, part),
    )
