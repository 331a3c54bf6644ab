"""Worker pool of other processes and machines: a Dask cluster on this machine, at an address, or of Slurm jobs.

Workers return counts and the client alone writes them, so they need not see the store, and a job that is run twice,
because a worker died, is stored once. That every worker equals the client is checked before any work.
"""

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from inspect import signature
from typing import Any, NamedTuple

from pipeline_sim.study.execution.worker_check import WorkerRequirements, mismatch
from pipeline_sim.study.execution.worker_pool import WorkerPool
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import hint

SECONDS_TO_ANSWER, SECONDS_FOR_A_WORKER, SECONDS_A_JOB, SECONDS_BETWEEN_COUNTS = 10, 60, 10.0, 2.0
LOCAL, ANY_FREE_PORT = "local", ":0"
DEATHS = 10  # of workers under one job before it is given up; a scheduler started elsewhere has its own
CONFIG = {
    "logging.distributed": "critical",
    "distributed.scheduler.allowed-failures": DEATHS,
    # what Dask watches by itself many times a second takes 4 % of a core in the client, and 3 % in each worker
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    # without Dask's MALLOC_TRIM_THRESHOLD_: it returns every large array to the system, a seventh of a worker's time
    "distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1, "MKL_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1},
}
Work = Callable[..., Any]
Warn = Callable[[str], None]


class Task(NamedTuple):
    """Work of a cluster, and requirements of its workers."""

    work: Work
    requirements: WorkerRequirements
    warn: Warn  # hears in a line of what goes on but should be seen to


@contextmanager
def cluster(task: Task, address: str, workers: int) -> Iterator[WorkerPool]:
    """Worker pool of the scheduler at an address, or of so many workers of this machine if that is `local`."""
    check_dask()
    from distributed import LocalCluster

    if address != LOCAL:
        with _client(address, address) as client:
            yield _worker_pool(client, task, address, SECONDS_FOR_A_WORKER)
        return
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as here,
        _client(here, "this machine") as client,
    ):
        yield _worker_pool(client, task, "this machine", SECONDS_FOR_A_WORKER)


@contextmanager
def slurm(task: Task, options: Mapping[str, Any], jobs: int) -> Iterator[WorkerPool]:
    """Worker pool of so many Slurm jobs, which may wait in the queue as long as it takes."""
    if shutil.which("sbatch") is None:
        raise StudyError("--slurm: there is no sbatch here: type the command where jobs are submitted")
    with slurm_cluster(options) as jobs_of_slurm:
        jobs_of_slurm.scale(jobs=jobs)
        with _client(jobs_of_slurm, "Slurm") as client:
            yield _worker_pool(client, task, "Slurm", None)


def slurm_cluster(options: Mapping[str, Any]) -> Any:
    """Cluster whose jobs have the options of dask_jobqueue.SLURMCluster; StudyError if they are not right."""
    check_dask()
    import dask
    from dask_jobqueue.core import Job
    from dask_jobqueue.slurm import SLURMCluster, SLURMJob

    known = {name for kind in (SLURMJob, Job) for name in signature(kind.__init__).parameters}
    for name in options:
        if name not in known:
            raise StudyError(f"--slurm: no option '{name}'{hint(name, sorted(known))}")
    if not {"cores", "memory"} <= set(options):
        raise StudyError("--slurm should say cores and memory of a job, as cores=16,memory=32GB,walltime=04:00:00")
    scheduler = {"dashboard_address": ANY_FREE_PORT} | dask.config.get("jobqueue.slurm.scheduler-options", {})
    try:
        return SLURMCluster(scheduler_options=scheduler, **options)
    except (TypeError, ValueError) as error:
        raise StudyError(f"--slurm: {str(error).splitlines()[0]}") from None


def slurm_options(text: str) -> dict[str, Any]:
    """Slurm options from their text, as cores=16,memory=32GB; whole numbers become integers."""
    pairs = [part.partition("=") for part in text.split(",")]
    wrong = next((name for name, equals, _ in pairs if not (name and equals)), None)
    if wrong is not None:
        raise StudyError(f"--slurm is '{text}', should be names and values, as cores=16,memory=32GB,walltime=04:00:00")
    return {name.strip(): int(value) if value.strip().isdecimal() else value.strip() for name, _, value in pairs}


def check_dask() -> None:
    """Refuses, with StudyError, to go on without Dask, and silences what it logs."""
    try:
        import dask
        import dask_jobqueue  # noqa: F401
        import distributed  # noqa: F401
    except ImportError as error:
        raise StudyError(f"{error.name} is not installed: bash install.sh --all installs it") from None
    dask.config.set(CONFIG)
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "critical")  # for workers that are started from here
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


@contextmanager
def _client(where: Any, name: str) -> Iterator[Any]:
    from distributed import Client, KilledWorker

    try:
        client = Client(where, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        problem = f"no scheduler answers at {name} within {SECONDS_TO_ANSWER} s"
        cure = "is it an address as tcp://host:8786, and does `dask scheduler` run there?"
        raise StudyError(f"{problem}: {cure}") from None
    try:
        yield client
    except KilledWorker:
        problem = "several workers died under one job; they may have too little memory"
        raise StudyError(f"{problem}: what is finished is kept") from None
    except (CancelledError, OSError, TimeoutError) as error:
        problem = f"the scheduler at {name} has gone ({error or type(error).__name__})"
        raise StudyError(f"{problem}: what is finished is kept") from None
    finally:
        with suppress(OSError, TimeoutError):
            client.close(timeout=1)


def _worker_pool(client: Any, task: Task, name: str, patience: int | None) -> WorkerPool:
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError:
        raise StudyError(f"the scheduler at {name} has no worker, and none came within {patience} s") from None
    check_workers(client, task.requirements)
    executor = client.get_executor(pure=False)

    def submit(job: Any) -> "Future[Any]":
        return executor.submit(task.work, job)  # type: ignore[no-any-return]

    return WorkerPool(submit, worker_count(client.nthreads, name, task.warn), lambda: 0.0, job_seconds=SECONDS_A_JOB)


def worker_count(threads: Callable[[], Mapping[str, int]], name: str, warn: Warn) -> Callable[[], int]:
    """Counter of workers, refreshed now and then; at least 1, as others may come; a warning where none is left."""
    last, count = -SECONDS_BETWEEN_COUNTS, 1

    def workers() -> int:
        nonlocal last, count
        if time.monotonic() - last < SECONDS_BETWEEN_COUNTS:
            return max(count, 1)
        before, last, count = count, time.monotonic(), sum(threads().values())
        if before and not count:
            warn(f"{name} has no worker left; waiting for one (Ctrl-C keeps what is finished)")
        return max(count, 1)

    return workers


def check_workers(client: Any, requirements: WorkerRequirements) -> None:
    """Refuses, with StudyError, a worker that is another program than this one, or sees other files."""
    for worker, answer in client.run(mismatch, requirements, on_error="return").items():
        if isinstance(answer, BaseException):
            raise StudyError(f"the worker at {worker} cannot load this version of pipeline_sim: {answer}")
        if answer is not None:
            raise StudyError(f"{answer} ({worker})")


def with_absolute_paths(worlds: Sequence[Any]) -> tuple[Any, ...]:
    """World specifications with absolute paths, valid wherever a worker was started."""
    from pathlib import Path

    return tuple(
        world._replace(
            layers=tuple(str(Path(layer).resolve()) for layer in world.layers),
            mix=None if world.mix is None else str(Path(world.mix).resolve()),
        )
        for world in worlds
    )
