"""The command compare: a study's worlds side by side."""

from pathlib import Path

from pipeline_sim.cli_console import console, progress_bar
from pipeline_sim.cli_folder import result_folder
from pipeline_sim.cli_manifest import identity, manifest_of, result_digest
from pipeline_sim.records.store import write_manifest
from pipeline_sim.report.files import write_answer
from pipeline_sim.report.tables import differences_table, levels_table, prices_table
from pipeline_sim.report.words import finding
from pipeline_sim.study.answer import Answer, answer
from pipeline_sim.study.study_file import Study, assumed


def compare_worlds(study: Study, path: Path, engine: str, workers: int | None, out: Path | None) -> None:
    """Run the study, show what it found, write the result."""
    worlds = [assumed(study, world, path.parent) for world in study.worlds]
    parts = [*map(identity, worlds), engine, study.seed, study.replications, study.baseline, study.doubt]
    folder = out or Path("results") / study.name / result_digest(parts)
    with result_folder(folder) as draft:
        with progress_bar(f"{len(worlds)} worlds, {study.replications} times each") as report:
            found = answer(study, path.parent, engine, workers, report)
        write_answer(draft, found)
        write_manifest(draft, _manifest(study, found, engine))
    _show(found)
    console().print(f"written to {folder}", soft_wrap=True)


def _manifest(study: Study, found: Answer, engine: str) -> dict[str, object]:
    worlds = {name: (found.assumed[name], found.runs[name]) for name in found.worlds}
    return {"study": study.model_dump(), **manifest_of(engine, study.seed, worlds)}


def _show(found: Answer) -> None:
    screen = console()
    screen.print(levels_table(found))
    screen.print(differences_table(found))
    if found.programmes:
        screen.print(prices_table(found))
    screen.print(finding(found), style="bold")
