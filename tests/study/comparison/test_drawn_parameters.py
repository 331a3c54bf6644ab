"""Figures in the draws of a study."""

from support import ROOT

from pipeline_sim.study.comparison.drawn_parameters import figure_values
from pipeline_sim.study.comparison.study_file import load_study, world_spec

FILE = ROOT / "experiments" / "recovery_25m" / "study.toml"


def test_a_study_with_all_figures_as_stated_has_none_drawn() -> None:
    study = load_study(FILE).model_copy(update={"parameters": "mode"})
    found = figure_values(study, [world_spec(study, study.worlds[0], FILE.parent)], [0, 1])
    assert found.names == ()
    assert found.values.shape == (2, 0)
