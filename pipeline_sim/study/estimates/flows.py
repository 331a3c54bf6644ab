"""Flow of doctors through the stages of training in one world: starts, completions and leavers over all years."""

from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.study.estimates.intervals import Estimate, level_and_interval
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.replication.summary import STAGE, STAGES, SUBGROUP_MEASURES, Subgroups, WorldReplications

if TYPE_CHECKING:
    import pandas as pd

ENDS = ("foundation_completions", "core_completions", "ccts")
COUNTED = ("started", *ENDS, "resigned", "released")
FLOWS = ("started", "finished", "resigned", "released", "more_in_post")


def flows(sample: WorldReplications, subgroups: Subgroups, scale: float, draws: Draws) -> "pd.DataFrame":
    """Doctors by stage and flow over all reported years, as estimates.

    `finished` are completions of foundation and core and CCTs; `more_in_post` is starts less completions and leavers.
    """
    import pandas as pd

    positions = [subgroups.position(STAGE, stage) for stage in STAGES]
    people = sample.by_subgroup[:, positions].sum(axis=2) / scale
    counted = {name: people[..., SUBGROUP_MEASURES.index(name)] for name in COUNTED}
    finished = sum((counted[name] for name in ENDS), np.zeros_like(counted["started"]))
    grown = counted["started"] - finished - counted["resigned"] - counted["released"]
    values = np.stack([counted["started"], finished, counted["resigned"], counted["released"], grown], axis=-1)
    index = pd.MultiIndex.from_product([STAGES, FLOWS], names=["stage", "flow"])
    columns = (column.ravel() for column in level_and_interval(values, draws, [FLOWS.index("more_in_post")]))
    return pd.DataFrame(dict(zip(Estimate._fields, columns, strict=True)), index=index)
