"""History matching: fits the open parameters to the targets of role `fit`, with the batch engine.

Runs at the points of a Latin hypercube train a Gaussian process for every target. Points that are implausible, more
than `CUT` standard deviations of all uncertainties together from a target, are ruled out; the next wave is run at
points that no target rules out, and so on. The result is no best point but every point run that the emulators of all
runs, which smooth out chance variation, do not rule out (P. S. Craig and others, 1997, in Case Studies in Bayesian
Statistics 3; I. Andrianakis and others, 2015, PLoS Comput. Biol. 11, e1003968).

The interval of a target is taken as two standard deviations either way, on the scale of square roots, on which the
chance variation of a share is about constant. Targets that no point comes near are unreachable with the open
parameters: they are reported, and rule nothing out.
"""

from collections.abc import Sequence
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines import RELEASES_GIL, compile_engine
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import Progress, part_of, run_all
from pipeline_sim.study.fit.measure_targets import measure_target, run_for_targets
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.parameter_draws import CalibrationPoint
from pipeline_sim.study.replication.plausible_set import load_open_parameters
from pipeline_sim.study.replication.prepare import WorldSpec, prepare

Reals = npt.NDArray[np.float64]
ENDS = 2.0  # standard deviations from the middle of a target to its ends
CUT = 3.0  # standard deviations: F. Pukelsheim, 1994, Am. Stat. 48, 88-91
CANDIDATES = 8_000  # points that the emulators assess between two waves
NEAR, STEP = 40, 0.15  # more of them around so many of the best points, in normal steps of this size
REACHED = 0.02  # part of the points that come within the cut of a target if the model can reach it
REPEATED = 24  # points of the first wave that are run again, to estimate the noise variance
LEAST_VARIANCE = 1e-6
ROUND = 3  # decimals of a position in the file


class Search(NamedTuple):
    """Size of a calibration."""

    points: int  # in the first wave; a third of them in each later one
    waves: int
    seed: int
    engine: str
    workers: int


class CalibrationProblem(NamedTuple):
    """Open parameters, world and targets of a calibration."""

    opened: str  # file of the open parameters
    spec: WorldSpec
    targets: tuple[Target, ...]  # K


class DesignResults(NamedTuple):
    """Results at the points that were run: N points, D parameters, K targets."""

    positions: Reals  # [N, D] in 0 .. 1
    values: Reals  # [N, K] as the model gives them
    noise_variance: Reals  # [K] between replications, on the scale of square roots
    wave: npt.NDArray[np.int64]  # [N]
    worst: Reals  # [N] maximum implausibility over the reachable targets, by the emulators of all runs

    @property
    def plausible(self) -> npt.NDArray[np.bool_]:
        """Points [N] that no reachable target rules out."""
        return np.asarray(self.worst <= CUT)


def match_history(problem: CalibrationProblem, search: Search, progress: Progress | None = None) -> DesignResults:
    """Results of all waves."""
    size, count = len(load_open_parameters(problem.opened).open), len(problem.targets)
    none, unknown = np.zeros((0, count)), np.zeros(count)
    results = DesignResults(np.zeros((0, size)), none, unknown, np.zeros(0, np.int64), np.zeros(0))
    for wave in range(search.waves):
        positions = next_points(problem, search, results, wave)
        again = positions[:REPEATED] if wave == 0 else positions[:0]
        first = len(results.positions) + (REPEATED if wave else 0)
        values = evaluate_points(
            problem, search, np.vstack([positions, again]), first, part_of(progress, wave, search.waves)
        )
        once = values[: len(positions)]
        results = DesignResults(
            np.vstack([results.positions, positions]),
            np.vstack([results.values, once]),
            stochastic_variance(once[: len(again)], values[len(once) :]) if wave == 0 else results.noise_variance,
            np.append(results.wave, np.full(len(positions), wave)),
            results.worst,
        )
    return results._replace(worst=implausibility(problem.targets, results, results.positions).max(axis=1))


def stochastic_variance(once: Reals, again: Reals) -> Reals:
    """Variance [K] between replications at a point, from points that were run twice."""
    apart = np.sqrt(np.maximum(once, 0.0)) - np.sqrt(np.maximum(again, 0.0))
    return np.asarray((apart**2).mean(axis=0) / 2)


def next_points(problem: CalibrationProblem, search: Search, results: DesignResults, wave: int) -> Reals:
    """Points [points, D] of a Latin hypercube; after the first wave, of a finer one, that no target rules out."""
    from scipy.stats import qmc

    size = results.positions.shape[1]
    if wave == 0:
        return np.asarray(qmc.LatinHypercube(d=size, rng=search.seed).random(search.points)).round(ROUND)
    candidates = np.asarray(qmc.LatinHypercube(d=size, rng=search.seed + wave).random(CANDIDATES)).round(ROUND)
    candidates = np.vstack([candidates, local_proposals(results, problem.targets, search.seed + wave)])
    worst = implausibility(problem.targets, results, candidates).max(axis=1)
    left, count = candidates[worst <= CUT], search.points // 3
    if len(left) <= count:
        return candidates[np.argsort(worst, kind="stable")[:count]]
    return maximin_subset(left, count)


def local_proposals(results: DesignResults, targets: Sequence[Target], seed: int) -> Reals:
    """Points around the best run so far: in many dimensions a hypercube alone hardly ever meets plausible ones."""
    size = results.positions.shape[1]
    best = np.argsort(misfit(targets, results)[:, reachable(targets, results)].max(axis=1), kind="stable")[:NEAR]
    steps = np.random.Generator(np.random.Philox(seed)).normal(0.0, STEP, (CANDIDATES // NEAR, len(best), size))
    return np.clip(results.positions[best] + steps, 0.0, 1.0).reshape(-1, size).round(ROUND)


def maximin_subset(points: Reals, count: int) -> Reals:
    """Subset of points, each as far as possible from those taken before."""
    taken = [0]
    gaps = np.linalg.norm(points - points[0], axis=1)
    while len(taken) < count:
        taken.append(int(np.argmax(gaps)))
        gaps = np.minimum(gaps, np.linalg.norm(points - points[taken[-1]], axis=1))
    return points[taken]


def evaluate_points(
    problem: CalibrationProblem, search: Search, positions: Reals, first: int, progress: Progress | None = None
) -> Reals:
    """Targets [N, K] at points [N, D]; point n has the random numbers of replication `first` + n."""
    jobs = [
        problem.spec._replace(parameters=CalibrationPoint(problem.opened, tuple(map(float, position))))
        for position in positions
    ]
    workers = min(search.workers, len(jobs))
    if search.engine in RELEASES_GIL:
        check_memory(prepare(jobs[0]).rulebook, workers)
        compile_engine()

    def run(numbered: tuple[int, WorldSpec], _: Progress) -> list[float]:
        output = run_for_targets(numbered[1], search.engine, search.seed, first + numbered[0], keep_log=False)
        return [measure_target(target, output) for target in problem.targets]

    with threads(run, workers) as pool:
        return np.array(run_all(pool, list(enumerate(jobs)), progress))


class Emulator(NamedTuple):
    """Emulator of one target on the scale of square roots: a plane, and a Gaussian process of its residuals."""

    plane: Any
    process: Any

    @property
    def noise_variance(self) -> float:
        """Variance that the positions do not explain."""
        return float(self.process.kernel_.k2.noise_level)

    def predict(self, points: Reals) -> tuple[Reals, Reals]:
        """Mean and variance at points, without chance variation."""
        rest, spread = self.process.predict(points, return_std=True)
        return self.plane.predict(points) + rest, np.maximum(spread**2 - self.noise_variance, 0.0)


def emulators(results: DesignResults) -> list[Emulator]:
    """Emulators of all targets, trained on all points run."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
    from sklearn.linear_model import Ridge
    from threadpoolctl import threadpool_limits

    fitted = []
    with threadpool_limits(1), warnings.catch_warnings():  # small matrices: more threads only wait for each other
        warnings.simplefilter("ignore", ConvergenceWarning)  # a target that hardly moves has a bound as its best
        roots = np.sqrt(np.maximum(results.values, 0.0)).T
        for values, noise_variance in zip(roots, results.noise_variance, strict=True):
            plane = Ridge(alpha=1e-3).fit(results.positions, values)
            rest = values - plane.predict(results.positions)
            scale = float(rest.var()) or LEAST_VARIANCE
            kernel = ConstantKernel(scale, (1e-2 * scale, 1e2 * scale)) * RBF(2.0, (0.5, 20.0))
            kernel += WhiteKernel(max(float(noise_variance), LEAST_VARIANCE), "fixed")
            process = GaussianProcessRegressor(kernel, random_state=0)
            fitted.append(Emulator(plane, process.fit(results.positions, rest)))
    return fitted


def implausibility(targets: Sequence[Target], results: DesignResults, points: Reals) -> Reals:
    """Implausibility [N, K'] of points by reachable target: standard deviations between emulator and target."""
    near = reachable(targets, results)
    fitted = emulators(results._replace(values=results.values[:, near], noise_variance=results.noise_variance[near]))
    columns = []
    for target, emulator in zip(compress(targets, near), fitted, strict=True):
        middle, spread = target_on_root_scale(target)
        mean, variance = emulator.predict(points)
        columns.append(np.abs(mean - middle) / np.sqrt(spread**2 + variance))
    return np.array(columns).T


def misfit(targets: Sequence[Target], results: DesignResults) -> Reals:
    """Misfit [N, K] of single runs: standard deviations between run and target, chance variation included."""
    columns = []
    for index, target in enumerate(targets):
        middle, spread = target_on_root_scale(target)
        root = np.sqrt(np.maximum(results.values[:, index], 0.0))
        columns.append(np.abs(root - middle) / np.sqrt(spread**2 + results.noise_variance[index]))
    return np.array(columns).T


def reachable(targets: Sequence[Target], results: DesignResults) -> npt.NDArray[np.bool_]:
    """Targets [K] that at least a share `REACHED` of the points comes within the cut of."""
    return np.asarray((misfit(targets, results) <= CUT).mean(axis=0) >= REACHED)


def missed_by_nearest(targets: Sequence[Target], results: DesignResults) -> list[tuple[str, float]]:
    """Targets that rule the nearest point out, and the standard deviations between them, the farthest first."""
    nearest = int(np.argmin(results.worst))
    apart = implausibility(targets, results, results.positions[nearest : nearest + 1])[0]
    names = compress((target.id for target in targets), reachable(targets, results))
    return sorted(
        ((name, float(far)) for name, far in zip(names, apart, strict=True) if far > CUT), key=lambda pair: -pair[1]
    )


def target_on_root_scale(target: Target) -> tuple[float, float]:
    """Middle and standard deviation of a target on the scale of square roots; its ends are `ENDS` of them away."""
    low, high = (np.sqrt(max(end, 0.0)) for end in target.reach)
    return float(low + high) / 2, float(high - low) / 2 / ENDS
