"""Calibration: all uncertain figures of a world, fitted together to the targets of role `fit`.

1. A scrambled Sobol design over the prior of every figure is run on the engine, some of it twice for the chance
   variation, and an emulator of each target is learnt from it.
2. In waves, rows of the posterior by the emulators of all runs so far are run on the engine.
3. The rows of the last wave, run twice, are the sample: none that an own run rules out, nor those that a fresh run
   would most likely rule out, each with the weight that the emulators of all runs give it over those that proposed it.
   Weights worth less than half of the rows are tempered, to the power that makes them worth half.

Targets that hardly any run comes near are unreachable: they are reported, and rule nothing out.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.execution.worker_pool import Progress, part_of
from pipeline_sim.study.fit.calibration_runs import CalibrationProblem, Search, run_design, write_design
from pipeline_sim.study.fit.emulator import Emulator, fit_emulators, means
from pipeline_sim.study.fit.posterior import (
    CUT,
    Aim,
    active_figures,
    aim_of,
    implausibility,
    log_likelihood,
    misfit,
    next_step,
    normalised,
    passing_chance,
    prior,
    sample_posterior,
    unlikely_dropped,
)
from pipeline_sim.study.replication.posterior_sample import PosteriorSample
from pipeline_sim.study.study_error import StudyError

Reals = npt.NDArray[np.float64]
REACHED = 0.005  # part of the first design that comes within the cut of a target if the model can reach it
REPEATED = 48  # rows of the first design that are run again, to estimate the noise variance
LAST_TIMES = 2  # runs of each row of the last wave
LEAST_SIZE = 20.0  # effective rows of a sample that can be used


class Runs(NamedTuple):
    """Runs of all waves: N rows, D figures, K targets."""

    positions: Reals  # [N, D] in 0 .. 1
    values: Reals  # [N, K] as the model gives them
    noise_variance: Reals  # [K] between replications, on the scale of square roots
    wave: npt.NDArray[np.int64]  # [N]


class Fit(NamedTuple):
    """Calibration that is finished."""

    runs: Runs
    emulators: list[Emulator]  # of the R targets that can be reached, by all runs
    reached: npt.NDArray[np.bool_]  # [K]
    unseen: list[Reals]  # of each later wave, share [R] of the emulators' expected square error that was found
    sample: PosteriorSample
    weights: Reals  # of the last wave's runs, sum 1: those of the rows in the sample, shared by a row's runs
    passing: float  # share of the last wave that its own runs do not rule out
    expected: float  # probability that a fresh run of a draw is not ruled out
    power: float  # of the weights: below 1 where they would be worth less than half of the rows


def calibrate(
    problem: CalibrationProblem, search: Search, empty: PosteriorSample, folder: Path, progress: Progress | None = None
) -> Fit:
    """Fit of all waves; `folder` keeps finished runs. StudyError if no sample of a useful size is left."""
    aim, figures = aim_of(problem.targets), empty.positions.shape[1]
    runs = first_wave(problem, search, empty, folder, part_of(progress, 0, search.waves))
    reached = (misfit(aim, runs.values, runs.noise_variance) <= CUT).mean(axis=0) >= REACHED
    if not reached.any():
        raise StudyError("no run comes near any of the figures fitted to: are they of this world?")
    near, unseen = Aim(aim.middle[reached], aim.spread[reached]), list[Reals]()
    emulators = emulators_of(runs, reached)
    for wave in range(1, search.waves):
        far = partial(implausibility, near, emulators)
        positions = sample_posterior(far, search.later, figures, active_figures(emulators), search.seed + wave)
        proposed = log_likelihood(far(positions), np.inf)
        times = LAST_TIMES if wave == search.waves - 1 else 1
        design, path = np.tile(positions, (times, 1)), folder / f"wave{wave}.parquet"
        values = run_wave(problem, search, (empty, design, path), runs, part_of(progress, wave, search.waves))
        unseen.append(expected_errors(emulators, design, values[:, reached], runs.noise_variance[reached]))
        runs = Runs(
            np.vstack([runs.positions, design]),
            np.vstack([runs.values, values]),
            runs.noise_variance,
            np.append(runs.wave, np.full(len(design), wave)),
        )
        emulators = emulators_of(runs, reached)
    own, noise = values[:, reached].reshape(times, len(positions), -1), runs.noise_variance[reached]
    passed = (misfit(near, own, noise) <= CUT).all(axis=(0, 2))
    fresh = noise * problem.spec.scale / problem.study_scale
    chance = passing_chance(near, emulators, positions, np.sqrt(np.maximum(own, 0.0)), (noise, fresh))
    logs = log_likelihood(implausibility(near, emulators, positions), np.inf) - proposed
    power = next_step(logs[passed], 1.0) if passed.any() else 1.0
    logs = np.where(passed, power * logs, -np.inf)
    fitted = [target.id for target, near_enough in zip(problem.targets, reached, strict=True) if near_enough]
    by_chance = dict(zip(fitted, (noise * problem.spec.scale).tolist(), strict=True))
    made = empty.made.model_copy(update={"runs": len(runs.values) + REPEATED, "fitted": by_chance})
    kept = unlikely_dropped(logs, chance)
    sample = weighted_sample(empty._replace(made=made), positions, kept, emulators)
    expected = float(normalised(kept) @ chance)
    of_runs = np.tile(normalised(kept), times) / times
    return Fit(runs, emulators, np.asarray(reached), unseen, sample, of_runs, float(passed.mean()), expected, power)


def first_wave(
    problem: CalibrationProblem, search: Search, empty: PosteriorSample, folder: Path, progress: Progress | None
) -> Runs:
    """Runs of the first design, with the noise variance from rows that are run twice."""
    positions = prior(search.points, empty.positions.shape[1], search.seed)
    twice = np.vstack([positions, positions[:REPEATED]])
    write_design(empty, twice, folder / "wave0.parquet")
    values = run_design(problem, search, folder / "wave0.parquet", 0, progress)
    once, again = np.sqrt(np.maximum(values[:REPEATED], 0.0)), np.sqrt(np.maximum(values[search.points :], 0.0))
    noise = ((once[: len(again)] - again) ** 2).mean(axis=0) / 2
    return Runs(positions, values[: search.points], noise, np.zeros(len(positions), np.int64))


def run_wave(
    problem: CalibrationProblem,
    search: Search,
    design: tuple[PosteriorSample, Reals, Path],
    before: Runs,
    progress: Progress | None,
) -> Reals:
    """Targets [N, K] at the positions of a later wave, under random numbers that no run before had."""
    write_design(*design)
    return run_design(problem, search, design[2], len(before.values) + REPEATED, progress)


def emulators_of(runs: Runs, reached: npt.NDArray[np.bool_]) -> list[Emulator]:
    """Emulators of the targets that can be reached, by all runs, those of a wave in an order without meaning."""
    lot = np.random.Generator(np.random.Philox(len(runs.values))).random(len(runs.values))
    order = np.lexsort((lot, runs.wave))
    return fit_emulators(runs.positions[order], runs.values[order][:, reached], runs.noise_variance[reached])


def expected_errors(emulators: Sequence[Emulator], positions: Reals, values: Reals, noise_variance: Reals) -> Reals:
    """Mean square error [K] of emulators at runs that they have not seen, as a share of what they expect."""
    off = np.sqrt(np.maximum(values, 0.0)) - means(emulators, positions)
    return np.asarray((off**2).mean(axis=0) / (np.array([each.error for each in emulators]) + noise_variance))


def weighted_sample(
    empty: PosteriorSample, positions: Reals, logs: Reals, emulators: Sequence[Emulator]
) -> PosteriorSample:
    """Sample of the rows that have a weight, in the order of what the model gives; StudyError if it is too small."""
    kept = np.isfinite(logs)
    if not kept.any():
        found = "no row that was run is likely to meet the figures fitted to again"
        raise StudyError(f"{found}: are there contradictory targets? Else try more --points or a larger --scale")
    positions, weights = positions[kept], normalised(logs[kept])
    given = means(emulators, positions)
    given = (given - given.mean(axis=0)) / np.maximum(given.std(axis=0), 1e-9)
    order = np.argsort(given @ np.linalg.svd(given, full_matrices=False)[2][0], kind="stable")
    sample = empty._replace(positions=positions[order], weights=weights[order])
    if sample.effective_size < LEAST_SIZE:
        found = f"the posterior has collapsed: its weights are worth {sample.effective_size:.1f} rows"
        raise StudyError(f"{found}, should be {LEAST_SIZE:.0f} or more: try more --points, --later or --waves")
    return sample
