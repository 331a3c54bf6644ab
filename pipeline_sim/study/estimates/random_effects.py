"""True effects behind replications: what uncertain figures move, apart from chance (one-way random effects).

A value of a replication is the true value of its draw of the figures plus chance. Variances within and between draws
are estimated by moments, for unequal numbers of replications (most draws may have one) and for weighted draws (A.
O'Hagan, M. Stevenson and J. Madan, 2007, Health Econ. 16, 1009-1023). Means of draws are then drawn in until they
spread as true values do, plus what chance is left in the mean of all (constrained empirical Bayes: T. A. Louis, 1984,
J. Am. Stat. Assoc. 79, 393-398); intervals are wider by what is not known of that spread (`true_variance`).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.estimates.true_variance import true_variance

Reals = npt.NDArray[np.float64]
CONFIDENCE = 0.95
NOWHERE = 2.0  # place of a draw without a value, beyond all others
TAILS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)


class Draws(NamedTuple):
    """Draws of the uncertain figures: which one each replication has, and how much each counts."""

    of: npt.NDArray[np.intp]  # [R] draw of a replication, ascending from 0
    weights: Reals  # [D] of a weighted posterior sample; they add up to 1

    @classmethod
    def even(cls, replications: int, each: int, weights: Reals | None = None) -> "Draws":
        """Draws of `each` replications, the last of which may have fewer; equal weights by default."""
        return cls.alike(np.arange(replications) // each, weights)

    @classmethod
    def alike(cls, of: npt.NDArray[np.intp], weights: Reals | None = None) -> "Draws":
        """Draws by replication [R], ascending from 0; equal weights by default."""
        count = int(of[-1]) + 1 if len(of) else 0
        given = np.ones(count) if weights is None else np.asarray(weights, np.float64)[:count]
        return cls(of, given / given.sum())

    @classmethod
    def one(cls, replications: int) -> "Draws":
        """All replications of one draw: they differ by chance alone."""
        return cls.even(replications, max(replications, 1))

    @property
    def starts(self) -> npt.NDArray[np.intp]:
        """First replication of every draw [D]."""
        return np.searchsorted(self.of, np.arange(len(self.weights)))

    @property
    def replicated(self) -> bool:
        """Whether some draw has two replications, so that chance can be separated from what the figures do."""
        return len(self.of) > len(self.weights)

    @property
    def effective(self) -> float:
        """Effective number of draws: fewer than there are where weights are unequal."""
        return 1 / float(np.square(self.weights).sum())

    def first(self, replications: int) -> "Draws":
        """Draws of the first so many replications."""
        of = self.of[:replications]
        weights = self.weights[: int(of[-1]) + 1]
        return Draws(of, weights / weights.sum())

    def means(self, values: npt.NDArray[np.generic]) -> Reals:
        """Means [D, ...] of values [R, ...] over the replications of a draw."""
        counts = np.bincount(self.of).reshape(-1, *[1] * (values.ndim - 1))
        return np.asarray(np.add.reduceat(values, self.starts, axis=0) / counts)


class Effects(NamedTuple):
    """True values of the draws, and what is known of them; all but `drawn` and `weights` [...]."""

    mean: Reals
    error: Reals  # Monte Carlo standard error of the mean
    chance_error: Reals  # the part of it that is chance, which more replications of the same draws would reduce
    observed: Reals  # variance between means of draws, in which there is some chance
    between: Reals  # variance of true values between draws by moments; it is never below zero
    within: Reals  # variance of replications of a draw; NaN if no draw has two
    spread: Reals  # variance that `drawn` is given: that between draws, and the chance left in the mean
    spread_error: Reals  # standard error of `spread` that is due to chance
    drawn: Reals  # [D, ...] true values, drawn in; NaN where a draw has none
    weights: Reals  # [D, ...]
    freedom: Reals  # degrees of freedom of the spread
    wider: Reals  # factor by which intervals are wider than the spread, which chance leaves uncertain


def effects(values: Reals, draws: Draws, alone: bool = False) -> Effects:
    """Effects of values [R, ...]; replications without a value (NaN) are left out. `alone`: see `total`."""
    known = ~np.isnan(values)
    counts = np.add.reduceat(known, draws.starts, axis=0, dtype=np.int64)
    sums = np.add.reduceat(np.where(known, values, 0.0), draws.starts, axis=0)
    means = _over(sums, counts)
    squares = np.where(known, values - means[draws.of], 0.0) ** 2
    freedom, number = np.maximum(counts - 1, 0).sum(axis=0), counts.sum(axis=0)
    within = _over(total(squares, alone), freedom)
    noise = np.nan_to_num(within) / np.maximum(counts, 1)  # of a draw's mean
    weights = draws.weights.reshape(-1, *[1] * (values.ndim - 1)) * (counts > 0)
    weights = _over(weights, np.broadcast_to(total(weights, alone), weights.shape), 0.0)
    mean = np.where(number > 0, total(weights * np.nan_to_num(means), alone), np.nan)
    gaps = np.nan_to_num(means - mean)
    left = 1 - total(np.square(weights), alone)  # 0 with a single draw
    loose = np.where(left > 0, _over(np.ones_like(left), 1 - left, 1.0) - 1, freedom)
    observed = _over(total(weights * gaps**2, alone), left, 0.0)
    moment = observed - _over(total(weights * (1 - weights) * noise, alone), left, 0.0)
    within_means = total(weights * noise, alone)
    several = len(draws.weights) > 1
    between, wider = true_variance(observed, within_means, (loose * (left > 0) * several, freedom))
    between = between * (left > 0) * several
    doubts = (2 * between + within_means) / np.maximum(loose, 1), within_means / np.maximum(freedom, 1)
    doubt = np.sqrt(2 * within_means * (doubts[0] + doubts[1])) * (left > 0)
    chance = total(np.square(weights) * noise, alone)
    error = np.where(left > 0, _over(total(np.square(weights * gaps), alone), left, 0.0), chance)
    share = _over(between + chance, between + noise, 1.0)
    drawn = np.where(counts > 0, mean + np.sqrt(share) * gaps, np.nan)
    unknown = (number < 2) | ((left <= 0) & (freedom == 0))
    root, of_chance, loose = (np.where(unknown, np.nan, each) for each in (np.sqrt(error), np.sqrt(chance), loose))
    spreads = observed, np.maximum(moment, 0.0), within, between + chance, doubt
    return Effects(mean, root, of_chance, *spreads, drawn, weights, loose, wider)


def total(values: Reals, alone: bool) -> Reals:
    """Sum over the first axis; `alone`: to the last bit what NumPy gives for each column by itself (pairwise)."""
    return np.asarray(np.ascontiguousarray(np.moveaxis(values, 0, -1)).sum(axis=-1) if alone else values.sum(axis=0))


def _over(above: Reals, below: Reals | npt.NDArray[np.integer], missing: float = np.nan) -> Reals:
    """Quotient; `missing` where the divisor is nothing."""
    above, below = np.broadcast_arrays(np.asarray(above, np.float64), np.asarray(below, np.float64))
    return np.divide(above, below, out=np.full(above.shape, missing), where=below > 0)


def interval(found: Effects, alone: bool = False) -> tuple[Reals, Reals]:
    """Ends of the 95 % credible interval of the true value."""
    wide = found.mean + found.wider * (found.drawn - found.mean)
    return quantiles(wide, found.weights, found.spread * found.wider**2, found.freedom, alone)


def quantiles(drawn: Reals, weights: Reals, spread: Reals, freedom: Reals, alone: bool = False) -> tuple[Reals, Reals]:
    """Ends between which one more value than those given [D, ...] would lie in 95 %; `spread` is their variance.

    The k-th of n draws stands at k / (n + 1); beyond the outermost the tail is that of Student's t.
    """
    order = np.argsort(drawn, axis=0)  # NaN last
    values, weights = (np.take_along_axis(each, order, axis=0) for each in (drawn, weights))
    count = _over(np.ones_like(spread), total(np.square(weights), alone), 1.0)
    places = (count * (weights.cumsum(axis=0) - weights / 2) + 0.5) / (count + 1)
    places = np.where(np.isnan(values), NOWHERE, places)
    scale = np.sqrt(spread * (1 + np.where(count > 1, 1 / count, 0)))
    last = np.maximum((places < NOWHERE).sum(axis=0) - 1, 0)
    low, high = (_quantile(part, values, places, last, (scale, freedom)) for part in TAILS)
    return np.where(np.isnan(freedom), np.nan, low), np.where(np.isnan(freedom), np.nan, high)


def _quantile(
    part: float, values: Reals, places: Reals, last: npt.NDArray[np.intp], tail: tuple[Reals, Reals]
) -> Reals:
    above = np.minimum((places < part).sum(axis=0), last)
    below = np.maximum(above - 1, 0)
    (x0, x1), (p0, p1) = (
        [np.take_along_axis(each, at[None], axis=0)[0] for at in (below, above)] for each in (values, places)
    )
    inside = x0 + (x1 - x0) * np.clip(_over(part - p0, p1 - p0, 0.0), 0.0, 1.0)
    nearest, place = np.where(part < p0, x0, x1), np.where(part < p0, p0, p1)
    scale, freedom = tail
    beyond = nearest + scale * (t_quantile(part, freedom) - t_quantile(place, freedom))
    return np.where((part < p0) | (part > p1), beyond, inside)


def t_quantile(part: npt.ArrayLike, freedom: npt.ArrayLike) -> Reals:
    """Quantile of Student's t at cumulative probability `part`, by degrees of freedom."""
    if np.isnan(freedom).all():
        return np.full(np.shape(freedom), np.nan)
    from scipy.special import stdtrit  # scipy.stats takes a second to import

    return np.asarray(stdtrit(np.maximum(freedom, 1e-9), part))


def monte_carlo_interval(found: Effects) -> tuple[Reals, Reals]:
    """Ends of the 95 % interval in which the mean would lie had there been any number of draws."""
    half = t_quantile(TAILS[1], found.freedom) * found.error
    return found.mean - half, found.mean + half
