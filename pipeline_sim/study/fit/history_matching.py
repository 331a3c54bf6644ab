"""Fits the open parameters to the targets of role `fit`: history matching on the batch engine.

Runs at the points of a Latin hypercube feed a Gaussian process for every target. Points that targets rule out, by more
than `CUT` standard deviations of all doubts together, are left; the next wave is run at points that none rules out, and
so on. What is kept in the end is no best point but every point run that the processes of all runs, which smooth
luck away, do not rule out (P. S. Craig and others, 1997, in Case Studies in Bayesian Statistics 3; I. Andrianakis and
others, 2015, PLoS Comput. Biol. 11, e1003968).

The interval of a target is taken as two standard deviations either way, on the scale of square roots, on which the luck
of a share is about the same everywhere. Targets that no point comes near are told apart: they are what the model
cannot reach with the parameters that are open, and rule nothing out.
"""

from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines import RELEASES_GIL, compile_engine
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import gathered
from pipeline_sim.study.fit.measure_targets import happened, measured
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.parameter_draws import At
from pipeline_sim.study.replication.plausible_set import load_opened
from pipeline_sim.study.replication.prepare import Assumed, prepare

Reals = npt.NDArray[np.float64]
Progress = Callable[[float], None]
ENDS = 2.0  # standard deviations from the middle of a target to its ends
CUT = 3.0  # standard deviations: F. Pukelsheim, 1994, Am. Stat. 48, 88-91
CANDIDATES = 8_000  # points looked at by the Gaussian processes between two waves
NEAR, STEP = 40, 0.15  # more of them around so many of the best points, in normal steps of this size
REACHED = 0.02  # part of the points that come within the cut of a target if the model can reach it
REPEATED = 24  # points of the first wave that are run again, to tell luck from what the positions do
LEAST_VARIANCE = 1e-6
ROUND = 3  # decimals of a position in the file


class Search(NamedTuple):
    """How much is run."""

    points: int  # in the first wave; a third of them in each later one
    waves: int
    seed: int
    engine: str
    workers: int


class Question(NamedTuple):
    """What is fitted to what."""

    opened: str  # file of the open parameters
    assumed: Assumed
    targets: tuple[Target, ...]  # K


class Found(NamedTuple):
    """Points that were run. N points, D parameters, K targets."""

    positions: Reals  # [N, D] in 0 .. 1
    values: Reals  # [N, K] as the model gives them
    luck: Reals  # [K] variance of a run with other luck, on the scale of square roots
    wave: npt.NDArray[np.int64]  # [N]
    worst: Reals  # [N] implausibility by the target in reach that it misses most, as all runs tell in the end

    @property
    def plausible(self) -> npt.NDArray[np.bool_]:
        """[N] points that no target in reach rules out."""
        return np.asarray(self.worst <= CUT)


def calibrated(question: Question, search: Search, progress: Progress | None = None) -> Found:
    """Run all waves."""
    size, many = len(load_opened(question.opened).open), len(question.targets)
    found = Found(np.zeros((0, size)), np.zeros((0, many)), np.zeros(many), np.zeros(0, np.int64), np.zeros(0))
    for wave in range(search.waves):
        positions = next_points(question, search, found, wave)
        again = positions[:REPEATED] if wave == 0 else positions[:0]
        first = len(found.positions) + (REPEATED if wave else 0)
        report = None if progress is None else _part(progress, wave, search.waves)
        values = run_points(question, search, np.vstack([positions, again]), first, report)
        once = values[: len(positions)]
        found = Found(
            np.vstack([found.positions, positions]),
            np.vstack([found.values, once]),
            luck_of(once[: len(again)], values[len(once) :]) if wave == 0 else found.luck,
            np.append(found.wave, np.full(len(positions), wave)),
            found.worst,
        )
    return found._replace(worst=implausibility(question.targets, found, found.positions).max(axis=1))


def luck_of(once: Reals, again: Reals) -> Reals:
    """[K] variance of a run, from points that were run twice."""
    apart = np.sqrt(np.maximum(once, 0.0)) - np.sqrt(np.maximum(again, 0.0))
    return np.asarray((apart**2).mean(axis=0) / 2)


def next_points(question: Question, search: Search, found: Found, wave: int) -> Reals:
    """[points, D] a Latin hypercube; after the first wave, points of a finer one that no target rules out."""
    from scipy.stats import qmc

    size = found.positions.shape[1]
    if wave == 0:
        return np.asarray(qmc.LatinHypercube(d=size, rng=search.seed).random(search.points)).round(ROUND)
    candidates = np.asarray(qmc.LatinHypercube(d=size, rng=search.seed + wave).random(CANDIDATES)).round(ROUND)
    candidates = np.vstack([candidates, nearby(found, question.targets, search.seed + wave)])
    worst = implausibility(question.targets, found, candidates).max(axis=1)
    left, count = candidates[worst <= CUT], search.points // 3
    if len(left) <= count:
        return candidates[np.argsort(worst, kind="stable")[:count]]
    return spread_out(left, count)


def nearby(found: Found, targets: Sequence[Target], seed: int) -> Reals:
    """Steps from the best points run so far: in many dimensions a hypercube alone hardly ever meets what is left."""
    size = found.positions.shape[1]
    best = np.argsort(misfit(targets, found)[:, reachable(targets, found)].max(axis=1), kind="stable")[:NEAR]
    steps = np.random.Generator(np.random.Philox(seed)).normal(0.0, STEP, (CANDIDATES // NEAR, len(best), size))
    return np.clip(found.positions[best] + steps, 0.0, 1.0).reshape(-1, size).round(ROUND)


def spread_out(points: Reals, count: int) -> Reals:
    """So many of the points, each as far as can be from those taken before."""
    taken = [0]
    gaps = np.linalg.norm(points - points[0], axis=1)
    while len(taken) < count:
        taken.append(int(np.argmax(gaps)))
        gaps = np.minimum(gaps, np.linalg.norm(points - points[taken[-1]], axis=1))
    return points[taken]


def run_points(
    question: Question, search: Search, positions: Reals, first: int, progress: Progress | None = None
) -> Reals:
    """[N, K] every target at every point; point n has the luck of replication `first` + n."""
    jobs = [
        question.assumed._replace(belief=At(question.opened, tuple(map(float, position)))) for position in positions
    ]
    workers = min(search.workers, len(jobs))
    if search.engine in RELEASES_GIL:
        check_memory(prepare(jobs[0]).rulebook, workers)
        compile_engine()

    def run(numbered: tuple[int, Assumed], _: Progress) -> list[float]:
        told = happened(numbered[1], search.engine, search.seed, first + numbered[0], keeps=False)
        return [measured(target, told) for target in question.targets]

    with threads(run, workers) as crew:
        return np.array(gathered(crew, list(enumerate(jobs)), progress))


class Emulator(NamedTuple):
    """What is known of one target on the scale of square roots: a plane, and a Gaussian process of what it leaves."""

    plane: Any
    process: Any

    @property
    def luck(self) -> float:
        """Variance that the positions do not explain."""
        return float(self.process.kernel_.k2.noise_level)

    def tell(self, points: Reals) -> tuple[Reals, Reals]:
        """Mean and variance at points, without luck."""
        rest, spread = self.process.predict(points, return_std=True)
        return self.plane.predict(points) + rest, np.maximum(spread**2 - self.luck, 0.0)


def emulators(found: Found) -> list[Emulator]:
    """One for each target, of all points run."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
    from sklearn.linear_model import Ridge
    from threadpoolctl import threadpool_limits

    made = []
    with threadpool_limits(1), warnings.catch_warnings():  # small matrices: more threads only wait for each other
        warnings.simplefilter("ignore", ConvergenceWarning)  # a target that hardly moves has a bound as its best
        for values, luck in zip(np.sqrt(np.maximum(found.values, 0.0)).T, found.luck, strict=True):
            plane = Ridge(alpha=1e-3).fit(found.positions, values)
            rest = values - plane.predict(found.positions)
            scale = float(rest.var()) or LEAST_VARIANCE
            kernel = ConstantKernel(scale, (1e-2 * scale, 1e2 * scale)) * RBF(2.0, (0.5, 20.0))
            kernel += WhiteKernel(max(float(luck), LEAST_VARIANCE), "fixed")
            process = GaussianProcessRegressor(kernel, random_state=0)
            made.append(Emulator(plane, process.fit(found.positions, rest)))
    return made


def implausibility(targets: Sequence[Target], found: Found, points: Reals) -> Reals:
    """[N, K'] of targets that the model can reach: standard deviations between emulator and target."""
    near = reachable(targets, found)
    made = emulators(found._replace(values=found.values[:, near], luck=found.luck[near]))
    columns = []
    for target, emulator in zip(compress(targets, near), made, strict=True):
        middle, spread = wanted(target)
        mean, doubt = emulator.tell(points)
        columns.append(np.abs(mean - middle) / np.sqrt(spread**2 + doubt))
    return np.array(columns).T


def misfit(targets: Sequence[Target], found: Found) -> Reals:
    """[N, K] standard deviations between a run and each target, luck included."""
    columns = []
    for place, target in enumerate(targets):
        middle, spread = wanted(target)
        root = np.sqrt(np.maximum(found.values[:, place], 0.0))
        columns.append(np.abs(root - middle) / np.sqrt(spread**2 + found.luck[place]))
    return np.array(columns).T


def reachable(targets: Sequence[Target], found: Found) -> npt.NDArray[np.bool_]:
    """[K] targets that some points come within the cut of."""
    return np.asarray((misfit(targets, found) <= CUT).mean(axis=0) >= REACHED)


def wanted(target: Target) -> tuple[float, float]:
    """Middle and standard deviation of a target on the scale of square roots; its ends are `ENDS` of them away."""
    low, high = (np.sqrt(max(end, 0.0)) for end in target.reach)
    return float(low + high) / 2, float(high - low) / 2 / ENDS


def _part(progress: Progress, wave: int, waves: int) -> Progress:
    return lambda part: progress((wave + part) / waves)
