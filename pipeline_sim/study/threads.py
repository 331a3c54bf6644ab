"""Jobs on a pool of threads, for an engine that lets go of Python's lock."""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import takewhile
from typing import TypeVar

from pipeline_sim.study.errors import InterruptedRunError, StopError

SECONDS_BETWEEN_REPORTS = 0.2
Progress = Callable[[float], None]  # part done, 0 to 1
J = TypeVar("J")
R = TypeVar("R")


def on_threads(work: Callable[[J, Progress], R], jobs: Sequence[J], workers: int, progress: Progress | None) -> list[R]:
    """What `work` makes of every job, in the order of the jobs; the first error stops all of them."""
    stop, parts = threading.Event(), [0.0] * len(jobs)

    def one(place: int) -> R:
        def report(part: float) -> None:
            parts[place] = part
            if stop.is_set():
                raise StopError

        report(0.0)
        return work(jobs[place], report)

    pool = ThreadPoolExecutor(workers, "replication")
    futures = [pool.submit(one, place) for place in range(len(jobs))]
    try:
        watch(futures, lambda: parts, progress)
        return [future.result() for future in futures]
    except KeyboardInterrupt:
        raise InterruptedRunError(first_done(futures)) from None
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def first_done(futures: "Sequence[Future[R]]") -> list[R]:
    """What the first jobs came to, up to one that is not done."""
    done = takewhile(lambda future: future.done() and not future.cancelled() and not future.exception(), futures)
    return [future.result() for future in done]


def watch(futures: "list[Future[R]]", parts: Callable[[], list[float]], progress: Progress | None) -> None:
    """Pass on how far the jobs are, as `parts` says, until all are done or one has failed.

    Finished jobs come by a queue: a Ctrl-C inside `concurrent.futures.wait` can leave it holding locks of the jobs.
    """
    finished: queue.SimpleQueue[Future[R]] = queue.SimpleQueue()
    for future in futures:
        future.add_done_callback(finished.put)
    done: set[Future[R]] = set()
    while len(done) < len(futures):
        with suppress(queue.Empty):
            done.add(finished.get(timeout=SECONDS_BETWEEN_REPORTS))
            while True:
                done.add(finished.get_nowait())
        for future in done:
            future.result()
        if progress is not None:
            now = parts()
            gone = (1.0 if future in done else part for future, part in zip(futures, now, strict=True))
            progress(sum(gone) / len(futures))
