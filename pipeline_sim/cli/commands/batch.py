"""The command `batch`: the replications of a study, unattended, each kept once it is finished."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline_sim.cli.terminal.console import StoppedEarlyError, console, print_if_compiling, time_left, warn
from pipeline_sim.cli.terminal.default_paths import default_store
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import (
    MAX_RUNS,
    Engine,
    Full,
    Parameters,
    Store,
    StudyFile,
    StudyReplications,
    StudyScale,
    StudySeed,
    Workers,
)
from pipeline_sim.cli.terminal.signals import GOES_ON, keep
from pipeline_sim.records.files.lock import lock_owner
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

if TYPE_CHECKING:
    from pipeline_sim.study.comparison.progress import ProgressTracker, StudyProgress
    from pipeline_sim.study.comparison.study_file import Study
    from pipeline_sim.study.execution.fill_store import Job, JobResult, RunPlan, Share
    from pipeline_sim.study.execution.replication_store import ReplicationStore
    from pipeline_sim.study.execution.worker_pool import Progress, WorkerPool
    from pipeline_sim.study.replication.prepare import WorldSpec

RUNNING, FINISHED = "running", "finished"
SECONDS_BETWEEN_UPDATES = 1.0  # of the bar on a terminal
Show = Callable[[], None]
Processes = Annotated[int | None, typer.Option(min=1, help="Worker processes on this machine instead of threads.")]
Scheduler = Annotated[
    str | None, typer.Option(help="Address of a Dask scheduler, tcp://host:8786, or local for a cluster here.")
]
Slurm = Annotated[str | None, typer.Option(help="Slurm jobs as workers: cores=16,memory=32GB,queue=short.")]


def batch(
    study: StudyFile,
    full: Full = False,
    scale: StudyScale = None,
    replications: StudyReplications = None,
    parameters: Parameters = None,
    seed: StudySeed = None,
    engine: Engine = "batch",
    workers: Workers = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
    slurm: Slurm = None,
    jobs: Annotated[int, typer.Option(min=1, help="Number of Slurm jobs.")] = 1,
    array: Annotated[
        str | None, typer.Option(help="Only this part of the replications, as one job of an array: 3/8.")
    ] = None,
    store: Store = None,
    as_json: Annotated[bool, typer.Option("--json", help="Progress as lines of JSON on stdout.")] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between lines, where there is no terminal.")] = 30.0,
) -> None:
    """Run the replications of a study unattended, with checkpoints."""
    from pipeline_sim.records.files.storage import storage_at
    from pipeline_sim.study.comparison.progress import ProgressTracker
    from pipeline_sim.study.comparison.run_study import check_study
    from pipeline_sim.study.comparison.study_file import load_study, sized
    from pipeline_sim.study.replication.prepare import world_of

    mode = None if parameters is None else parameters.value
    sizes = {"scale": scale, "replications": replications, "parameters": mode, "seed": seed}
    loaded = sized(load_study(study), study, full, sizes)
    place = storage_at(store or str(default_store(loaded.name)))
    plan = check_study(loaded, study.parent, engine, processes or workers, place)
    note_edited(map(world_of, plan.worlds.values()))
    tracker, run = ProgressTracker(plan), with_workers(plan.run_plan, processes, scheduler, slurm, jobs)
    share = None if array is None else array_part(array)
    if share is not None:
        run, tracker.wanted = run._replace(share=share), share.size(loaded.replications)
    print_if_compiling()
    with progress_display(tracker, as_json, every) as show:
        finished = fill_store(tracker, run, show)
    if share is None:
        print_end(loaded, finished, tracker.progress(), as_json)
    else:
        print_part(share, finished, tracker.progress(), as_json)


def array_part(text: str) -> Share:
    """Part of an array as typed, 3/8; StudyError for any other."""
    from pipeline_sim.study.execution.fill_store import Share

    index, _, of = text.partition("/")
    if not (index.isdecimal() and of.isdecimal() and 1 <= int(index) <= int(of) <= MAX_RUNS):
        raise StudyError(f"--array is {text}, should be a part and how many there are, as 3/8")
    return Share(int(index) - 1, int(of))


def with_workers(plan: RunPlan, processes: int | None, scheduler: str | None, slurm: str | None, jobs: int) -> RunPlan:
    """Plan with the workers of the options; StudyError if two kinds are named."""
    from pipeline_sim.study.execution.fill_store import process_pool_factory

    if sum(option is not None for option in (processes, scheduler, slurm)) > 1:
        raise StudyError("--processes, --scheduler and --slurm exclude each other: choose one")
    if processes is not None:
        return plan._replace(pool_factory=process_pool_factory(processes, plan.setting.engine))
    return plan if scheduler is None and slurm is None else on_cluster(plan, scheduler, slurm, jobs)


def on_cluster(plan: RunPlan, scheduler: str | None, slurm: str | None, jobs: int) -> RunPlan:
    """Plan for a Dask cluster, whose workers must have the program, packages and files of this one."""
    from pipeline_sim.study.execution import dask_cluster
    from pipeline_sim.study.execution.worker_check import requirements_of

    worlds = dict(zip(plan.worlds, dask_cluster.with_absolute_paths(tuple(plan.worlds.values())), strict=True))
    sampling = plan.setting.sampling
    if sampling.posterior is not None:
        sampling = sampling._replace(posterior=str(Path(sampling.posterior).resolve()))
    requirements = requirements_of(tuple(worlds.values()), sampling.posterior)
    options = None if slurm is None else dask_cluster.slurm_options(slurm)

    def pool(work: Callable[[Job, Progress], JobResult], _: Sequence[WorldSpec]) -> AbstractContextManager[WorkerPool]:
        task = dask_cluster.Task(work, requirements, warn)
        if options is not None:
            return dask_cluster.slurm(task, options, jobs)
        return dask_cluster.cluster(task, scheduler or dask_cluster.LOCAL, plan.workers)

    setting = plan.setting._replace(sampling=sampling)
    return plan._replace(worlds=worlds, setting=setting, pool_factory=pool, requirements=requirements)


def fill_store(tracker: ProgressTracker, plan: RunPlan, show: Show) -> ReplicationStore:
    """Store with all replications; at Ctrl-C or SIGTERM it keeps the finished ones and StoppedEarlyError says so."""
    from pipeline_sim.study.execution.fill_store import Observer, run_missing
    from pipeline_sim.study.execution.replication_store import STATE

    wanted, owner = tracker.plan.wanted(tracker.plan.study.replications), lock_owner()

    def on_progress(count: float) -> None:
        tracker.set_done(count)
        show()

    def on_save(store: ReplicationStore) -> None:
        left = sum(1 for _ in store.missing(wanted))
        tracker.set_done(tracker.wanted - left)
        store.write_json(STATE, {**owner, **progress_record(tracker.progress(), RUNNING if left else FINISHED)})

    keep(GOES_ON)
    try:
        return run_missing(plan, wanted, Observer(warn, on_progress, tracker.add_results, on_save))
    except InterruptedRunError as stopped:
        saved = f"stopped; {len(stopped.finished)} of {tracker.wanted} replications are kept"
        raise StoppedEarlyError(f"{saved}, the same command goes on from there") from None


def progress_record(progress: StudyProgress, state: str) -> dict[str, Any]:
    """Progress of a run as JSON, in which NaN is null."""
    gains = {name: gain._asdict() for name, gain in progress.gains.items()}
    return {
        "state": state,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "done": int(progress.done),
        "wanted": progress.wanted,
        "replications_per_second": progress.per_second,
        "seconds_left": progress.seconds_left,
        "best": progress.best,
        "gains": {
            name: {key: None if isnan(value) else value for key, value in gain.items()} for name, gain in gains.items()
        },
    }


def progress_text(progress: StudyProgress, study: Study) -> str:
    """Progress of a run in one line."""
    texts = [f"{int(progress.done)} of {progress.wanted} replications"]
    if progress.per_second and progress.seconds_left is not None:
        texts += [f"{progress.per_second:.3g} a second", time_left(progress.seconds_left)]
    if progress.best is not None:
        texts.append(gain_text(study, progress, progress.best))
    return ", ".join(texts)


def gain_text(study: Study, progress: StudyProgress, name: str) -> str:
    """Headline gain of a programme with its interval, in England."""
    gain, unit = progress.gains[name], "extensions avoided" if study.headline == "extensions" else "months recovered"
    label = next(world.label for world in study.worlds if world.name == name)
    bounds = "" if isnan(gain.low) else f" ({gain.low:,.0f} to {gain.high:,.0f})"
    return f"{label}: {gain.mean:,.0f}{bounds} {unit}"


@contextmanager
def progress_display(tracker: ProgressTracker, as_json: bool, seconds: float) -> Iterator[Show]:
    """Function that shows progress: by lines of JSON on stdout, a bar on a terminal, or lines on stderr."""
    from rich.progress import BarColumn, Progress, TextColumn

    study = tracker.plan.study
    if as_json:
        yield at_most_every(seconds, lambda: print_json(progress_record(tracker.progress(), RUNNING)))
    elif not sys.stderr.isatty():
        yield at_most_every(
            seconds, lambda: print(progress_text(tracker.progress(), study), file=sys.stderr, flush=True)
        )
    else:
        bar = Progress(BarColumn(), TextColumn("{task.description}"), console=console(error=True), transient=True)
        task = bar.add_task("", total=tracker.wanted)

        def update() -> None:
            progress = tracker.progress()
            bar.update(task, completed=progress.done, description=progress_text(progress, study))

        with bar:
            yield at_most_every(SECONDS_BETWEEN_UPDATES, update)


def print_json(content: dict[str, Any]) -> None:
    """Print a line of JSON."""
    print(json.dumps(content), flush=True)


def at_most_every(seconds: float, show: Show) -> Show:
    """Function that calls `show`, but not again before so many seconds have passed."""
    last = time.monotonic()

    def limited() -> None:
        nonlocal last
        if time.monotonic() - last >= seconds:
            last = time.monotonic()
            show()

    return limited


def print_part(share: Share, store: ReplicationStore, progress: StudyProgress, as_json: bool) -> None:
    """Print what a part of an array has done, and what comes after all of them."""
    if as_json:
        print_json({**progress_record(progress, FINISHED), "array": [share.number + 1, share.of]})
        return
    part = f"part {share.number + 1} of {share.of}: {progress.wanted} replications kept in {store.storage.name}"
    console().print(f"{part}; when all parts have ended, the same command without --array joins them", soft_wrap=True)


def print_end(study: Study, store: ReplicationStore, progress: StudyProgress, as_json: bool) -> None:
    """Print the headline gains, the folder of the store and the digest of its dataset."""
    from pipeline_sim.study.execution.replication_store import dataset_digest

    folder, digest = store.storage.name, dataset_digest(store)
    if as_json:
        print_json({**progress_record(progress, FINISHED), "folder": folder, "dataset": digest})
        return
    for name in progress.gains:
        console().print(gain_text(study, progress, name))
    size = f"{study.replications} replications of {len(store.partitions)} worlds"
    console().print(f"{size}, dataset {digest}, kept in {folder}", soft_wrap=True)
