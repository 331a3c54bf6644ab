"""Replications of a study: as many of each world as are wanted, of which those in the store are not run again.

Every finished replication is stored, so an interrupted study resumes. Neither the kind of workers, nor their number,
nor the order, nor an interruption changes a result.
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
from pipeline_sim.records.files.lock import one_at_a_time
from pipeline_sim.records.files.replication_block import BLOCK_SIZE, Block
from pipeline_sim.records.files.saving import saving
from pipeline_sim.records.files.storage import Heartbeat, Storage
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.execution.processes import processes
from pipeline_sim.study.execution.replication_store import MANIFEST, ReplicationStore
from pipeline_sim.study.execution.store_inventory import incompatible_settings
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_check import WorkerRequirements, check_requirements
from pipeline_sim.study.execution.worker_pool import Progress, WorkerPool, as_completed, by_day
from pipeline_sim.study.replication.joint_replication import PREPARED, PairedReplication, run_paired_replication
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.paired_worlds import rulebooks
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.study.replication.repeated_draws import draw_of
from pipeline_sim.study.replication.run_setting import ParameterSampling, Setting
from pipeline_sim.study.replication.summary_layout import to_row
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

Row = npt.NDArray[np.int64]  # [C] all counts of a world in a replication
MissingReplication = tuple[int, tuple[str, ...]]  # a replication and the worlds that lack it
MOST_IN_A_JOB = 64
MOST_TOGETHER = 8  # replications of a draw that are kept together whatever they take


class Job(NamedTuple):
    """Replications of some worlds, small enough to send to another machine."""

    names: tuple[str, ...]
    worlds: tuple[WorldSpec, ...]
    setting: Setting
    numbers: tuple[int, ...]
    requirements: WorkerRequirements | None = None  # of whoever runs it


class JobResult(NamedTuple):
    """Counts that a job returns."""

    names: tuple[str, ...]
    rows: dict[int, tuple[Row, ...]]  # by replication: every world
    seconds: float


PoolFactory = Callable[[Callable[[Job, Progress], JobResult], Sequence[WorldSpec]], AbstractContextManager[WorkerPool]]


class Share(NamedTuple):
    """Share of the blocks of a study, for jobs that write one store side by side: every block is in one share."""

    number: int  # from 0
    of: int

    def has(self, replication: int) -> bool:
        """Whether a replication is in the share."""
        return replication // BLOCK_SIZE % self.of == self.number

    def size(self, replications: int) -> int:
        """How many of the first so many replications are in the share."""
        return sum(map(self.has, range(replications)))


WHOLE = Share(0, 1)


class RunPlan(NamedTuple):
    """Replications to run, by which workers, and the store."""

    worlds: Mapping[str, WorldSpec]  # as stated; the baseline first
    setting: Setting
    workers: int
    store: Storage
    pool_factory: PoolFactory | None = None  # None: threads, or processes, of this machine
    requirements: WorkerRequirements | None = None
    share: Share = WHOLE

    def missing(self, store: ReplicationStore, wanted: Mapping[str, int]) -> list[MissingReplication]:
        """Replications of the share that are not in the store."""
        return [each for each in store.missing(wanted) if self.share.has(each[0])]


class Observer(NamedTuple):
    """Callbacks while replications are run."""

    on_warning: Callable[[str], None] = lambda line: None
    on_progress: Callable[[float], None] = lambda count: None  # replications complete; stored ones and parts count
    on_block: Callable[[str, Block], None] | None = None  # counts of a world, stored or new
    on_save: Callable[[ReplicationStore], None] = lambda store: None


SILENT = Observer()


def run_missing(plan: RunPlan, wanted: Mapping[str, int], observer: Observer = SILENT) -> ReplicationStore:
    """Store with so many replications of each world; missing ones are run. Only a run that writes takes the write lock.

    Of a share only its blocks are written, not what is said of the whole store. StudyError if the workers ended early.
    """
    store = ReplicationStore(plan.store, plan.setting, plan.worlds)
    store.scan(lambda line: None)
    if plan.missing(store, wanted):
        with store.storage.write_lock(part_name(plan.share)) as heartbeat:
            for line in incompatible_settings(plan.store):
                observer.on_warning(line)
            store.scan(observer.on_warning)
            store.replay(observer.on_block)
            _run_jobs(plan, store, wanted, observer, heartbeat)
    else:
        store.replay(observer.on_block)
        if plan.share == WHOLE and store.storage.read(MANIFEST) is None:
            with suppress(RecordsError):  # where nothing can be written nothing needs to be
                store.write_json(MANIFEST, store.manifest())
    if plan.missing(store, wanted):
        raise StudyError("the workers ended before all was done: run the command once more")
    observer.on_progress(max(wanted.values()))
    return store


def _run_jobs(
    plan: RunPlan, store: ReplicationStore, wanted: Mapping[str, int], observer: Observer, heartbeat: Heartbeat
) -> None:
    missing, whole = plan.missing(store, wanted), plan.share == WHOLE
    sizer = JobSizer(plan.share.size(max(wanted.values())) - len(missing), plan.setting.sampling)
    save(store, observer, whole, force=True)  # a place that cannot be written is known before any work
    try:
        with open_pool(plan, missing) as pool:

            def on_tick() -> None:
                heartbeat()
                observer.on_progress(sizer.done + pool.work_in_flight() * sizer.size)

            try:
                for _, result in as_completed(pool, jobs_of(plan, missing, pool, sizer), on_tick):
                    sizer.record(result)
                    store_result(store, result, observer)
                    save(store, observer, whole)
            finally:
                with saving():  # before the workers are waited for: a command that is stopped has two seconds
                    save(store, observer, whole, force=True)
    except KeyboardInterrupt:
        raise InterruptedRunError(list(range(sizer.done))) from None


def part_name(share: Share) -> str:
    """Name of a share in the lock of its writer; none of the whole."""
    return "" if share == WHOLE else f"{share.number + 1}-of-{share.of}"


class JobSizer:
    """Number of complete replications, and number of them that makes a job of the length a pool prefers."""

    def __init__(self, done: int, sampling: ParameterSampling) -> None:
        self.done, self.done_here, self.seconds, self.size, self.piece = done, 0, 0.0, 1, 1
        self.repeat_every = sampling.repeat_every if sampling.sampled else 0

    def record(self, result: JobResult) -> None:
        """Record a job that has ended."""
        self.done, self.done_here = self.done + len(result.rows), self.done_here + len(result.rows)
        self.seconds += result.seconds

    def next_size(self, pool: WorkerPool, left: Sequence[int]) -> int:
        """Number of replications in the next job; near the end fewer, so that all workers end together.

        Workers that share no memory are sent whole draws of the parameters, as each would prepare its part anew.
        """
        if self.done_here and pool.job_seconds:
            best = int(pool.job_seconds * self.done_here / max(self.seconds, 1e-6))
            self.piece = max(1, min(best, MOST_IN_A_JOB, len(left) // (2 * pool.workers())))
        last = draw_of(left[min(self.piece, len(left)) - 1], self.repeat_every)
        whole = sum(draw_of(number, self.repeat_every) <= last for number in left)
        together = 1 if pool.shares_memory else min(whole, MOST_TOGETHER, len(left) // pool.workers())
        self.size = max(self.piece, together)
        return self.size


def jobs_of(plan: RunPlan, missing: Sequence[MissingReplication], pool: WorkerPool, sizer: JobSizer) -> Iterator[Job]:
    """Jobs one after another, each of replications that the same worlds lack."""
    for names, group in groupby(missing, key=itemgetter(1)):
        worlds = tuple(plan.worlds[name] for name in names)
        left = [number for number, _ in group]
        while left:
            size = sizer.next_size(pool, left)
            yield Job(names, worlds, plan.setting, tuple(left[:size]), plan.requirements)
            left = left[size:]


def run_paired_job(job: Job, progress: Progress | None = None) -> JobResult:
    """Run a job. Worlds whose counts are stored are not needed: the first world of the job is the trunk of the rest."""
    if job.requirements is not None:
        check_requirements(job.requirements)
        compile_once_per_host(job.setting.engine)
    began, rows = time.perf_counter(), {}
    for index, number in enumerate(job.numbers):
        report = by_day(progress, index, len(job.numbers))
        rows[number] = tuple(map(to_row, run_paired_replication(replication_of(job, number), report)))
    return JobResult(job.names, rows, time.perf_counter() - began)


def replication_of(job: Job, number: int) -> PairedReplication:
    """Replication of the worlds of a job."""
    setting = job.setting
    worlds = tuple(setting.sampling.for_replication(world, number) for world in job.worlds)
    return PairedReplication(worlds, setting.engine, setting.seed, number)


def open_pool(plan: RunPlan, missing: Sequence[MissingReplication]) -> AbstractContextManager[WorkerPool]:
    """Pool that the plan asks for; else threads, or processes where the engine holds Python's lock."""
    worlds = [plan.setting.sampling.for_replication(plan.worlds[name], missing[0][0]) for name in missing[0][1]]
    if plan.pool_factory is not None:
        return plan.pool_factory(run_paired_job, worlds)
    workers = min(plan.workers, len(missing))
    if plan.setting.engine not in RELEASES_GIL:
        return processes(run_paired_job, workers)
    check_and_compile(worlds, workers, PREPARED.of(tuple(worlds)).result().rulebooks[0])  # the first job finds them
    return threads(run_paired_job, workers)


def process_pool_factory(workers: int, engine: str) -> PoolFactory:
    """Factory of a pool of processes, whatever the engine."""

    def open_processes(
        work: Callable[[Job, Progress], JobResult], worlds: Sequence[WorldSpec]
    ) -> AbstractContextManager[WorkerPool]:
        if engine in RELEASES_GIL:
            check_and_compile(worlds, workers)
        return processes(work, workers)

    return open_processes


def check_and_compile(worlds: Sequence[WorldSpec], workers: int, first: Rulebook | None = None) -> None:
    """Check that memory suffices for so many replications at a time, and compile the engine.

    first: Rulebook of the first world; it is made unless given.
    """
    check_memory(first or rulebooks(worlds[:1])[0], workers, len(worlds))
    compile_engine()


@cache
def compile_once_per_host(engine: str) -> None:
    """Compile the engine once for all workers of a machine; the others wait, and read it from disk."""
    if engine in RELEASES_GIL:
        with one_at_a_time(cache_folder()):
            compile_engine()


def store_result(store: ReplicationStore, result: JobResult, observer: Observer) -> None:
    """Add a job's result to the store, and show it to the observer."""
    for number, rows in result.rows.items():
        store.add(number, dict(zip(result.names, rows, strict=True)))
        if observer.on_block is not None:
            for name, row in zip(result.names, rows, strict=True):
                observer.on_block(name, Block((number,), row[None]))


def save(store: ReplicationStore, observer: Observer, whole: bool, force: bool = False) -> None:
    """Write blocks that are due, or all; and what the store holds, if the whole of it is written here."""
    if (store.save(force) or force) and whole:
        store.write_json(MANIFEST, store.manifest())
        observer.on_save(store)
