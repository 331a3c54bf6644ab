"""Sensitivity analysis of a study: entries of the register first, then the figures of the strongest one by one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.comparison.run_study import StudyPlan
from pipeline_sim.study.comparison.scenarios import scenario_differences
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.execution.worker_pool import Progress
from pipeline_sim.study.replication.parameter_draws import not_drawn_alone
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.sensitivity import sensitivity_indices as indices
from pipeline_sim.study.sensitivity.design_runs import Job, PointResults, run_design
from pipeline_sim.study.sensitivity.factors import (
    METHODS,
    Factors,
    Method,
    by_entry,
    design,
    design_points,
    one_by_one,
    only_entries,
    replicate_points,
)
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.register.assumption_register import Register
from pipeline_sim.world.world_error import hint

Reals = npt.NDArray[np.float64]
ENTRY, FIGURE = "entry", "figure"


class SensitivityPlan(NamedTuple):
    """Settings of a sensitivity analysis."""

    method: Method
    trajectories: int
    replications: int
    seed: int
    entries: tuple[str, ...] = ()  # all, if none is named
    figures: int = 0  # most of those moved one by one


class Analysis(NamedTuple):
    """A study, the settings of its analysis, and the callbacks for progress."""

    plan: StudyPlan
    settings: SensitivityPlan
    announce: Callable[[str], None]  # called with a line on each level
    progress: Callable[[str], Progress]  # progress of a level
    finished: Path | None = None  # folder of finished points

    @property
    def job(self) -> Job:
        """Job that every point has in common."""
        plan = self.plan
        return Job(plan.study, plan.worlds, self.settings.replications, plan.workers, self.finished)


class LevelResults(NamedTuple):
    """Results of the analysis at one level."""

    level: str  # ENTRY or FIGURE
    factors: Factors
    parts: Reals  # [points, figures and random numbers]
    results: PointResults
    ranked: list[str]  # programmes, the one that gains most first
    outcomes: dict[indices.Outcome, indices.Run]
    rows: list[indices.Influence]


def checked_method(name: str) -> Method:
    """Method of SALib; StudyError for one that is not offered."""
    for method in METHODS:
        if method == name:
            return method
    raise StudyError(f"no method {name}; known are {', '.join(METHODS)}")


def with_worlds(study: Study, names: Sequence[str]) -> Study:
    """Study with some of its worlds and the baseline, its parameters sampled, without attribution and scenarios."""
    known = [world.name for world in study.worlds]
    for name in names:
        if name not in known:
            raise StudyError(f"{study.name} has no world {name}{hint(name, known)}")
    kept = [world for world in study.worlds if not names or world.name in (study.baseline, *names)]
    if len(kept) < 2:
        raise StudyError("worlds should name at least one beside the baseline")
    one_scenario: dict[str, object] = {"scenarios": [], "attribution": None, "parameters": "sampled"}
    return study.model_copy(update={"worlds": kept, **one_scenario})


def check_one_scenario(plan: StudyPlan) -> None:
    """Refuses, with StudyError, a world with a mix that differs from the baseline in more than the mix."""
    for each in plan.scenarios.mixes:
        others = scenario_differences(plan.worlds[each.world], plan.worlds[plan.study.baseline])
        what = f"differs from {plan.study.baseline} in {', '.join(others)}, not in its mix alone"
        raise StudyError(f"{each.world} {what}: name the world without its mix as the baseline of a study of its own")


def analyse(analysis: Analysis, register: Register) -> list[LevelResults]:
    """Results at both levels."""
    plan, settings = analysis.plan, analysis.settings
    not_drawn = not_drawn_alone(tuple(plan.study.held), plan.study.posterior)
    factors = by_entry(plan.worlds, not_drawn, register)
    if settings.entries:
        factors = only_entries(factors, settings.entries, register)
    levels = [analyse_level(analysis, ENTRY, factors)]
    chosen = indices.strongest(levels[0].rows, factors, settings.figures)
    if chosen:
        levels.append(analyse_level(analysis, FIGURE, one_by_one(factors, chosen), levels[0].ranked))
    return levels


def analyse_level(analysis: Analysis, level: str, factors: Factors, ranked: list[str] | None = None) -> LevelResults:
    """Results at a level: points of the design, run and measured; `ranked`: programmes, None to rank them anew."""
    plan, settings = analysis.plan, analysis.settings
    parts = design(factors, settings.method, settings.trajectories, settings.seed)
    points = design_points(factors, parts)
    paths = settings.trajectories if settings.method == "morris" else 0
    replicates = replicate_points(points, paths) if paths else []
    count = len({*points, *replicates})
    analysis.announce(
        f"{len(factors.names) - 1} {'entries' if level == ENTRY else 'figures'}, random numbers: {count} points"
    )
    results = run_design(analysis.job, [*points, *replicates], analysis.progress(level))
    worlds = tuple(plan.worlds)
    programmes = [name for name in worlds[1:] if world_of(plan.worlds[name]).mix is not None]
    ranked = indices.by_gain(worlds, programmes, results) if ranked is None else ranked
    shape = (paths, len(replicates) // paths) if paths else (0, 0)
    outcomes = indices.outcomes(plan.study, worlds, ranked, results).items()
    shown = {name: indices.Run(values[: len(parts)], values[len(parts) :].reshape(shape)) for name, values in outcomes}
    rows = indices.influences(factors, settings.method, parts, shown, settings.seed)
    return LevelResults(level, factors, parts, results, ranked, shown, rows)
