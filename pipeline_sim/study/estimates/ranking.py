"""Ranking of mixes and its uncertainty: probability of being best, acceptability, pairwise differences."""

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.estimates.intervals import CONFIDENCE, estimate, one_sided_t_quantile

if TYPE_CHECKING:
    import pandas as pd

Reals = npt.NDArray[np.float64]
MOST_GBP_A_MONTH, STEPS = 20_000, 81


def probability_best(gained: Mapping[str, Reals]) -> "pd.Series":
    """Share of draws in which each programme gains most; `gained` by programme [D]. Ties are shared."""
    import pandas as pd

    if not gained:
        return pd.Series(dtype=float, name="probability")
    table = np.stack(list(gained.values()))
    best = table == table.max(axis=0)
    return pd.Series((best / best.sum(axis=0)).mean(axis=1), index=list(gained), name="probability")


def acceptability_curve(
    gained: Mapping[str, Reals], net_cost: Mapping[str, Reals], no_programme: str
) -> "pd.DataFrame":
    """Cost-effectiveness acceptability: share of draws in which each choice has the highest net benefit.

    Index: gbp_a_month, the value of a month of training; a column for each choice, of which `no_programme` is zero.
    """
    import pandas as pd

    prices = np.linspace(0, MOST_GBP_A_MONTH, STEPS)
    names = [no_programme, *gained]
    gain = np.stack([np.zeros_like(next(iter(gained.values()))), *gained.values()])
    cost = np.stack([np.zeros_like(gain[0]), *(net_cost[name] for name in gained)])
    net_benefit = prices[:, None, None] * gain - cost
    best = net_benefit == net_benefit.max(axis=1, keepdims=True)
    shares = (best / best.sum(axis=1, keepdims=True)).mean(axis=2)
    return pd.DataFrame(shares, index=pd.Index(prices, name="gbp_a_month"), columns=names)


def pairwise_differences(gained: Mapping[str, Reals]) -> "pd.DataFrame":
    """Gain of one programme over another, paired by draw: index (one, other), columns mean, low, high."""
    import pandas as pd

    pairs = list(combinations(gained, 2))
    rows = [estimate(gained[one] - gained[other]) for one, other in pairs]
    index = pd.MultiIndex.from_tuples(pairs, names=["one", "other"])
    return pd.DataFrame(rows, index=index, columns=["mean", "low", "high"])


def best_set(gained: Mapping[str, Reals]) -> tuple[str, ...]:
    """Programmes among which is, with 95 % confidence, the one with the highest true gain; `gained` by programme [D].

    Each is compared with the best at once, paired by draw (B. L. Nelson and F. J. Matejcik, 1995, Manage. Sci. 41,
    1935-1945), however unequal the variances of their differences. All of them with a single draw.
    """
    if not gained:
        return ()
    ruled_out = is_beaten(np.stack(list(gained.values()), axis=-1))
    return tuple(name for name, out in zip(gained, ruled_out, strict=True) if not out)


def is_beaten(gained: Reals) -> npt.NDArray[np.bool_]:
    """True [..., K] where another alternative is better, from gains [D, ..., K]; wrong of the best in 5 % at most."""
    draws, count = gained.shape[0], gained.shape[-1]
    if draws < 2 or count < 2:
        return np.zeros(gained.shape[1:], dtype=bool)
    margin = one_sided_t_quantile((1 - CONFIDENCE) / (count - 1), draws - 1) / np.sqrt(draws)
    better = [
        (less.mean(axis=0) > margin * less.std(axis=0, ddof=1)).any(axis=-1)
        for less in (gained - gained[..., [index]] for index in range(count))
    ]
    return np.stack(better, axis=-1)


def variance_components(raw: Mapping[str, Reals], replications_per_draw: int) -> "pd.DataFrame":
    """Variance components of single replications: standard deviations due to the parameters and to chance.

    `raw` by programme [R]; replications that share a draw are consecutive (one-way random effects, balanced draws
    alone). With the parameters' share of the variance and its 95 % interval, NaN where nothing varies. Empty where
    every replication has a draw of its own: the two cannot then be separated.
    """
    import pandas as pd

    columns = list(VarianceComponents._fields)
    rows = [_components(values, replications_per_draw) for values in raw.values()]
    if replications_per_draw < 2 or any(row is None for row in rows):
        return pd.DataFrame(columns=columns)
    return pd.DataFrame([row for row in rows if row], index=pd.Index(list(raw), name="world"), columns=columns)


class VarianceComponents(NamedTuple):
    """Contributions of the parameters and of chance to the variance between single replications."""

    parameters_sd: float
    luck_sd: float
    parameters_share: float  # of the variance, 0 to 1
    share_low: float
    share_high: float


def _components(values: Reals, per_draw: int) -> VarianceComponents | None:
    draws = len(values) // per_draw
    if per_draw < 2 or draws < 2:
        return None
    table = values[: draws * per_draw].reshape(draws, per_draw)
    chance = float(table.var(axis=1, ddof=1).mean())
    between = float(table.mean(axis=1).var(ddof=1))  # of means of draws: some chance variation is left in it
    parameters = max(between - chance / per_draw, 0.0)  # a negative estimate of a variance is taken as zero
    if chance <= 0:
        return VarianceComponents(parameters**0.5, 0.0, *([1.0 if parameters else np.nan] * 3))
    low, high = _share_between(per_draw * between / chance, draws, per_draw)
    return VarianceComponents(parameters**0.5, chance**0.5, parameters / (parameters + chance), low, high)


def _share_between(ratio: float, draws: int, per_draw: int) -> tuple[float, float]:
    """95 % interval of the share from the ratio of mean squares (Shrout and Fleiss, 1979, Psychol. Bull. 86, 420)."""
    from scipy.special import fdtri

    ends = []
    for part in ((1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2):
        over = ratio / float(fdtri(draws - 1, draws * (per_draw - 1), part))
        ends.append(max((over - 1) / (over - 1 + per_draw), 0.0))
    return ends[0], ends[1]
