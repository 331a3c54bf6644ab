"""Timeline of a World: normal times, then the shocks that are switched on, then the mix."""

from pipeline_sim.world.interventions.apply_mix import apply_purchases, purchases
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, apply_all_shocks
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Axes, Timeline, normal_timeline
from pipeline_sim.world.world_error import WorldError, hint


def build_timeline(
    world: World, without: frozenset[str] = frozenset(), population: Population | None = None
) -> Timeline:
    """Timeline of a world without the shocks and interventions named in `without`.

    Raises WorldError for an unknown name, a group without its figures or money outside the period.
    """
    axes = axes_of(world, population)
    timeline = apply_shocks(world, without, axes)
    bought = purchases(world, axes=axes, shocked=timeline)
    return timeline if bought is None else apply_purchases(timeline, bought, without)


def apply_shocks(world: World, without: frozenset[str], axes: Axes, shared: SharedResults | None = None) -> Timeline:
    """Timeline after the shocks; independent of the mix and of parameters of interventions."""
    check_names(world, without)
    shared = shared or SharedResults()
    timeline = shared.get(lambda: normal_timeline(axes, shared), "normal", axes)
    return timeline if world.shocks is None else apply_all_shocks(timeline, axes, world.shocks, without, shared)


def check_names(world: World, without: frozenset[str]) -> None:
    """Check that names are shocks or interventions of the world; raises WorldError."""
    catalogue = world.interventions
    known = [*(SHOCKS if world.shocks else ()), *(catalogue.entries if catalogue else ())]
    for name in sorted(without):
        if name not in known:
            none = "" if known else f"; {world.name} has none"
            raise WorldError(f"without: no shock or intervention '{name}'{hint(name, known)}{none}")
