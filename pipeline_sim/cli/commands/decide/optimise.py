"""The command `optimise`: the best mix of a budget, searched for, selected and reported on three sets of draws."""

from __future__ import annotations

from pipeline_sim.cli.terminal.options import StudyFile


def optimise(study: StudyFile) -> None:
    """Search for the best mix of a budget, and report which mixes are not beaten."""
    from pipeline_sim.decide.decision_section import decision_of
    from pipeline_sim.study.comparison.study_file import load_study

    decision_of(load_study(study), str(study))
