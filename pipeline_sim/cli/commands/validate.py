"""The command validate: the model beside published figures."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table

from pipeline_sim.cli.terminal.console import console, progress_bar, say_written
from pipeline_sim.cli.terminal.shipped_files import shipped
from pipeline_sim.records.files.result_files import file_digest, write_manifest
from pipeline_sim.records.provenance.environment import Stopwatch
from pipeline_sim.records.provenance.result_folder import result_folder
from pipeline_sim.report.files.write_validation import met, sentences, write_validation
from pipeline_sim.report.terminal.run_table import rounded_or_dash
from pipeline_sim.study.comparison.study_manifest import assumed_part, assumptions_of, manifest_base, result_digest
from pipeline_sim.study.fit.hindcast import hindcast
from pipeline_sim.study.fit.targets import ROLES, load_targets
from pipeline_sim.study.fit.validate_model import Asked, Verdict, asked, validated
from pipeline_sim.study.replication.run_setting import stated_digest
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import hint

SHIPPED = "evidence/targets.toml"


class ValidateRequest(NamedTuple):
    """What was asked for."""

    targets: Path | None
    role: str | None
    changes: dict[str, object]  # of the study's size and seed
    engine: str
    workers: int | None
    out: Path | None


def validate_model(request: ValidateRequest) -> None:
    """Run, measure, judge, show, write."""
    if request.role is not None and request.role not in ROLES:
        raise StudyError(f"--role is '{request.role}', should be one of {', '.join(ROLES)}{hint(request.role, ROLES)}")
    path = request.targets or Path(shipped(SHIPPED))
    question = asked(load_targets(path), path, request.engine, request.workers, request.changes, request.role)
    result = result_digest(parts(path, question))
    folder = request.out or Path("results") / "validate" / result
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), question.workers)
        with progress_bar(f"{len(question.targets)} figures, {question.study.replications} replications") as report:
            verdicts = validated(question, report)
        issued = write_validation(draft, question, verdicts, result)
        manifest = manifest_of(path, question, request, result) | {"made_in": watch.read()}
        write_manifest(draft, {**manifest, "items": issued.entries(draft)})
    show(verdicts)
    say_written(folder, result)


def parts(path: Path, question: Asked) -> list[object]:
    """What decides the result."""
    worlds = [(told, stated_digest(each)) for told, each in question.worlds.items()]
    chosen = [target.id for target in question.targets]
    return [question.setting.digest, worlds, question.study.replications, file_digest(path), chosen]


def manifest_of(path: Path, question: Asked, request: ValidateRequest, result: str) -> dict[str, Any]:
    """How it was made."""
    study, worlds = question.study, question.worlds
    read = [path, question.path, *([Path(study.plausible)] if study.plausible is not None else [])]
    return manifest_base(result, command_of(path, question, request), list(worlds.values()), read) | {
        "engine": question.engine,
        "study": study.model_dump(mode="json"),
        "assumptions": assumptions_of(study, worlds.values()),
        "worlds": {told: assumed_part(each) for told, each in worlds.items()},
    }


def command_of(path: Path, question: Asked, request: ValidateRequest) -> list[str]:
    """The command that gives the same numbers again."""
    study = question.study
    words = ["pipeline-sim", "validate", "--scale", str(study.scale), "--replications", str(study.replications)]
    words += ["--seed", str(study.seed), "--parameters", study.parameters, "--engine", question.engine]
    words += ["--role", request.role] if request.role is not None else []
    return [*words, "--targets", str(path)] if request.targets is not None else words


def show(verdicts: Sequence[Verdict]) -> None:
    """What fails, then how many pass."""
    screen = console()
    failed = [each for each in verdicts if not each.passes]
    if failed:
        screen.print(failed_table(failed))
    for role, words in ROLES.items():
        mine = [each for each in verdicts if each.target.role == role]
        if mine:
            screen.print(f"{words}: {met(mine)} met")
    found = hindcast(verdicts)
    if found.forecasts:
        better, known = found.better
        screen.print(
            f"hindcast: nine draws in ten lie around {100 * found.covered:.0f} % of {len(found.forecasts)} figures"
            f" after 2019/20; {better} of {known} are foretold better than by no change"
        )
    for sentence in sentences(verdicts)[:1]:
        screen.print(sentence, style="bold")


def failed_table(failed: Sequence[Verdict]) -> Table:
    """Figures that are not met, those furthest off first."""
    table = Table(title="Not met", title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(("", "model", "record", "passes within", "grade", "role")):
        table.add_column(name, justify="right" if 0 < place < 4 else "left")
    for each in failed:
        target = each.target
        low, high = target.reach
        table.add_row(
            f"{target.quantity}: {target.population}, {target.period} ({target.unit})",
            rounded_or_dash(each.mean),
            rounded_or_dash(target.value),
            f"{rounded_or_dash(low)} to {rounded_or_dash(high)}",
            target.grade,
            target.role,
        )
    return table
