"""Regret, worst cases and targets met over futures: every draw of the figures in every scenario.

Chance variation is taken out before choices are compared. Sizes: S scenarios, R replications, D draws, K choices.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.true_gains import true_gains
from pipeline_sim.study.estimates.random_effects import Draws

if TYPE_CHECKING:
    import pandas as pd

Reals = npt.NDArray[np.float64]
HIGH_REGRET = 0.95


class Outcomes(NamedTuple):
    """Gains and regrets of every choice in every future; each scenario counts alike, draws by their weights."""

    gains: Reals  # [S, D, K]
    regrets: Reals  # [S, D, K] beside the best choice of the future
    weights: Reals  # [D]

    @property
    def counts(self) -> Reals:
        """Weights [S, D] of futures; they add up to 1."""
        return np.broadcast_to(self.weights / len(self.gains), self.gains.shape[:2])


def outcomes(gains: Sequence[Reals], draws: Draws) -> Outcomes:
    """Outcomes from gains [R, K] by scenario, without chance."""
    levels = np.stack([true_gains(each, draws) for each in gains])
    return Outcomes(levels, levels.max(axis=-1, keepdims=True) - levels, draws.weights)


def robustness_table(found: Outcomes, choices: Sequence[str], target: float) -> "pd.DataFrame":
    """Row a choice: mean gain, that of the worst scenario, regret, shares of futures where it is best or satisfies."""
    import pandas as pd

    counts = found.counts
    means = (found.weights[:, None] * found.gains).sum(axis=1)  # [S, K]
    return pd.DataFrame(
        {
            "mean_gain": means.mean(axis=0),
            "worst_scenario_gain": means.min(axis=0),
            "mean_regret": (counts[..., None] * found.regrets).sum(axis=(0, 1)),
            "high_regret": [quantile(found.regrets[..., k], counts, HIGH_REGRET) for k in range(len(choices))],
            "best_share": (counts[..., None] * (found.regrets <= 0)).sum(axis=(0, 1)),
            "target_share": (counts[..., None] * (found.gains >= target)).sum(axis=(0, 1)),
        },
        index=pd.Index(list(choices), name="choice"),
    )


def regret_map(found: Outcomes) -> Reals:
    """Mean regret [S, K] of every choice in every scenario."""
    return np.asarray((found.weights[:, None] * found.regrets).sum(axis=1))


def quantile(values: Reals, weights: Reals, part: float) -> float:
    """Least value below or at which values of so much weight are."""
    order = np.argsort(values, axis=None)
    return float(values.ravel()[order][np.searchsorted(weights.ravel()[order].cumsum(), part - 1e-9)])
