"""What `value` and `robust` have in common: a study asked for, its futures run, and a result folder written."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
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
    warn,
)
from pipeline_sim.cli.terminal.default_paths import CONFIGS, RESULTS, default_store
from pipeline_sim.cli.terminal.options import MAX_RUNS
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline_sim.decide.futures import Futures, Measure, Size
    from pipeline_sim.report.figures.frame import Picture
    from pipeline_sim.study.comparison.run_study import StudyPlan

QuickOption = Annotated[bool, typer.Option("--quick", help="Few draws of a small model: minutes, provisional.")]
DrawsOption = Annotated[
    int | None, typer.Option(min=2, max=MAX_RUNS, help="Draws of the uncertain figures; 1,000 by default.")
]
QUICK_SCALE, QUICK_DRAWS, DRAWS, REPEATED = 0.05, 200, 1000, 4  # one draw in so many has a second replication


class Asked(NamedTuple):
    """Study as asked for."""

    path: Path
    mixes: Sequence[str] = ()
    scenarios: Sequence[str] = ()
    scale: float | None = None
    seed: int | None = None
    draws: int | None = None
    quick: bool = False
    measure: str = "pounds"
    gbp_a_month: float | None = None
    with_scenarios: bool = False


class Places(NamedTuple):
    """Where to keep results and replications, and how many workers."""

    out: Path | None
    store: str | None
    workers: int | None


class Findings(NamedTuple):
    """What is written of a result."""

    title: str
    sentences: list[str]
    tables: Mapping[str, tuple[str, pd.DataFrame]]  # title and table, by name
    pictures: list[Picture]


def write_futures(
    context: typer.Context,
    asked: Asked,
    places: Places,
    options: Sequence[object],
    find: Callable[[Futures, str], Findings],
) -> None:
    """Run the futures of a study, and write and print what `find` makes of them and of a note on the runs."""
    from pipeline_sim.decide.futures import Measure, Size, compared_worlds
    from pipeline_sim.records.files.result_files import write_manifest
    from pipeline_sim.records.files.storage import storage_at
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.report.files.write_findings import write_findings
    from pipeline_sim.study.comparison.run_study import study_digest
    from pipeline_sim.study.comparison.study_manifest import manifest_base, result_digest

    plan = planned(asked, places)
    study, name = plan.study, study_digest(plan)
    draws = asked.draws or (QUICK_DRAWS if asked.quick else DRAWS)
    size, measure = Size(draws, -(-draws // REPEATED)), Measure(asked.measure, asked.gbp_a_month)
    worlds = {**plan.worlds, **plan.scenarios.worlds}
    compared_worlds(plan, worlds, asked.with_scenarios)  # refuses a study without a choice before anything is written
    result = result_digest([name, study.model_dump_json(), *size, *measure, *asked[6:], *options])
    folder = places.out or RESULTS / study.name / result
    place = places.store or str(default_store(study.name, folder.parent))
    plan = plan._replace(store=storage_at(place))
    files = [asked.path, *([Path(study.posterior)] if study.posterior is not None else [])]
    note = f"{draws} draws, {size.repeated} of them twice, scale {study.scale:g}, seed {study.seed}."
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), plan.workers, "://" in place or Path(place).exists())
        futures = run(plan, size, measure, f"{place}.again", asked.with_scenarios)
        found = find(futures, note)
        manifest = {
            **manifest_base(result, command_of(context), list(worlds.values()), files),
            "engine": plan.engine,
            "study": study.model_dump(mode="json"),
            "identity": name,
            "made_in": watch.read(),
        }
        items = write_findings(draft, result, (found.title, study.question, note), *found[1:])
        write_manifest(draft, {**manifest, "items": items.entries(draft)})
    for sentence in found.sentences:
        console().print(sentence, markup=False, soft_wrap=True)
    print_written(folder, result)


def planned(asked: Asked, places: Places) -> StudyPlan:
    """Plan of the study that is asked for; StudyError for what it cannot be asked."""
    from pipeline_sim.study.comparison.own_question import OwnQuestion, with_question
    from pipeline_sim.study.comparison.run_study import check_study
    from pipeline_sim.study.comparison.study_file import load_study, sized

    if asked.gbp_a_month is not None and not asked.gbp_a_month >= 0:
        raise StudyError(f"--value-of-month is {asked.gbp_a_month:g}, should be pounds, 0 or more")
    scale = QUICK_SCALE if asked.quick and asked.scale is None else asked.scale
    study = sized(load_study(asked.path), asked.path, False, {"scale": scale, "seed": asked.seed})
    question = OwnQuestion(asked.mixes, None, asked.scenarios)
    if question:
        study = with_question(study, asked.path, question, CONFIGS)
    study = study.model_copy(update={"attribution": None, "precision": None})
    return check_study(study, asked.path.parent, workers=places.workers)


def run(plan: StudyPlan, size: Size, measure: Measure, again: str, scenarios: bool) -> Futures:
    """Futures of a plan; at Ctrl-C what is finished stays in the store and StoppedEarlyError says so."""
    from pipeline_sim.decide.futures import run_futures
    from pipeline_sim.records.files.storage import storage_at
    from pipeline_sim.study.execution.fill_store import Observer

    print_if_compiling()
    total = size.draws + size.repeated
    try:
        with progress_bar(f"{size.draws} draws, {size.repeated} of them twice") as report:
            observer = Observer(on_warning=warn, on_progress=lambda count: report(count / total))
            return run_futures(plan, size, measure, storage_at(again), observer, scenarios)
    except InterruptedRunError as stopped:
        if not stopped.finished:
            raise KeyboardInterrupt from None
        raise StoppedEarlyError(
            f"stopped; {len(stopped.finished)} finished draws are kept, the same command goes on from there"
        ) from None
