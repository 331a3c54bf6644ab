"""Which mix is best, and how sure that is: shares of draws, worth at a price of a month, differences between mixes."""

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.estimates.intervals import CONFIDENCE, estimate, one_sided

if TYPE_CHECKING:
    import pandas as pd

Reals = npt.NDArray[np.float64]
MOST_GBP_A_MONTH, STEPS = 20_000, 81


def probability_best(gained: Mapping[str, Reals]) -> "pd.Series":
    """Part of the draws in which each programme gains most; `gained` by programme [D]. Equals share."""
    import pandas as pd

    if not gained:
        return pd.Series(dtype=float, name="probability")
    table = np.stack(list(gained.values()))
    best = table == table.max(axis=0)
    return pd.Series((best / best.sum(axis=0)).mean(axis=1), index=list(gained), name="probability")


def acceptability(gained: Mapping[str, Reals], net_cost: Mapping[str, Reals], nothing: str) -> "pd.DataFrame":
    """Part of the draws in which each choice is worth most, by what a month of training is worth in pounds.

    Doing nothing gains and costs nothing. Index: gbp_a_month; a column for each choice.
    """
    import pandas as pd

    prices = np.linspace(0, MOST_GBP_A_MONTH, STEPS)
    names = [nothing, *gained]
    gain = np.stack([np.zeros_like(next(iter(gained.values()))), *gained.values()])
    cost = np.stack([np.zeros_like(gain[0]), *(net_cost[name] for name in gained)])
    worth = prices[:, None, None] * gain - cost
    best = worth == worth.max(axis=1, keepdims=True)
    shares = (best / best.sum(axis=1, keepdims=True)).mean(axis=2)
    return pd.DataFrame(shares, index=pd.Index(prices, name="gbp_a_month"), columns=names)


def between(gained: Mapping[str, Reals]) -> "pd.DataFrame":
    """What one programme gains more than another, under the same draws: index (one, other), columns mean, low, high."""
    import pandas as pd

    pairs = list(combinations(gained, 2))
    rows = [estimate(gained[one] - gained[other]) for one, other in pairs]
    index = pd.MultiIndex.from_tuples(pairs, names=["one", "other"])
    return pd.DataFrame(rows, index=index, columns=["mean", "low", "high"])


def may_be_best(gained: Mapping[str, Reals]) -> tuple[str, ...]:
    """Programmes of which the one that truly gains most is one, with 95 % confidence; `gained` by programme [D].

    All are compared with the best at once, under the same draws (B. L. Nelson and F. J. Matejcik, 1995, Manage. Sci.
    41, 1935-1945), however unequally their differences vary. All of them where there is one draw.
    """
    if not gained:
        return ()
    left_out = beaten(np.stack(list(gained.values()), axis=-1))
    return tuple(name for name, out in zip(gained, left_out, strict=True) if not out)


def beaten(gained: Reals) -> npt.NDArray[np.bool_]:
    """[..., K] of gains [D, ..., K]: is one of the others better? The best is said to be beaten in 5 % at most."""
    draws, count = gained.shape[0], gained.shape[-1]
    if draws < 2 or count < 2:
        return np.zeros(gained.shape[1:], dtype=bool)
    reach = one_sided((1 - CONFIDENCE) / (count - 1), draws - 1) / np.sqrt(draws)
    better = [
        (less.mean(axis=0) > reach * less.std(axis=0, ddof=1)).any(axis=-1)
        for less in (gained - gained[..., [place]] for place in range(count))
    ]
    return np.stack(better, axis=-1)


def spread(raw: Mapping[str, Reals], lucks: int) -> "pd.DataFrame":
    """Where the differences of single replications come from: standard deviations owed to the parameters and to luck.

    `raw` by programme [R]; replications that share a draw stand together (one-way random effects, balanced draws
    alone). With them the parameters' share of the variance and its 95 % interval, NaN where nothing varies. Empty where
    every replication has a draw of its own: then the two cannot be told apart.
    """
    import pandas as pd

    columns = list(Parts._fields)
    rows = [_parts(values, lucks) for values in raw.values()]
    if lucks < 2 or any(row is None for row in rows):
        return pd.DataFrame(columns=columns)
    return pd.DataFrame([row for row in rows if row], index=pd.Index(list(raw), name="world"), columns=columns)


class Parts(NamedTuple):
    """Of the variance between single replications: what the parameters and what luck contribute."""

    parameters_sd: float
    luck_sd: float
    parameters_share: float  # of the variance, 0 to 1
    share_low: float
    share_high: float


def _parts(values: Reals, lucks: int) -> Parts | None:
    whole = len(values) // lucks
    if lucks < 2 or whole < 2:
        return None
    table = values[: whole * lucks].reshape(whole, lucks)
    luck = float(table.var(axis=1, ddof=1).mean())
    seen = float(table.mean(axis=1).var(ddof=1))  # of means over lucks: what is left of luck is in it
    parameters = max(seen - luck / lucks, 0.0)  # a variance below nothing is none
    if luck <= 0:
        return Parts(parameters**0.5, 0.0, *([1.0 if parameters else np.nan] * 3))
    low, high = _share_between(lucks * seen / luck, whole, lucks)
    return Parts(parameters**0.5, luck**0.5, parameters / (parameters + luck), low, high)


def _share_between(ratio: float, draws: int, lucks: int) -> tuple[float, float]:
    """95 % interval of the share from the ratio of mean squares (Shrout and Fleiss, 1979, Psychol. Bull. 86, 420)."""
    from scipy.special import fdtri

    ends = []
    for part in ((1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2):
        over = ratio / float(fdtri(draws - 1, draws * (lucks - 1), part))
        ends.append(max((over - 1) / (over - 1 + lucks), 0.0))
    return ends[0], ends[1]
