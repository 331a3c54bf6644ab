"""Emulators: what a target would be at any positions of the uncertain figures, learnt from runs of the engine.

Of some four hundred figures a target depends on a dozen. Those are found by forward selection on the design itself, in
which all figures move at once: the figure most correlated with what is left is added as long as that correlation is one
that chance would hardly give any figure. A plane on them and a Gaussian process of its residuals on the strongest, with
a length for each figure, are fitted on the scale of square roots, on which the chance variation of a share is about
constant. All other figures, and what the process does not resolve, are in `error`: the mean square error of runs that
it has not seen, less their chance variation.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
TO_UNIT = np.sqrt(12.0)  # a position has a standard deviation of 1 / sqrt(12)
SELECTED = 3.5  # standard errors of a correlation: one figure of 2,000 without any effect is selected
MOST_FIGURES = 20  # of one target
CURVED = 8  # of them, the strongest, that the process knows
FOR_LENGTHS, STEPS = 250, 15  # runs from which the lengths of the process are learnt, and steps to them
MOST_RUNS = 1_200  # that the process is conditioned on, the latest, which are nearest to what fits
UNSEEN = 5  # every fifth run is kept back, to see how good the emulator is
LEAST_VARIANCE = 1e-6


class Emulator(NamedTuple):
    """Emulator of one target on the scale of square roots."""

    active: npt.NDArray[np.int64]  # figures that matter, the strongest first
    plane: Any
    lengths: Reals  # of the process, of the strongest figures
    inputs: Reals  # [M, ...] runs that the process is conditioned on, in lengths
    weights: Reals  # [M] of them
    error: float  # variance of what it leaves open, chance variation apart
    explained: float  # share of the variance of unseen runs, chance variation apart

    def mean(self, positions: Reals) -> Reals:
        """Mean [N] at positions [N, D]."""
        inputs = standardised(positions[:, self.active])
        scaled = inputs[:, :CURVED] / self.lengths
        apart = (scaled**2).sum(axis=1)[:, None] + (self.inputs**2).sum(axis=1) - 2 * scaled @ self.inputs.T
        return np.asarray(self.plane.predict(inputs) + np.exp(-0.5 * np.maximum(apart, 0.0)) @ self.weights)


def standardised(positions: Reals) -> Reals:
    """Positions with mean 0 and standard deviation 1 over the prior."""
    return (positions - 0.5) * TO_UNIT


def forward_selection(inputs: Reals, values: Reals) -> npt.NDArray[np.int64]:
    """Columns of inputs [N, D] on which values [N] depend, the strongest first; at least one."""
    count, chosen = len(values), list[int]()
    scaled = (inputs - inputs.mean(axis=0)) / np.maximum(inputs.std(axis=0), LEAST_VARIANCE)
    rest = values - values.mean()
    while len(chosen) < MOST_FIGURES:
        correlation = np.abs(scaled.T @ rest) / (count * max(float(rest.std()), LEAST_VARIANCE))
        correlation[chosen] = -1.0
        best = int(np.argmax(correlation))
        if chosen and correlation[best] < SELECTED / np.sqrt(count):
            break
        chosen.append(best)
        design = np.column_stack([np.ones(count), scaled[:, chosen]])
        rest = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return np.array(chosen, np.int64)


def fit_emulators(positions: Reals, values: Reals, noise_variance: Reals) -> list[Emulator]:
    """Emulators of targets [N, K], as the model gives them, at positions [N, D]; noise [K] on the scale of roots."""
    from threadpoolctl import threadpool_limits

    roots = np.sqrt(np.maximum(values, 0.0)).T
    with threadpool_limits(1):  # equal bits, and small matrices: more threads only wait for each other
        return [_fit(positions, root, float(noise)) for root, noise in zip(roots, noise_variance, strict=True)]


def _fit(positions: Reals, root: Reals, noise: float) -> Emulator:
    unseen = np.arange(len(root)) % UNSEEN == UNSEEN - 1
    active = forward_selection(standardised(positions[~unseen]), root[~unseen])
    inputs = positions[:, active]
    tried, kernel = _trained(active, inputs[~unseen], root[~unseen], noise, None)
    alone = tried._replace(active=np.arange(len(active)))
    error = max(float(((root[unseen] - alone.mean(inputs[unseen])) ** 2).mean()) - noise, LEAST_VARIANCE)
    spread = max(float(root[unseen].var()) - noise, LEAST_VARIANCE)
    emulator, _ = _trained(active, inputs, root, noise, kernel)
    return emulator._replace(error=error, explained=1.0 - error / spread)


def _trained(
    active: npt.NDArray[np.int64], positions: Reals, root: Reals, noise: float, kernel: Any
) -> tuple[Emulator, Any]:
    """Emulator by all runs given and the kernel of its process; without a kernel it is learnt from some of the runs."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
    from sklearn.linear_model import Ridge

    inputs = standardised(positions)
    plane, curved = Ridge(alpha=1e-3).fit(inputs, root), inputs[-MOST_RUNS:, :CURVED]
    rest = (root - plane.predict(inputs))[-MOST_RUNS:]
    if kernel is None:
        scale = max(float(rest.var()), LEAST_VARIANCE)
        noises = (max(1e-3 * scale, noise / 2), 2 * scale + noise)
        kernel = ConstantKernel(scale, (1e-3 * scale, 1e3 * scale)) * RBF(
            np.full(curved.shape[1], 4.0), (0.5, 200.0)
        ) + WhiteKernel(float(np.clip(scale / 2, *noises)), noises)
        some = slice(None, None, max(len(rest) // FOR_LENGTHS, 1))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a figure that acts by the plane alone
            kernel = GaussianProcessRegressor(kernel, optimizer=_some_steps).fit(curved[some], rest[some]).kernel_
    process = GaussianProcessRegressor(kernel, optimizer=None).fit(curved, rest)
    lengths = np.atleast_1d(kernel.k1.k2.length_scale)
    weights = kernel.k1.k1.constant_value * process.alpha_
    return Emulator(active, plane, lengths, curved / lengths, weights, noise, 0.0), kernel


def _some_steps(goal: Any, start: Reals, bounds: Reals) -> tuple[Reals, float]:
    """Optimiser of a process' lengths that stops when more steps would hardly matter."""
    from scipy.optimize import minimize

    found = minimize(goal, start, method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": STEPS})
    return found.x, found.fun


def means(emulators: Sequence[Emulator], positions: Reals) -> Reals:
    """Means [N, K] of all targets at positions [N, D]."""
    return np.array([emulator.mean(positions) for emulator in emulators]).T
