"""Who does the work: a crew of threads, processes or machines takes jobs and hands back what they come to.

Jobs are handed out as they are needed and forgotten when they are done, so memory does not grow with their number.
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


class Crew(NamedTuple):
    """Workers that wait for jobs."""

    submit: Callable[[Any], "Future[Any]"]
    workers: Callable[[], int]
    parts: Callable[[], float]  # how much of the jobs under way is done: 1.5 is one and a half jobs
    ahead: int = 1  # jobs that wait beside those under way, for each worker
    job_seconds: float = 0.0  # how long a job should take that is made of several pieces; 0: one piece each


def stream(crew: Crew, jobs: Iterable[Any], tick: Callable[[], None]) -> Iterator[tuple[int, Any]]:
    """Place of each job and what came of it, as they finish; `tick` is called now and then. The first error stops.

    Finished jobs come by a queue: a Ctrl-C inside `concurrent.futures.wait` can leave it holding locks of the jobs.
    """
    finished: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
    under_way: dict[Future[Any], int] = {}
    coming = iter(enumerate(jobs))

    def send() -> None:
        free = crew.workers() * (1 + crew.ahead) - len(under_way)
        for place, job in islice(coming, max(free, 0)):
            future = crew.submit(job)
            under_way[future] = place
            future.add_done_callback(finished.put)

    send()
    while under_way:
        tick()
        done: list[Future[Any]] = []
        with suppress(queue.Empty):
            done.append(finished.get(timeout=SECONDS_BETWEEN_REPORTS))
        results = [(under_way.pop(future), future.result()) for future in done]
        send()  # also after a pause without results: workers may have come or gone
        yield from results


def gathered(crew: Crew, jobs: Sequence[Any], progress: Progress | None) -> list[Any]:
    """What came of every job, in the order of the jobs; InterruptedRunError has the first of them."""
    found: dict[int, Any] = {}

    def tick() -> None:
        if progress is not None:
            progress(min(1.0, (len(found) + crew.parts()) / len(jobs)))

    try:
        for place, result in stream(crew, jobs, tick):
            found[place] = result
            tick()
    except KeyboardInterrupt:
        first = next(place for place in range(len(jobs) + 1) if place not in found)
        raise InterruptedRunError([found[place] for place in range(first)]) from None
    return [found[place] for place in range(len(jobs))]
