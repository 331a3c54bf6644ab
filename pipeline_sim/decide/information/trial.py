"""What a trial of an effect is worth before it is run (EVSI): it would show the effect with an error, not exactly.

What the trial may find is simulated for every draw. What the draws then say of the effect are importance weights, by
which the expected gains given the effect are averaged once more (N. A. Menzies, 2016, Med. Decis. Making 36, 308-320).
So the value is between nothing and that of knowing the effect. The error of the trial is taken as normal.
"""

import numpy as np

from pipeline_sim.decide.information.perfect_information import value_of_expected
from pipeline_sim.decide.information.smoothing import Reals, expected_gains

POINTS = 9  # of what a trial may find around each draw (Gauss and Hermite)


def trial_error(doctors: float, spread: float) -> float:
    """Standard error of the difference between two equal arms, in the unit of the spread between single doctors."""
    return 2 * spread / float(np.sqrt(doctors))


def value_of_trial(effect: Reals, gains: Reals, error: float) -> float:
    """Value of a trial of an effect [D] with an error in standard deviations of the effect, from gains [D, K]."""
    if effect.std() <= 0:
        return 0.0
    expected = expected_gains(effect[:, None], gains)
    places = effect / (effect.std() * error)
    nodes, shares = np.polynomial.hermite_e.hermegauss(POINTS)
    best = 0.0
    for node, share in zip(nodes, shares / shares.sum(), strict=True):
        likely = -(((places + node)[:, None] - places) ** 2) / 2
        given = np.exp(likely - likely.max(axis=1, keepdims=True))
        after = (given / given.sum(axis=1, keepdims=True)) @ expected
        best += share * float(after.max(axis=1).mean())
    return min(max(best - float(expected.mean(axis=0).max()), 0.0), value_of_expected(expected))
