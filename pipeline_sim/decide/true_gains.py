"""Gains without chance: what the uncertain figures do to all choices together.

Taken choice by choice, chance would be drawn in by the right amount, but the chance left would differ between choices
that truly go together, and the best of each draw would seem better than it is. So the covariance of true gains is
estimated as that of means of draws less that of chance, the nearest to it that is a covariance and has its trace
(negative variances are taken from the positive ones, not only cut off), and means are drawn in until they have it.
Sizes: R replications, D draws, K choices.
"""

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.estimates.random_effects import Draws

Reals = npt.NDArray[np.float64]
SMALLEST = 1e-10  # share of the largest variance below which there is none


def true_gains(values: Reals, draws: Draws) -> Reals:
    """True gains [D, K] from gains [R, K]; without second replications, the means as they are."""
    means, counts = draws.means(values), np.bincount(draws.of)
    mean = draws.weights @ means
    gaps, rest = means - mean, values - means[draws.of]
    if not draws.replicated:
        return means
    chance = rest.T @ rest / (len(draws.of) - len(counts))
    seen = gaps.T @ (draws.weights[:, None] * gaps) / (1 - np.square(draws.weights).sum())
    sizes, axes = np.linalg.eigh(seen)
    kept = sizes > SMALLEST * max(float(sizes[-1]), 1e-300)
    roots, axes = np.sqrt(sizes[kept]), axes[:, kept]
    usual = float(draws.weights @ (1 / counts))  # part of chance in the mean of a draw
    whitened = (axes / roots).T @ (seen - usual * chance) @ (axes / roots)
    shares, turned = np.linalg.eigh(whitened)
    true = nearest_shares(shares)
    noise = (1 - true) * (1 / counts / usual)[:, None]
    drawn_in = np.sqrt(np.divide(true, true + noise, out=np.zeros_like(noise), where=true > 0))
    return np.asarray(mean + (gaps @ (axes / roots) @ turned * drawn_in) @ (axes * roots @ turned).T)


def nearest_shares(shares: Reals) -> Reals:
    """Shares [P] between 0 and 1 nearest to estimated ones, ascending, with the same sum if that is above 0."""
    falling = shares[::-1]
    over = (falling.cumsum() - max(float(shares.sum()), 0.0)) / np.arange(1, len(shares) + 1)
    last = int(np.flatnonzero(falling >= over)[-1]) if len(shares) else 0
    return np.asarray(np.clip(shares - over[last], 0.0, 1.0)) if len(shares) else shares
