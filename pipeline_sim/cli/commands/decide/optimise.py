"""The command `optimise`: the best mix of a budget, searched for, selected and reported on three sets of draws."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.console import StoppedEarlyError, print_if_compiling, progress_bar
from pipeline_sim.cli.terminal.decision_runs import Found, write_decision
from pipeline_sim.cli.terminal.default_paths import RESULTS
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import Out, StudyFile, StudyScale, StudySeed, Workers
from pipeline_sim.cli.terminal.signals import GOES_ON, keep
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

if TYPE_CHECKING:
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
    full: Annotated[
        bool, typer.Option("--full", help="Compare the mixes found at the full size that the study states.")
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
    from pipeline_sim.report.decision.best_report import best_findings
    from pipeline_sim.study.comparison.run_study import study_digest
    from pipeline_sim.study.comparison.study_file import load_study, sized
    from pipeline_sim.study.comparison.study_manifest import manifest_of_study, result_digest
    from pipeline_sim.study.replication.prepare import WorldSpec, world_of

    if quick and full:
        raise StudyError("--quick and --full do not go together: choose one")
    loaded = sized(load_study(study), study, False, {"scale": scale, "seed": seed})
    reported = sized(loaded, study, full, {"seed": seed})
    decision, sizes = decision_of(loaded, str(study)), QUICK if quick else FULL
    home = out.parent if out is not None else RESULTS / loaded.name
    workers = workers or os.cpu_count() or 1
    asked = ask(loaded, decision, study.parent, home / JOURNAL, workers, loaded.seed, reported)
    note_edited(world_of(spec) for place in asked.places for spec in (place.baseline, WorldSpec(place.layers)))
    size = loaded.scale, loaded.replications, loaded.repeat_every, loaded.seed, *sizes
    compared = (reported.scale, reported.replications) if full else ()
    mixes = [(one.name, one.label, one.mix.model_dump_json()) for one in asked.shipped]
    result = result_digest([asked.journal.name, decision.model_dump_json(), *mixes, *size, *compared])

    def find() -> Found:
        report = run_phases(asked, sizes)
        plan = report.plan
        shipped = [spec for name, spec in plan.worlds.items() if not name.startswith("found_")]
        entries = manifest_of_study(report.answer, plan, study_digest(plan))
        return best_findings(report, quick), shipped, {**entries, "decision": decision.model_dump(mode="json")}

    run, place = (asked.workers, asked.journal.exists()), (out or RESULTS / loaded.name / result, result)
    write_decision(context, loaded, run, place, find, scale=loaded.scale, seed=loaded.seed)


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
