"""Figures of a comparison, one module a question; `pictures` draws those that an answer has numbers for."""

from pipeline_sim.report.figures.acceptability import acceptability
from pipeline_sim.report.figures.backlog import backlog
from pipeline_sim.report.figures.cost_effectiveness_plane import cost_effectiveness_plane
from pipeline_sim.report.figures.doctor_timeline import doctor_timeline
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.figures.heatmap import heatmap
from pipeline_sim.report.figures.mixes import mixes
from pipeline_sim.report.figures.outcomes import outcomes
from pipeline_sim.report.figures.stage_flow import stage_flow
from pipeline_sim.report.figures.subgroup_gains import subgroup_gains
from pipeline_sim.report.figures.supply_paths import supply_paths
from pipeline_sim.report.figures.waterfall import waterfall
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.example_doctor import ExampleDoctor

__all__ = ["Picture", "pictures"]


def pictures(answer: Answer, roads: ExampleDoctor | None = None) -> list[Picture]:
    """Figures of a comparison, in the order of the report."""
    drawn: list[Picture | None] = [
        mixes(answer),
        waterfall(answer),
        cost_effectiveness_plane(answer),
        acceptability(answer),
        backlog(answer),
        subgroup_gains(answer),
        heatmap(answer),
        outcomes(answer),
        supply_paths(answer),
        stage_flow(answer),
        doctor_timeline(answer, roads),
    ]
    return [each for each in drawn if each is not None]
