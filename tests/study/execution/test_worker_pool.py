"""Jobs are handed out as there are workers, no sooner, and come back each with its place."""

from concurrent.futures import Future
from itertools import chain, repeat

from pipeline_sim.study.execution.worker_pool import WorkerPool, as_completed


def crew(sent: list[tuple[int, "Future[int]"]], workers: list[int]) -> WorkerPool:
    """One that writes down what it is given; its size changes each time somebody asks, and then stays."""
    sizes = chain(workers, repeat(workers[-1]))

    def submit(job: int) -> "Future[int]":
        sent.append((job, Future()))
        return sent[-1][1]

    return WorkerPool(submit, lambda: next(sizes), lambda: 0.0)


def test_no_more_than_one_job_waits_for_each_worker() -> None:
    sent: list[tuple[int, Future[int]]] = []
    most = 0

    def work() -> None:
        nonlocal most
        under_way = [(job, future) for job, future in sent if not future.done()]
        most = max(most, len(under_way))
        job, future = under_way[-1]  # the latest first
        future.set_result(10 * job)

    assert sorted(as_completed(crew(sent, [3]), range(20), work)) == [(job, 10 * job) for job in range(20)]
    assert most == 6


def test_workers_that_come_late_get_jobs_before_any_is_done() -> None:
    sent: list[tuple[int, Future[int]]] = []

    def work() -> None:
        if len(sent) == 8 and not sent[0][1].done():
            for job, future in sent:
                future.set_result(job)

    assert sorted(as_completed(crew(sent, [1, 1, 4]), range(8), work)) == [(job, job) for job in range(8)]
