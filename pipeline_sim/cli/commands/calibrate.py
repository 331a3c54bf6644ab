"""The command `calibrate`: history matching of the open parameters to published figures, and the plausible set."""

from __future__ import annotations

import os
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import console, print_if_compiling, print_written, progress_bar
from pipeline_sim.cli.terminal.default_paths import RESULTS, shipped
from pipeline_sim.cli.terminal.options import MAX_RUNS, Engine, Scale, Seed, Targets, Workers
from pipeline_sim.records.provenance.identifiers import TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, catalogue_items
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    from pipeline_sim.study.fit.history_matching import CalibrationProblem, DesignResults, Search
    from pipeline_sim.study.replication.plausible_set import PlausibleSet

TARGETS, OPEN = "evidence/targets.toml", "england/open.toml"
FIT = "fit"
ITEMS = (
    Item(TABLE_FILE, "plausible", "The plausible set", ("plausible.toml",)),
    Item(TABLE_FILE, "fit", "How plausible points meet the figures fitted to", ("fit.csv",)),
    Item(TABLE_FILE, "points", "Every point that was run", ("points.csv",)),
)


def calibrate(
    context: typer.Context,
    scale: Scale = 0.2,
    points: Annotated[
        int, typer.Option(min=40, max=MAX_RUNS, help="Points of the first wave; later waves run a third.")
    ] = 300,
    waves: Annotated[int, typer.Option(min=1, max=20, help="Number of waves.")] = 3,
    seed: Seed = 1,
    engine: Engine = "batch",
    targets: Targets = None,
    opened: Annotated[
        Path | None, typer.Option("--open", help="Parameters to fit (TOML); those supplied by default.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Result folder; results/calibrate/<digest> by default.")] = None,
    workers: Workers = None,
) -> None:
    """Fit uncertain parameters to published figures by history matching.

    Every plausible point is kept; a study that names the set draws from it.
    """
    from pipeline_sim.report.files.calibration_files import fit_lines
    from pipeline_sim.study.comparison.study_manifest import result_digest
    from pipeline_sim.study.fit.history_matching import Search

    search = Search(points, waves, seed, engine, workers or os.cpu_count() or 1)
    targets_file = targets or Path(shipped(TARGETS))
    problem = calibration_problem(targets_file, str(opened or shipped(OPEN)), scale, engine)
    result = result_digest(digest_inputs(problem, search))
    folder = out or RESULTS / "calibrate" / result
    design = write_result(problem, search, targets_file, command_of(context), (folder, result))
    console().print(f"{design.plausible.sum()} of {len(design.positions)} points are plausible", style="bold")
    for line in fit_lines(problem.targets, design):
        console().print(line, soft_wrap=True)
    console().print("a study draws from the set that it names as plausible", soft_wrap=True)
    print_written(folder, result)


def calibration_problem(targets: Path, opened: str, scale: float, engine: str) -> CalibrationProblem:
    """Open parameters and the figures they are fitted to, checked before anything runs; StudyError if unsuitable."""
    from pipeline_sim.study.fit.history_matching import CalibrationProblem
    from pipeline_sim.study.fit.targets import load_targets
    from pipeline_sim.study.fit.validate_model import check_validation
    from pipeline_sim.study.replication.plausible_set import load_open_parameters, open_figures
    from pipeline_sim.study.replication.prepare import world_of
    from pipeline_sim.world.world_error import hint

    parameters = load_open_parameters(opened)
    plan = check_validation(load_targets(targets), targets, engine, None, {"scale": scale}, FIT)
    known = {target.topic for target in plan.targets if target.world == "covid"}
    for topic in parameters.topics:
        if topic not in known:
            problem = f"{opened}: topics: {targets} has no target of the role {FIT} in the world covid on '{topic}'"
            raise StudyError(f"{problem}{hint(topic, sorted(known))}")
    fitted = tuple(target for target in plan.targets if target.world == "covid" and target.topic in parameters.topics)
    spec = plan.worlds["covid"]
    open_figures(world_of(spec), parameters.open)
    return CalibrationProblem(opened, spec, fitted)


def digest_inputs(problem: CalibrationProblem, search: Search) -> list[object]:
    """Values that determine the result; paths of files do not."""
    from pipeline_sim.records.files.result_files import file_digest
    from pipeline_sim.study.fit.targets import targets_digest
    from pipeline_sim.study.replication.prepare import world_of
    from pipeline_sim.world.reading.sources import world_digest

    world = world_digest(world_of(problem.spec)), problem.spec.scale
    return [*world, targets_digest(problem.targets), file_digest(Path(problem.opened)), *search[:4]]


def write_result(
    problem: CalibrationProblem, search: Search, targets: Path, command: list[str], result: tuple[Path, str]
) -> DesignResults:
    """Points that were run, once the plausible set, its tables and its manifest are in the result folder."""
    from pipeline_sim.records.files.result_files import write_manifest, write_text
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.report.files.calibration_files import fit_table, points_table, set_text
    from pipeline_sim.report.files.csv_files import write_csv
    from pipeline_sim.report.text.number_format import counted
    from pipeline_sim.study.comparison.study_manifest import manifest_base, world_spec_fields
    from pipeline_sim.study.fit.history_matching import match_history, missed_by_nearest
    from pipeline_sim.study.replication.assumption_counts import assumptions

    folder, digest = result
    with result_folder(folder) as draft:
        print_if_compiling()
        watch = Stopwatch(time.monotonic(), search.workers)
        with progress_bar(f"{counted(search.waves, 'wave')} of {search.points} points") as report:
            design = match_history(problem, search, report)
        if not design.plausible.any():
            missed = ", ".join(f"{name} by {far:.1f}" for name, far in missed_by_nearest(problem.targets, design))
            problem_found = f"no point that was run is plausible; the nearest misses {missed} standard deviations"
            raise StudyError(f"{problem_found}: try more --points or --waves, or open more figures")
        write_text(draft / "plausible.toml", set_text(plausible_set(problem, design, command)))
        write_csv(draft / "fit.csv", fit_table(problem.targets, design))
        write_csv(draft / "points.csv", points_table(problem, design))
        manifest = {
            **manifest_base(digest, command, [problem.spec], [targets, Path(problem.opened)]),
            "engine": search.engine,
            "seed": search.seed,
            "assumptions": assumptions([problem.spec]),
            "targets": [target.id for target in problem.targets],
            "worlds": {"covid": world_spec_fields(problem.spec)},
            "made_in": watch.read(),
            "items": catalogue_items(digest, ITEMS).entries(draft),
        }
        write_manifest(draft, manifest)
    return design


def plausible_set(problem: CalibrationProblem, design: DesignResults, command: list[str]) -> PlausibleSet:
    """Plausible points in the order in which they were run, with the command that finds them."""
    from pipeline_sim.base.compiler.jit import rules_digest
    from pipeline_sim.study.fit.targets import targets_digest
    from pipeline_sim.study.replication.plausible_set import Made, PlausibleSet, load_open_parameters, ranges
    from pipeline_sim.study.replication.prepare import world_of

    opened = load_open_parameters(problem.opened).open
    made = Made(
        command=shlex.join(command),
        rules=rules_digest()[:12],
        targets=targets_digest(problem.targets),
        runs=len(design.positions),
        ranges=ranges(world_of(problem.spec), opened),
    )
    rows = design.positions[design.plausible]
    return PlausibleSet(made=made, open=opened, rows=[[float(value) for value in row] for row in rows])
