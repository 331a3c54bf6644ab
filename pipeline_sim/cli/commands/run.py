"""The command run: one world and its counts by year."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.cli.terminal.console import StoppedEarlyError, console, progress_bar, say_written
from pipeline_sim.records.files.result_files import write_manifest, write_measures
from pipeline_sim.records.provenance.environment import Stopwatch
from pipeline_sim.records.provenance.identifiers import TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, issue
from pipeline_sim.records.provenance.machine import cores
from pipeline_sim.records.provenance.result_folder import result_folder
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.terminal.run_table import years_table
from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.comparison.study_manifest import identity, manifest_base, manifest_of, result_digest
from pipeline_sim.study.estimates.indicators import counts_by_year, indicators_by_year
from pipeline_sim.study.estimates.intervals import estimates
from pipeline_sim.study.execution.run_replications import Job, Replication, all_measures, replicate
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.study.study_error import InterruptedRunError, StudyError
from pipeline_sim.world.lowering.build_timeline import check_names

if TYPE_CHECKING:
    from rich.table import Table


ITEMS = (
    Item(TABLE_FILE, "by_year", "Indicators by training year", ("by_year.csv",)),
    Item(TABLE_FILE, "measures", "Counts of every replication, as simulated", ("measures.parquet",)),
)  # in the order in which they are numbered, those that are there


class RunRequest(NamedTuple):
    """What was asked for."""

    assumed: Assumed
    engine: str
    seed: int
    replications: int
    keep_logs: bool
    check: bool
    workers: int | None
    out: Path | None


def run_world(request: RunRequest) -> None:
    """Run, show, write."""
    check_names(world_of(request.assumed), request.assumed.without)  # what is wrong is refused before anything runs
    folder = request.out or default_folder(request)
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), request.workers or cores())
        runs = replications(request, draft)
        if len(runs) < request.replications:
            keep_first(request, runs, draft, watch)
        tables = write_result(request, runs, draft, watch)
    show(tables, folder, digest_of(request))


def keep_first(request: RunRequest, runs: tuple[Replication, ...], draft: Path, watch: Stopwatch) -> None:
    """After Ctrl-C: what was finished is the result of a shorter run, in a folder of its own; StoppedEarlyError."""
    done = request._replace(replications=len(runs))
    folder = default_folder(done) if request.out is None else Path(f"{request.out}-first-{len(runs)}")
    with result_folder(folder) as other:
        for name in (Path(job.events).name for job in jobs_of(done, draft) if job.events):
            (draft / name).rename(other / name)
        tables = write_result(done, runs, other, watch)
    show(tables, folder, digest_of(done))
    raise StoppedEarlyError(f"stopped; the first {len(runs)} of {request.replications} replications are kept")


def show(tables: "list[Table]", folder: Path, result: str) -> None:
    """Print what was found and where it is."""
    screen = console()
    for table in tables:
        screen.print(table)
    say_written(folder, result)


def default_folder(request: RunRequest) -> Path:
    """results/<world>/<digest of all that decides the result>."""
    assumed = request.assumed
    files = [assumed.layers[-1], *([assumed.mix] if assumed.mix else [])]
    return Path("results") / "-".join(Path(name).stem for name in files) / digest_of(request)


def digest_of(request: RunRequest) -> str:
    """The name of the result."""
    how = (request.engine, request.seed, request.replications, request.keep_logs)
    return result_digest((*identity(request.assumed), *how))


def command_of(request: RunRequest) -> list[str]:
    """The command that gives the same result again."""
    assumed = request.assumed
    parts = ["pipeline-sim", "run", *assumed.layers, *(["--mix", assumed.mix] if assumed.mix else [])]
    parts += ["--engine", request.engine, "--scale", str(assumed.scale), "--replications", str(request.replications)]
    parts += ["--seed", str(request.seed), "--log", "full" if request.keep_logs else "none"]
    return [*parts, *(word for name in sorted(assumed.without) for word in ("--without", name))]


def jobs_of(request: RunRequest, draft: Path) -> list[Job]:
    """A job for each replication; logs go to the draft, if they are kept."""
    return [
        Job(
            request.assumed,
            request.engine,
            request.seed,
            number,
            str(draft / f"events-{number:03d}.parquet") if request.keep_logs else None,
            request.check,
        )
        for number in range(request.replications)
    ]


def replications(request: RunRequest, draft: Path) -> tuple[Replication, ...]:
    """Run every replication, or the first ones until Ctrl-C; StudyError if a law that was to be checked is broken."""
    try:
        with progress_bar("running") as report:
            runs = tuple(replicate(jobs_of(request, draft), request.workers, report))
    except InterruptedRunError as stopped:
        runs = tuple(stopped.finished)
        if not runs:
            raise KeyboardInterrupt from None
    broken = [sentence for each in runs for sentence in each.broken]
    if broken:
        raise StudyError(f"a law is broken, this is a fault of the program: {broken[0]} ({len(broken)} in all)")
    return runs


def write_result(request: RunRequest, runs: tuple[Replication, ...], draft: Path, watch: Stopwatch) -> "list[Table]":
    """Everything into the folder; the tables to be shown once it is in its place."""
    assumed, world = request.assumed, world_of(request.assumed)
    size = assumed.scale * world.size
    measures = all_measures(runs)
    yearly = estimates(indicators_by_year(counts_by_year(measures, Stage.GP), size))
    write_measures(draft / "measures.parquet", measures)
    write_csv(draft / "by_year.csv", yearly.reset_index())
    result = digest_of(request)
    manifest = {
        **manifest_base(result, command_of(request), [assumed]),
        **manifest_of(request.engine, request.seed, {world.name: (assumed, runs)}),
        "made_in": watch.read(),
        "items": issue(result, [item for item in ITEMS if (draft / item.places[0]).is_file()]).entries(draft),
    }
    write_manifest(draft, manifest)
    return [years_table(yearly)]
