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


def expected_gains(columns: Reals, gains: Reals, weights: Reals) -> Reals:
    """Expected gains [D, K] given columns [D, P]; each choice has the penalty of the highest marginal likelihood."""
    root = np.sqrt(weights * len(weights))[:, None]
    mean = weights @ gains
    left, sizes, _ = np.linalg.svd(root * _basis(columns, weights), full_matrices=False)
    wanted = root * (gains - mean)
    along = left.T @ wanted  # [B, K]
    widths = 1 + sizes**2 / PENALTIES[:, None]  # [penalties, B]
    rest = np.maximum((wanted**2).sum(axis=0) - (along**2).sum(axis=0), 0.0)
    misfit = (along**2 / widths[:, :, None]).sum(axis=1) + rest
    likelihood = -len(gains) / 2 * np.log(np.maximum(misfit, 1e-300)) - np.log(widths).sum(axis=1)[:, None] / 2
    chosen = widths[likelihood.argmax(axis=0)].T  # [B, K]
    return np.asarray(mean + left @ (along * (1 - 1 / chosen)) / root)


def _basis(columns: Reals, weights: Reals) -> Reals:
    """Columns of the polynomials and of products of pairs, each with mean zero and its prior scale."""
    low, high = columns.min(axis=0), columns.max(axis=0)
    places = 2 * (columns - low) / np.where(high > low, high - low, 1.0) - 1
    parts = [np.polynomial.legendre.legval(places, np.eye(DEGREE + 1)[k]) for k in range(1, DEGREE + 1)]
    scaled = [_standard(part, weights) * DECAY**k for k, part in enumerate(parts)]
    if 2 <= columns.shape[1] <= PAIRED:
        one, other = np.triu_indices(columns.shape[1], 1)
        line = _standard(places, weights)
        scaled.append(_standard(line[:, one] * line[:, other], weights) * DECAY)
    return np.concatenate(scaled, axis=1)


def _standard(values: Reals, weights: Reals) -> Reals:
    centred = values - weights @ values
    spread = np.sqrt(weights @ centred**2)
    return np.asarray(centred / np.where(spread > 1e-12, spread, np.inf))


def held_out_choice(columns: Reals, gains: Reals, weights: Reals, clusters: Whole, seed: int = 0) -> Whole:
    """Choice [D] of each draw by the nearest draws of the other folds; draws of a cluster are in one fold.

    Of several columns, those directions count that vary most with the gains (partial least squares).
    """
    from scipy.spatial import cKDTree

    fold = np.random.default_rng(seed).permutation(int(clusters.max()) + 1)[clusters] % FOLDS
    chosen = np.zeros(len(gains), np.intp)
    for number in range(FOLDS):
        known, new = fold != number, fold == number
        if not (known.any() and new.any()):
            continue
        share = weights[known] / weights[known].sum()
        centre = share @ columns[known]
        spread = np.sqrt(share @ (columns[known] - centre) ** 2)
        scores = (columns - centre) / np.where(spread > 1e-12, spread, np.inf)
        if columns.shape[1] > 1:
            gaps = gains[known] - share @ gains[known]
            scores = (
                scores @ np.linalg.svd((scores[known] * share[:, None]).T @ gaps, full_matrices=False)[0][:, :SCORES]
            )
        count = min(max(int(known.sum() ** NEAREST), 1), int(known.sum()))
        near = cKDTree(scores[known]).query(scores[new], k=range(1, count + 1))[1]
        near_weights = share[near][:, :, None]
        means = (gains[known][near] * near_weights).sum(axis=1) / near_weights.sum(axis=1)
        chosen[new] = means.argmax(axis=1)
    return chosen
