"""The command `validate`: the model beside published figures, with a hindcast."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import console, print_if_compiling, print_written, progress_bar
from pipeline_sim.cli.terminal.default_paths import RESULTS, shipped
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import (
    MAX_RUNS,
    Engine,
    Parameters,
    Replications,
    Scale,
    Targets,
    Workers,
    checked_seed,
)
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import nearest

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline_sim.study.fit.validate_model import ValidationPlan, Verdict

TARGETS = "evidence/targets.toml"
IN_COMMAND = ("scale", "replications", "seed", "parameters")  # as run, whatever the study file says


def validate(
    context: typer.Context,
    scale: Scale = 0.2,
    replications: Replications = 16,
    seed: Annotated[
        int | None,
        typer.Option(help="Random seed; by default that of the study that the targets name.", callback=checked_seed),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_RUNS, help="Draws of the parameters, one replication each, not --replications."),
    ] = None,
    parameters: Parameters = None,
    engine: Engine = "batch",
    role: Annotated[str | None, typer.Option(help="Only figures of this role: fit, input or test.")] = None,
    targets: Targets = None,
    out: Annotated[Path | None, typer.Option(help="Result folder; results/validate/<digest> by default.")] = None,
    workers: Workers = None,
) -> None:
    """Compare the model with published figures.

    Failures come first; a hindcast and a page with tables follow.
    """
    from pipeline_sim.study.comparison.study_manifest import result_digest
    from pipeline_sim.study.fit.targets import ROLES, load_targets
    from pipeline_sim.study.fit.validate_model import check_validation
    from pipeline_sim.study.replication.prepare import world_of

    given = context.get_parameter_source("replications")
    if draws not in (None, replications) and given is not None and given.name == "COMMANDLINE":
        raise StudyError("validate should have --draws or --replications, not both: draws have one replication each")
    sizes: dict[str, object] = {"scale": scale, "replications": replications}
    sizes |= {} if seed is None else {"seed": seed}
    sizes |= {} if draws is None else {"replications": draws, "repeat_every": 0}
    sizes |= {} if parameters is None else {"parameters": parameters.value}
    if role is not None and role not in ROLES:
        close = nearest(role, ROLES)
        likely = f"; nearest is '{close}'" if close else ""
        raise StudyError(f"--role is '{role}', should be one of {', '.join(ROLES)}{likely}")
    path = targets or Path(shipped(TARGETS))
    plan = check_validation(load_targets(path), path, engine, workers, sizes, role)
    note_edited(map(world_of, plan.worlds.values()))
    result = result_digest(digest_inputs(plan))
    folder = out or RESULTS / "validate" / result
    command = command_of(context, **{option: getattr(plan.study, option) for option in IN_COMMAND})
    print_verdicts(plan, write_result(path, plan, command, (folder, result)))
    print_written(folder, result)


def digest_inputs(plan: ValidationPlan) -> list[object]:
    """Values that determine the result; paths of files do not."""
    from pipeline_sim.study.fit.targets import targets_digest
    from pipeline_sim.study.replication.run_setting import world_spec_digest

    worlds = [(role, world_spec_digest(spec)) for role, spec in plan.worlds.items()]
    return [plan.setting.digest, worlds, plan.study.replications, targets_digest(plan.targets), plan.classes]


def write_result(path: Path, plan: ValidationPlan, command: list[str], result: tuple[Path, str]) -> list[Verdict]:
    """Verdicts on the targets, once the page, its tables and its manifest are in the result folder."""
    from pipeline_sim.records.files.result_files import write_manifest
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.report.files.write_validation import write_validation
    from pipeline_sim.report.text.number_format import counted
    from pipeline_sim.study.fit.validate_model import validate as compare_with_targets

    folder, digest = result
    with result_folder(folder) as draft:
        print_if_compiling()
        watch = Stopwatch(time.monotonic(), plan.workers)
        with progress_bar(
            f"{counted(len(plan.targets), 'figure')}, {counted(plan.study.replications, 'replication')}"
        ) as report:
            verdicts = compare_with_targets(plan, report)
        items = write_validation(draft, plan, verdicts, digest)
        manifest = manifest_of(path, plan, command, digest) | {"made_in": watch.read()}
        write_manifest(draft, {**manifest, "items": items.entries(draft)})
    return verdicts


def manifest_of(path: Path, plan: ValidationPlan, command: list[str], digest: str) -> dict[str, Any]:
    """Manifest of a validation."""
    from pipeline_sim.study.comparison.study_manifest import assumptions_of, manifest_base, world_spec_fields

    study, worlds = plan.study, plan.worlds
    files = [path, plan.path, *([Path(study.posterior)] if study.posterior is not None else [])]
    return manifest_base(digest, command, list(worlds.values()), files) | {
        "engine": plan.engine,
        "study": study.model_dump(mode="json"),
        "assumptions": assumptions_of(study, worlds.values()),
        "worlds": {role: world_spec_fields(spec) for role, spec in worlds.items()},
    }


def print_verdicts(plan: ValidationPlan, verdicts: Sequence[Verdict]) -> None:
    """Print the figures that are not met, the number met by role, how many draws pass, and the hindcast."""
    from pipeline_sim.report.files.write_validation import against_structure, met_of_all, records_of, summary_sentences
    from pipeline_sim.report.sections.validation_sections import hindcast_sentences
    from pipeline_sim.study.fit.hindcast import hindcast
    from pipeline_sim.study.fit.targets import ROLES
    from pipeline_sim.study.fit.validate_model import draws_passing, fitted_noise

    passing, result = draws_passing(plan, verdicts), hindcast(verdicts, plan.classes, fitted_noise(plan))
    screen, verdicts = console(), records_of(verdicts)
    failed = [verdict for verdict in verdicts if not verdict.passes]
    if failed:
        screen.print(failed_table(failed))
    for role, label in ROLES.items():
        of_role = [verdict for verdict in verdicts if verdict.target.role == role]
        if of_role:
            screen.print(f"{label}: {met_of_all(of_role)} met")
    if passing is not None:
        own, held = passing
        beside = f"; on average a draw passes on {100 * held.mean():.0f} % of those held out" if len(held) else ""
        screen.print(f"{own.sum()} of {len(own)} draws pass on all figures fitted to{beside}", soft_wrap=True)
    if result.forecasts:
        screen.print(hindcast_sentences(result), soft_wrap=True)
    for sentence in against_structure(plan):
        screen.print(sentence, soft_wrap=True)
    for sentence in summary_sentences(verdicts)[:1]:
        screen.print(sentence, style="bold")


def failed_table(failed: Sequence[Verdict]) -> Table:
    """Table of the figures that are not met, those furthest off first."""
    from rich.table import Table

    from pipeline_sim.report.text.number_format import whole_or_rounded

    table = Table(title="Not met", title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column, name in enumerate(("", "model", "record", "passes within", "grade", "role")):
        table.add_column(name, justify="right" if 0 < column < 4 else "left")
    for verdict in failed:
        target = verdict.target
        low, high = target.reach
        table.add_row(
            f"{target.quantity}: {target.population}, {target.period} ({target.unit})",
            whole_or_rounded(verdict.mean),
            whole_or_rounded(target.value),
            f"{whole_or_rounded(low)} to {whole_or_rounded(high)}",
            target.grade,
            target.role,
        )
    return table
