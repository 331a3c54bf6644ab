"""The flow of doctors through the stages of training in one world: who started, finished and left, over all years."""

from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.study.estimates.indicators import over_lucks
from pipeline_sim.study.estimates.intervals import Estimate, interval
from pipeline_sim.study.replication.summary import STAGE, STAGES, WHO_MEASURES, Sample, Who

if TYPE_CHECKING:
    import pandas as pd

ENDS = ("foundation_completions", "core_completions", "ccts")
COUNTED = ("started", *ENDS, "resigned", "released")
FLOWS = ("started", "finished", "resigned", "released", "more_in_post")


def flows(sample: Sample, who: Who, scale: float, lucks: int) -> "pd.DataFrame":
    """Doctors by stage and flow over all reported years, as estimates.

    `finished` are completions of foundation and core and CCTs; `more_in_post` is what started and neither finished nor
    left, less what was there before: by how much the stage has grown.
    """
    import pandas as pd

    places = [who.place(STAGE, stage) for stage in STAGES]
    people = over_lucks(sample.who[:, places], lucks).sum(axis=2) / scale
    counted = {name: people[..., WHO_MEASURES.index(name)] for name in COUNTED}
    finished = sum((counted[name] for name in ENDS), np.zeros_like(counted["started"]))
    grown = counted["started"] - finished - counted["resigned"] - counted["released"]
    values = np.stack([counted["started"], finished, counted["resigned"], counted["released"], grown], axis=-1)
    index = pd.MultiIndex.from_product([STAGES, FLOWS], names=["stage", "flow"])
    found = (each.ravel() for each in interval(values))
    return pd.DataFrame(dict(zip(Estimate._fields, found, strict=True)), index=index)
