"""Posterior of the uncertain figures: sampled on emulators, weighted by what the engine then gives.

A target is met as well as its distance from the emulator is small beside the uncertainty of the source and of the
emulator; positions at more than `CUT` of their standard deviations together from any target are ruled out, as in
history matching (P. S. Craig and others, 1997, in Case Studies in Bayesian Statistics 3; I. Andrianakis and others,
2015, PLoS Comput. Biol. 11, e1003968). The sampler is sequential Monte Carlo: rows of the prior (P. Del Moral, A.
Doucet and A. Jasra, 2006, J. R. Stat. Soc. B 68, 411-436) see more and more of the likelihood, are resampled, and are
moved by elliptical slices (I. Murray, R. P. Adams and D. J. C. MacKay, 2010, AISTATS), some figures at
a time; figures that no target depends on keep their prior.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.fit.emulator import Emulator, means
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.replication.posterior_sample import DECIMALS

Reals = npt.NDArray[np.float64]
ENDS = 2.0  # standard deviations from the middle of a target to its ends
CUT = 3.0  # standard deviations: F. Pukelsheim, 1994, Am. Stat. 48, 88-91
KEPT = 0.5  # of the effective size that a step of the temperature keeps
MOVES, LAST_MOVES, AT_A_TIME = 2, 8, 16  # of every figure after each step and in the end; figures moved together
SHRINKINGS = 60  # of a bracket, then the row stays where it is
PASSING, USEFUL = 0.98, 64.0  # probability that a fresh run of a draw passes; effective rows kept whatever it is
OUTER = 0.1  # part of a range at either end, in which a tenth of the prior is
PILED = 0.3  # of the weight there: evidence against the range, or against the structure of the model
LEAST = 1e-6  # of a position, so that its normal score is finite
Places = npt.NDArray[np.int64]
Likelihood = Callable[[Reals], Reals]  # log likelihood [N] of rows
Implausibility = Callable[[Reals], Reals]  # [N, K] of positions


class Aim(NamedTuple):
    """Targets on the scale of square roots: middle and standard deviation [K]."""

    middle: Reals
    spread: Reals


def aim_of(targets: Sequence[Target]) -> Aim:
    """Targets as aimed at: the ends within which each passes are `ENDS` standard deviations from its middle."""
    ends = np.sqrt(np.maximum([target.reach for target in targets], 0.0)).reshape(-1, 2)
    return Aim(ends.mean(axis=1), (ends[:, 1] - ends[:, 0]) / 2 / ENDS)


def misfit(aim: Aim, values: Reals, noise_variance: Reals) -> Reals:
    """Misfit [N, K] of single runs: standard deviations between run and target, chance variation included."""
    return np.abs(np.sqrt(np.maximum(values, 0.0)) - aim.middle) / np.sqrt(aim.spread**2 + noise_variance)


def implausibility(aim: Aim, emulators: Sequence[Emulator], positions: Reals) -> Reals:
    """Implausibility [N, K] of positions [N, D]: standard deviations between emulator and target."""
    return np.abs(means(emulators, positions) - aim.middle) / np.sqrt(aim.spread**2 + errors(emulators))


def active_figures(emulators: Sequence[Emulator]) -> Places:
    """Figures on which any target depends."""
    return np.unique(np.concatenate([emulator.active for emulator in emulators]))


def errors(emulators: Sequence[Emulator]) -> Reals:
    """Error variance [K] of emulators."""
    return np.array([emulator.error for emulator in emulators])


def log_likelihood(far: Reals, cut: float) -> Reals:
    """Log likelihood [N] from implausibilities [N, K]; minus infinity where a target rules the positions out."""
    return np.where((far <= cut).all(axis=1), -0.5 * (far**2).sum(axis=1), -np.inf)


def sample_posterior(far: Implausibility, size: int, figures: int, active: Places, seed: int) -> Reals:
    """Positions [size, figures] from the posterior under an even prior, equally weighted, in no order.

    Implausibility depends on the `active` figures alone; the others are those of the prior. No row is ruled out, unless
    none that was met is within the cut of all targets.
    """
    from scipy.special import ndtr, ndtri
    from threadpoolctl import threadpool_limits

    rng = np.random.Generator(np.random.Philox(seed))
    positions = prior(size, figures, rng)
    rows = ndtri(np.clip(positions[:, active], LEAST, 1 - LEAST))

    def at(normal: Reals, cut: float = np.inf) -> Reals:
        whole = np.full((len(normal), figures), 0.5)
        whole[:, active] = ndtr(normal).round(DECIMALS)
        return log_likelihood(far(whole), cut)

    with threadpool_limits(1):
        known, heat = at(rows), 0.0
        while heat < 1.0:
            step = next_step(known, 1.0 - heat)
            chosen = resampled(step * known, rng)
            rows, known, heat = rows[chosen], known[chosen], heat + step
            for _ in range(MOVES):
                rows, hot = moved(rows, heat * known, lambda normal: heat * at(normal), rng)  # noqa: B023
                known = hot / heat
        inside = at(rows, CUT)
        chosen = resampled(inside - known, rng)
        rows, known = rows[chosen], inside[chosen]
        for _ in range(LAST_MOVES):
            rows, known = moved(rows, known, lambda normal: at(normal, CUT), rng)
    positions[:, active] = ndtr(rows).round(DECIMALS)
    return positions


def prior(size: int, figures: int, rng: np.random.Generator | int) -> Reals:
    """Positions [size, figures] of the prior: scrambled Sobol points (A. B. Owen, 1998, J. Complex. 14, 466-489)."""
    from scipy.stats import qmc

    whole = 1 << (size - 1).bit_length()  # points of a Sobol sequence are balanced in powers of two
    return np.asarray(qmc.Sobol(figures, rng=rng).random(whole)[:size]).round(DECIMALS)


def moved(rows: Reals, known: Reals, at: Likelihood, rng: np.random.Generator) -> tuple[Reals, Reals]:
    """Rows moved once in every figure, some at a time in an order by lot, with their log likelihoods."""
    order = rng.permutation(rows.shape[1])
    for some in np.array_split(order, max(1, len(order) // AT_A_TIME)):
        rows, known = elliptical_slice(rows, known, some, at, rng)
    return rows, known


def next_step(known: Reals, most: float) -> float:
    """Step of the temperature, at most `most`, after which the effective size is `KEPT` of the rows."""
    if effective_share(most * known) >= KEPT:
        return most
    low, high = 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if effective_share(middle * known) >= KEPT else (low, middle)
    return max(low, 1e-6)


def effective_share(logs: Reals) -> float:
    """Effective sample size of log weights, as a share of their number."""
    weights = normalised(logs)
    return float(1.0 / (weights**2).sum() / len(weights))


def normalised(logs: Reals) -> Reals:
    """Weights, sum 1, from their logs; equal if none is possible."""
    top = logs.max()
    weights = np.exp(logs - top) if np.isfinite(top) else np.ones(len(logs))
    return np.asarray(weights / weights.sum())


def resampled(logs: Reals, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Rows by systematic resampling in proportion to weights given as logs."""
    points = (np.arange(len(logs)) + rng.random()) / len(logs)
    return np.minimum(np.searchsorted(np.cumsum(normalised(logs)), points), len(logs) - 1)


def elliptical_slice(
    rows: Reals, known: Reals, some: Places, at: Likelihood, rng: np.random.Generator
) -> tuple[Reals, Reals]:
    """Rows of a standard normal prior, each moved once along an ellipse in some figures, with log likelihoods."""
    before, rows, known = rows[:, some], rows.copy(), known.copy()
    other = rng.normal(size=before.shape)
    level = known + np.log(rng.random(len(known)))
    angle = rng.random(len(known)) * 2 * np.pi
    low, high = angle - 2 * np.pi, angle.copy()
    left = np.arange(len(known))
    for _ in range(SHRINKINGS):
        there = rows[left]
        there[:, some] = before[left] * np.cos(angle[left, None]) + other[left] * np.sin(angle[left, None])
        found = at(there)
        taken = found > level[left]
        rows[left[taken]], known[left[taken]] = there[taken], found[taken]
        left = left[~taken]
        if not len(left):
            break
        low[left] = np.where(angle[left] < 0, angle[left], low[left])
        high[left] = np.where(angle[left] >= 0, angle[left], high[left])
        angle[left] = low[left] + rng.random(len(left)) * (high[left] - low[left])
    return rows, known


def passing_chance(
    aim: Aim, emulators: Sequence[Emulator], positions: Reals, roots: Reals, noise: tuple[Reals, Reals]
) -> Reals:
    """Probability [N] that a fresh run passes on every target, by the emulators and the row's own runs together.

    `roots`: square roots [T, N, K] of the T runs of each row; `noise`: chance variance [K] of one, and of a fresh run.
    """
    from scipy.special import ndtr

    given, error, own = means(emulators, positions), errors(emulators), noise[0] / len(roots)
    known = given + error / (error + own) * (roots.mean(axis=0) - given) - aim.middle
    spread = np.sqrt(error * own / (error + own) + noise[1])
    cut = CUT * np.sqrt(aim.spread**2 + noise[1])
    return np.asarray((ndtr((cut - known) / spread) - ndtr((-cut - known) / spread)).prod(axis=1))


def unlikely_dropped(logs: Reals, chance: Reals) -> Reals:
    """Log weights without the rows least likely to pass again.

    Those left are as many as pass with probability `PASSING`, or as are worth `USEFUL` rows if that is more.
    """
    weights, order = normalised(logs), np.argsort(-chance, kind="stable")
    ordered = weights[order]
    mean = np.cumsum(ordered * chance[order]) / np.maximum(np.cumsum(ordered), LEAST)
    worth = np.cumsum(ordered) ** 2 / np.maximum(np.cumsum(ordered**2), LEAST**2)
    passing, useful = np.flatnonzero(mean >= PASSING), np.flatnonzero(worth >= USEFUL)
    count = max(int(passing[-1]) + 1 if len(passing) else 0, int(useful[0]) + 1 if len(useful) else len(logs))
    kept = np.zeros(len(logs), bool)
    kept[order[:count]] = True
    return np.where(kept, logs, -np.inf)


def piled_up(positions: Reals, weights: Reals) -> Reals:
    """Weight [D, 2] of rows in the lowest and in the highest tenth of each range."""
    return np.stack([weights @ (positions < OUTER), weights @ (positions > 1 - OUTER)], axis=1)
