"""Single replications of some worlds, on as many threads or processes as there are cores.

Every job names its seed and replication, so neither the number of processes nor their order changes a result.
"""

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.engines import ENGINES, RELEASES_GIL, compile_engine
from pipeline_sim.records.count_measures import counts_of_log, measure_table
from pipeline_sim.records.event_log import Columns, EventLog, columns_digest
from pipeline_sim.records.files.events_file import EventsFile
from pipeline_sim.records.invariants import broken_invariants
from pipeline_sim.study.execution.processes import processes
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import Progress, by_day, part_of, run_all
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.prepare import PreparedWorld, WorldSpec, prepare, rulebook_digest
from pipeline_sim.study.study_error import InterruptedRunError


class Job(NamedTuple):
    """One replication of one world."""

    spec: WorldSpec
    engine: str
    seed: int
    replication: int
    events: str | None = None  # where to keep the log
    check: bool = False  # hold the log against the laws


class Replication(NamedTuple):
    """Result of a job."""

    measures: Columns
    rows: int
    log_digest: str | None  # none where no rows were kept
    rulebook_digest: str
    broken: tuple[str, ...]
    seconds: float


def replicate(jobs: Sequence[Job], workers: int | None = None, progress: Progress | None = None) -> list[Replication]:
    """Results of every job, in the order of the jobs. One worker means: in this process and thread."""
    workers = min(workers or os.cpu_count() or 1, len(jobs))
    threaded = all(job.engine in RELEASES_GIL for job in jobs)
    if threaded and jobs:
        check_memory(prepare(jobs[0].spec).rulebook, workers)
        compile_engine()
    if workers <= 1:
        return _one_after_another(jobs, progress)
    with (threads if threaded else processes)(run_job, workers) as pool:
        return run_all(pool, jobs, progress)


def _one_after_another(jobs: Sequence[Job], progress: Progress | None) -> list[Replication]:
    done: list[Replication] = []
    try:
        for index, job in enumerate(jobs):
            done.append(run_job(job, part_of(progress, index, len(jobs))))
    except KeyboardInterrupt:
        raise InterruptedRunError(done) from None
    return done


def run_job(job: Job, progress: Progress | None = None) -> Replication:
    """Run one replication: prepare, run, count, and keep the log if wanted."""
    prepared = prepare(job.spec)
    with ExitStack() as files:
        file = files.enter_context(EventsFile(Path(job.events))) if job.events is not None else None
        in_memory = job.check or job.engine not in RELEASES_GIL  # the rows in memory, to be read here
        log = EventLog(keep_rows=in_memory or file is not None, sink=None if in_memory else file)
        started = time.perf_counter()
        report = by_day(progress, 0, 1)
        ENGINES[job.engine](prepared.rulebook, job.seed, job.replication, log, report)
        seconds = time.perf_counter() - started
        return _read(job, prepared, log, file, seconds)


def _read(job: Job, prepared: PreparedWorld, log: EventLog, file: EventsFile | None, seconds: float) -> Replication:
    """Count the log, check it against the invariants, and name it by its digest."""
    columns, digest = None, None
    broken: tuple[str, ...] = ()
    if len(log):
        columns = log.columns()
        digest = columns_digest(columns)
        if file is not None:
            file.take(columns)
        broken = tuple(broken_invariants(columns, prepared.posts)) if job.check else ()
    elif file is not None:
        digest = file.digest()
    counts = log.counts or [counts_of_log(columns or log.columns(), prepared.frame)]
    table = measure_table(counts, prepared.frame, job.replication)
    return Replication(table, log.rows_emitted or len(log), digest, rulebook_digest(prepared.rulebook), broken, seconds)


def all_measures(replications: Sequence[Replication]) -> Columns:
    """Measures of several replications in one table."""
    tables = [replication.measures for replication in replications]
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
