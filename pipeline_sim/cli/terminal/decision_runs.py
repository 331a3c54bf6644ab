"""What commands on decisions have in common: result folders, and for `value` and `robust` the futures of a study."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import console, print_if_compiling, print_written, progress_bar, resumable, warn
from pipeline_sim.cli.terminal.default_paths import CONFIGS, RESULTS, default_store
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import MAX_RUNS
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    from pipeline_sim.decide.futures import Futures
    from pipeline_sim.report.decision.write_findings import Findings
    from pipeline_sim.study.comparison.run_study import StudyPlan
    from pipeline_sim.study.comparison.study_file import Study
    from pipeline_sim.study.replication.prepare import WorldSpec
    from pipeline_sim.world.schema.world import World

QuickOption = Annotated[bool, typer.Option("--quick", help="Few draws of a small model: minutes, provisional.")]
DrawsOption = Annotated[
    int | None, typer.Option(max=MAX_RUNS, help="Draws of the uncertain figures; 1,000 by default, 100 at least.")
]
QUICK_SCALE, QUICK_DRAWS, DRAWS, FEWEST_DRAWS, FEW_DRAWS = 0.05, 200, 1000, 100, 200
REPEAT_EVERY = 4  # one draw in so many is run twice, where the study does not say
Found = tuple["Findings", "Sequence[WorldSpec]", Mapping[str, Any]]  # what is written, worlds, entries of the manifest


def write_decision(
    context: typer.Context,
    study: Study,
    run: tuple[int, bool],
    place: tuple[Path, str],
    find: Callable[[], Found],
    **used: object,
) -> None:
    """Write and print what `find` finds of a study.

    run: workers, and whether finished runs are used; place: folder and result; used: options as run, for the manifest.
    """
    from pipeline_sim.records.files.result_files import write_manifest
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.report.decision.write_findings import write_findings
    from pipeline_sim.study.comparison.study_manifest import manifest_base

    folder, result = place
    files = [context.params["study"], *([Path(study.posterior)] if study.posterior is not None else [])]
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), *run)
        found, worlds, entries = find()
        base = manifest_base(result, command_of(context, **used), worlds, files)
        items = write_findings(draft, result, found)
        write_manifest(draft, {**base, **entries, "made_in": watch.read(), "items": items.entries(draft)})
    for sentence in found.sentences:
        console().print(sentence, markup=False, soft_wrap=True)
    print_written(folder, result)


def write_futures(
    context: typer.Context,
    measure: str,
    parts: Sequence[object],
    find: Callable[[Futures, str, str], Findings],
    check: Callable[[list[World]], object] = list,
) -> None:
    """Run the futures of a study, and write and print what `find` makes of them, its question and a note on the runs.

    parts: what else decides the result; check: called with the worlds before anything runs.
    """
    from pipeline_sim.decide.futures import compared_worlds, one_thread
    from pipeline_sim.records.files.storage import storage_at
    from pipeline_sim.study.comparison.run_study import study_digest
    from pipeline_sim.study.comparison.study_manifest import kept_study, result_digest
    from pipeline_sim.study.replication.prepare import world_of

    given = context.params
    plan, draws = planned(given)
    worlds = list(map(world_of, plan.worlds.values()))
    note_edited(worlds)
    check(worlds)
    study, name, scenarios = plan.study, study_digest(plan), "scenario" in given
    compared_worlds(plan, scenarios)  # refuses a study without a choice before anything is written
    result = result_digest([name, kept_study(study).model_dump_json(), measure, scenarios, *parts])
    folder = given["out"] or RESULTS / study.name / result
    place = given["store"] or str(default_store(study.name, folder.parent))
    plan, reused = plan._replace(store=storage_at(place)), "://" in place or Path(place).exists()
    note = f"{draws} draws, {study.replications - draws} of them run twice, scale {study.scale:g}, seed {study.seed}."

    def found() -> Found:
        futures = run(plan, measure, scenarios)
        with one_thread():
            finding = find(futures, study.question, note)
        entries = {"engine": plan.engine, "study": kept_study(study).model_dump(mode="json"), "identity": name}
        return finding, [*plan.worlds.values(), *plan.scenarios.worlds.values()], entries

    write_decision(context, study, (plan.workers, reused), (folder, result), found)


def planned(given: Mapping[str, Any]) -> tuple[StudyPlan, int]:
    """Plan of the study that options ask for, and its draws; StudyError for what it cannot be asked."""
    from pipeline_sim.study.comparison.own_question import OwnQuestion, with_question
    from pipeline_sim.study.comparison.run_study import check_study
    from pipeline_sim.study.comparison.study_file import load_study, sized
    from pipeline_sim.study.replication.repeated_draws import replications_of_draws

    draws = given["draws"] if given["draws"] is not None else QUICK_DRAWS if given["quick"] else DRAWS
    if draws < FEWEST_DRAWS:
        raise StudyError(f"--draws is {draws}, should be {FEWEST_DRAWS} or more: fewer are inconclusive")
    if draws < FEW_DRAWS:
        warn(f"--draws is {draws}: right from about {FEW_DRAWS}, with fewer take no number for more than a first look")
    path = given["study"]
    scale = QUICK_SCALE if given["quick"] and given["scale"] is None else given["scale"]
    study = sized(load_study(path), path, False, {"scale": scale, "seed": given["seed"]})
    question = OwnQuestion(given["mix"] or (), None, given.get("scenario") or ())
    if question:
        study = with_question(study, path, question, CONFIGS)
    every = study.repeat_every or REPEAT_EVERY
    runs = {"repeat_every": every, "replications": replications_of_draws(draws, every)}
    study = study.model_copy(update={**runs, "attribution": None, "precision": None})
    return check_study(study, path.parent, workers=given["workers"]), draws


def run(plan: StudyPlan, measure: str, scenarios: bool) -> Futures:
    """Futures of a plan; at Ctrl-C what is finished stays in the store and StoppedEarlyError says so."""
    from pipeline_sim.decide.futures import run_futures
    from pipeline_sim.study.execution.fill_store import Observer

    print_if_compiling()
    total = plan.study.replications
    with resumable(), progress_bar(f"{total} replications of every world") as report:
        observer = Observer(on_warning=warn, on_progress=lambda count: report(count / total))
        return run_futures(plan, measure, observer, scenarios)
