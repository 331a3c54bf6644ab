"""Ask a study's question: check it, run its replications block by block, stop when enough is known, answer."""

import hashlib
import os
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.jit import rules_digest
from pipeline_sim.study.answer import Answer, answer_of, beliefs_of
from pipeline_sim.study.attribution import Rung, ladder
from pipeline_sim.study.compare import estimate
from pipeline_sim.study.doubt import check_time
from pipeline_sim.study.errors import StudyError
from pipeline_sim.study.indicators import headline, over_lucks
from pipeline_sim.study.plausible import plausible_digest
from pipeline_sim.study.prepare import Assumed, world_of
from pipeline_sim.study.replications import Plan, Summaries, run_block, samples
from pipeline_sim.study.study_file import Study, assumed
from pipeline_sim.study.summary import Sample
from pipeline_sim.world.names import names_of
from pipeline_sim.world.sources import world_digest
from pipeline_sim.world.timeline import check_names

Progress = Callable[[float], None]
BLOCK = 8  # replications between two looks at the interval, at least
LEAST = 16  # draws before the first look: an interval looked at earlier holds the mean less often than it says


class Asked(NamedTuple):
    """A question that has been found in order."""

    study: Study
    worlds: Mapping[str, Assumed]  # the study's own, the baseline first
    more: Mapping[str, Assumed]  # those that only the attribution needs
    rungs: list[Rung]
    engine: str
    workers: int
    store: Path | None

    @property
    def plan(self) -> Plan:
        """The study's own worlds."""
        return Plan(self.worlds, beliefs_of(self.study), self.engine, self.study.seed, self.workers, self.store)

    @property
    def whole_plan(self) -> Plan:
        """All worlds."""
        return self.plan._replace(worlds={**self.worlds, **self.more})


def asked(
    study: Study, folder: Path, engine: str = "batch", workers: int | None = None, store: Path | None = None
) -> Asked:
    """Check a study whose paths start at `folder`; what is wrong is refused before anything runs."""
    found = {world.name: assumed(study, world, folder) for world in study.worlds}
    check_comparable(found, study.baseline)
    if study.parameters == "sampled":
        for name, each in found.items():
            check_time(name, world_of(each))
    worlds = {study.baseline: found[study.baseline], **found}
    more, rungs = ladder(study, worlds)
    return Asked(study, worlds, more, rungs, engine, workers or os.cpu_count() or 1, store)


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


def answer(asked: Asked, progress: Progress | None = None) -> Answer:
    """Run and answer. Replication r has the same luck, and the same draw of the parameters, in every world."""
    study = asked.study
    attributed = min(study.attribution.replications, study.replications) if study.attribution else 0
    done: list[Summaries] = []
    for start, stop in blocks(study):
        report = None if progress is None else _within(progress, start, stop, study.replications)
        numbers = range(start, stop)
        first = [number for number in numbers if number < attributed]
        done += run_block(asked.whole_plan, first, _split(report, 0, len(first), len(numbers)))
        rest = [number for number in numbers if number >= attributed]
        done += run_block(asked.plan, rest, _split(report, len(first), len(rest), len(numbers)))
        if study.precision is not None and stop < study.replications and is_known(asked, done, study.precision):
            break
    found = samples(asked.plan, [each[: len(asked.worlds)] for each in done])
    if attributed:
        found = {**samples(asked.whole_plan, done[:attributed]), **found}
    order = {world.name: asked.worlds[world.name] for world in study.worlds}
    return answer_of(study, order, found, asked.rungs if attributed else ())


def blocks(study: Study) -> list[tuple[int, int]]:
    """First and last but one replication of what is run between two looks at the interval."""
    if study.precision is None:
        return [(0, study.replications)]
    first, step = LEAST * study.lucks, -(-BLOCK // study.lucks) * study.lucks  # whole draws
    return list(pairwise([0, *range(first, study.replications, step), study.replications]))


def is_known(asked: Asked, done: list[Summaries], precision: float) -> bool:
    """True if every programme's headline difference has an interval that narrow, either way of its mean."""
    found = samples(asked.plan, [each[: len(asked.worlds)] for each in done])
    study = asked.study
    scale = study.scale * world_of(asked.worlds[study.baseline]).size
    base, gaps = _by_draw(study, found[study.baseline]), []
    for world in study.worlds:
        if world.mix is not None and world.name != study.baseline:
            gaps.append((base - _by_draw(study, found[world.name])) / scale)
    return all(is_narrow(gap, precision) for gap in gaps)


def is_narrow(gap: npt.NDArray[np.float64], precision: float) -> bool:
    """True if the interval of a mean over draws [D] reaches no further than that, either way."""
    found = estimate(gap)
    return (found.high - found.low) / 2 <= precision


def _by_draw(study: Study, sample: Sample) -> npt.NDArray[np.float64]:
    return over_lucks(headline(sample, study.headline), study.lucks)


def identity(asked: Asked) -> str:
    """Twelve hex digits over what decides a replication: worlds, parameters, seed, engine, rules; not how many."""
    study = asked.study
    worlds = [
        (name, world_digest(world_of(each)), sorted(each.without), each.scale)
        for name, each in {**asked.worlds, **asked.more}.items()
    ]
    beliefs = (study.parameters, study.held, study.lucks, plausible_digest(study.plausible))
    parts = (worlds, study.seed, *beliefs, asked.engine, rules_digest())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def _within(progress: Progress, start: int, stop: int, count: int) -> Progress:
    return lambda part: progress((start + part * (stop - start)) / count)


def _split(progress: Progress | None, before: int, here: int, count: int) -> Progress | None:
    return None if progress is None else lambda part: progress((before + part * here) / count)
