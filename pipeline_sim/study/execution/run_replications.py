"""Many replications of many worlds, on as many threads or processes as there are cores.

Every job says which luck it uses, so neither the number of processes nor their order can be seen in a result.
"""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.engines import ENGINES, RELEASES_GIL, compile_engine
from pipeline_sim.records.count_measures import measures, measures_of_counts
from pipeline_sim.records.event_log import EventLog, columns_digest
from pipeline_sim.records.files.events_file import EventsFile
from pipeline_sim.records.invariants import broken_laws
from pipeline_sim.study.execution.processes import processes
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import gathered
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.prepare import Assumed, Prepared, prepare, rulebook_digest
from pipeline_sim.study.study_error import InterruptedRunError

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[float], None]  # part done, 0 to 1


class Job(NamedTuple):
    """One replication of one world."""

    assumed: Assumed
    engine: str
    seed: int
    replication: int
    events: str | None = None  # where to keep the log
    check: bool = False  # hold the log against the laws


class Replication(NamedTuple):
    """What came of a job."""

    measures: "pd.DataFrame"
    rows: int
    log_digest: str | None  # none where no rows were kept
    rulebook_digest: str
    broken: tuple[str, ...]
    seconds: float


def replicate(jobs: Sequence[Job], workers: int | None = None, progress: Progress | None = None) -> list[Replication]:
    """Run every job; results come in the order of the jobs. One worker means: in this process and thread."""
    workers = min(workers or os.cpu_count() or 1, len(jobs))
    threaded = all(job.engine in RELEASES_GIL for job in jobs)
    if threaded and jobs:
        check_memory(prepare(jobs[0].assumed).rulebook, workers)
        compile_engine()
    if workers <= 1:
        return _one_after_another(jobs, progress)
    with (threads if threaded else processes)(run_job, workers) as crew:
        return gathered(crew, jobs, progress)


def _one_after_another(jobs: Sequence[Job], progress: Progress | None) -> list[Replication]:
    done: list[Replication] = []
    try:
        for place, job in enumerate(jobs):
            done.append(run_job(job, _part_of(progress, place, len(jobs))))
    except KeyboardInterrupt:
        raise InterruptedRunError(done) from None
    return done


def run_job(job: Job, progress: Progress | None = None) -> Replication:
    """One replication: prepare, run, count, keep the log if asked."""
    prepared = prepare(job.assumed)
    with ExitStack() as files:
        file = files.enter_context(EventsFile(Path(job.events))) if job.events is not None else None
        held = job.check or job.engine not in RELEASES_GIL  # the rows in memory, to be read here
        log = EventLog(keeps=held or file is not None, sink=None if held else file)
        started = time.perf_counter()
        report = None if progress is None else _by_day(progress)
        ENGINES[job.engine](prepared.rulebook, job.seed, job.replication, log, report)
        seconds = time.perf_counter() - started
        return _read(job, prepared, log, file, seconds)


def _read(job: Job, prepared: Prepared, log: EventLog, file: EventsFile | None, seconds: float) -> Replication:
    """Count, hold against the laws, and name what was told by its digest."""
    columns, digest = None, None
    broken: tuple[str, ...] = ()
    if len(log):
        columns = log.columns()
        digest = columns_digest(columns)
        if file is not None:
            file.take(columns)
        broken = tuple(broken_laws(columns, prepared.posts)) if job.check else ()
    elif file is not None:
        digest = file.digest()
    if log.counts:
        counted = measures_of_counts(log.counts, prepared.frame, job.replication)
    else:
        counted = measures(columns or log.columns(), prepared.frame, job.replication)
    return Replication(counted, log.rows_told or len(log), digest, rulebook_digest(prepared.rulebook), broken, seconds)


def all_measures(replications: Sequence[Replication]) -> "pd.DataFrame":
    """The measures of several replications in one table."""
    import pandas as pd

    return pd.concat([replication.measures for replication in replications], ignore_index=True)


def _by_day(progress: Progress) -> Callable[[int, int], None]:
    return lambda day, total: progress(day / max(total, 1))


def _part_of(progress: Progress | None, place: int, count: int) -> Progress | None:
    return None if progress is None else lambda part: progress((place + part) / count)
