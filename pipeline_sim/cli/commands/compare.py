"""The command `compare`: the worlds of a study side by side, as a report with figures and tables."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import console, print_if_compiling, print_written, progress_bar, resumable, warn
from pipeline_sim.cli.terminal.default_paths import CONFIGS, RESULTS, default_store, default_study
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import (
    MAX_RUNS,
    AskedStudy,
    Budget,
    Engine,
    Full,
    Mixes,
    Out,
    Parameters,
    Scenarios,
    Store,
    StudyScale,
    StudySeed,
    Workers,
)

if TYPE_CHECKING:
    from pipeline_sim.study.comparison.answer import Answer
    from pipeline_sim.study.comparison.run_study import StudyPlan
    from pipeline_sim.study.comparison.study_file import Study

IN_COMMAND = ("scale", "replications", "seed", "parameters", "precision")  # as run, whatever the study file says


def compare(
    context: typer.Context,
    study: AskedStudy = None,
    mix: Mixes = None,
    budget: Budget = None,
    scenario: Scenarios = None,
    parts: Annotated[
        bool, typer.Option("--parts", help="Run each part of a mix alone, and the mix without it, as well.")
    ] = False,
    full: Full = False,
    scale: StudyScale = None,
    replications: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_RUNS, help="Number of replications; fewer if --precision is reached before."),
    ] = None,
    seed: StudySeed = None,
    parameters: Parameters = None,
    precision: Annotated[
        float | None, typer.Option(help="Stop when headline intervals are this narrow either way.")
    ] = None,
    engine: Engine = "batch",
    out: Out = None,
    store: Store = None,
    workers: Workers = None,
) -> None:
    """Compare the worlds of a study with common random numbers and write a report.

    With --mix, --budget or --scenario the question needs no file: `mixes` and `interventions` list what there is.
    """
    from pipeline_sim.records.files.storage import storage_at
    from pipeline_sim.study.comparison.own_question import OwnQuestion, check_parts, with_question
    from pipeline_sim.study.comparison.run_study import check_study, study_digest
    from pipeline_sim.study.comparison.study_file import load_study, sized
    from pipeline_sim.study.comparison.study_manifest import result_digest
    from pipeline_sim.study.replication.prepare import world_of

    path, asked = default_study(study), OwnQuestion(mix or (), budget, scenario or ())
    mode = None if parameters is None else parameters.value
    sizes = {"scale": scale, "replications": replications, "precision": precision, "parameters": mode, "seed": seed}
    sizes["parts"] = parts or None
    loaded = sized(load_study(path), path, full, sizes)
    if asked:
        loaded = with_question(loaded, path, asked, CONFIGS)
    if parts:
        check_parts(loaded, path)
    plan = check_study(loaded, path.parent, engine, workers)
    note_edited(map(world_of, plan.worlds.values()))
    name = study_digest(plan)
    result = result_digest(digest_inputs(loaded, name))
    folder = out or RESULTS / loaded.name / result
    place = store or str(default_store(loaded.name, folder.parent))
    reused = "://" in place or Path(place).exists()
    answer = write_result(context, plan._replace(store=storage_at(place)), folder, name, result, reused)
    print_answer(answer)
    print_written(folder, result)


def write_result(context: typer.Context, plan: StudyPlan, folder: Path, name: str, result: str, reused: bool) -> Answer:
    """Answer to a study, once its report, figures, tables and manifest are in the result folder."""
    from pipeline_sim.records.files.result_files import write_manifest
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.report.figures import pictures
    from pipeline_sim.report.files.write_answer import write_answer
    from pipeline_sim.study.comparison.example_doctor import find_example_doctor
    from pipeline_sim.study.comparison.study_manifest import manifest_base, manifest_of_study

    path, study = default_study(context.params["study"]), plan.study
    files = [path, *([Path(study.posterior)] if study.posterior is not None else [])]
    command = command_of(context, full=False, **{option: getattr(study, option) for option in IN_COMMAND})
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), plan.workers, reused)
        answer = run_replications(plan)
        doctor = find_example_doctor(plan)
        manifest = {
            **manifest_base(result, command, [*plan.worlds.values(), *plan.scenarios.worlds.values()], files),
            **manifest_of_study(answer, plan, name),
            "made_in": watch.read(),
        }
        items = write_answer(draft, answer, manifest, pictures(answer, doctor))
        write_manifest(draft, {**manifest, "items": items.entries(draft)})
    return answer


def digest_inputs(study: Study, name: str) -> list[object]:
    """Values that determine a comparison whose replications have the digest `name`; paths of files do not."""
    labels = [(world.name, world.label) for world in study.worlds]
    labels += [(scenario.name, scenario.label) for scenario in study.scenarios]
    texts = [study.name, study.question, *labels]
    options = [study.replications, study.baseline, study.headline, study.precision, study.attribution, study.year]
    options += [value for value in (study.parts, study.contact) if value]
    return [name, *texts, *options]


def run_replications(plan: StudyPlan) -> Answer:
    """Answer to a study; at Ctrl-C the finished replications stay in the store and StoppedEarlyError says so."""
    from pipeline_sim.study.comparison.run_study import run_study
    from pipeline_sim.study.execution.fill_store import Observer

    print_if_compiling()
    replications = plan.study.replications
    worlds = len(plan.worlds) + len(plan.scenarios.worlds)
    with resumable(), progress_bar(f"{worlds} worlds, {replications} replications each") as report:
        observer = Observer(on_warning=warn, on_progress=lambda count: report(count / replications))
        return run_study(plan, observer)


def print_answer(answer: Answer) -> None:
    """Print the context, the ranking and the headline of a comparison."""
    from pipeline_sim.report.sections.certainty import variance_sentences
    from pipeline_sim.report.terminal.compare_tables import context_table, ranking_table, scenarios_table
    from pipeline_sim.report.text.headline import further, headline
    from pipeline_sim.report.text.reading_sentences import reading_sentences

    screen = console()
    screen.print(context_table(answer))
    if answer.programmes:
        screen.print(ranking_table(answer))
        for sentence in variance_sentences(answer):
            screen.print(sentence, soft_wrap=True)
    if len(answer.scenarios):
        screen.print(scenarios_table(answer))
        for sentence in reading_sentences(answer):
            screen.print(sentence, soft_wrap=True, markup=False)
    for sentence in (*headline(answer), *further(answer)):
        screen.print(sentence, style="bold", markup=False)
