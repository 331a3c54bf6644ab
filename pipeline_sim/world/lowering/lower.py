"""Rulebook of a World: the only conversion of a world, its population and its Timeline to integers."""

import math

from pipeline_sim.rules.event_order import ORIGIN_SHIFT
from pipeline_sim.rules.rulebook import Posts, Rulebook
from pipeline_sim.world.lowering.lower_calendar import lower_calendar
from pipeline_sim.world.lowering.lower_people import lower_people
from pipeline_sim.world.lowering.lower_places import lower_places, lower_redeployment
from pipeline_sim.world.lowering.lower_posts import lower_posts, lower_recruitment
from pipeline_sim.world.lowering.lower_programmes import exams_of_timeline, lower_programmes
from pipeline_sim.world.lowering.lower_reviews import lower_extensions, lower_panels, lower_revalidation
from pipeline_sim.world.lowering.lower_training import competence_of_timeline, lower_placements
from pipeline_sim.world.lowering.lower_working_life import life_of_timeline
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Timeline
from pipeline_sim.world.world_error import WorldError

LARGEST_SCALE = 16  # scales above 1 serve to measure speed
MOST_IN_A_COHORT = 1 << ORIGIN_SHIFT


def lower(
    world: World, population: Population, timeline: Timeline, scale: float = 1.0, shared: SharedResults | None = None
) -> Rulebook:
    """Rulebook of a world. `scale` multiplies stock, intake, posts, slots, panels and places, not chances or times.

    Worlds that share results may have the same population only if they differ in nothing but shocks, interventions, mix
    and costs. Raises WorldError for a scale out of bounds.
    """
    if not (math.isfinite(scale) and 0 < scale <= LARGEST_SCALE):
        raise WorldError(f"scale: is {scale}, should be above 0 and at most {LARGEST_SCALE}")
    size = scale * world.size
    shared = shared or SharedResults()
    get = shared.get
    programmes = get(lambda: lower_programmes(world), "programmes", population)
    posts = get(lambda: checked(lower_posts(world, population, size)), f"posts {size}", population)
    slots, changeovers = timeline.slots_share, timeline.changeover_open
    evidence = timeline.incomplete, timeline.evidence_lost
    reviews = timeline.panel_capacity_share, *evidence, timeline.waiver_days, timeline.derogation
    wards = timeline.pull_per_week, timeline.redeployment_weeks
    kinds, postponed = timeline.place_kinds, timeline.revalidation_postponed
    return Rulebook(
        calendar=get(lambda: lower_calendar(world, changeovers), "calendar", population, changeovers),
        programmes=programmes,
        posts=posts,
        people=get(lambda: lower_people(world, population.choice[0]), "people", population),
        recruitment=get(lambda: lower_recruitment(world, population), "recruitment", population),
        placements=get(lambda: lower_placements(world, programmes, posts, slots), "placements", posts, slots),
        competence=competence_of_timeline(world, population, timeline, shared),
        exams=exams_of_timeline(world, population, timeline, shared),
        panels=get(lambda: lower_panels(world, posts.establishment, timeline), "panels", posts, *reviews),
        extensions=get(lambda: lower_extensions(world), "extensions", population),
        life=life_of_timeline(world, population, timeline, programmes, shared),
        revalidation=get(lambda: lower_revalidation(world, postponed), "revalidation", population, postponed),
        redeployment=get(lambda: lower_redeployment(timeline), "redeployment", *wards),
        seats=get(lambda: lower_places(world, kinds, size), f"kinds {size}", population, world.interventions, *kinds),
    )


def checked(posts: Posts) -> Posts:
    """Posts, each cohort of which fits into the trainee numbers of its kind; raises WorldError."""
    kinds = {
        "doctors in post on the first day": posts.stock.sum(),
        "new F1 doctors of a year": posts.graduates.sum(axis=(1, 2)).max(initial=0),
        "applicants from elsewhere in a year": posts.external.sum(axis=2).max(initial=0),
        "former F2 doctors on the first day": posts.returners.sum(),
    }
    for who, many in kinds.items():
        if many >= MOST_IN_A_COHORT:
            raise WorldError(f"scale: makes {many:,} {who}, should be below {MOST_IN_A_COHORT:,}")
    return posts
