"""The only door down: a World, its people and its Timeline become the integers of a Rulebook."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

from pipeline_sim.rules.event_order import ORIGIN_SHIFT
from pipeline_sim.rules.rulebook import Posts, Rulebook
from pipeline_sim.world.lowering.lower_calendar import lower_calendar
from pipeline_sim.world.lowering.lower_places import lower_redeployment, lower_seats
from pipeline_sim.world.lowering.lower_posts import lower_posts, lower_recruitment
from pipeline_sim.world.lowering.lower_programmes import lower_exams, lower_programmes
from pipeline_sim.world.lowering.lower_reviews import lower_extensions, lower_panels, lower_revalidation
from pipeline_sim.world.lowering.lower_training import lower_competence, lower_placements, prefix, taken
from pipeline_sim.world.lowering.lower_working_life import lower_life
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.tables import Timeline
from pipeline_sim.world.world_error import WorldError

LARGEST_SCALE = 16  # above 1 is of use only to measure speed
MOST_IN_A_COHORT = 1 << ORIGIN_SHIFT
OFTEN_MOVED = ("opportunity", "slots_share", "seats")  # by a mix; what is shared is made from none of them
T = TypeVar("T")


class Lowered:
    """Tables that worlds share because nothing that they are made from differs; each is made once.

    Worlds with the same Population object must not differ in anything but shocks, interventions, mix and costs.
    """

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], tuple[Any, tuple[object, ...]]] = {}

    def of(self, make: Callable[[], T], name: str, *parts: object) -> T:
        """What `make` makes of the parts, which are told apart by identity."""
        key = (name, *map(id, parts))
        if key not in self._made:
            self._made[key] = make(), parts  # parts are kept, so that no other can have their identity
        made: T = self._made[key][0]
        return made


def lower(
    world: World, population: Population, timeline: Timeline, scale: float = 1.0, lowered: Lowered | None = None
) -> Rulebook:
    """The Rulebook. `scale` shrinks or swells stock, intake, posts, slots, panels and seats together.

    Chances, lengths of time and dates do not depend on the scale. Raises WorldError for another scale.
    """
    if not (math.isfinite(scale) and 0 < scale <= LARGEST_SCALE):
        raise WorldError(f"scale: is {scale}, should be above 0 and at most {LARGEST_SCALE}")
    part = scale * world.size
    of = (lowered or Lowered()).of
    programmes = of(lambda: lower_programmes(world), "programmes", population)
    posts = of(lambda: lower_posts(world, population, part), f"posts {part}", population)
    check_numbers(posts)
    happens = [getattr(timeline, name) for name in Timeline.__dataclass_fields__ if name not in OFTEN_MOVED]
    opportunity_sum = of(lambda: prefix(timeline.opportunity), "opportunity", timeline.opportunity)
    taken_sum = of(lambda: taken(timeline.shocked), "taken", timeline.shocked)
    return Rulebook(
        calendar=of(lambda: lower_calendar(world, timeline.changeover_open), "calendar", population, *happens),
        programmes=programmes,
        posts=posts,
        recruitment=of(lambda: lower_recruitment(world, population), "recruitment", population),
        placements=lower_placements(world, programmes, posts.establishment, timeline),
        competence=lower_competence(world, timeline, opportunity_sum, taken_sum),
        exams=of(lambda: lower_exams(world, timeline.sitting_open), "exams", population, *happens),
        panels=of(lambda: lower_panels(world, posts.establishment, timeline), "panels", posts, *happens),
        extensions=of(lambda: lower_extensions(world), "extensions", population),
        life=of(lambda: lower_life(world, population, timeline, programmes), "life", population, *happens),
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
