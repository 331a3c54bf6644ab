"""When enough replications have been run: looks at the headline intervals, a block of draws at a time."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.indicators import headline, over_lucks
from pipeline_sim.study.estimates.intervals import estimate
from pipeline_sim.study.execution.replication_store import Finished
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.study.replication.summary import Sample

BLOCK = 8  # replications between two looks at the interval, at least
LEAST = 16  # draws before the first look: an interval looked at earlier holds the mean less often than it says


def blocks(study: Study) -> list[int]:
    """How many replications there are at each look at the interval."""
    if study.precision is None:
        return [study.replications]
    first, step = LEAST * study.lucks, -(-BLOCK // study.lucks) * study.lucks  # whole draws
    return [*range(first, study.replications, step), study.replications]


def is_known(study: Study, worlds: Mapping[str, Assumed], kept: Finished, count: int, precision: float) -> bool:
    """True if every programme's headline difference has an interval that narrow, either way of its mean."""
    scale = study.scale * world_of(worlds[study.baseline]).size
    base, gaps = _by_draw(study, kept.sample(study.baseline, count)), []
    for world in study.worlds:
        if world.mix is not None and world.name != study.baseline:
            gaps.append((base - _by_draw(study, kept.sample(world.name, count))) / scale)
    return all(is_narrow(gap, precision) for gap in gaps)


def is_narrow(gap: npt.NDArray[np.float64], precision: float) -> bool:
    """True if the interval of a mean over draws [D] reaches no further than that, either way."""
    found = estimate(gap)
    return (found.high - found.low) / 2 <= precision


def _by_draw(study: Study, sample: Sample) -> npt.NDArray[np.float64]:
    return over_lucks(headline(sample, study.headline), study.lucks)
