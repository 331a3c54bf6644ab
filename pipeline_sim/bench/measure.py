"""Measurement of England with COVID: every case in a process of its own, all of them in turn within each round.

Turns within a round let other load on the machine affect all cases alike; a ratio is within one round. Processes stay
from round to round, so that loading happens once; only one of them works at a time.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from pipeline_sim.bench.benchmark_plan import ALONE, DASK, PROCESSES, REFERENCE, THREADS, Case, LogMode, Plan
from pipeline_sim.bench.cold_start import MARKS
from pipeline_sim.bench.isolated_process import IsolatedProcess
from pipeline_sim.bench.measured_process import warm_up
from pipeline_sim.bench.reduced import run_peers
from pipeline_sim.bench.reduced.reduced_spec import Spec, sized
from pipeline_sim.bench.results import BenchmarkResults, CaseResult, Marks, Reading
from pipeline_sim.records.provenance.machine import busy_seconds, cores, used_by_others
from pipeline_sim.study.replication.memory_check import check_memory, free_bytes
from pipeline_sim.study.replication.prepare import WorldSpec, prepare
from pipeline_sim.study.study_error import StudyError

SMALL_WORLD = "tiny.toml"  # beside the first layer; replaces it to warm up
START_SCALE = 0.01
REPLICATIONS = 4  # for each worker, where workers are compared
REFERENCE_BYTES_A_POST = 20_000  # four times what a run at scale 0.05 takes
Progress = Callable[[float], None]  # part done, 0 to 1
Step = Callable[[], None]  # called after each step


def measure(plan: Plan, layers: tuple[Path, ...], report: Progress) -> BenchmarkResults:
    """Results of all that was planned; StudyError, before anything runs, for a scale that does not fit."""
    check(plan, layers)
    world = [str(layer) for layer in layers]
    small = [str(layers[0].with_name(SMALL_WORLD)), *world[1:]]
    unavailable = run_peers.unavailable_programs() if plan.peers else {}
    results = BenchmarkResults(plan, {}, {}, [], [], [], [], unavailable, cores())
    step = step_counter(plan.steps, report)
    compile_beforehand(plan, small)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pipeline_sim."))
        children: dict[Case, IsolatedProcess] = {}
        for case in plan.cases:
            children[case] = stack.enter_context(start_case(case, world, small, folder))
            results.cases[case] = first_replication(children[case])
            step()
        for _ in range(plan.rounds):
            run_round(results, children, world, step)
    measure_once(results, world, step)
    return results


def measure_once(results: BenchmarkResults, world: list[str], step: Step) -> None:
    """Measure what is measured once, and the programs of the reduced pipeline, in rounds of their own."""
    if results.plan.cold_start:
        with tempfile.TemporaryDirectory(prefix="pipeline_sim.") as empty:
            results.cold.append(time_start(world, PIPELINE_SIM_CACHE=empty))
        step()
    if results.plan.peers:
        results.peers.extend(run_peers.measure(Spec(), run_peers.COMPILED, results.plan.rounds))
        small = sized(Spec(), run_peers.SMALL)
        results.small_peers.extend(run_peers.measure(small, run_peers.ALL, results.plan.rounds))
        step()


def check(plan: Plan, layers: tuple[Path, ...]) -> None:
    """Check worlds and scales; StudyError for a scale that is too small or does not fit into memory."""
    for scale in plan.scales():
        rulebook = prepare(WorldSpec(tuple(map(str, layers)), scale=scale)).rulebook
        posts = rulebook.posts.establishment.sum(axis=(1, 2)).max()
        try:
            at_once = cores() if plan.workers_at is not None and plan.workers_at.scale == scale else 1
            check_memory(rulebook, at_once)
        except StudyError as problem:
            raise StudyError(f"at scale {scale:g} {problem}") from None
        is_reference = any(case.scale == scale and case.engine == REFERENCE for case in plan.cases)
        if is_reference and posts * REFERENCE_BYTES_A_POST > free_bytes():
            raise StudyError(f"scale {scale:g} does not fit into memory: the reference engine needs smaller --scales")


def compile_beforehand(plan: Plan, small: list[str]) -> None:
    """Compile what is not compiled yet, before anything is measured."""
    for engine in sorted({case.engine for case in plan.cases}):
        warm_up(Case(engine, START_SCALE, LogMode.ROWS), small, Path())


def start_case(case: Case, world: list[str], small: list[str], folder: str) -> IsolatedProcess:
    """Process of a case, which may write in a folder; its first answer means that it is ready."""
    return IsolatedProcess("measured_process", {**case._asdict(), "layers": world, "small": small, "folder": folder})


def first_replication(child: IsolatedProcess) -> CaseResult:
    """Wait until a process is ready, and run one replication, not timed, for its peak memory."""
    child.read_answer()
    child.request(do="replications", runs=1, collector=True)
    sizes = child.request(do="sizes")
    return CaseResult(sizes["doctors"], sizes["world_bytes"], sizes["peak_bytes"], [], [])


def run_round(results: BenchmarkResults, children: dict[Case, IsolatedProcess], world: list[str], step: Step) -> None:
    """Measure every case once, one after another."""
    for case, child in children.items():
        result = results.cases[case]
        result.readings.append(time_replications(child, case, collector=False))
        if case.has_collector:
            result.with_collector.append(time_replications(child, case, collector=True))
        step()
    if results.plan.workers_at is not None:
        child = children[results.plan.workers_at]
        for kind in worker_kinds():
            powers = (2**power for power in range(cores().bit_length()))
            counts = sorted({*powers, cores()}) if cores() > 1 else []
            results.workers.setdefault(kind, []).append({count: time_workers(child, kind, count) for count in counts})
        step()
    if results.plan.cached_start:
        results.cached.append(time_start(world))
        step()


def time_replications(child: IsolatedProcess, case: Case, collector: bool) -> Reading:
    """Time the replications of a case in one round."""
    child.request(do="collect")
    return Reading(**child.request(do="replications", runs=case.runs, collector=collector))


def worker_kinds() -> tuple[str, ...]:
    """Kinds of workers that this installation has."""
    return (ALONE, THREADS, PROCESSES, *((DASK,) if find_spec("distributed") else ()))


def time_workers(child: IsolatedProcess, kind: str, workers: int) -> Reading:
    """Time as many replications for each of a number of workers of a kind, so that all numbers take about as long."""
    child.request(do="collect")
    return Reading(**child.request(do="workers", kind=kind, workers=workers, jobs=REPLICATIONS * workers))


def time_start(world: list[str], **environment: str) -> Marks:
    """Time a new process up to its first days; seconds to each mark."""
    busy, began = busy_seconds(), time.perf_counter()
    marks = {}
    with IsolatedProcess("cold_start", {"layers": world, "scale": START_SCALE}, **environment) as process:
        for mark in MARKS:
            processor = process.read_answer()["processor"]
            marks[mark] = Reading(processor, time.perf_counter() - began, used_by_others(busy, processor))
    return marks


def step_counter(steps: int, report: Progress) -> Step:
    """Function to call after each step, which reports the part done."""
    done = [0]

    def step() -> None:
        done[0] += 1
        report(done[0] / steps)

    report(0.0)
    return step
