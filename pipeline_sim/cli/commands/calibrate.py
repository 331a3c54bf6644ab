"""The command calibrate: fit the open parameters to records and keep all that is plausible."""

import shlex
import time
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.base.compiler.jit import rules_digest
from pipeline_sim.cli.terminal.console import console, progress_bar, say_written
from pipeline_sim.cli.terminal.shipped_files import shipped
from pipeline_sim.records.files.result_files import file_digest, write_manifest, write_text
from pipeline_sim.records.provenance.environment import Stopwatch
from pipeline_sim.records.provenance.identifiers import TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, issue
from pipeline_sim.records.provenance.result_folder import result_folder
from pipeline_sim.report.files.calibration_files import fit_lines, fit_table, points_table, set_text
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.study.comparison.study_manifest import assumed_part, manifest_base, result_digest
from pipeline_sim.study.fit.history_matching import Found, Question, Search, calibrated
from pipeline_sim.study.fit.targets import load_targets, targets_digest
from pipeline_sim.study.fit.validate_model import asked
from pipeline_sim.study.replication.assumption_counts import assumptions
from pipeline_sim.study.replication.plausible_set import Made, PlausibleSet, load_opened, open_figures, ranges
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.sources import world_digest

TARGETS, OPENED = "evidence/targets.toml", "england/open.toml"
FIT = "fit"
ITEMS = (
    Item(TABLE_FILE, "plausible", "The plausible set", ("plausible.toml",)),
    Item(TABLE_FILE, "fit", "How plausible points meet the figures fitted to", ("fit.csv",)),
    Item(TABLE_FILE, "points", "Every point that was run", ("points.csv",)),
)


class CalibrateRequest(NamedTuple):
    """What was asked for."""

    targets: Path | None
    opened: Path | None
    scale: float
    search: Search
    out: Path | None


def calibrate_model(request: CalibrateRequest) -> None:
    """Search, show, write."""
    question = question_of(request)
    result = result_digest(parts(question, request.search))
    folder = request.out or Path("results") / "calibrate" / result
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), request.search.workers)
        with progress_bar(f"{request.search.waves} waves of {request.search.points} points") as report:
            found = calibrated(question, request.search, report)
        if not found.plausible.any():
            raise StudyError("no point that was run is plausible: try more --points or --waves, or open more figures")
        write_text(draft / "plausible.toml", set_text(plausible_set(request, question, found)))
        write_csv(draft / "fit.csv", fit_table(question.targets, found))
        write_csv(draft / "points.csv", points_table(question, found))
        manifest = manifest_of(question, request, result) | {"made_in": watch.read()}
        write_manifest(draft, {**manifest, "items": issue(result, ITEMS).entries(draft)})
    console().print(f"{found.plausible.sum()} of {len(found.positions)} points are plausible", style="bold")
    for line in fit_lines(question.targets, found):
        console().print(line, soft_wrap=True)
    console().print("a study draws from the set that it names as plausible", soft_wrap=True)
    say_written(folder, result)


def question_of(request: CalibrateRequest) -> Question:
    """What is fitted to what, checked before anything runs."""
    path = request.targets or Path(shipped(TARGETS))
    opened = str(request.opened or shipped(OPENED))
    checked = asked(load_targets(path), path, request.search.engine, None, {"scale": request.scale}, FIT)
    for target in checked.targets:
        if target.world != "covid":
            raise StudyError(f"{path}: {target.id}: world: a figure to fit to is measured in covid, not {target.world}")
    world = checked.worlds["covid"]
    open_figures(world_of(world), load_opened(opened).open)
    return Question(opened, world, checked.targets)


def plausible_set(request: CalibrateRequest, question: Question, found: Found) -> PlausibleSet:
    """All plausible points, in the order in which they were run."""
    opened = load_opened(question.opened).open
    made = Made(
        command=shlex.join(command_of(request)),
        rules=rules_digest()[:12],
        targets=targets_digest(question.targets),
        runs=len(found.positions),
        ranges=ranges(world_of(question.assumed), opened),
    )
    rows = found.positions[found.plausible]
    return PlausibleSet(made=made, open=opened, rows=[[float(part) for part in row] for row in rows])


def command_of(request: CalibrateRequest) -> list[str]:
    """The command that finds the same set."""
    search = request.search
    words = ["pipeline-sim", "calibrate", "--scale", f"{request.scale:g}", "--points", str(search.points)]
    words += ["--waves", str(search.waves), "--seed", str(search.seed), "--engine", search.engine]
    words += ["--targets", str(request.targets)] if request.targets is not None else []
    return [*words, "--open", str(request.opened)] if request.opened is not None else words


def parts(question: Question, search: Search) -> list[object]:
    """What decides the result."""
    world = world_digest(world_of(question.assumed)), question.assumed.scale
    return [*world, targets_digest(question.targets), file_digest(Path(question.opened)), *search[:4]]


def manifest_of(question: Question, request: CalibrateRequest, result: str) -> dict[str, Any]:
    """How it was made."""
    targets = request.targets or Path(shipped(TARGETS))
    read = [targets, Path(question.opened)]
    return manifest_base(result, command_of(request), [question.assumed], read) | {
        "engine": request.search.engine,
        "seed": request.search.seed,
        "assumptions": assumptions([question.assumed]),
        "targets": [target.id for target in question.targets],
        "worlds": {"covid": assumed_part(question.assumed)},
    }
