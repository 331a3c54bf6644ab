"""Worker pool of threads, for an engine that releases Python's lock."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from pipeline_sim.study.execution.worker_pool import Progress, WorkerPool
from pipeline_sim.study.study_error import StopError


@contextmanager
def threads(work: Callable[[Any, Progress], Any], workers: int) -> Iterator[WorkerPool]:
    """Pool of threads that do the work until the block is left; work in flight is then stopped."""
    stop, parts = threading.Event(), dict[int, float]()

    def run(job: Any) -> Any:
        here = threading.get_ident()

        def report(part: float) -> None:
            parts[here] = part
            if stop.is_set():
                raise StopError

        try:
            report(0.0)
            return work(job, report)
        finally:
            parts.pop(here, None)

    def submit(job: Any) -> "Future[Any]":
        return pool.submit(run, job)

    pool = ThreadPoolExecutor(workers, "replication")
    try:
        yield WorkerPool(submit, lambda: workers, lambda: sum(list(parts.values())), shares_memory=True)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
