"""The command compare: a study's worlds side by side."""

import time
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.cli.terminal.console import StoppedEarlyError, complain, console, progress_bar, say_written
from pipeline_sim.records.files.result_files import write_manifest
from pipeline_sim.records.files.storage import place_of
from pipeline_sim.records.provenance.environment import Stopwatch
from pipeline_sim.records.provenance.result_folder import result_folder
from pipeline_sim.report.figures import pictures
from pipeline_sim.report.files.write_answer import write_answer
from pipeline_sim.report.sections.certainty import told_apart
from pipeline_sim.report.terminal.compare_tables import context_table, ranking_table
from pipeline_sim.report.text.headline import headline
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.example_doctor import roads_of
from pipeline_sim.study.comparison.run_study import Asked, answer, asked, identity
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.comparison.study_manifest import manifest_base, manifest_of_study, result_digest
from pipeline_sim.study.execution.fill_store import Watch
from pipeline_sim.study.study_error import InterruptedRunError


class CompareRequest(NamedTuple):
    """A study as it is to be run."""

    study: Study
    path: Path  # of its file
    engine: str
    workers: int | None
    out: Path | None
    store: str | None  # of finished replications; beside the result if not given


def compare_worlds(request: CompareRequest) -> None:
    """Run the study, show what it found, write the result."""
    study = request.study
    question = asked(study, request.path.parent, request.engine, request.workers)
    name = identity(question)
    result = result_digest(decides(study, name))
    folder = request.out or Path("results") / study.name / result
    store = request.store or beside(folder, study)
    question = question._replace(store=place_of(store))
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), question.workers, "://" in store or Path(store).exists())
        found = answered(question)
        roads = roads_of(question)
        manifest = {
            **manifest_base(result, command_of(request), list(found.assumed.values()), files_of(request)),
            **manifest_of_study(found, question, name),
            "made_in": watch.read(),
        }
        issued = write_answer(draft, found, manifest, pictures(found, roads))
        write_manifest(draft, {**manifest, "items": issued.entries(draft)})
    _show(found)
    say_written(folder, result)


def files_of(request: CompareRequest) -> list[Path]:
    """What is read besides the worlds."""
    plausible = request.study.plausible
    return [request.path, *([Path(plausible)] if plausible is not None else [])]


def decides(study: Study, name: str) -> list[object]:
    """What decides every bit of a comparison whose replications go by a name; places of files do not."""
    words = [study.name, study.question, *((world.name, world.label) for world in study.worlds)]
    how = [study.replications, study.baseline, study.headline, study.precision, study.attribution, study.year]
    return [name, *words, *how]


def command_of(request: CompareRequest) -> list[str]:
    """The command that gives the same numbers again, whatever the study file says of size and seed."""
    study = request.study
    place = request.path.parent if request.path.name == "study.toml" else request.path
    parts = ["pipeline-sim", "compare", str(place), "--scale", str(study.scale)]
    parts += ["--replications", str(study.replications), "--seed", str(study.seed), "--parameters", study.parameters]
    if study.precision is not None:
        parts += ["--precision", str(study.precision)]
    return [*parts, "--engine", request.engine]


def beside(folder: Path, study: Study) -> str:
    """Where finished replications are kept if nothing else is said: beside the results of the study."""
    return str(folder.parent / f"{study.name}.store")


def answered(question: Asked) -> Answer:
    """Run it; what was finished when Ctrl-C comes is kept, and said to be."""
    study = question.study
    try:
        with progress_bar(f"{len(question.worlds)} worlds, {study.replications} times each") as report:
            watch = Watch(complain=complain, finished=lambda count: report(count / study.replications))
            return answer(question, watch)
    except InterruptedRunError as stopped:
        if not stopped.finished:
            raise KeyboardInterrupt from None
        done = len(stopped.finished)
        says = f"stopped; {done} finished replications are kept, the same command goes on from there"
        raise StoppedEarlyError(says) from None


def _show(found: Answer) -> None:
    screen = console()
    screen.print(context_table(found))
    if found.programmes:
        screen.print(ranking_table(found))
        for sentence in told_apart(found):
            screen.print(sentence, soft_wrap=True)
    for sentence in headline(found):
        screen.print(sentence, style="bold", markup=False)
