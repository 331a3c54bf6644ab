"""Expected gains given some figures: penalised polynomials, and nearest neighbours on draws that were left out.

The two have nothing in common: the first is a Gaussian process of finite basis whose variance is found by marginal
likelihood (M. Strong, J. E. Oakley and A. Brennan, 2014, Med. Decis. Making 34, 311-326), the second decides by the
mean of the nearest draws of other folds and is judged by draws that it has not seen. Sizes: D draws, K choices, P
columns.
"""

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]
DEGREE, DECAY, PAIRED = 4, 0.5, 10  # of the polynomials; prior scale of each degree; most columns that are multiplied
PENALTIES = np.append(np.logspace(-4, 6, 31), np.inf)
FOLDS, SCORES, NEAREST = 5, 2, 0.6  # share of the logarithm of draws whose power is the number of neighbours


def expected_gains(columns: Reals, gains: Reals) -> Reals:
    """Expected gains [D, K] given columns [D, P]; each choice has the penalty of the highest marginal likelihood."""
    mean = gains.mean(axis=0)
    left, sizes, _ = np.linalg.svd(_basis(columns), full_matrices=False)
    along = left.T @ (gains - mean)  # [B, K]
    widths = 1 + sizes**2 / PENALTIES[:, None]  # [penalties, B]
    rest = np.maximum(((gains - mean) ** 2).sum(axis=0) - (along**2).sum(axis=0), 0.0)
    misfit = (along**2 / widths[:, :, None]).sum(axis=1) + rest
    likelihood = -len(gains) / 2 * np.log(np.maximum(misfit, 1e-300)) - np.log(widths).sum(axis=1)[:, None] / 2
    chosen = widths[likelihood.argmax(axis=0)].T  # [B, K]
    return np.asarray(mean + left @ (along * (1 - 1 / chosen)))


def _basis(columns: Reals) -> Reals:
    """Columns of the polynomials and of products of pairs, each with mean zero and its prior scale."""
    low, high = columns.min(axis=0), columns.max(axis=0)
    places = 2 * (columns - low) / np.where(high > low, high - low, 1.0) - 1
    parts = [np.polynomial.legendre.legval(places, np.eye(DEGREE + 1)[k]) for k in range(1, DEGREE + 1)]
    scaled = [standard(part) * DECAY**k for k, part in enumerate(parts)]
    if 2 <= columns.shape[1] <= PAIRED:
        one, other = np.triu_indices(columns.shape[1], 1)
        scaled.append(standard(standard(places)[:, one] * standard(places)[:, other]) * DECAY)
    return np.concatenate(scaled, axis=1)


def standard(values: Reals) -> Reals:
    """Columns with mean 0 and variance 1; those that do not vary become 0."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 1e-12, spread, np.inf))


def held_out_choice(columns: Reals, gains: Reals, clusters: Whole) -> Whole:
    """Choice [D] of each draw by the nearest draws of the other folds; draws of a cluster are in one fold.

    Of several columns, those directions count that vary most with the gains (partial least squares).
    """
    from scipy.spatial import cKDTree

    fold = np.random.default_rng(0).permutation(int(clusters.max()) + 1)[clusters] % FOLDS
    scores, chosen = standard(columns), np.zeros(len(gains), np.intp)
    for number in range(FOLDS):
        known, new, own = fold != number, fold == number, scores
        if columns.shape[1] > 1:
            gaps = gains[known] - gains[known].mean(axis=0)
            own = scores @ np.linalg.svd(scores[known].T @ gaps, full_matrices=False)[0][:, :SCORES]
        near = cKDTree(own[known]).query(own[new], k=range(1, int(known.sum() ** NEAREST) + 1))[1]
        chosen[new] = gains[known][near].mean(axis=1).argmax(axis=1)
    return chosen
