"""The only door down: a World, its people and its Timeline become the integers of a Rulebook."""

import math

from pipeline_sim.rules.rulebook import Posts, Rulebook
from pipeline_sim.rules.turn import ORIGIN_SHIFT
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

LARGEST_SCALE = 16  # above 1 is of use only to measure speed
MOST_IN_A_COHORT = 1 << ORIGIN_SHIFT


def lower(world: World, population: Population, timeline: Timeline, scale: float = 1.0) -> Rulebook:
    """The Rulebook. `scale` shrinks or swells stock, intake, posts, slots, panels and seats together.

    Chances, lengths of time and dates do not depend on the scale. Raises WorldError for another scale.
    """
    if not (math.isfinite(scale) and 0 < scale <= LARGEST_SCALE):
        raise WorldError(f"scale: is {scale}, should be above 0 and at most {LARGEST_SCALE}")
    programmes = lower_programmes(world)
    part = scale * world.size
    posts = lower_posts(world, population, part)
    check_numbers(posts)
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


def check_numbers(posts: Posts) -> None:
    """Refuses more people of one kind than can be numbered; their numbers would run into those of others."""
    kinds = {
        "doctors in post on the first day": posts.stock.sum(),
        "new F1 doctors of a year": posts.graduates.sum(axis=(1, 2)).max(initial=0),
        "applicants from elsewhere in a year": posts.external.sum(axis=1).max(initial=0),
        "former F2 doctors on the first day": posts.returners.sum(),
    }
    for who, many in kinds.items():
        if many >= MOST_IN_A_COHORT:
            raise WorldError(f"scale: makes {many:,} {who}, should be below {MOST_IN_A_COHORT:,}")
