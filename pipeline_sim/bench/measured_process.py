"""`python -m pipeline_sim.bench.measured_process`: one engine, scale and log setting, in a process of its own.

Started by `england`. It loads the engine and tells a small world, so that packages and kernels are there; then it
loads the world, says what that took, and obeys requests, a line each, until there are no more.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.bench.benchmark_plan import Case, Log
from pipeline_sim.bench.resident_memory import forget_peak, resident
from pipeline_sim.engines import ENGINES, RELEASES_GIL, compile_engine
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.files.events_file import EventsFile
from pipeline_sim.records.provenance.machine import busy_seconds, used_by_others
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.execution.run_replications import Job, run_job
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import gathered
from pipeline_sim.study.replication.prepare import Assumed, Prepared, prepare
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

SEED = 2021
SMALL_SCALE = 0.2  # of the small world


class Measured:
    """The world of a case, ready to be run."""

    def __init__(self, case: Case, layers: list[str], small: list[str], folder: Path) -> None:
        self.case, self.file = case, folder / "events.parquet"
        warm_up(case, small, self.file)
        gc.collect()
        forget_peak()
        self.before = resident().now
        self.assumed = Assumed(tuple(layers), scale=case.scale)
        self.prepared: Prepared = prepare(self.assumed)
        self.world = resident().now - self.before

    def says(self) -> dict[str, Any]:
        """Size, and memory up to now."""
        posts = self.prepared.rulebook.posts.establishment
        peak = resident().peak - self.before
        return {"doctors": float(posts.sum() / len(posts)), "world_bytes": self.world, "peak_bytes": peak}

    def collect(self) -> dict[str, Any]:
        """Leave nothing to Python's collector: it would be collected in a time that is measured."""
        return {"collected": gc.collect()}

    def replications(self, runs: int, collector: bool) -> dict[str, Any]:
        """So many replications one after another."""
        taken, rows = timed(lambda: max(self.rows() for _ in range(runs)), collector)
        disk = self.file.stat().st_size if self.case.log == Log.STREAMED else 0
        return {**taken.each(runs), "rows": rows, "disk_bytes": disk}

    def rows(self) -> int:
        """One replication; how many rows it told."""
        engine, rulebook = ENGINES[self.case.engine], self.prepared.rulebook
        if self.case.log == Log.STREAMED:
            with EventsFile(self.file) as file:
                log = EventLog(sink=file)
                engine(rulebook, SEED, 0, log)
        else:
            log = EventLog(keeps=self.case.log != Log.OFF, counted=self.case.log != Log.ROWS)
            engine(rulebook, SEED, 0, log)
        return log.rows_told or len(log)

    def threads(self, workers: int, jobs: int) -> dict[str, Any]:
        """So many replications on a pool of so many threads, counted as for a study."""
        work = [Job(self.assumed, self.case.engine, SEED, number) for number in range(jobs)]
        with threads(run_job, workers) as crew:
            taken, _ = timed(lambda: len(gathered(crew, work, None)), False)
        return taken.each(jobs)


def warm_up(case: Case, small: list[str], file: Path) -> None:
    """Packages imported, kernels fetched or compiled, everything used once."""
    assumed = Assumed(tuple(small), scale=SMALL_SCALE)
    if case.engine in RELEASES_GIL:
        compile_engine()
    run_job(Job(assumed, case.engine, SEED, 0, str(file) if case.log == Log.STREAMED else None))


class Taken(NamedTuple):
    """Seconds: of processors by this process, by the clock, and of processors by others meanwhile."""

    processor: float
    wall: float
    others: float

    def each(self, count: int) -> dict[str, float]:
        """Of one of so many alike."""
        return {name: value / count for name, value in self._asdict().items()}


def timed(work: Callable[[], int], collector: bool) -> tuple[Taken, int]:
    """Seconds that work took, with Python's collector on or off, and what came of it."""
    with collected(collector):
        busy, wall, processor = busy_seconds(), time.perf_counter(), time.process_time()
        found = work()
        processor, wall = time.process_time() - processor, time.perf_counter() - wall
    return Taken(processor, wall, used_by_others(busy, processor)), found


@contextmanager
def collected(collector: bool) -> Iterator[None]:
    """The collector on or off within."""
    if not collector:
        gc.disable()
    try:
        yield
    finally:
        gc.enable()


def obey(measured: Measured, do: str, **request: Any) -> dict[str, Any]:
    """The answer to a request."""
    answers: dict[str, Callable[..., dict[str, Any]]] = {
        "says": measured.says,
        "collect": measured.collect,
        "replications": measured.replications,
        "threads": measured.threads,
    }
    return answers[do](**request)


def say(answer: dict[str, Any]) -> None:
    """One line to the parent."""
    print(json.dumps(answer), flush=True)


def main() -> None:
    """Get ready, then obey."""
    engine, scale, log, layers, small, folder = json.loads(sys.argv[1]).values()
    try:
        measured = Measured(Case(engine, scale, Log(log)), layers, small, Path(folder))
        say(measured.says())
        for line in sys.stdin:
            say(obey(measured, **json.loads(line)))
    except (WorldError, StudyError, RecordsError) as problem:
        say({"problem": str(problem)})
    except MemoryError:
        say({"problem": "too little memory: try smaller --scales"})


if __name__ == "__main__":
    main()
