"""Jobs on a pool of processes, for an engine that holds Python's lock; works with spawn."""

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, NamedTuple

from pipeline_sim.study.errors import InterruptedRunError, StopError, StudyError
from pipeline_sim.study.threads import SECONDS_BETWEEN_REPORTS, J, Progress, R, first_done, watch


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


def _work(work: Callable[[J, Progress], R], place: int, job: J) -> R:
    line, last = _lines[0], [0.0]

    def report(part: float) -> None:
        if time.monotonic() - last[0] < SECONDS_BETWEEN_REPORTS:
            return
        last[0] = time.monotonic()
        if line.stop.is_set():
            raise StopError
        line.reports.put((place, part))

    return work(job, report)


def on_processes(
    work: Callable[[J, Progress], R], jobs: Sequence[J], workers: int, progress: Progress | None
) -> list[R]:
    """What `work` makes of every job, in the order of the jobs. It must be found by name in a fresh process."""
    context = multiprocessing.get_context("spawn")
    line = _Line(context.Queue(), context.Event())
    pool = ProcessPoolExecutor(workers, context, _open_line, line)
    futures: list[Future[R]] = []
    try:
        with _deaf_children():
            futures.extend(pool.submit(_work, work, place, job) for place, job in enumerate(jobs))
        parts = [0.0] * len(jobs)
        watch(futures, lambda: _read(line, parts), progress)
        return [future.result() for future in futures]
    except KeyboardInterrupt:
        raise InterruptedRunError(first_done(futures)) from None
    except BrokenProcessPool:
        raise StudyError("a worker process died; there may be too little memory: try --scale or fewer cores") from None
    finally:
        line.stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        line.reports.close()


def _read(line: _Line, parts: list[float]) -> list[float]:
    """How far the jobs are, by the latest reports."""
    while True:
        try:
            place, part = line.reports.get_nowait()
        except queue.Empty:
            return parts
        parts[place] = part
