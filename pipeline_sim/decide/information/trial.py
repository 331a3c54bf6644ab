"""What a trial of an effect is worth before it is run (EVSI): it would show the effect with an error, not exactly.

What the trial may find is simulated for every draw. What the draws then say of the effect are importance weights, by
which the expected gains given the effect are averaged once more (N. A. Menzies, 2016, Med. Decis. Making 36, 308-320).
So the value is between nothing and that of knowing the effect.
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.decide.information.perfect_information import value_of_expected
from pipeline_sim.decide.information.smoothing import Reals, expected_gains

POINTS = 9  # of what a trial may find around each draw (Gauss and Hermite)
ARMS = 2


class Trial(NamedTuple):
    """A trial in two equal arms."""

    doctors: float
    spread: float  # standard deviation between single doctors, in those of the effect over draws

    @property
    def error(self) -> float:
        """Standard error of the difference between the arms, in standard deviations of the effect over draws."""
        return self.spread * ARMS / float(np.sqrt(self.doctors))


def value_of_trial(effect: Reals, gains: Reals, weights: Reals, trial: Trial) -> float:
    """Value of a trial of an effect [D], from gains [D, K]."""
    spread = float(np.sqrt(weights @ (effect - weights @ effect) ** 2))
    if spread <= 0:
        return 0.0
    expected = expected_gains(effect[:, None], gains, weights)
    places = effect / (spread * trial.error)
    nodes, shares = np.polynomial.hermite_e.hermegauss(POINTS)
    best = 0.0
    for node, share in zip(nodes, shares / shares.sum(), strict=True):
        found = places + node
        likely = -((found[:, None] - places) ** 2) / 2
        given = weights * np.exp(likely - likely.max(axis=1, keepdims=True))
        after = (given / given.sum(axis=1, keepdims=True)) @ expected
        best += share * float(weights @ after.max(axis=1))
    value = best - float((weights @ expected).max())
    return min(max(value, 0.0), value_of_expected(expected, weights))
