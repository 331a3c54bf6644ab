"""Run of a study: check it, run its replications group by group, stop when precise enough, answer."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.records.files.storage import InMemoryStorage, Storage
from pipeline_sim.study.comparison.answer import Answer, answer_of, parameter_sampling
from pipeline_sim.study.comparison.attribution import AttributionStep, attribution_plan
from pipeline_sim.study.comparison.scenarios import Scenarios, scenarios_of
from pipeline_sim.study.comparison.stopping_rule import meets_precision, stopping_points
from pipeline_sim.study.comparison.study_file import Study, of_file, world_spec
from pipeline_sim.study.execution.fill_store import SILENT, Observer, RunPlan, run_missing
from pipeline_sim.study.replication.parameter_draws import check_held_names, check_lead_times
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.run_setting import Setting, world_spec_digest
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.lowering.build_timeline import check_names
from pipeline_sim.world.schema.names import names_of
from pipeline_sim.world.schema.world import Period


class StudyPlan(NamedTuple):
    """A checked study, ready to run."""

    study: Study
    worlds: Mapping[str, WorldSpec]  # the study's own, the baseline first
    attribution_worlds: Mapping[str, WorldSpec]  # further ones that only the attribution needs
    steps: list[AttributionStep]
    scenarios: Scenarios
    engine: str
    workers: int
    store: Storage  # of finished replications

    @property
    def run_plan(self) -> RunPlan:
        """Plan of the replications of all worlds."""
        study = self.study
        setting = Setting(self.engine, study.seed, study.scale, parameter_sampling(study))
        worlds = {**self.worlds, **self.scenarios.worlds, **self.attribution_worlds}
        return RunPlan(worlds, setting, self.workers, self.store)

    def wanted(self, replications: int) -> dict[str, int]:
        """Replications needed of each world where the study's own worlds have so many."""
        attribution = self.study.attribution
        attributed = min(attribution.replications, replications) if attribution else replications
        compared = dict.fromkeys([*self.worlds, *self.scenarios.worlds], replications)
        return compared | dict.fromkeys(self.attribution_worlds, attributed)


def check_study(
    study: Study, folder: Path, engine: str = "batch", workers: int | None = None, store: Storage | None = None
) -> StudyPlan:
    """Plan of a study whose paths start at `folder`; StudyError or WorldError if anything is wrong with it."""
    with of_file(study):
        specs = {world.name: world_spec(study, world, folder) for world in study.worlds}
        scenarios = scenarios_of(study, specs, folder)
        check_comparable({**specs, **scenarios.worlds}, study.baseline)
        check_year(study.year, world_of(specs[study.baseline]).period)
        check_held_names(study.held, [world_of(spec) for spec in specs.values()])
        if study.parameters == "sampled":
            for name, spec in {**specs, **scenarios.worlds}.items():
                check_lead_times(name, world_of(spec))
        worlds = {study.baseline: specs[study.baseline], **specs}
        attribution_worlds, steps = attribution_plan(study, worlds)
    workers = workers or os.cpu_count() or 1
    return StudyPlan(study, worlds, attribution_worlds, steps, scenarios, engine, workers, store or InMemoryStorage())


def check_comparable(worlds: Mapping[str, WorldSpec], baseline: str) -> None:
    """Refuses, with StudyError, a world that is wrong or has other years, offices or programmes than the baseline."""
    base = world_of(worlds[baseline])
    for name, spec in worlds.items():
        world = world_of(spec)
        check_names(world, spec.without)
        for what, own, expected in (
            ("years", world.period, base.period),
            ("size", world.size, base.size),
            ("offices", world.offices, base.offices),
            ("programmes", names_of(world).programmes, names_of(base).programmes),
        ):
            if own != expected:
                raise StudyError(f"{name} cannot be compared with {baseline}: it has other {what}")


def check_year(year: int | None, period: Period) -> None:
    """Refuses, with StudyError, a year of spending that is not reported, from which no horizon could start."""
    first, last = period.first_year, period.last_year
    if year is not None and not first <= year <= last:
        raise StudyError(f"year is {year}, should be a training year of the worlds, {first} to {last}")


def run_study(plan: StudyPlan, observer: Observer = SILENT) -> Answer:
    """Answer of a study. Replication r has common random numbers, and one draw of the parameters, in every world."""
    study, count = plan.study, 0
    for count in stopping_points(study):
        store = run_missing(plan.run_plan, plan.wanted(count), observer)
        observer = observer._replace(on_warning=SILENT.on_warning)  # what is wrong with the store is reported once
        if (
            study.precision is not None
            and count < study.replications
            and meets_precision(study, plan.worlds, plan.scenarios, store, count, study.precision)
        ):
            break
    samples = {name: store.sample(name, wanted) for name, wanted in plan.wanted(count).items()}
    specs = {world.name: plan.worlds[world.name] for world in study.worlds}
    return answer_of(study, specs, samples, plan.steps, plan.scenarios)


def study_digest(plan: StudyPlan) -> str:
    """Twelve hex digits over all that decides a replication: the setting and every world, not their number."""
    runs = plan.run_plan
    worlds = [(name, world_spec_digest(spec)) for name, spec in runs.worlds.items()]
    return hashlib.sha256(repr((runs.setting.digest, worlds)).encode()).hexdigest()[:12]
