"""The command batch: the replications of a study, unattended."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.cli.terminal.console import StoppedEarlyError, complain, console
from pipeline_sim.records.files.lock import holder
from pipeline_sim.records.files.storage import place_of
from pipeline_sim.study.comparison.progress import Gauge, Standing
from pipeline_sim.study.comparison.run_study import asked
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.execution.fill_store import Job, Lived, Plan, Watch, by_processes, fill
from pipeline_sim.study.execution.replication_store import STATE, Finished, dataset_digest
from pipeline_sim.study.execution.worker_check import passport_of
from pipeline_sim.study.execution.worker_pool import Crew, Progress
from pipeline_sim.study.replication.prepare import Assumed
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

RUNNING, FINISHED = "running", "finished"
SECONDS_BETWEEN_LOOKS = 1.0  # on a terminal
Show = Callable[[], None]


class Crewed(NamedTuple):
    """Who does the work."""

    workers: int | None
    processes: int | None
    scheduler: str | None  # its address, or local
    slurm: str | None  # options of a job
    jobs: int  # of Slurm


class Told(NamedTuple):
    """How a run tells how it stands."""

    as_json: bool
    every_seconds: float


class BatchRequest(NamedTuple):
    """A study as it is to be run."""

    study: Study
    path: Path  # of its file
    engine: str
    store: str | None
    crewed: Crewed
    told: Told


def run_batch(request: BatchRequest) -> None:
    """Run what is missing, say how it stands, keep everything."""
    store = place_of(request.store or str(default_store(request.study)))
    workers = request.crewed.processes or request.crewed.workers
    question = asked(request.study, request.path.parent, request.engine, workers, store)
    gauge = Gauge(question)
    with shown(request.told, gauge) as show:
        kept = filled(gauge, crewed(question.plan, request.crewed), show)
    say_end(request, kept, gauge.read())


def default_store(study: Study) -> Path:
    """Where compare looks too."""
    return Path("results") / study.name / f"{study.name}.store"


def crewed(plan: Plan, crew: Crewed) -> Plan:
    """The plan with the crew that was asked for; StudyError if two were."""
    if sum(each is not None for each in (crew.processes, crew.scheduler, crew.slurm)) > 1:
        raise StudyError("--processes, --scheduler and --slurm exclude each other: choose one")
    if crew.processes is not None:
        return plan._replace(hire=by_processes(crew.processes, plan.setting.engine))
    return plan if crew.scheduler is None and crew.slurm is None else on_cluster(plan, crew)


def on_cluster(plan: Plan, crew: Crewed) -> Plan:
    """The plan for a Dask cluster, whose workers have to be what this program is."""
    from pipeline_sim.study.execution.dask_cluster import LOCAL, Task, cluster, sent, slurm, slurm_options

    worlds = dict(zip(plan.worlds, sent(tuple(plan.worlds.values())), strict=True))
    beliefs = plan.setting.beliefs
    if beliefs.plausible is not None:
        beliefs = beliefs._replace(plausible=str(Path(beliefs.plausible).resolve()))
    passport = passport_of(tuple(worlds.values()), beliefs.plausible)

    def hire(work: Callable[[Job, Progress], Lived], _: Sequence[Assumed]) -> AbstractContextManager[Crew]:
        task = Task(work, passport, complain)
        if crew.slurm is not None:
            return slurm(task, slurm_options(crew.slurm), crew.jobs)
        return cluster(task, crew.scheduler or LOCAL, plan.workers)

    setting = plan.setting._replace(beliefs=beliefs)
    return plan._replace(worlds=worlds, setting=setting, hire=hire, passport=passport)


def filled(gauge: Gauge, plan: Plan, show: Show) -> Finished:
    """All replications; what was finished when Ctrl-C or SIGTERM comes is kept, and said to be."""
    wanted, me = gauge.asked.wanted(gauge.wanted), holder()

    def finished(count: float) -> None:
        gauge.finished(count)
        show()

    def saved(kept: Finished) -> None:
        left = sum(1 for _ in kept.missing(wanted))
        gauge.finished(gauge.wanted - left)
        kept.tell(STATE, {**me, **as_told(gauge.read(), RUNNING if left else FINISHED)})

    try:
        return fill(plan, wanted, Watch(complain, finished, gauge.seen, saved))
    except InterruptedRunError as stopped:
        says = f"stopped; {len(stopped.finished)} of {gauge.wanted} replications are kept"
        raise StoppedEarlyError(f"{says}, the same command goes on from there") from None


def as_told(standing: Standing, state: str) -> dict[str, Any]:
    """How a run stands, for programs."""
    return {
        "state": state,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "done": int(standing.done),
        "wanted": standing.wanted,
        "replications_per_second": standing.per_second,
        "seconds_left": standing.seconds_left,
        "best": standing.best,
        "gains": {name: or_null(gain._asdict()) for name, gain in standing.gains.items()},
    }


def or_null(numbers: dict[str, float]) -> dict[str, float | None]:
    """Numbers as JSON has them, which knows no NaN."""
    return {name: None if isnan(value) else value for name, value in numbers.items()}


def in_words(standing: Standing, study: Study) -> str:
    """How a run stands, in a line."""
    words = [f"{int(standing.done)} of {standing.wanted} replications"]
    if standing.per_second and standing.seconds_left is not None:
        minutes, seconds = divmod(round(standing.seconds_left), 60)
        words += [f"{standing.per_second:.3g} a second", f"about {minutes} min {seconds:02d} s left"]
    if standing.best is not None:
        words.append(gain_in_words(study, standing, standing.best))
    return ", ".join(words)


def gain_in_words(study: Study, standing: Standing, name: str) -> str:
    """What a programme gains by the headline."""
    gain, unit = standing.gains[name], "extensions avoided" if study.headline == "extensions" else "months recovered"
    label = next(world.label for world in study.worlds if world.name == name)
    bounds = "" if isnan(gain.low) else f" ({gain.low:,.0f} to {gain.high:,.0f})"
    return f"{label}: {gain.mean:,.0f}{bounds} {unit}"


@contextmanager
def shown(told: Told, gauge: Gauge) -> Iterator[Show]:
    """A bar on a terminal, else a line on stderr or, where it was asked for, of JSON on stdout, an interval."""
    if told.as_json:
        yield now_and_then(told.every_seconds, lambda: print_json(as_told(gauge.read(), RUNNING)))
    elif sys.stderr.isatty():
        with _bar(gauge) as show:
            yield show
    else:
        study = gauge.asked.study
        yield now_and_then(
            told.every_seconds, lambda: print(in_words(gauge.read(), study), file=sys.stderr, flush=True)
        )


def print_json(content: dict[str, Any]) -> None:
    """One line."""
    print(json.dumps(content), flush=True)


def now_and_then(seconds: float, show: Show) -> Show:
    """Show at most once in so many seconds."""
    last = time.monotonic()

    def tell() -> None:
        nonlocal last
        if time.monotonic() - last >= seconds:
            last = time.monotonic()
            show()

    return tell


@contextmanager
def _bar(gauge: Gauge) -> Iterator[Show]:
    from rich.progress import BarColumn, Progress, TextColumn

    bar = Progress(BarColumn(), TextColumn("{task.description}"), console=console(error=True), transient=True)
    task = bar.add_task("", total=gauge.wanted)

    def show() -> None:
        standing = gauge.read()
        bar.update(task, completed=standing.done, description=in_words(standing, gauge.asked.study))

    with bar:
        yield now_and_then(SECONDS_BETWEEN_LOOKS, show)


def say_end(request: BatchRequest, kept: Finished, standing: Standing) -> None:
    """Where everything is, and what it says of the headline."""
    where, digest, study = kept.place.name, dataset_digest(kept), request.study
    if request.told.as_json:
        print_json({**as_told(standing, FINISHED), "folder": where, "dataset": digest})
        return
    for name in standing.gains:
        console().print(gain_in_words(study, standing, name))
    said = f"{study.replications} replications of {len(kept.shelves)} worlds, dataset {digest}, kept in {where}"
    console().print(said, soft_wrap=True)
