"""The command `calibrate`: all uncertain figures fitted together to published figures, and a sample of what fits."""

from __future__ import annotations

import os
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import (
    StoppedEarlyError,
    console,
    print_if_compiling,
    print_written,
    progress_bar,
)
from pipeline_sim.cli.terminal.default_paths import RESULTS, shipped
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import MAX_RUNS, Engine, Scale, Seed, Targets, Workers
from pipeline_sim.cli.terminal.signals import GOES_ON, keep
from pipeline_sim.records.provenance.identifiers import TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, catalogue_items
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

if TYPE_CHECKING:
    from pipeline_sim.study.fit.calibrate_model import Fit
    from pipeline_sim.study.fit.calibration_runs import CalibrationProblem, Search
    from pipeline_sim.study.replication.posterior_sample import PosteriorSample

TARGETS, OPEN = "evidence/targets.toml", "england/open.toml"
FIT, FINISHED = "fit", ".calibration"  # role fitted to; folder of finished runs, beside the results
AFRESH = 64  # draws of the sample that are run again
ITEMS = (
    Item(TABLE_FILE, "posterior", "The posterior sample", ("posterior.parquet",)),
    Item(TABLE_FILE, "fit", "How the sample meets the figures fitted to", ("fit.csv",)),
    Item(TABLE_FILE, "parameters", "What the record says of each uncertain figure", ("parameters.csv",)),
)


class Afresh(NamedTuple):
    """Draws of a sample that were run again: the sample with its discrepancies, and lines on both."""

    sample: PosteriorSample
    lines: list[str]


def calibrate(
    context: typer.Context,
    scale: Scale = 0.2,
    points: Annotated[
        int, typer.Option(min=64, max=MAX_RUNS, help="Runs of the first wave, over all that is uncertain.")
    ] = 2048,
    later: Annotated[
        int, typer.Option(min=64, max=MAX_RUNS, help="Runs of each later wave; the last becomes the sample.")
    ] = 1024,
    waves: Annotated[int, typer.Option(min=2, max=20, help="Number of waves.")] = 4,
    seed: Seed = 1,
    engine: Engine = "batch",
    targets: Targets = None,
    opened: Annotated[
        Path | None, typer.Option("--open", help="What to fit to, and what moves together (TOML); supplied by default.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Result folder; results/calibrate/<digest> by default.")] = None,
    workers: Workers = None,
) -> None:
    """Fit all uncertain figures together to published figures.

    A weighted sample of what fits is kept, from which a study that names it draws. A stopped calibration goes on where
    it was.
    """
    from pipeline_sim.study.comparison.study_manifest import result_digest
    from pipeline_sim.study.fit.calibration_runs import Search

    search = Search(points, later, waves, seed, engine, workers or os.cpu_count() or 1)
    targets_file, opened = targets or Path(shipped(TARGETS)), opened or Path(shipped(OPEN))
    problem = calibration_problem(targets_file, opened, scale, engine)
    files = [targets_file, opened]
    result = result_digest(digest_inputs(problem, files, search))
    folder = out or RESULTS / "calibrate" / result
    finished = folder.parent / FINISHED / result_digest(run_inputs(problem, opened, search))
    sample = write_result(problem, search, files, command_of(context), (folder, result, finished))
    console().print(sample.made.note, soft_wrap=True)
    console().print("a study draws from the sample that it names as posterior", soft_wrap=True)
    print_written(folder, result)


def calibration_problem(targets: Path, opened: Path, scale: float, engine: str) -> CalibrationProblem:
    """What is fitted, and the figures fitted to, checked before anything runs; StudyError if unsuitable."""
    from pipeline_sim.study.fit.calibration_runs import CalibrationProblem
    from pipeline_sim.study.fit.targets import load_targets
    from pipeline_sim.study.fit.validate_model import check_validation
    from pipeline_sim.study.replication.posterior_sample import load_open_parameters, open_figures
    from pipeline_sim.study.replication.prepare import world_of
    from pipeline_sim.world.world_error import hint

    parameters = load_open_parameters(str(opened))
    read = load_targets(targets)
    stated = check_validation(read, targets, engine, None, {}, FIT)
    plan = check_validation(read, targets, engine, None, {"scale": scale}, FIT)
    known = {target.topic for target in plan.targets if target.world == "covid"}
    for topic in parameters.topics:
        if topic not in known:
            problem = f"{opened}: topics: {targets} has no target of the role {FIT} in the world covid on '{topic}'"
            raise StudyError(f"{problem}{hint(topic, sorted(known))}")
    fitted = tuple(target for target in plan.targets if target.world == "covid" and target.topic in parameters.topics)
    spec = plan.worlds["covid"]
    open_figures(world_of(spec), parameters.open)
    note_edited([world_of(spec)])
    return CalibrationProblem(parameters, tuple(plan.study.held), spec, fitted, stated.study.scale)


def run_inputs(problem: CalibrationProblem, opened: Path, search: Search) -> list[object]:
    """Values that determine single runs, which are found again whatever the number of points and waves."""
    from pipeline_sim.records.files.result_files import file_digest
    from pipeline_sim.study.fit.targets import targets_digest
    from pipeline_sim.study.replication.prepare import world_of
    from pipeline_sim.study.replication.run_setting import model_digest
    from pipeline_sim.world.reading.sources import world_digest

    world = world_digest(world_of(problem.spec)), problem.spec.scale, sorted(problem.held), model_digest()
    return [*world, targets_digest(problem.targets), file_digest(opened), search.seed, search.engine]


def digest_inputs(problem: CalibrationProblem, files: list[Path], search: Search) -> list[object]:
    """Values that determine the result; paths of files do not. Records not fitted to decide the discrepancy."""
    from pipeline_sim.study.fit.targets import load_targets, targets_digest

    read = load_targets(files[0])
    records = [target for target in read.targets if target.world == "covid"]
    sizes = search.points, search.later, search.waves
    return [*run_inputs(problem, files[1], search), *sizes, targets_digest(records), sorted(read.classes.items())]


def write_result(
    problem: CalibrationProblem, search: Search, files: list[Path], command: list[str], result: tuple[Path, str, Path]
) -> PosteriorSample:
    """Posterior sample with a note on how good it is, once it, its tables and its manifest are in the result folder."""
    from pipeline_sim.records.files.result_files import write_manifest
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.report.files.calibration_files import fit_lines, fit_table, parameters_table
    from pipeline_sim.report.files.csv_files import write_csv
    from pipeline_sim.study.comparison.study_manifest import manifest_base, world_spec_fields
    from pipeline_sim.study.replication.assumption_counts import assumptions
    from pipeline_sim.study.replication.posterior_sample import save_sample

    folder, digest, finished = result
    with result_folder(folder) as draft:
        print_if_compiling()
        watch = Stopwatch(time.monotonic(), search.workers, finished.exists())
        fit = run_waves(problem, search, empty_of(problem, command), finished)
        save_sample(draft / "posterior.parquet", fit.sample)
        checked = check_afresh(problem, search, files[0], draft / "posterior.parquet")
        lines = [*fit_lines(problem.targets, fit), *checked.lines]
        sample = checked.sample._replace(made=checked.sample.made.model_copy(update={"note": "\n".join(lines)}))
        save_sample(draft / "posterior.parquet", sample)
        write_csv(draft / "fit.csv", fit_table(problem.targets, fit))
        write_csv(draft / "parameters.csv", parameters_table(fit))
        manifest = {
            **manifest_base(digest, command, [problem.spec], files),
            "engine": search.engine,
            "seed": search.seed,
            "assumptions": assumptions([problem.spec]),
            "targets": [target.id for target in problem.targets],
            "worlds": {"covid": world_spec_fields(problem.spec)},
            "made_in": watch.read(),
            "items": catalogue_items(digest, ITEMS).entries(draft),
        }
        write_manifest(draft, manifest)
    return sample


def empty_of(problem: CalibrationProblem, command: list[str]) -> PosteriorSample:
    """Sample without rows, with the command that fills it."""
    from pipeline_sim.base.compiler.jit import rules_digest
    from pipeline_sim.study.fit.calibration_runs import empty_sample
    from pipeline_sim.study.fit.targets import targets_digest

    return empty_sample(problem, shlex.join(command), rules_digest()[:12], targets_digest(problem.targets))


def run_waves(problem: CalibrationProblem, search: Search, empty: PosteriorSample, finished: Path) -> Fit:
    """Calibration of all waves; at Ctrl-C the finished runs stay in their folder and StoppedEarlyError says so."""
    from pipeline_sim.report.text.number_format import counted
    from pipeline_sim.study.fit.calibrate_model import calibrate as calibrate_model

    title = f"{counted(len(empty.names), 'figure')}, {counted(search.waves, 'wave')}"
    keep(GOES_ON)
    try:
        with progress_bar(title) as report:
            return calibrate_model(problem, search, empty, finished, report)
    except InterruptedRunError:
        raise StoppedEarlyError("stopped; finished runs are kept, the same command goes on from there") from None


def check_afresh(problem: CalibrationProblem, search: Search, targets: Path, path: Path) -> Afresh:
    """Draws of a sample run under other random numbers: how many pass, and the discrepancy from every record."""
    from pipeline_sim.study.fit.discrepancy import discrepancies
    from pipeline_sim.study.fit.targets import load_targets
    from pipeline_sim.study.fit.validate_model import check_validation, draws_passing, validate, with_sample
    from pipeline_sim.study.replication.posterior_sample import load_sample

    sizes: dict[str, object] = {"scale": problem.spec.scale}
    plan = check_validation(load_targets(targets), targets, search.engine, search.workers, sizes)
    plan = with_sample(plan, path, AFRESH)
    with progress_bar("draws run afresh") as report:
        verdicts = validate(plan, report)
    passing = draws_passing(plan, verdicts)
    until = max(target.year for target in problem.targets)
    found = discrepancies(verdicts, plan.classes, until)
    sample = load_sample(str(path))
    load_sample.cache_clear()
    known = {name: (each.sd, each.freedom) for name, each in found.items()}
    lines = [f"{passing[0].sum()} of {AFRESH} draws pass when run afresh"] if passing is not None else []
    lines += [
        f"{name}: records to {until}/{(until + 1) % 100} differ by {100 * each.sd:.0f} % beyond parameters and chance"
        for name, each in found.items()
    ]
    return Afresh(sample._replace(made=sample.made.model_copy(update={"discrepancy": known})), lines)
