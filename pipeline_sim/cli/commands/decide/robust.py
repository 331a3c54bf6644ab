"""The command `robust`: which choice does well whatever comes, and in which futures it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.future_runs import DrawsOption, Findings, QuickOption, write_futures
from pipeline_sim.cli.terminal.options import Mixes, Out, Scenarios, Store, StudyFile, StudyScale, StudySeed, Workers

if TYPE_CHECKING:
    from pipeline_sim.decide.futures import Futures

TARGETS = {"extensions_avoided": 200.0, "months_recovered": 1000.0, "ccts_on_time": 50.0, "pounds": 0.0}


def robust(
    context: typer.Context,
    study: StudyFile,
    mix: Mixes = None,
    scenario: Scenarios = None,
    by: Annotated[str, typer.Option(help=f"What counts as gain: {', '.join(TARGETS)}.")] = "extensions_avoided",
    target: Annotated[
        float | None, typer.Option(help="Gain that satisfies; 200 extensions or 1,000 months by default.")
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
    from pipeline_sim.decide.robustness.robust_study import robust_choice
    from pipeline_sim.report.decision.decision_figures import regret_heat_map
    from pipeline_sim.report.decision.decision_tables import box_table
    from pipeline_sim.report.decision.decision_words import robust_sentences

    if by not in TARGETS:
        raise typer.BadParameter(f"--by {by}: should be {', '.join(TARGETS)}")
    wanted = TARGETS[by] if target is None else target

    def find(futures: Futures, note: str) -> Findings:
        found = robust_choice(futures, wanted)
        tables = {
            "robustness": (
                "Every choice over all futures",
                found.table.sort_values("mean_regret", kind="stable").reset_index(),
            ),
            "regret": ("Mean regret by choice and scenario", found.regrets.reset_index()),
            "box": ("Futures in which another choice is better", box_table(found)),
        }
        sentences = robust_sentences(found, quick)
        return Findings("What to choose, whatever comes", sentences, tables, regret_heat_map(found, note))

    write_futures(context, by, (wanted,), find)
