"""The command `robust`: which choice does well whatever comes, and in which futures it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.decision_runs import DrawsOption, QuickOption, write_futures
from pipeline_sim.cli.terminal.options import Mixes, Out, Scenarios, Store, StudyFile, StudyScale, StudySeed, Workers

if TYPE_CHECKING:
    from pipeline_sim.decide.futures import Futures
    from pipeline_sim.report.decision.write_findings import Findings

MEASURES = ("extensions_avoided", "months_recovered", "ccts_on_time", "pounds")


def robust(
    context: typer.Context,
    study: StudyFile,
    mix: Mixes = None,
    scenario: Scenarios = None,
    by: Annotated[str, typer.Option(help=f"What counts as gain: {', '.join(MEASURES)}.")] = MEASURES[0],
    target: Annotated[
        float | None,
        typer.Option(help="Gain that satisfies; that of the study's [decision], or half the highest mean, by default."),
    ] = None,
    draws: DrawsOption = None,
    quick: QuickOption = False,
    scale: StudyScale = None,
    seed: StudySeed = None,
    store: Store = None,
    out: Out = None,
    workers: Workers = None,
) -> None:
    """Find the choice that is regretted least over draws and scenarios, and when another is better."""
    if by not in MEASURES:
        raise typer.BadParameter(f"--by {by}: should be {', '.join(MEASURES)}")

    from pipeline_sim.decide.decision_section import stated_target
    from pipeline_sim.decide.robustness.robust_study import robust_choice
    from pipeline_sim.report.decision.robust_report import robust_findings

    wanted = stated_target(study, by) if target is None else target

    def find(futures: Futures, question: str, note: str) -> Findings:
        return robust_findings(robust_choice(futures, wanted), question, note, quick)

    write_futures(context, by, (wanted,), find)
