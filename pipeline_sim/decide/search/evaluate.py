"""Gains of mixes in replications, each kept in a journal on disk once it is known, so that a stopped search resumes.

All mixes of a replication share random numbers and the draw of the uncertain figures, and the simulation up to the
first day on which they differ. Sizes: N mixes, S scenarios, R replications.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.decide.objective import gains
from pipeline_sim.engines import compile_engine
from pipeline_sim.records.files.array_cache import load_arrays, save_arrays
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import Progress, by_day, run_all
from pipeline_sim.study.replication.joint_replication import PairedReplication, run_paired_replication
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.paired_worlds import rulebooks
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.study.replication.run_setting import ParameterSampling, Setting
from pipeline_sim.study.replication.summary import WorldReplications
from pipeline_sim.world.schema.mix import MixSection

Reals = npt.NDArray[np.float64]
ENGINE = "batch"
TOGETHER = 24  # mixes of a job: each has tables of its own in memory


class Stage(NamedTuple):
    """A set of draws: its seed, the size of the model, and one of how many draws is run twice (0: none)."""

    seed: int
    scale: float
    repeat_every: int = 0


class Place(NamedTuple):
    """Scenario of a decision: the world without a programme, and the layers of worlds with one."""

    baseline: WorldSpec
    layers: tuple[str, ...]


class Job(NamedTuple):
    """Mixes to run in one replication of a stage."""

    number: int
    mixes: tuple[MixSection, ...]


class Evaluator:
    """Gains of mixes in a study's scenarios, run on threads; what the journal has is not run again."""

    def __init__(self, study: Study, decision: Decision, places: Sequence[Place], journal: Path, workers: int) -> None:
        self.study, self.decision, self.places, self.journal, self.workers = study, decision, places, journal, workers
        self.runs = 0  # of a mix, known ones included
        self.on_work: Callable[[float], None] = lambda runs: None  # runs finished and under way
        self._known: dict[Stage, dict[tuple[str, int], Reals]] = {}

    def gains(self, mixes: Sequence[MixSection], stage: Stage, numbers: Sequence[int]) -> Reals:
        """Gains [N, S, R] by the objective of mixes in some replications of a stage."""
        known, keys = self._read(stage), [mix_key(mix) for mix in mixes]
        jobs = []
        for number in numbers:
            lacking = dict.fromkeys(mix for mix, key in zip(mixes, keys, strict=True) if (key, number) not in known)
            left = list(lacking)
            jobs += [Job(number, tuple(left[at : at + TOGETHER])) for at in range(0, len(left), TOGETHER)]
        runs = sum(len(job.mixes) for job in jobs)
        self.runs += len(mixes) * len(numbers) - runs
        if jobs:
            self._run(stage, jobs, runs)
        rows = [[known[key, number] for number in numbers] for key in keys]  # each [S, measures]
        weights = np.array(list(self.decision.weights.values()))
        return np.asarray((np.array(rows).reshape(len(keys), len(numbers), -1, len(weights)) @ weights).swapaxes(1, 2))

    def _run(self, stage: Stage, jobs: Sequence[Job], runs: int) -> None:
        (first,) = rulebooks([self.places[0].baseline._replace(scale=stage.scale)])
        workers = min(self.workers, len(jobs))
        check_memory(first, workers, 1 + max(len(job.mixes) for job in jobs))
        compile_engine()
        before = self.runs

        def report(part: float) -> None:
            self.on_work(before + part * runs)

        with threads(partial(self._finish, stage), workers) as pool:
            run_all(pool, jobs, report)
        self.runs = before + runs
        report(1.0)

    def _finish(self, stage: Stage, job: Job, progress: Progress) -> None:
        keys, values = [mix_key(mix) for mix in job.mixes], []
        for index, place in enumerate(self.places):
            values.append(self._one(stage, place, job, by_day(progress, index, len(self.places))))
        found = np.stack(values, axis=1)  # [N, S, measures]
        name = hashlib.sha256(repr((job.number, keys)).encode()).hexdigest()[:20]
        arrays = {"number": np.array(job.number), "keys": np.array(keys), "gains": found}
        save_arrays(self._folder(stage) / f"{name}.npz", arrays)
        self._known[stage].update({(key, job.number): row for key, row in zip(keys, found, strict=True)})

    def _one(self, stage: Stage, place: Place, job: Job, progress: Callable[[int, int], None] | None) -> Reals:
        """Gains [N, measures] of mixes in a scenario and replication."""
        study, sampling = self.study, self._setting(stage).sampling
        base = study.baseline
        specs = {base: place.baseline} | {
            f"mix {at}": WorldSpec(place.layers, made=mix) for at, mix in enumerate(job.mixes)
        }
        specs = {
            name: sampling.for_replication(spec._replace(scale=stage.scale), job.number) for name, spec in specs.items()
        }
        summaries = run_paired_replication(
            PairedReplication(tuple(specs.values()), ENGINE, stage.seed, job.number), progress
        )
        samples = {
            name: WorldReplications(*(np.asarray(part)[None] for part in summary))
            for name, summary in zip(specs, summaries, strict=True)
        }
        drawn = study.model_copy(update={"parameters": "mode", "scale": stage.scale})  # the figures are drawn already
        found = gains(list(self.decision.weights), drawn, specs, samples, Draws.one(1))
        return np.stack([found[name][0] for name in specs if name != base])

    def _setting(self, stage: Stage) -> Setting:
        study = self.study
        sampling = ParameterSampling(stage.seed, stage.repeat_every, tuple(study.held), True, study.posterior)
        return Setting(ENGINE, stage.seed, stage.scale, sampling)

    def _folder(self, stage: Stage) -> Path:
        names = "-".join(self.decision.weights)
        return self.journal / f"{self._setting(stage).digest}-{names}"

    def _read(self, stage: Stage) -> dict[tuple[str, int], Reals]:
        """Gains of a stage that are known; a damaged file counts as missing."""
        if stage not in self._known:
            known = self._known[stage] = {}
            for path in sorted(self._folder(stage).glob("*.npz")):
                stored = load_arrays(path)
                if stored is not None:
                    rows = zip(stored["keys"].tolist(), stored["gains"], strict=True)
                    known.update({(key, int(stored["number"])): row for key, row in rows})
        return self._known[stage]


def mix_key(mix: MixSection) -> str:
    """Twenty hex digits over all that a mix says but its name."""
    return hashlib.sha256(mix.model_dump_json(exclude={"name"}).encode()).hexdigest()[:20]


def layers_key(specs: Mapping[str, WorldSpec]) -> str:
    """Digits over the files of worlds, by which journals of other worlds are kept apart."""
    from pipeline_sim.study.replication.run_setting import world_spec_digest

    return hashlib.sha256(repr([world_spec_digest(spec) for spec in specs.values()]).encode()).hexdigest()[:12]
