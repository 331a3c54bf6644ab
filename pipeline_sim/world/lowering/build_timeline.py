"""From a World to its Timeline: normal times, then the shocks that are switched on, then the mix."""

from pipeline_sim.world.interventions.apply_mix import mended, priced
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, shocked
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.tables import SeatKind, Timeline, normal, same
from pipeline_sim.world.world_error import WorldError, hint

__all__ = ["SeatKind", "Timeline", "build_timeline", "plain_timeline", "same"]


def plain_timeline(world: World) -> Timeline:
    """A world in which nothing happens and nothing is bought."""
    return normal(axes_of(world))


def build_timeline(
    world: World, without: frozenset[str] = frozenset(), population: Population | None = None
) -> Timeline:
    """All that happens in a world, less the shocks and interventions named in `without`.

    Raises WorldError for a name that is neither, a group without its figures, money outside the period.
    """
    return bought(world, shaken(world, without, population), without, population)


def shaken(world: World, without: frozenset[str], population: Population | None = None) -> Timeline:
    """What happens to a world before anything is bought; the same for every mix and every belief about effects."""
    check_names(world, without)
    axes = axes_of(world, population)
    return normal(axes) if world.shocks is None else shocked(normal(axes), axes, world.shocks, without)


def bought(world: World, timeline: Timeline, without: frozenset[str], population: Population | None) -> Timeline:
    """A timeline with what the world's mix buys."""
    axes = axes_of(world, population)
    if world.mix is not None and world.interventions is not None:
        timeline = mended(timeline, axes, priced(world), world.mix, without)
    return timeline


def check_names(world: World, without: frozenset[str]) -> None:
    """Refuses a name that is no shock and no intervention of the world."""
    catalogue = world.interventions
    known = [
        *(SHOCKS if world.shocks else ()),
        *(catalogue.entries if catalogue else ()),
    ]
    for name in sorted(without):
        if name not in known:
            none = "" if known else f"; {world.name} has none"
            raise WorldError(f"without: no shock or intervention '{name}'{hint(name, known)}{none}")
