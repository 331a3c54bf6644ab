"""`python -m pipeline_sim.bench.measured_process`: one engine, scale and log setting, in a process of its own.

Started by `measure`. It loads the engine and runs a small world, so that packages and kernels are loaded; then it
prepares the world, reports the memory that took, and answers requests, a line each, until there are no more.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.bench.benchmark_plan import ALONE, DASK, THREADS, Case, LogMode
from pipeline_sim.bench.resident_memory import reset_peak, resident_memory
from pipeline_sim.engines import ENGINES, RELEASES_GIL, compile_engine
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.files.events_file import EventsFile
from pipeline_sim.records.provenance.machine import busy_seconds, used_by_others
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.execution.dask_cluster import LOCAL, Task, cluster
from pipeline_sim.study.execution.processes import processes
from pipeline_sim.study.execution.run_replications import Job, run_job
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_check import requirements_of
from pipeline_sim.study.execution.worker_pool import WorkerPool, run_all
from pipeline_sim.study.replication.prepare import PreparedWorld, WorldSpec, prepare
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

SEED = 2021
SMALL_SCALE = 0.2  # of the small world
STEPS = 10_000_000  # of a job that only computes


class MeasuredCase:
    """World of a case, ready to run."""

    def __init__(self, case: Case, layers: list[str], small: list[str], folder: Path) -> None:
        self.case, self.file = case, folder / "events.parquet"
        warm_up(case, small, self.file)
        gc.collect()
        reset_peak()
        self.before = resident_memory().now
        self.assumed = WorldSpec(tuple(layers), scale=case.scale)
        self.prepared: PreparedWorld = prepare(self.assumed)
        self.world = resident_memory().now - self.before

    def sizes(self) -> dict[str, Any]:
        """Number of doctors, and memory up to now in bytes."""
        posts = self.prepared.rulebook.posts.establishment
        peak = resident_memory().peak - self.before
        return {"doctors": float(posts.sum() / len(posts)), "world_bytes": self.world, "peak_bytes": peak}

    def collect(self) -> dict[str, Any]:
        """Collect garbage now, so that none is collected while time is measured."""
        return {"collected": gc.collect()}

    def replications(self, runs: int, collector: bool) -> dict[str, Any]:
        """Time a number of replications one after another."""
        taken, rows = time_work(lambda: max(self.rows() for _ in range(runs)), collector)
        disk = self.file.stat().st_size if self.case.log == LogMode.STREAMED else 0
        return {**taken.per_run(runs), "rows": rows, "disk_bytes": disk}

    def rows(self) -> int:
        """Run one replication; returns its number of rows."""
        engine, rulebook = ENGINES[self.case.engine], self.prepared.rulebook
        if self.case.log == LogMode.STREAMED:
            with EventsFile(self.file) as file:
                log = EventLog(sink=file)
                engine(rulebook, SEED, 0, log)
        else:
            log = EventLog(keep_rows=self.case.log != LogMode.OFF, keep_counts=self.case.log != LogMode.ROWS)
            engine(rulebook, SEED, 0, log)
        return log.rows_emitted or len(log)

    def workers(self, kind: str, workers: int, jobs: int) -> dict[str, Any]:
        """Time a number of replications on a pool of workers that are ready, with counts as in a study."""
        work = [kind if kind == ALONE else Job(self.assumed, self.case.engine, SEED, each) for each in range(jobs)]
        with self.pool(kind, workers) as crew:
            run_all(crew, work[: 2 * workers], None)
            taken, results = time_work(lambda: run_all(crew, work, None), False)
        inside = sum(each.seconds for each in results)
        here = taken.processor - (inside if kind == THREADS else 0.0)
        if kind != THREADS:
            taken = taken._replace(processor=taken.processor + inside, others=max(taken.others - inside, 0.0))
        return {**taken.per_run(jobs), "serial": max(here, 0.0) / jobs}

    def pool(self, kind: str, workers: int) -> AbstractContextManager[WorkerPool]:
        """Pool of workers of a kind on this machine."""
        if kind != DASK:
            return (threads if kind == THREADS else processes)(only_compute if kind == ALONE else run_job, workers)
        return cluster(Task(run_job, requirements_of((self.assumed,)), lambda line: None), LOCAL, workers)


class Computed(NamedTuple):
    """Result of a job that only computes."""

    seconds: float


def only_compute(job: Any, progress: Any = None) -> Computed:
    """Work of about a second that uses no memory."""
    began = time.perf_counter()
    sum(number * number % 7 for number in range(STEPS))
    return Computed(time.perf_counter() - began)


def warm_up(case: Case, small: list[str], file: Path) -> None:
    """Import packages, load or compile kernels, and use everything once."""
    assumed = WorldSpec(tuple(small), scale=SMALL_SCALE)
    if case.engine in RELEASES_GIL:
        compile_engine()
    run_job(Job(assumed, case.engine, SEED, 0, str(file) if case.log == LogMode.STREAMED else None))


class Timing(NamedTuple):
    """Seconds of work: processor time, elapsed time, and processor time of others meanwhile."""

    processor: float
    wall: float
    others: float

    def per_run(self, count: int) -> dict[str, float]:
        """Seconds of one of `count` equal runs."""
        return {name: value / count for name, value in self._asdict().items()}


def time_work(work: Callable[[], Any], collector: bool) -> tuple[Timing, Any]:
    """Timing of some work, with Python's garbage collector on or off, and its result."""
    with garbage_collector(collector):
        busy, wall, processor = busy_seconds(), time.perf_counter(), time.process_time()
        result = work()
        processor, wall = time.process_time() - processor, time.perf_counter() - wall
    return Timing(processor, wall, used_by_others(busy, processor)), result


@contextmanager
def garbage_collector(collector: bool) -> Iterator[None]:
    """Context with Python's garbage collector on or off."""
    if not collector:
        gc.disable()
    try:
        yield
    finally:
        gc.enable()


def answer_request(measured: MeasuredCase, do: str, **request: Any) -> dict[str, Any]:
    """Answer to a request of the parent."""
    answers: dict[str, Callable[..., dict[str, Any]]] = {
        "sizes": measured.sizes,
        "collect": measured.collect,
        "replications": measured.replications,
        "workers": measured.workers,
    }
    return answers[do](**request)


def send(answer: dict[str, Any]) -> None:
    """Write one answer to the parent."""
    print(json.dumps(answer), flush=True)


def main() -> None:
    """Prepare the case, then answer requests."""
    engine, scale, log, layers, small, folder = json.loads(sys.argv[1]).values()
    try:
        measured = MeasuredCase(Case(engine, scale, LogMode(log)), layers, small, Path(folder))
        send(measured.sizes())
        for line in sys.stdin:
            send(answer_request(measured, **json.loads(line)))
    except (WorldError, StudyError, RecordsError) as problem:
        send({"problem": str(problem)})
    except MemoryError:
        send({"problem": "too little memory: try smaller --scales"})


if __name__ == "__main__":
    main()
