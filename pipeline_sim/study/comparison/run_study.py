"""Ask a study's question: check it, run its replications block by block, stop when enough is known, answer."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.records.files.storage import Memory, Place
from pipeline_sim.study.comparison.answer import Answer, answer_of, beliefs_of
from pipeline_sim.study.comparison.attribution import Rung, ladder
from pipeline_sim.study.comparison.stopping_rule import blocks, is_known
from pipeline_sim.study.comparison.study_file import Study, assumed
from pipeline_sim.study.execution.fill_store import NOBODY, Plan, Watch, fill
from pipeline_sim.study.replication.parameter_draws import check_time
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.study.replication.run_setting import Setting, stated_digest
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.lowering.build_timeline import check_names
from pipeline_sim.world.schema.names import names_of


class Asked(NamedTuple):
    """A question that has been found in order."""

    study: Study
    worlds: Mapping[str, Assumed]  # the study's own, the baseline first
    more: Mapping[str, Assumed]  # those that only the attribution needs
    rungs: list[Rung]
    engine: str
    workers: int
    store: Place  # of finished replications

    @property
    def plan(self) -> Plan:
        """All worlds."""
        study = self.study
        setting = Setting(self.engine, study.seed, study.scale, beliefs_of(study))
        return Plan({**self.worlds, **self.more}, setting, self.workers, self.store)

    def wanted(self, replications: int) -> dict[str, int]:
        """How many of each world are needed where the study's own worlds have so many."""
        attribution = self.study.attribution
        attributed = min(attribution.replications, replications) if attribution else 0
        return dict.fromkeys(self.worlds, replications) | dict.fromkeys(self.more, attributed)


def asked(
    study: Study, folder: Path, engine: str = "batch", workers: int | None = None, store: Place | None = None
) -> Asked:
    """Check a study whose paths start at `folder`; what is wrong is refused before anything runs."""
    found = {world.name: assumed(study, world, folder) for world in study.worlds}
    check_comparable(found, study.baseline)
    if study.parameters == "sampled":
        for name, each in found.items():
            check_time(name, world_of(each))
    worlds = {study.baseline: found[study.baseline], **found}
    more, rungs = ladder(study, worlds)
    return Asked(study, worlds, more, rungs, engine, workers or os.cpu_count() or 1, store or Memory())


def check_comparable(worlds: Mapping[str, Assumed], baseline: str) -> None:
    """Refuses a world that is wrong or has other years, offices or programmes."""
    base = world_of(worlds[baseline])
    for name, each in worlds.items():
        world = world_of(each)
        check_names(world, each.without)
        for what, mine, theirs in (
            ("years", world.period, base.period),
            ("offices", world.offices, base.offices),
            ("programmes", names_of(world).programmes, names_of(base).programmes),
        ):
            if mine != theirs:
                raise StudyError(f"{name} cannot be compared with {baseline}: it has other {what}")


def answer(asked: Asked, watch: Watch = NOBODY) -> Answer:
    """Run and answer. Replication r has the same luck, and the same draw of the parameters, in every world."""
    study, count = asked.study, 0
    for count in blocks(study):
        kept = fill(asked.plan, asked.wanted(count), watch)
        watch = watch._replace(complain=NOBODY.complain)  # what is wrong with the store is said once
        if (
            study.precision is not None
            and count < study.replications
            and is_known(study, asked.worlds, kept, count, study.precision)
        ):
            break
    found = {name: kept.sample(name, wanted) for name, wanted in asked.wanted(count).items()}
    order = {world.name: asked.worlds[world.name] for world in study.worlds}
    return answer_of(study, order, found, asked.rungs)


def identity(asked: Asked) -> str:
    """Twelve hex digits over what decides a replication: the setting and every world; not how many."""
    worlds = [(name, stated_digest(each)) for name, each in asked.plan.worlds.items()]
    return hashlib.sha256(repr((asked.plan.setting.digest, worlds)).encode()).hexdigest()[:12]
