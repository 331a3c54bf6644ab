"""The command `value`: what better evidence is worth before the money is spent."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.decision_runs import DrawsOption, QuickOption, write_futures
from pipeline_sim.cli.terminal.default_paths import shipped
from pipeline_sim.cli.terminal.options import MAX_RUNS, Mixes, Out, Store, StudyFile, StudyScale, StudySeed, Workers

if TYPE_CHECKING:
    from pipeline_sim.decide.futures import Futures
    from pipeline_sim.report.decision.write_findings import Findings
    from pipeline_sim.world.schema.world import World

QUESTIONS = "decision.toml"
LAYERS = "england.toml", "covid.toml", "interventions.toml", "costs.toml"  # have what a study may lack


def value(
    context: typer.Context,
    study: StudyFile,
    mix: Mixes = None,
    draws: DrawsOption = None,
    quick: QuickOption = False,
    granted: Annotated[
        bool, typer.Option("--granted", help="The money buys something in any case: what changes nothing is no choice.")
    ] = False,
    doctors: Annotated[
        int | None, typer.Option(min=2, max=MAX_RUNS, help="Size of the trials that are valued; 400 by default.")
    ] = None,
    scale: StudyScale = None,
    seed: StudySeed = None,
    store: Store = None,
    out: Out = None,
    workers: Workers = None,
) -> None:
    """Value what better evidence would be worth for the choice that a study poses, in pounds."""
    from pipeline_sim.decide.futures import POUNDS
    from pipeline_sim.decide.information.value_study import check_groups, information_value, load_questions
    from pipeline_sim.report.decision.value_report import value_findings
    from pipeline_sim.world.loading.load_world import load_world

    file = Path(shipped(QUESTIONS))
    questions = load_questions(file)

    def find(futures: Futures, question: str, note: str) -> Findings:
        return value_findings(information_value(futures, questions, granted, doctors), question, note, quick)

    def check(worlds: list[World]) -> None:
        check_groups(file, questions, chain(worlds, (load_world(*map(shipped, layers)) for layers in [LAYERS])))

    write_futures(context, POUNDS, (granted, doctors, questions), find, check)
