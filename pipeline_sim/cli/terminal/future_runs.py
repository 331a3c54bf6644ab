"""What `value` and `robust` have in common: a study asked for, its futures run, and a result folder written."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import (
    StoppedEarlyError,
    console,
    print_if_compiling,
    print_written,
    progress_bar,
    warn,
)
from pipeline_sim.cli.terminal.default_paths import CONFIGS, RESULTS, default_store
from pipeline_sim.cli.terminal.options import MAX_RUNS
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline_sim.decide.futures import Futures
    from pipeline_sim.records.provenance.issued_items import ItemCatalogue
    from pipeline_sim.report.figures.frame import Picture
    from pipeline_sim.study.comparison.run_study import StudyPlan

QuickOption = Annotated[bool, typer.Option("--quick", help="Few draws of a small model: minutes, provisional.")]
DrawsOption = Annotated[
    int | None, typer.Option(max=MAX_RUNS, help="Draws of the uncertain figures; 1,000 by default, 100 at least.")
]
QUICK_SCALE, QUICK_DRAWS, DRAWS, FEWEST_DRAWS = 0.05, 200, 1000, 100
REPEAT_EVERY = 4  # one draw in so many is run twice, where the study does not say


class Findings(NamedTuple):
    """What is written of a result."""

    title: str
    sentences: list[str]
    tables: Mapping[str, tuple[str, pd.DataFrame]]  # title and table, by name
    picture: Picture


def write_futures(
    context: typer.Context, measure: str, parts: Sequence[object], find: Callable[[Futures, str], Findings]
) -> None:
    """Run the futures of a study, and write and print what `find` makes of them and of a note on the runs.

    parts: what else decides the result.
    """
    from pipeline_sim.decide.futures import compared_worlds, one_thread
    from pipeline_sim.records.files.result_files import write_manifest
    from pipeline_sim.records.files.storage import storage_at
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.study.comparison.run_study import study_digest
    from pipeline_sim.study.comparison.study_manifest import kept_study, manifest_base, result_digest

    given = context.params
    plan, draws = planned(given)
    study, name = plan.study, study_digest(plan)
    scenarios = "scenario" in given
    compared_worlds(plan, scenarios)  # refuses a study without a choice before anything is written
    result = result_digest([name, kept_study(study).model_dump_json(), measure, scenarios, *parts])
    folder = given["out"] or RESULTS / study.name / result
    place = given["store"] or str(default_store(study.name, folder.parent))
    plan = plan._replace(store=storage_at(place))
    files = [given["study"], *([Path(study.posterior)] if study.posterior is not None else [])]
    twice = study.replications - draws
    note = f"{draws} draws, {twice} of them run twice, scale {study.scale:g}, seed {study.seed}."
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), plan.workers, "://" in place or Path(place).exists())
        futures = run(plan, measure, scenarios)
        with one_thread():
            found = find(futures, note)
        worlds = {**plan.worlds, **plan.scenarios.worlds}
        manifest = {
            **manifest_base(result, command_of(context), list(worlds.values()), files),
            "engine": plan.engine,
            "study": kept_study(study).model_dump(mode="json"),
            "identity": name,
            "made_in": watch.read(),
        }
        items = write_found(draft, result, found, (found.title, study.question, note))
        write_manifest(draft, {**manifest, "items": items.entries(draft)})
    for sentence in found.sentences:
        console().print(sentence, markup=False, soft_wrap=True)
    print_written(folder, result)


def write_found(draft: Path, result: str, found: Findings, heading: tuple[str, str, str]) -> ItemCatalogue:
    """Write the page, tables and figure of a finding; returns their identifiers."""
    from pipeline_sim.report.decision.write_findings import numbers_section, write_findings
    from pipeline_sim.report.page_model import Section

    sections = [Section(found.picture.name, found.picture.question, []), numbers_section(found.tables)]
    return write_findings(draft, result, heading, found.sentences, found.tables, [found.picture], sections)


def planned(given: Mapping[str, Any]) -> tuple[StudyPlan, int]:
    """Plan of the study that options ask for, and its draws; StudyError for what it cannot be asked."""
    from pipeline_sim.study.comparison.own_question import OwnQuestion, with_question
    from pipeline_sim.study.comparison.run_study import check_study
    from pipeline_sim.study.comparison.study_file import load_study, sized
    from pipeline_sim.study.replication.repeated_draws import replications_of_draws

    draws = given["draws"] if given["draws"] is not None else QUICK_DRAWS if given["quick"] else DRAWS
    if draws < FEWEST_DRAWS:
        raise StudyError(f"--draws is {draws}, should be {FEWEST_DRAWS} or more: fewer are inconclusive")
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
    try:
        with progress_bar(f"{total} replications of every world") as report:
            observer = Observer(on_warning=warn, on_progress=lambda count: report(count / total))
            return run_futures(plan, measure, observer, scenarios)
    except InterruptedRunError as stopped:
        if not stopped.finished:
            raise KeyboardInterrupt from None
        kept = f"stopped; {len(stopped.finished)} finished replications are kept"
        raise StoppedEarlyError(f"{kept}, the same command goes on from there") from None
