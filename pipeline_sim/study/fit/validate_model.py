"""Validation: runs the study's worlds, measures every target in each replication, and judges.

Parameters are drawn as the study draws them, so a value has two uncertainties: of its mean over draws (a 95 %
interval), and between draws (5 to 95 % of draws). A target passes where the mean is within its reach.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines import RELEASES_GIL, compile_engine
from pipeline_sim.study.comparison.answer import parameter_sampling
from pipeline_sim.study.comparison.study_file import Study, draws_of, load_study, world_spec
from pipeline_sim.study.estimates.random_effects import Draws, effects, monte_carlo_interval
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import Progress, run_all
from pipeline_sim.study.fit.measure_targets import check_names, measure_target, run_for_targets
from pipeline_sim.study.fit.posterior import CUT, aim_of, misfit
from pipeline_sim.study.fit.targets import AtEnd, Rows, Starts, Target, Targets, WorldRole
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.posterior_sample import load_sample
from pipeline_sim.study.replication.prepare import WorldSpec, prepare, world_of
from pipeline_sim.study.replication.run_setting import Setting
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.names import names_of

Reals = npt.NDArray[np.float64]
LESS: dict[WorldRole, tuple[WorldRole, WorldRole]] = {"lost": ("covid", "no_covid"), "bought": ("covid", "as_spent")}
TAIL = 0.05  # of draws on either side of the range that is shown


class Verdict(NamedTuple):
    """Verdict on a target."""

    target: Target
    draws: Reals  # [D] by draw of the parameters, means over its replications
    number: int = 0  # in the file of targets

    @property
    def mean(self) -> float:
        """Mean over the draws."""
        return float(np.nanmean(self.draws))

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Monte Carlo interval of the mean."""
        low, high = monte_carlo_interval(effects(self.draws, Draws.even(len(self.draws), 1)))
        return float(low), float(high)

    @property
    def span(self) -> tuple[float, float]:
        """5 to 95 % range of the draws."""
        low, high = np.quantile(self.draws, (TAIL, 1 - TAIL))
        return float(low), float(high)

    @property
    def is_inside(self) -> bool:
        """True if the mean is in the interval of the source."""
        low, high = self.target.ends
        return low <= self.mean <= high

    @property
    def passes(self) -> bool:
        """True if the mean is within reach."""
        low, high = self.target.reach
        return low <= self.mean <= high

    @property
    def is_sure(self) -> bool:
        """True if the whole interval of the mean gives the same verdict."""
        low, high = self.target.reach
        ends = self.interval
        inside = low <= ends[0] and ends[1] <= high
        return inside if self.passes else bool(ends[1] < low or ends[0] > high)

    @property
    def off(self) -> float:
        """Distance of the mean from the value, in widths of the reach on that side."""
        low, high = self.target.reach
        allowed = (high - self.target.value) if self.mean >= self.target.value else (self.target.value - low)
        error = self.mean - self.target.value
        return error / allowed if allowed > 0 else (0.0 if error == 0 else float(np.copysign(np.inf, error)))


class ValidationPlan(NamedTuple):
    """A checked validation, ready to run."""

    targets: tuple[Target, ...]
    worlds: dict[WorldRole, WorldSpec]
    study: Study
    path: Path  # of the study's file
    engine: str
    workers: int
    classes: dict[str, list[str]]  # topics by class of figure

    @property
    def setting(self) -> Setting:
        """Setting that all worlds share."""
        return Setting(self.engine, self.study.seed, self.study.scale, parameter_sampling(self.study))


class Job(NamedTuple):
    """One replication of one world."""

    role: WorldRole
    spec: WorldSpec
    replication: int


def check_validation(
    targets: Targets, path: Path, engine: str, workers: int | None, sizes: dict[str, object], only: str | None = None
) -> ValidationPlan:
    """Plan of a validation; StudyError if a target cannot be measured; `sizes` change the study, `only` is a role."""
    file = (path.parent / targets.study).resolve()
    study = load_study(file).model_copy(update=sizes)
    worlds: dict[WorldRole, WorldSpec] = {}
    for role, name in targets.worlds.items():
        world = next((world for world in study.worlds if world.name == name), None)
        if world is None:
            raise StudyError(f"{path}: worlds.{role}: {file.name} has no world '{name}'")
        worlds[role] = world_spec(study, world, file.parent)
    chosen = tuple(target for target in targets.targets if only is None or target.role == only)
    if not chosen:
        raise StudyError(f"{path}: no target has the role {only}")
    for target in chosen:
        needed = LESS.get(target.world, (target.world,))
        missing = [role for role in needed if role not in worlds]
        if missing:
            raise StudyError(f"{path}: {target.id}: world: '{target.world}' needs worlds.{missing[0]}")
        check_names(target, names_of(world_of(worlds[needed[0]])))
    return ValidationPlan(chosen, worlds, study, file, engine, workers or os.cpu_count() or 1, targets.classes)


def validate(plan: ValidationPlan, progress: Progress | None = None) -> list[Verdict]:
    """Verdicts on all targets; failures first, the largest distance before others; assumptions last."""
    values = measure_all(plan, progress)
    by_draw = draws_of(plan.study, len(values)).means(values)
    verdicts = [Verdict(target, by_draw[:, index], index) for index, target in enumerate(plan.targets)]
    return sorted(verdicts, key=lambda verdict: (not verdict.target.is_record, verdict.passes, -abs(verdict.off)))


def fitted_noise(plan: ValidationPlan) -> dict[str, float]:
    """Chance variance of the root of each figure fitted to, in a replication; empty where nothing fitted is drawn."""
    if plan.study.posterior is None or plan.study.parameters != "sampled":
        return {}
    return {name: each / plan.study.scale for name, each in load_sample(plan.study.posterior).made.fitted.items()}


def draws_passing(plan: ValidationPlan, verdicts: Sequence[Verdict]) -> tuple[npt.NDArray[np.bool_], Reals] | None:
    """Whether each draw passes on all figures fitted to, by the cut of the calibration; part of those held out that it
    passes on. None where nothing fitted is drawn."""
    chance = fitted_noise(plan)
    fitted = [each for each in verdicts if each.target.id in chance]
    held = [each for each in verdicts if each.target.role == "test" and each.target.is_record]
    if not fitted:
        return None
    runs = np.bincount(draws_of(plan.study, plan.study.replications).of)
    own = _near(fitted, np.array([chance[each.target.id] for each in fitted]) / runs[:, None])
    of_held = np.asarray(_near(held, np.zeros(len(held))).mean(axis=1)) if held else np.zeros(0)
    return np.asarray(own.all(axis=1)), of_held


def _near(verdicts: Sequence[Verdict], noise: Reals) -> npt.NDArray[np.bool_]:
    aim = aim_of([each.target for each in verdicts])
    return np.asarray(misfit(aim, np.array([each.draws for each in verdicts]).T, noise) <= CUT)


def measure_all(plan: ValidationPlan, progress: Progress | None = None) -> Reals:
    """Values [R, targets] of every target in every replication."""
    jobs = jobs_of(plan)
    if plan.engine in RELEASES_GIL and jobs:
        check_memory(prepare(jobs[0].spec).rulebook, min(plan.workers, len(jobs)))
        compile_engine()
    with threads(lambda job, report: measure_job(plan, job), min(plan.workers, len(jobs))) as pool:
        rows = run_all(pool, jobs, progress)
    by_world: dict[WorldRole, Reals] = {
        role: np.array([row for job, row in zip(jobs, rows, strict=True) if job.role == role])
        for role in dict.fromkeys(job.role for job in jobs)
    }
    columns = []
    for index, target in enumerate(plan.targets):
        if target.world in LESS:
            one, other = LESS[target.world]
            columns.append(by_world[one][:, index] - by_world[other][:, index])
        else:
            columns.append(by_world[target.world][:, index])
    return np.array(columns).T


def with_sample(plan: ValidationPlan, posterior: Path, draws: int) -> ValidationPlan:
    """Plan of a validation of the world with COVID alone, with draws from a posterior sample."""
    changes = {"posterior": str(posterior), "replications": draws, "repeat_every": 0, "parameters": "sampled"}
    targets = tuple(target for target in plan.targets if target.world == "covid")
    return plan._replace(targets=targets, study=plan.study.model_copy(update=changes))


def jobs_of(plan: ValidationPlan) -> list[Job]:
    """Jobs for every replication of every world that a target needs."""
    needed = [role for target in plan.targets for role in LESS.get(target.world, (target.world,))]
    return [
        Job(role, plan.setting.sampling.for_replication(plan.worlds[role], replication), replication)
        for replication in range(plan.study.replications)
        for role in dict.fromkeys(needed)
    ]


def measure_job(plan: ValidationPlan, job: Job) -> list[float]:
    """Values of every target that needs this world; NaN for the others."""
    needed = [job.role in LESS.get(target.world, (target.world,)) for target in plan.targets]
    reads_log = [isinstance(target.model, Rows | Starts | AtEnd) for target in plan.targets]
    keep_log = any(here and reads for here, reads in zip(needed, reads_log, strict=True))
    output = run_for_targets(job.spec, plan.engine, plan.study.seed, job.replication, keep_log)
    return [
        measure_target(target, output) if here else float("nan")
        for here, target in zip(needed, plan.targets, strict=True)
    ]
