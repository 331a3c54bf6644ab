"""The command `optimise`: the best mix of a budget, searched for, selected and reported on three sets of draws."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import (
    StoppedEarlyError,
    console,
    print_if_compiling,
    print_written,
    progress_bar,
)
from pipeline_sim.cli.terminal.default_paths import RESULTS
from pipeline_sim.cli.terminal.options import Out, StudyFile, StudyScale, StudySeed, Workers
from pipeline_sim.cli.terminal.signals import GOES_ON, keep
from pipeline_sim.study.study_error import InterruptedRunError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline_sim.decide.search.find_best import Asked
    from pipeline_sim.decide.search.report_best import BestReport
    from pipeline_sim.decide.search.search_mixes import Sizes

JOURNAL = ".search"  # folder of what was run, beside the results of a study, from which a stopped search goes on


def optimise(
    context: typer.Context,
    study: StudyFile,
    quick: Annotated[
        bool, typer.Option("--quick", help="A small search in minutes; its answer is provisional.")
    ] = False,
    scale: StudyScale = None,
    seed: StudySeed = None,
    out: Out = None,
    workers: Workers = None,
) -> None:
    """Search for the best mix of a budget, and report which mixes are not beaten.

    Searched on one set of draws, selected on a second, reported on a third. A search that was stopped goes on.
    """
    from pipeline_sim.decide.decision_section import decision_of
    from pipeline_sim.decide.search.find_best import ask
    from pipeline_sim.decide.search.search_mixes import FULL, QUICK
    from pipeline_sim.report.decision.best_sections import answer_sentences
    from pipeline_sim.study.comparison.study_file import load_study, sized
    from pipeline_sim.study.comparison.study_manifest import result_digest

    loaded = sized(load_study(study), study, False, {"scale": scale, "seed": seed})
    decision, sizes = decision_of(loaded, str(study)), QUICK if quick else FULL
    home = out.parent if out is not None else RESULTS / loaded.name
    asked = ask(loaded, decision, study.parent, home / JOURNAL, workers or os.cpu_count() or 1, loaded.seed)
    size = loaded.scale, loaded.replications, loaded.repeat_every, loaded.seed, *sizes
    mixes = [(one.name, one.label, one.mix.model_dump_json()) for one in asked.shipped]
    result = result_digest([asked.journal.name, decision.model_dump_json(), *mixes, *size])
    folder = out or RESULTS / loaded.name / result
    report = write_result(context, asked, sizes, (study, folder), result, quick)
    for sentence in answer_sentences(report, quick):
        console().print(sentence, markup=False, soft_wrap=True)
    print_written(folder, result)


def write_result(
    context: typer.Context, asked: Asked, sizes: Sizes, files: tuple[Path, Path], result: str, quick: bool
) -> BestReport:
    """Report on the best mix, once its page, figures, tables, mixes and manifest are in the result folder."""
    from pipeline_sim.decide.search.find_best import mix_file
    from pipeline_sim.records.files.result_files import write_manifest, write_text
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.report.decision.best_figures import frontier_figure, returns_figure
    from pipeline_sim.report.decision.best_sections import answer_sentences, runs_line, sections_of
    from pipeline_sim.report.decision.write_findings import write_findings
    from pipeline_sim.study.comparison.run_study import study_digest
    from pipeline_sim.study.comparison.study_manifest import manifest_base, manifest_of_study

    path, folder = files
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), asked.workers, asked.journal.exists())
        report = run_phases(asked, sizes)
        words = command_of(context, scale=asked.study.scale, seed=asked.seed)
        posterior = [Path(asked.study.posterior)] if asked.study.posterior is not None else []
        shipped = [spec for name, spec in report.plan.worlds.items() if not name.startswith("found_")]
        manifest = {
            **manifest_base(result, words, shipped, [path, *posterior]),
            **manifest_of_study(report.answer, report.plan, study_digest(report.plan)),
            "decision": asked.decision.model_dump(mode="json"),
            "made_in": watch.read(),
        }
        heading = "What to buy", asked.study.question, runs_line(report)
        drawn = [each for each in (frontier_figure(report), returns_figure(report)) if each is not None]
        said = answer_sentences(report, quick)
        items = write_findings(draft, result, heading, said, tables_of(report), drawn, sections_of(report))
        (draft / "mixes").mkdir()
        for one in report.found.finalists:
            if (text := mix_file(asked, one)) is not None:
                write_text(draft / "mixes" / f"{one.name}.toml", text)
        write_manifest(draft, {**manifest, "items": items.entries(draft)})
    return report


def tables_of(report: BestReport) -> dict[str, tuple[str, pd.DataFrame]]:
    """Tables as files: finalists, without what they gained on the draws that chose among them, budgets, lines alone."""
    import pandas as pd

    chosen = report.found.selection
    finalists = [
        (one.name, one.label, count, "no" if at in chosen.not_beaten else "yes", "yes" if at == chosen.best else "no")
        for at, (one, count) in enumerate(zip(report.found.finalists, chosen.replications, strict=True))
    ]
    ends = ["mean", "low", "high", "error"]
    budgets = [(row.pounds, row.mix.budget.value, *row.gain, *row.beside) for row in report.frontier]
    columns = ["budget_gbp", "mix_gbp", *(f"gain_{e}" for e in ends), *(f"next_million_{e}" for e in ends)]
    alone = [(name, pounds, *gain) for name, pounds, gain in report.alone]
    return {
        "finalists": (
            "Finalists of the selection",
            pd.DataFrame(finalists, columns=["mix", "label", "replications", "beaten", "selected"]),
        ),
        "budgets": ("The best found for each budget", pd.DataFrame(budgets, columns=columns)),
        "alone": ("Lines alone, on draws of the search", pd.DataFrame(alone, columns=["intervention", "gbp", *ends])),
    }


def run_phases(asked: Asked, sizes: Sizes) -> BestReport:
    """Search, selection and report; at Ctrl-C what was run stays in the journal and StoppedEarlyError says so."""
    from pipeline_sim.decide.search.find_best import find_best
    from pipeline_sim.decide.search.report_best import report_best

    print_if_compiling()
    keep(GOES_ON)
    with ExitStack() as stack:  # of the progress bar that is shown

        def on_phase(name: str) -> Callable[[float], None]:
            stack.close()
            return stack.enter_context(progress_bar(name))

        try:
            return report_best(asked, find_best(asked, sizes, on_phase), sizes, on_phase)
        except InterruptedRunError:
            raise StoppedEarlyError("stopped; what was run is kept, the same command goes on from there") from None
