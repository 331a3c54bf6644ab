"""Stopping rule of a study: group-sequential looks at the Monte Carlo error of mean gains, at whole blocks of draws."""

from collections.abc import Mapping

from pipeline_sim.study.comparison.scenarios import Scenarios, programmes_of
from pipeline_sim.study.comparison.study_file import Study, draws_of
from pipeline_sim.study.estimates.indicators import headline
from pipeline_sim.study.estimates.random_effects import Draws, Reals, effects, monte_carlo_interval
from pipeline_sim.study.execution.replication_store import ReplicationStore
from pipeline_sim.study.replication.prepare import WorldSpec, world_of

LOOK_EVERY = 8  # replications between two looks at the interval, at least
FIRST_LOOK = 16  # draws before the first look: intervals of fewer, stopped at, would hold the mean too seldom


def stopping_points(study: Study) -> list[int]:
    """Numbers of replications at each look at the interval."""
    if study.precision is None:
        return [study.replications]
    draws = study.repeat_every or 1
    block = draws + (study.repeat_every > 0)  # replications of as many draws
    first, step = -(-FIRST_LOOK // draws) * block, -(-LOOK_EVERY // block) * block
    return [*range(first, study.replications, step), study.replications]


def meets_precision(
    study: Study,
    worlds: Mapping[str, WorldSpec],
    scenarios: Scenarios,
    store: ReplicationStore,
    count: int,
    precision: float,
) -> bool:
    """True if every mix's mean gain, in each scenario, has a Monte Carlo interval of half-width `precision` at most."""
    scale = study.scale * world_of(worlds[study.baseline]).size
    pairs = [(study.baseline, name) for name in programmes_of(study, worlds)]
    pairs += [(each.reference, each.world) for each in scenarios.mixes]
    totals = {name: headline(store.sample(name, count), study.headline) for pair in pairs for name in pair}
    draws = draws_of(study, count)
    differences = [(totals[without] - totals[name]) / scale for without, name in pairs]
    return all(half_width_at_most(difference, draws, precision) for difference in differences)


def half_width_at_most(difference: Reals, draws: Draws, precision: float) -> bool:
    """True if the Monte Carlo interval of a mean, over values [R], has half-width `precision` at most."""
    low, high = monte_carlo_interval(effects(difference, draws))
    return bool((high - low) / 2 <= precision)
