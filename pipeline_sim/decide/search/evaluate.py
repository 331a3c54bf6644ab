"""Gains of mixes in replications, each kept in a journal on disk once it is known, so that a stopped search resumes.

All mixes of a replication share random numbers and the draw of the uncertain figures, and the simulation up to the
first day on which they differ. Of a mix in a replication no more than its gains are kept: a search runs a thousand.
Sizes: N mixes, S scenarios, R replications.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.decide.objective import gains
from pipeline_sim.records.files.array_cache import load_arrays, save_arrays
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.execution.fill_store import check_and_compile
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import Progress, by_day, run_all
from pipeline_sim.study.replication.joint_replication import PairedReplication, run_paired_replication
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.study.replication.run_setting import Setting, world_spec_digest
from pipeline_sim.study.replication.summary import WorldReplications
from pipeline_sim.world.schema.mix import MixSection

TOGETHER = 24  # mixes of a job: each has tables of its own in memory
ALMOST = 0.999  # how much of the work estimated is shown as done before all is


class Place(NamedTuple):
    """Scenario of a decision: the world without a programme, and the layers of worlds with one."""

    baseline: WorldSpec
    layers: tuple[str, ...]


class Job(NamedTuple):
    """Mixes to run in one replication."""

    number: int
    mixes: tuple[MixSection, ...]


class Evaluator:
    """Gains of mixes in a study's scenarios, run on threads; what the journal has is not run again."""

    def __init__(self, study: Study, decision: Decision, places: Sequence[Place], journal: Path, workers: int) -> None:
        self.study, self.decision, self.places, self.journal, self.workers = study, decision, places, journal, workers
        self._known: dict[Setting, dict[tuple[str, int], Reals]] = {}
        self.show(lambda part: None, 1)

    def show(self, report: Callable[[float], None], runs: int, done: int = 0) -> None:
        """Report from now on which part is done of about so many runs of a mix, known ones included."""
        self._done = float(done)
        self._report: Callable[[float], None] = lambda now: report(min(now / max(runs, 1), ALMOST))

    def gains(self, mixes: Sequence[MixSection], setting: Setting, numbers: Sequence[int]) -> Reals:
        """Gains [N, S, R] by the objective of mixes in some replications of a setting."""
        known, keys = self._read(setting), [mix_key(mix) for mix in mixes]
        jobs = []
        for number in numbers:
            left = list(dict.fromkeys(m for m, key in zip(mixes, keys, strict=True) if (key, number) not in known))
            jobs += [Job(number, tuple(left[at : at + TOGETHER])) for at in range(0, len(left), TOGETHER)]
        runs = sum(len(job.mixes) for job in jobs)
        self._done += len(mixes) * len(numbers) - runs
        if jobs:
            self._run(setting, jobs, runs)
        rows = np.array([[known[key, number] for number in numbers] for key in keys])  # [N, R, S, measures]
        return np.asarray((rows @ np.array(list(self.decision.weights.values()))).swapaxes(1, 2))

    def _run(self, setting: Setting, jobs: Sequence[Job], runs: int) -> None:
        workers, base = min(self.workers, len(jobs)), self.places[0].baseline._replace(scale=setting.scale)
        check_and_compile([base] * (1 + max(len(job.mixes) for job in jobs)), workers)
        with threads(partial(self._finish, setting), workers) as pool:
            run_all(pool, jobs, lambda part: self._report(self._done + part * runs))
        self._done += runs
        self._report(self._done)

    def _finish(self, setting: Setting, job: Job, progress: Progress) -> None:
        keys, count = [mix_key(mix) for mix in job.mixes], len(self.places)
        found = [self._one(setting, place, job, by_day(progress, at, count)) for at, place in enumerate(self.places)]
        gained = np.stack(found, axis=1)  # [N, S, measures]
        name = hashlib.sha256(repr((job.number, keys)).encode()).hexdigest()[:20]
        arrays = {"number": np.array(job.number), "keys": np.array(keys), "gains": gained}
        save_arrays(self._folder(setting) / f"{name}.npz", arrays)
        self._known[setting].update({(key, job.number): row for key, row in zip(keys, gained, strict=True)})

    def _one(self, setting: Setting, place: Place, job: Job, progress: Callable[[int, int], None] | None) -> Reals:
        """Gains [N, measures] of mixes in a scenario and replication."""
        made = {f"mix {at}": WorldSpec(place.layers, made=mix) for at, mix in enumerate(job.mixes)}
        specs = {
            name: setting.sampling.for_replication(spec._replace(scale=setting.scale), job.number)
            for name, spec in {self.study.baseline: place.baseline, **made}.items()
        }
        paired = PairedReplication(tuple(specs.values()), setting.engine, setting.seed, job.number)
        summaries = zip(specs, run_paired_replication(paired, progress), strict=True)
        samples = {name: WorldReplications(*(np.asarray(part)[None] for part in own)) for name, own in summaries}
        drawn = self.study.model_copy(
            update={"parameters": "mode", "scale": setting.scale}
        )  # figures are drawn already
        return gains(list(self.decision.weights), drawn, specs, samples, Draws.one(1))[:, 0]

    def _folder(self, setting: Setting) -> Path:
        return self.journal / f"{setting.digest}-{'-'.join(self.decision.weights)}"

    def _read(self, setting: Setting) -> dict[tuple[str, int], Reals]:
        """Gains of a setting that are known; a damaged file counts as missing."""
        if setting not in self._known:
            known = self._known[setting] = {}
            for path in sorted(self._folder(setting).glob("*.npz")):
                if (stored := load_arrays(path)) is not None:
                    rows = zip(stored["keys"].tolist(), stored["gains"], strict=True)
                    known.update({(key, int(stored["number"])): row for key, row in rows})
        return self._known[setting]


def mix_key(mix: MixSection) -> str:
    """Twenty hex digits over all that a mix says but its name."""
    return hashlib.sha256(mix.model_dump_json(exclude={"name"}).encode()).hexdigest()[:20]


def layers_key(specs: Mapping[str, WorldSpec]) -> str:
    """Digits over the files of worlds, by which journals of other worlds are kept apart."""
    return hashlib.sha256(repr([world_spec_digest(spec) for spec in specs.values()]).encode()).hexdigest()[:12]
