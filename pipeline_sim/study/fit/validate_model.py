"""Holds the model against its targets: runs the study's worlds, measures every target in each replication, judges.

Parameters are drawn as the study draws them, so a value has two doubts: of its mean over draws (a 95 % interval), and
of what any one draw may give (5 to 95 % of draws). A target passes where the mean lies within its reach.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines import RELEASES_GIL, compile_engine
from pipeline_sim.study.comparison.answer import beliefs_of
from pipeline_sim.study.comparison.study_file import Study, assumed, load_study
from pipeline_sim.study.estimates.indicators import over_lucks
from pipeline_sim.study.estimates.intervals import estimate
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import gathered
from pipeline_sim.study.fit.measure_targets import check_names, happened, measured
from pipeline_sim.study.fit.targets import Rows, Starts, Target, Targets, Told
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.prepare import Assumed, prepare, world_of
from pipeline_sim.study.replication.run_setting import Setting
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.names import names_of

Progress = Callable[[float], None]
Reals = npt.NDArray[np.float64]
LESS: dict[Told, tuple[Told, Told]] = {"lost": ("covid", "no_covid"), "bought": ("covid", "as_spent")}
TAIL = 0.05  # of draws on either side of the range that is shown


class Verdict(NamedTuple):
    """A target and what the model gives."""

    target: Target
    draws: Reals  # [D] by draw of the parameters, means over its lucks
    place: int = 0  # in the file of targets

    @property
    def mean(self) -> float:
        """Over the draws."""
        return estimate(self.draws).mean

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the mean."""
        found = estimate(self.draws)
        return found.low, found.high

    @property
    def span(self) -> tuple[float, float]:
        """What nine draws in ten lie between."""
        low, high = np.quantile(self.draws, (TAIL, 1 - TAIL))
        return float(low), float(high)

    @property
    def is_inside(self) -> bool:
        """True if the mean lies in the interval of the source."""
        low, high = self.target.ends
        return low <= self.mean <= high

    @property
    def passes(self) -> bool:
        """True if the mean lies within reach."""
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
        """How far the mean is from the value, in widths of what is allowed on that side."""
        low, high = self.target.reach
        allowed = (high - self.target.value) if self.mean >= self.target.value else (self.target.value - low)
        away = self.mean - self.target.value
        return away / allowed if allowed > 0 else (0.0 if away == 0 else float(np.copysign(np.inf, away)))


class Asked(NamedTuple):
    """A validation that has been found in order."""

    targets: tuple[Target, ...]
    worlds: dict[Told, Assumed]
    study: Study
    path: Path  # of the study's file
    engine: str
    workers: int

    @property
    def setting(self) -> Setting:
        """What all worlds share."""
        return Setting(self.engine, self.study.seed, self.study.scale, beliefs_of(self.study))


class Job(NamedTuple):
    """One replication of one world."""

    told: Told
    assumed: Assumed
    replication: int


def asked(
    found: Targets, path: Path, engine: str, workers: int | None, sizes: dict[str, object], only: str | None = None
) -> Asked:
    """Check that every target can be measured; `sizes` are changes to the study, `only` a role."""
    file = (path.parent / found.study).resolve()
    study = load_study(file).model_copy(update=sizes)
    worlds: dict[Told, Assumed] = {}
    for told, name in found.worlds.items():
        world = next((each for each in study.worlds if each.name == name), None)
        if world is None:
            raise StudyError(f"{path}: worlds.{told}: {file.name} has no world '{name}'")
        worlds[told] = assumed(study, world, file.parent)
    chosen = tuple(target for target in found.targets if only is None or target.role == only)
    if not chosen:
        raise StudyError(f"{path}: no target has the role {only}")
    for target in chosen:
        needed = LESS.get(target.world, (target.world,))
        missing = [told for told in needed if told not in worlds]
        if missing:
            raise StudyError(f"{path}: {target.id}: world: '{target.world}' needs worlds.{missing[0]}")
        check_names(target, names_of(world_of(worlds[needed[0]])))
    return Asked(chosen, worlds, study, file, engine, workers or os.cpu_count() or 1)


def validated(question: Asked, progress: Progress | None = None) -> list[Verdict]:
    """Run, measure and judge; failures first, those furthest off before others."""
    values = measure_all(question, progress)
    verdicts = [
        Verdict(target, over_lucks(values[:, place], question.study.lucks), place)
        for place, target in enumerate(question.targets)
    ]
    return sorted(verdicts, key=lambda each: (each.passes, -abs(each.off)))


def measure_all(question: Asked, progress: Progress | None = None) -> Reals:
    """[R, targets] every target in every replication."""
    jobs = jobs_of(question)
    if question.engine in RELEASES_GIL and jobs:
        check_memory(prepare(jobs[0].assumed).rulebook, min(question.workers, len(jobs)))
        compile_engine()
    with threads(lambda job, report: measure(question, job), min(question.workers, len(jobs))) as crew:
        rows = gathered(crew, jobs, progress)
    by_world: dict[Told, Reals] = {
        told: np.array([row for job, row in zip(jobs, rows, strict=True) if job.told == told])
        for told in dict.fromkeys(job.told for job in jobs)
    }
    columns = []
    for place, target in enumerate(question.targets):
        if target.world in LESS:
            one, other = LESS[target.world]
            columns.append(by_world[one][:, place] - by_world[other][:, place])
        else:
            columns.append(by_world[target.world][:, place])
    return np.array(columns).T


def jobs_of(question: Asked) -> list[Job]:
    """Every replication of every world that a target needs."""
    needed = [told for target in question.targets for told in LESS.get(target.world, (target.world,))]
    return [
        Job(told, question.setting.beliefs.of(question.worlds[told], replication), replication)
        for replication in range(question.study.replications)
        for told in dict.fromkeys(needed)
    ]


def measure(question: Asked, job: Job) -> list[float]:
    """Every target that needs this world; NaN for the others."""
    mine = [job.told in LESS.get(target.world, (target.world,)) for target in question.targets]
    keeps = any(
        here and isinstance(target.model, Rows | Starts) for here, target in zip(mine, question.targets, strict=True)
    )
    told = happened(job.assumed, question.engine, question.study.seed, job.replication, keeps)
    return [
        measured(target, told) if here else float("nan") for here, target in zip(mine, question.targets, strict=True)
    ]
