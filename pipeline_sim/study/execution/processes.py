"""Worker pool of processes of this machine, for an engine that holds Python's lock; works with spawn."""

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any, NamedTuple

from pipeline_sim.study.execution.worker_pool import SECONDS_BETWEEN_REPORTS, Progress, WorkerPool
from pipeline_sim.study.study_error import StopError, StudyError


class _Line(NamedTuple):
    reports: Any  # queue of (number of the job, part done)
    stop: Any  # event: the parent gives up


_lines: list[_Line] = []


def _open_line(reports: Any, stop: Any) -> None:
    _lines[:] = [_Line(reports, stop)]
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End a worker whose parent was killed at once, instead of waiting for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Context in which started processes ignore Ctrl-C from their first instruction; the parent decides about it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _work(work: Callable[[Any, Progress], Any], number: int, job: Any) -> Any:
    line, last = _lines[0], [0.0]

    def report(part: float) -> None:
        if time.monotonic() - last[0] < SECONDS_BETWEEN_REPORTS:
            return
        last[0] = time.monotonic()
        if line.stop.is_set():
            raise StopError
        line.reports.put((number, part))

    return work(job, report)


@contextmanager
def processes(work: Callable[[Any, Progress], Any], workers: int) -> Iterator[WorkerPool]:
    """Pool of processes that do the work, a function importable by name, until the block is left."""
    context = multiprocessing.get_context("spawn")
    line = _Line(context.Queue(), context.Event())
    pool = ProcessPoolExecutor(workers, context, _open_line, line)
    numbers, under_way = count(), dict[int, float]()

    def submit(job: Any) -> "Future[Any]":
        number = next(numbers)
        under_way[number] = 0.0
        with _deaf_children():
            future = pool.submit(_work, work, number, job)
        future.add_done_callback(lambda _: under_way.pop(number, None))
        return future

    try:
        yield WorkerPool(submit, lambda: workers, lambda: _parts(line, under_way))
    except BrokenProcessPool:
        raise StudyError("a worker process died; there may be too little memory: try --scale or fewer cores") from None
    finally:
        line.stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        line.reports.close()


def _parts(line: _Line, under_way: dict[int, float]) -> float:
    with suppress(queue.Empty):
        while True:
            number, part = line.reports.get_nowait()
            if number in under_way:
                under_way[number] = part
    return sum(list(under_way.values()))
