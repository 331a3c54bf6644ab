"""One file a question; `pictures` draws those that an answer has numbers for."""

from pipeline_sim.report.figures.acceptability import acceptability
from pipeline_sim.report.figures.backlog import hidden_backlog
from pipeline_sim.report.figures.cost_effectiveness_plane import plane
from pipeline_sim.report.figures.doctor_timeline import road
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.figures.heatmap import heatmap
from pipeline_sim.report.figures.mixes import mixes
from pipeline_sim.report.figures.outcomes import outcomes
from pipeline_sim.report.figures.stage_flow import flow
from pipeline_sim.report.figures.subgroup_gains import gainers
from pipeline_sim.report.figures.waterfall import waterfall
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.example_doctor import Roads

__all__ = ["Picture", "pictures"]


def pictures(answer: Answer, roads: Roads | None = None) -> list[Picture]:
    """The pictures of a comparison, in the order in which a report tells them."""
    drawn: list[Picture | None] = [
        mixes(answer),
        waterfall(answer),
        plane(answer),
        acceptability(answer),
        hidden_backlog(answer),
        gainers(answer),
        heatmap(answer),
        outcomes(answer),
        flow(answer),
        road(answer, roads),
    ]
    return [each for each in drawn if each is not None]
