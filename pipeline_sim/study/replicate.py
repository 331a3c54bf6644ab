"""Many replications of many worlds, on as many processes as there are cores.

Every job says which luck it uses, so neither the number of processes nor their order can be seen in a result.
"""

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.check import broken_laws
from pipeline_sim.records.log import EventLog, columns_digest
from pipeline_sim.records.measures import measures
from pipeline_sim.records.store import write_events
from pipeline_sim.study.errors import StudyError
from pipeline_sim.study.prepare import Assumed, prepare, rulebook_digest

if TYPE_CHECKING:
    import pandas as pd

SECONDS_BETWEEN_REPORTS = 0.2
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
    log_digest: str
    rulebook_digest: str
    broken: tuple[str, ...]
    seconds: float


class StopError(Exception):
    """The parent asked its workers to stop."""


def replicate(jobs: Sequence[Job], workers: int | None = None, progress: Progress | None = None) -> list[Replication]:
    """Run every job; results come in the order of the jobs. One worker means: in this process."""
    workers = min(workers or os.cpu_count() or 1, len(jobs))
    if workers <= 1:
        return [run_job(job, _part_of(progress, place, len(jobs))) for place, job in enumerate(jobs)]
    return _on_a_pool(jobs, workers, progress)


def run_job(job: Job, progress: Progress | None = None) -> Replication:
    """One replication: prepare, run, count, keep the log if asked."""
    prepared = prepare(job.assumed)
    log = EventLog()
    started = time.perf_counter()
    report = None if progress is None else _by_day(progress)
    ENGINES[job.engine](prepared.rulebook, job.seed, job.replication, log, report)
    seconds = time.perf_counter() - started
    columns = log.columns()
    if job.events is not None:
        write_events(Path(job.events), columns)
    broken = tuple(broken_laws(columns, prepared.posts)) if job.check else ()
    counted = measures(columns, prepared.frame, job.replication)
    digests = columns_digest(columns), rulebook_digest(prepared.rulebook)
    return Replication(counted, len(log), *digests, broken, seconds)


def all_measures(replications: Sequence[Replication]) -> "pd.DataFrame":
    """The measures of several replications in one table."""
    import pandas as pd

    return pd.concat([replication.measures for replication in replications], ignore_index=True)


def _by_day(progress: Progress) -> Callable[[int, int], None]:
    return lambda day, total: progress(day / max(total, 1))


def _part_of(progress: Progress | None, place: int, count: int) -> Progress | None:
    return None if progress is None else lambda part: progress((place + part) / count)


# ---- a pool of processes, each with its own caches; works with spawn ---------------------------------------------


class _Line(NamedTuple):
    """From workers to the parent and back."""

    reports: Any  # queue of (place of the job, part done)
    stop: Any  # event: the parent gives up


_lines: list[_Line] = []


def _open_line(reports: Any, stop: Any) -> None:
    _lines[:] = [_Line(reports, stop)]
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed ends at once, instead of waiting for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes started in here ignore Ctrl-C from their first instruction: the parent decides what it means."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _work(place: int, job: Job) -> Replication:
    line, last = _lines[0], [0.0]

    def report(part: float) -> None:
        if time.monotonic() - last[0] < SECONDS_BETWEEN_REPORTS:
            return
        last[0] = time.monotonic()
        if line.stop.is_set():
            raise StopError
        line.reports.put((place, part))

    return run_job(job, report)


def _on_a_pool(jobs: Sequence[Job], workers: int, progress: Progress | None) -> list[Replication]:
    context = multiprocessing.get_context("spawn")
    line = _Line(context.Queue(), context.Event())
    pool = ProcessPoolExecutor(workers, context, _open_line, line)
    try:
        with _deaf_children():
            futures = [pool.submit(_work, place, job) for place, job in enumerate(jobs)]
        _watch(futures, line, progress)
        return [future.result() for future in futures]
    except BrokenProcessPool:
        raise StudyError("a worker process died; there may be too little memory: try --scale or fewer cores") from None
    finally:
        line.stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        line.reports.close()


def _watch(futures: list["Future[Replication]"], line: _Line, progress: Progress | None) -> None:
    """Pass on how far the jobs are until all are done or one has failed."""
    parts = [0.0] * len(futures)
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, timeout=SECONDS_BETWEEN_REPORTS)
        for future in done:
            future.result()
        for place, part in _reports(line):
            parts[place] = part
        if progress is not None:
            finished = (1.0 if future.done() else part for future, part in zip(futures, parts, strict=True))
            progress(sum(finished) / len(futures))


def _reports(line: _Line) -> Iterator[tuple[int, float]]:
    while True:
        try:
            yield line.reports.get_nowait()
        except queue.Empty:
            return
