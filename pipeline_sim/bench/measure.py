"""England with COVID measured: every case in a process of its own, all of them in turn within each round.

Turns within a round let what else the machine does fall on all alike; a ratio is within one round. Processes stay from
round to round, so that what is loaded once is loaded once; only one of them works at a time.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from pipeline_sim.bench.benchmark_plan import REFERENCE, Case, Log, Plan
from pipeline_sim.bench.cold_start import MARKS
from pipeline_sim.bench.isolated_process import Apart
from pipeline_sim.bench.measured_process import warm_up
from pipeline_sim.bench.reduced import run_peers
from pipeline_sim.bench.reduced.reduced_spec import Spec, sized
from pipeline_sim.bench.results import Findings, Found, Marks, Reading
from pipeline_sim.records.provenance.machine import busy_seconds, cores, used_by_others
from pipeline_sim.study.replication.memory_check import check_memory, free_bytes
from pipeline_sim.study.replication.prepare import Assumed, prepare
from pipeline_sim.study.study_error import StudyError

SMALL_WORLD = "tiny.toml"  # beside the first layer; takes its place to warm up
START_SCALE = 0.01
THREADS = 2
REFERENCE_BYTES_A_POST = 20_000  # four times what a run at scale 0.05 takes
Progress = Callable[[float], None]  # part done, 0 to 1


def measure(plan: Plan, layers: tuple[Path, ...], report: Progress) -> Findings:
    """Everything that was planned; StudyError, before anything runs, for a scale that does not fit."""
    check(plan, layers)
    world = [str(layer) for layer in layers]
    small = [str(layers[0].with_name(SMALL_WORLD)), *world[1:]]
    found = Findings(plan, {}, [], [], [], [], [], run_peers.absent() if plan.peers else {}, cores())
    step = counted(plan.steps, report)
    keep_compiled(plan, small)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pipeline_sim."))
        children: dict[Case, Apart] = {}
        for case in plan.cases:
            children[case] = stack.enter_context(apart(case, world, small, folder))
            found.cases[case] = first(children[case])
            step()
        for _ in range(plan.rounds):
            one_round(found, children, world, step)
    finish(found, world, step)
    return found


def finish(found: Findings, world: list[str], step: Callable[[], None]) -> None:
    """What is measured once, and the programs of the reduced pipeline, which take turns of their own."""
    if found.plan.cold_start:
        with tempfile.TemporaryDirectory(prefix="pipeline_sim.") as empty:
            found.cold.append(started(world, PIPELINE_SIM_CACHE=empty))
        step()
    if found.plan.peers:
        found.peers.extend(run_peers.measure(Spec(), run_peers.COMPILED, found.plan.rounds))
        found.small_peers.extend(run_peers.measure(sized(Spec(), run_peers.SMALL), run_peers.ALL, found.plan.rounds))
        step()


def check(plan: Plan, layers: tuple[Path, ...]) -> None:
    """Refuse a world that is wrong, and a scale that is too small or does not fit into memory."""
    for scale in plan.scales():
        rulebook = prepare(Assumed(tuple(map(str, layers)), scale=scale)).rulebook
        posts = rulebook.posts.establishment.sum(axis=(1, 2)).max()
        try:
            at_once = THREADS if plan.threads_at is not None and plan.threads_at.scale == scale else 1
            check_memory(rulebook, at_once)
        except StudyError as problem:
            raise StudyError(f"at scale {scale:g} {problem}") from None
        is_reference = any(case.scale == scale and case.engine == REFERENCE for case in plan.cases)
        if is_reference and posts * REFERENCE_BYTES_A_POST > free_bytes():
            raise StudyError(f"scale {scale:g} does not fit into memory: the reference engine needs smaller --scales")


def keep_compiled(plan: Plan, small: list[str]) -> None:
    """Compile here what is not compiled yet, where it cannot be seen in a measurement."""
    for engine in sorted({case.engine for case in plan.cases}):
        warm_up(Case(engine, START_SCALE, Log.ROWS), small, Path())


def apart(case: Case, world: list[str], small: list[str], folder: str) -> Apart:
    """A process for a case, which may write in a folder; its first line says that it is ready."""
    return Apart("measured_process", {**case._asdict(), "layers": world, "small": small, "folder": folder})


def first(child: Apart) -> Found:
    """Wait until a process is ready; one replication, not timed, to see the memory it takes."""
    child.hear()
    child.ask(do="replications", runs=1, collector=True)
    said = child.ask(do="says")
    return Found(said["doctors"], said["world_bytes"], said["peak_bytes"], [], [])


def one_round(found: Findings, children: dict[Case, Apart], world: list[str], step: Callable[[], None]) -> None:
    """Every case once, one after another."""
    for case, child in children.items():
        each = found.cases[case]
        each.readings.append(replications(child, case, collector=False))
        if case.has_collector:
            each.with_collector.append(replications(child, case, collector=True))
        step()
    if found.plan.threads_at is not None:
        if cores() >= THREADS:
            child = children[found.plan.threads_at]
            found.threads.append((on_threads(child, 1), on_threads(child, THREADS)))
        step()
    if found.plan.cached_start:
        found.cached.append(started(world))
        step()


def replications(child: Apart, case: Case, collector: bool) -> Reading:
    """One turn of a case."""
    child.ask(do="collect")
    return Reading(**child.ask(do="replications", runs=case.runs, collector=collector))


def on_threads(child: Apart, workers: int) -> Reading:
    """The same two replications on so many threads."""
    child.ask(do="collect")
    return Reading(**child.ask(do="threads", workers=workers, jobs=THREADS))


def started(world: list[str], **environment: str) -> Marks:
    """A fresh process up to its first days; seconds to each mark."""
    busy, began = busy_seconds(), time.perf_counter()
    marks = {}
    with Apart("cold_start", {"layers": world, "scale": START_SCALE}, **environment) as process:
        for mark in MARKS:
            processor = process.hear()["processor"]
            marks[mark] = Reading(processor, time.perf_counter() - began, used_by_others(busy, processor))
    return marks


def counted(steps: int, report: Progress) -> Callable[[], None]:
    """Something to call after each step; it reports the part done."""
    done = [0]

    def step() -> None:
        done[0] += 1
        report(done[0] / steps)

    report(0.0)
    return step
