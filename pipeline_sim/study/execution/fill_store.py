"""The replications of a comparison: as many as asked for of each world, of which those that are kept are not run again.

Every finished replication is kept on disk; the same question asked again goes on from there. Neither who runs them, nor
in what order, nor how many side by side, nor a stop in between can be seen in a result.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.compiler.jit import cache_folder
from pipeline_sim.engines import RELEASES_GIL, compile_engine
from pipeline_sim.records.files.lock import in_turn
from pipeline_sim.records.files.replication_block import Block
from pipeline_sim.records.files.storage import Beat, Place
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.execution.processes import processes
from pipeline_sim.study.execution.replication_store import MANIFEST, Finished
from pipeline_sim.study.execution.store_inventory import made_otherwise
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_check import Passport, check_passport
from pipeline_sim.study.execution.worker_pool import Crew, Progress, stream
from pipeline_sim.study.replication.joint_replication import Family, rulebooks, run_family
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.prepare import Assumed
from pipeline_sim.study.replication.run_setting import Setting
from pipeline_sim.study.replication.summary_layout import flat
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

Row = npt.NDArray[np.int64]  # [C] all counts of a world in a replication
Lack = tuple[int, tuple[str, ...]]  # a replication and the worlds that lack it
MOST_IN_A_JOB = 64


class Job(NamedTuple):
    """Replications of some worlds, small enough to send to another machine."""

    names: tuple[str, ...]
    worlds: tuple[Assumed, ...]
    setting: Setting
    numbers: tuple[int, ...]
    passport: Passport | None = None  # what whoever runs it has to be


class Lived(NamedTuple):
    """What came of a job."""

    names: tuple[str, ...]
    rows: dict[int, tuple[Row, ...]]  # by replication: every world
    seconds: float


Hire = Callable[[Callable[[Job, Progress], Lived], Sequence[Assumed]], AbstractContextManager[Crew]]


class Plan(NamedTuple):
    """What is to be run, by whom, and where it is kept."""

    worlds: Mapping[str, Assumed]  # as stated; the baseline first
    setting: Setting
    workers: int
    store: Place
    hire: Hire | None = None  # another crew than threads, or processes, of this machine
    passport: Passport | None = None


class Watch(NamedTuple):
    """Who looks on while replications are run."""

    complain: Callable[[str], None] = lambda line: None
    finished: Callable[[float], None] = lambda count: None  # replications that are complete; kept ones and parts count
    seen: Callable[[str, Block], None] | None = None  # counts of a world, kept or new
    saved: Callable[[Finished], None] = lambda kept: None


NOBODY = Watch()


def fill(plan: Plan, wanted: Mapping[str, int], watch: Watch = NOBODY) -> Finished:
    """Have so many replications of each world; those that are missing are run. Who only reads keeps nobody out."""
    kept = Finished(plan.store, plan.setting, plan.worlds)
    kept.look(lambda line: None)
    if any(kept.missing(wanted)):
        with kept.place.held() as beat:
            for line in made_otherwise(plan.store):
                watch.complain(line)
            kept.look(watch.complain)
            kept.show(watch.seen)
            _run(plan, kept, wanted, watch, beat)
    else:
        kept.show(watch.seen)
        if kept.place.read(MANIFEST) is None:
            with suppress(RecordsError):  # where nothing can be written nothing needs to be
                kept.tell(MANIFEST, kept.manifest())
    if any(kept.missing(wanted)):
        raise StudyError("the crew went home before all was done: run the command once more")
    watch.finished(max(wanted.values()))
    return kept


def _run(plan: Plan, kept: Finished, wanted: Mapping[str, int], watch: Watch, beat: Beat) -> None:
    lacking = list(kept.missing(wanted))
    pace = Pace(max(wanted.values()) - len(lacking))
    save(kept, watch, force=True)  # a place that cannot be written is known before any work
    try:
        with hired(plan, lacking) as crew:

            def tick() -> None:
                beat()
                watch.finished(pace.done + crew.parts() * pace.size)

            for _, lived in stream(crew, jobs_of(plan, lacking, crew, pace), tick):
                pace.learn(lived)
                take(kept, lived, watch)
                save(kept, watch)
    except KeyboardInterrupt:
        raise InterruptedRunError(list(range(pace.done))) from None
    finally:
        save(kept, watch, force=True)


class Pace:
    """How many replications are complete, and how many make a job of the length that a crew likes."""

    def __init__(self, done: int) -> None:
        self.done, self.here, self.seconds, self.size = done, 0, 0.0, 1

    def learn(self, lived: Lived) -> None:
        """A job has ended."""
        self.done, self.here = self.done + len(lived.rows), self.here + len(lived.rows)
        self.seconds += lived.seconds

    def next(self, crew: Crew, left: int) -> int:
        """Replications of the next job; near the end fewer, so that all workers end together."""
        if self.here and crew.job_seconds:
            best = int(crew.job_seconds * self.here / max(self.seconds, 1e-6))
            self.size = max(1, min(best, MOST_IN_A_JOB, left // (2 * crew.workers())))
        return self.size


def jobs_of(plan: Plan, lacking: Sequence[Lack], crew: Crew, pace: Pace) -> Iterator[Job]:
    """Jobs one after another, each of replications that the same worlds lack."""
    for names, group in groupby(lacking, key=itemgetter(1)):
        worlds = tuple(plan.worlds[name] for name in names)
        left = [number for number, _ in group]
        while left:
            size = pace.next(crew, len(left))
            yield Job(names, worlds, plan.setting, tuple(left[:size]), plan.passport)
            left = left[size:]


def live(job: Job, progress: Progress | None = None) -> Lived:
    """Run a job. Worlds that others have already are not needed: the first of the job is the trunk of the rest."""
    if job.passport is not None:
        check_passport(job.passport)
        ready_on_host(job.setting.engine)
    began, rows = time.perf_counter(), {}
    for place, number in enumerate(job.numbers):
        report = None if progress is None else _by_day(progress, place, len(job.numbers))
        rows[number] = tuple(map(flat, run_family(family_of(job, number), report)))
    return Lived(job.names, rows, time.perf_counter() - began)


def family_of(job: Job, number: int) -> Family:
    """A replication of the worlds of a job."""
    setting = job.setting
    worlds = tuple(setting.beliefs.of(world, number) for world in job.worlds)
    return Family(worlds, setting.engine, setting.seed, number)


def _by_day(progress: Progress, place: int, count: int) -> Callable[[int, int], None]:
    return lambda day, days: progress((place + day / max(days, 1)) / count)


def hired(plan: Plan, lacking: Sequence[Lack]) -> AbstractContextManager[Crew]:
    """The crew that was asked for; else threads, or processes where the engine holds Python's lock."""
    worlds = [plan.setting.beliefs.of(plan.worlds[name], lacking[0][0]) for name in lacking[0][1]]
    if plan.hire is not None:
        return plan.hire(live, worlds)
    workers = min(plan.workers, len(lacking))
    if plan.setting.engine not in RELEASES_GIL:
        return processes(live, workers)
    ready_here(worlds, workers)
    return threads(live, workers)


def by_processes(workers: int, engine: str) -> Hire:
    """A crew of processes, whatever the engine."""

    def hire(work: Callable[[Job, Progress], Lived], worlds: Sequence[Assumed]) -> AbstractContextManager[Crew]:
        if engine in RELEASES_GIL:
            ready_here(worlds, workers)
        return processes(work, workers)

    return hire


def ready_here(worlds: Sequence[Assumed], workers: int) -> None:
    """See that there is memory for so many at a time, and that the engine is compiled."""
    (first,), _ = rulebooks(worlds[:1])
    check_memory(first, workers, len(worlds))
    compile_engine()


@cache
def ready_on_host(engine: str) -> None:
    """See that the engine is compiled once for all workers of a machine; the others wait, and fetch it from disk."""
    if engine in RELEASES_GIL:
        with in_turn(cache_folder()):
            compile_engine()


def take(kept: Finished, lived: Lived, watch: Watch) -> None:
    """Keep what came of a job, and show it."""
    for number, rows in lived.rows.items():
        kept.take(number, dict(zip(lived.names, rows, strict=True)))
        if watch.seen is not None:
            for name, row in zip(lived.names, rows, strict=True):
                watch.seen(name, Block((number,), row[None]))


def save(kept: Finished, watch: Watch, force: bool = False) -> None:
    """Write what is due, or all."""
    if kept.save(force) or force:
        kept.tell(MANIFEST, kept.manifest())
        watch.saved(kept)
