"""Ranges of levels of England, by draws, chance and the model's discrepancy together.

The interval of a level is of the uncertain figures alone; this says how far England may be from it. The
discrepancy is that of the indicator's class, as `calibrate` found it on records (`study/fit/discrepancy`). Differences
have none: both worlds share it, and no record says how much of it does not cancel.
"""

from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.indicators import PERCENTAGES
from pipeline_sim.study.estimates.intervals import MOST_PERCENT
from pipeline_sim.study.replication.posterior_sample import load_sample

if TYPE_CHECKING:
    import pandas as pd

LOW, HIGH = "england_low", "england_high"
OUTCOMES = "outcomes"  # class of an indicator that is in no other
CLASS_OF = (
    dict.fromkeys(("gp_accepted", "fill_share", "rerun_share"), "recruitment")
    | dict.fromkeys(("headcount", "wte", "ltft_share", "resigned"), "heads")
    | {"redeployed_weeks": "activity"}
)
PLACES, TAIL = (np.arange(99) + 0.5) / 99, 0.025


def level_ranges(answer: Answer) -> "pd.DataFrame":
    """95 % ranges of levels by world and indicator; empty (NaN) where nothing that was fitted is drawn."""
    import pandas as pd
    from scipy.special import stdtrit

    study = answer.study
    drawn = study.posterior is not None and study.parameters == "sampled"
    known = load_sample(study.posterior).made.discrepancy if drawn and study.posterior else {}
    rows = {}
    for world, table in answer.runs.items():
        for name in table:
            sd, freedom = known.get(CLASS_OF.get(str(name), OUTCOMES), (np.nan, 1.0))
            factors = np.exp(sd * stdtrit(freedom, PLACES))
            low, high = np.quantile(np.outer(answer.sampling.means(table[name].to_numpy()), factors), (TAIL, 1 - TAIL))
            rows[world, name] = (low, min(high, MOST_PERCENT) if name in PERCENTAGES else high)
    index = pd.MultiIndex.from_tuples(rows, names=["world", "indicator"])
    return pd.DataFrame(list(rows.values()), index=index, columns=[LOW, HIGH])
