"""Value of perfect information: what a decision would gain if some, or all, uncertain figures were known before.

Gains are of the draws D and K choices, in one unit, more is better. Whoever decides without the information takes the
choice of the highest mean. EVPI and EVPPI: J. Brennan and others, 2007, Med. Decis. Making 27, 448-470.
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.decide.information.smoothing import Reals, Whole, expected_gains, held_out_choice
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.estimates.ranking import best_choices


class PerfectInformation(NamedTuple):
    """Value of knowing everything, without chance variation."""

    value: float
    with_chance: float  # had every replication been taken for the truth
    floor: float  # 95th percentile where replications are exchanged between draws, so that nothing can be known
    best: int  # choice of the highest mean
    losses: Reals  # [K] expected loss of each choice


def perfect_information(gains: Reals, draws: Draws, exchanges: int = 50, seed: int = 1) -> PerfectInformation:
    """Value of perfect information from gains [R, K]; some draws need a second replication to take chance out."""
    found = best_choices(gains, draws)
    generator = np.random.default_rng(seed)
    floors = [best_choices(generator.permutation(gains), draws).loss.min() for _ in range(exchanges)]
    means = draws.weights @ draws.means(gains)
    first = gains[draws.starts]
    naive = float(draws.weights @ first.max(axis=1) - (draws.weights @ first).max())
    return PerfectInformation(
        float(found.loss.min()), naive, float(np.quantile(floors, 0.95)), int(means.argmax()), np.asarray(found.loss)
    )


def value_of_knowing(columns: Reals, gains: Reals, weights: Reals) -> float:
    """Value of knowing figures [D, P], from gains [D, K], by the expected gains given them."""
    return value_of_expected(expected_gains(columns, gains, weights), weights)


def value_of_expected(expected: Reals, weights: Reals) -> float:
    """Value of deciding by expected gains [D, K] in place of their mean."""
    return max(float(weights @ expected.max(axis=1) - (weights @ expected).max()), 0.0)


def held_out_value(columns: Reals, gains: Reals, weights: Reals, clusters: Whole) -> tuple[float, float]:
    """Value of knowing figures, by the gains of choices made by draws of other folds, and its standard error.

    It is not above the truth but for chance: a choice that follows nothing gains nothing.
    """
    chosen = held_out_choice(columns, gains, weights, clusters)
    usual = int((weights @ gains).argmax())
    more = gains[np.arange(len(gains)), chosen] - gains[:, usual]
    value = float(weights @ more)
    return value, float(np.sqrt(np.square(weights * (more - value)).sum()))
