"""Stopping rule of a study: group-sequential looks at the headline intervals, at whole draws."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.comparison.scenarios import Scenarios, programmes_of
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.indicators import headline, mean_over_draw
from pipeline_sim.study.estimates.intervals import estimate
from pipeline_sim.study.execution.replication_store import ReplicationStore
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.summary import WorldReplications

LOOK_EVERY = 8  # replications between two looks at the interval, at least
FIRST_LOOK = 16  # draws before the first look: intervals of fewer, stopped at, would cover the mean too seldom


def stopping_points(study: Study) -> list[int]:
    """Numbers of replications at each look at the interval."""
    if study.precision is None:
        return [study.replications]
    first, step = FIRST_LOOK * study.lucks, -(-LOOK_EVERY // study.lucks) * study.lucks  # whole draws
    return [*range(first, study.replications, step), study.replications]


def meets_precision(
    study: Study,
    worlds: Mapping[str, WorldSpec],
    scenarios: Scenarios,
    store: ReplicationStore,
    count: int,
    precision: float,
) -> bool:
    """True if every mix's headline difference, in each scenario, has an interval of half-width `precision` at most."""
    scale = study.scale * world_of(worlds[study.baseline]).size
    pairs = [(study.baseline, name) for name in programmes_of(study, worlds)]
    pairs += [(each.reference, each.world) for each in scenarios.mixes]
    totals = {name: _by_draw(study, store.sample(name, count)) for pair in pairs for name in pair}
    differences = [(totals[without] - totals[name]) / scale for without, name in pairs]
    return all(half_width_at_most(difference, precision) for difference in differences)


def half_width_at_most(difference: npt.NDArray[np.float64], precision: float) -> bool:
    """True if the interval of a mean over draws [D] has half-width `precision` at most."""
    interval = estimate(difference)
    return (interval.high - interval.low) / 2 <= precision


def _by_draw(study: Study, sample: WorldReplications) -> npt.NDArray[np.float64]:
    return mean_over_draw(headline(sample, study.headline), study.lucks)
