"""Worker pool: threads, processes or machines that take jobs and return results.

Jobs are submitted as they are needed and forgotten when they are done, so memory does not grow with their number.
"""

import queue
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from pipeline_sim.study.study_error import InterruptedRunError

SECONDS_BETWEEN_REPORTS = 0.2
Progress = Callable[[float], None]  # part done, 0 to 1


class WorkerPool(NamedTuple):
    """Workers that wait for jobs."""

    submit: Callable[[Any], "Future[Any]"]
    workers: Callable[[], int]
    work_in_flight: Callable[[], float]  # how much of the jobs under way is done: 1.5 is one and a half jobs
    prefetch: int = 1  # jobs that wait beside those under way, for each worker
    job_seconds: float = 0.0  # how long a job should take that is made of several pieces; 0: one piece each
    shares_memory: bool = False  # workers find what another has prepared


def as_completed(pool: WorkerPool, jobs: Iterable[Any], on_tick: Callable[[], None]) -> Iterator[tuple[int, Any]]:
    """Index and result of each job, as they finish; `on_tick` is called now and then. The first error stops.

    Finished jobs come by a queue: a Ctrl-C inside `concurrent.futures.wait` can leave it holding locks of the jobs.
    """
    finished: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
    in_flight: dict[Future[Any], int] = {}
    queued = iter(enumerate(jobs))

    def send() -> None:
        free = pool.workers() * (1 + pool.prefetch) - len(in_flight)
        for index, job in islice(queued, max(free, 0)):
            future = pool.submit(job)
            in_flight[future] = index
            future.add_done_callback(finished.put)

    send()
    while in_flight:
        on_tick()
        done: list[Future[Any]] = []
        with suppress(queue.Empty):
            done.append(finished.get(timeout=SECONDS_BETWEEN_REPORTS))
        results = [(in_flight.pop(future), future.result()) for future in done]
        send()  # also after a pause without results: workers may have come or gone
        yield from results


def by_day(progress: Progress | None, index: int, count: int) -> Callable[[int, int], None] | None:
    """Progress, by day of one of several runs, as a part of all; None without."""
    return None if progress is None else lambda day, days: progress((index + day / max(days, 1)) / count)


def part_of(progress: Progress | None, index: int, count: int) -> Progress | None:
    """Progress of one of several runs as a part of all; None without."""
    return None if progress is None else lambda part: progress((index + part) / count)


def run_all(pool: WorkerPool, jobs: Sequence[Any], progress: Progress | None) -> list[Any]:
    """Results of every job, in the order of the jobs; InterruptedRunError has those of the leading jobs."""
    results: dict[int, Any] = {}

    def on_tick() -> None:
        if progress is not None:
            progress(min(1.0, (len(results) + pool.work_in_flight()) / len(jobs)))

    try:
        for index, result in as_completed(pool, jobs, on_tick):
            results[index] = result
            on_tick()
    except KeyboardInterrupt:
        first = next(index for index in range(len(jobs) + 1) if index not in results)
        raise InterruptedRunError([results[index] for index in range(first)]) from None
    return [results[index] for index in range(len(jobs))]
