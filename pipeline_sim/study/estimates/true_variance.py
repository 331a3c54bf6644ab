"""What is known of the variance of true values, where means of draws differ by chance as well.

`observed` is the variance between means of draws, `noise` what chance adds to it; both are estimates, with degrees of
freedom of their own, and where few draws are repeated the second is a rough one. The variance of true values has a
posterior from both together, with a prior that is even in its standard deviation (A. Gelman, 2006, Bayesian Anal. 1,
515-534). Everything is in units of `observed` and depends on its ratio to `noise` alone, so it is worked out on a grid
once for each pair of degrees of freedom.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
LEAST_RATIO, MOST_RATIO, RATIOS = 0.02, 1e4, 60  # observed to noise; at the last chance hardly matters
LEAST, MOST, STEPS, STEPS_A_ROOT = 1e-6, 2e3, 160, 16  # of the variance of true values; a root of degrees of freedom
NOISES, FARTHEST = np.linspace(-1, 1, 41), 6.0  # logs of true to estimated noise, in units of the farthest
REACH = 4.5  # standard deviations that the grid of noises reaches on either side
UPPER, HALVINGS = 0.975, 50


def true_variance(observed: Reals, noise: Reals, freedom: tuple[Reals, Reals]) -> tuple[Reals, Reals]:
    """Posterior mean [...] of the variance of true values, and by how much an interval is wider for its uncertainty.

    `freedom`: degrees of freedom of `observed` and of `noise`; where the latter are 0 all of `observed` is true.
    """
    ratio = np.divide(observed, noise, out=np.full(np.shape(observed), MOST_RATIO), where=noise > 0)
    share, wider = np.ones_like(ratio), np.ones_like(ratio)
    between, within = np.broadcast_arrays(*(np.round(each, 2) for each in freedom), ratio)[:2]
    uncertain = (between > 0) & (within > 0)
    for pair in set(zip(between[uncertain].tolist(), within[uncertain].tolist(), strict=True)):
        here = uncertain & (between == pair[0]) & (within == pair[1])
        ratios, *columns = _on_grid(*pair)
        at = np.log(np.clip(ratio[here], LEAST_RATIO, MOST_RATIO))
        share[here], wider[here] = (np.interp(at, np.log(ratios), column) for column in columns)
    return share * observed, wider


@lru_cache(maxsize=1024)
def _on_grid(between: float, within: float) -> tuple[Reals, Reals, Reals]:
    """Ratios; for each, beside what holds without chance: mean variance, and the end of an interval in its roots."""
    from scipy.special import ndtr

    blur = np.sqrt(2 / between + 2 / within)  # of the ratio: the grid is close where it is near 1
    first, last = (float(np.arcsinh(np.log(end) / blur)) for end in (LEAST_RATIO, MOST_RATIO))
    ratios = np.exp(blur * np.sinh(np.linspace(first, last, RATIOS)))
    variances = np.geomspace(LEAST, MOST, max(STEPS, int(STEPS_A_ROOT * np.sqrt(between))))
    noise = np.exp(NOISES * min(REACH * np.sqrt(2 / within), FARTHEST))  # true to estimated
    log_within = -within / 2 * (np.log(noise) + 1 / noise)
    means, ends = [], []
    for ratio in ratios:
        whole = variances[:, None] + noise / ratio
        logs = log_within - between / 2 * (np.log(whole) + 1 / whole)
        weights = (np.exp(logs - logs.max()) * np.sqrt(variances)[:, None]).sum(axis=1)
        weights /= weights.sum()
        low, high = 0.0, 200.0
        for _ in range(HALVINGS):  # to the point below which a normal value of uncertain variance is in 97.5 %
            middle = (low + high) / 2
            below = weights @ ndtr(middle / np.sqrt(variances)) < UPPER
            low, high = (middle, high) if below else (low, middle)
        means.append(float(weights @ variances))
        ends.append(high / np.sqrt(means[-1]))
    return ratios, np.array(means) / means[-1], np.array(ends) / ends[-1]
