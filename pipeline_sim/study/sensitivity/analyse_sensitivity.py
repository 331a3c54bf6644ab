"""A sensitivity analysis of a study: entries of the register first, then the figures of the strongest one by one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.comparison.run_study import Asked
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.replication.parameter_draws import held_with
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.sensitivity.design_runs import Job, Outcomes, run_points
from pipeline_sim.study.sensitivity.factors import (
    METHODS,
    Factors,
    Method,
    by_entry,
    design,
    luck_points,
    one_by_one,
    only,
    points,
)
from pipeline_sim.study.sensitivity.sensitivity_indices import (
    Influence,
    Outcome,
    Run,
    by_gain,
    influences,
    outcomes,
    strongest,
)
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.register.assumption_register import Register
from pipeline_sim.world.world_error import hint

Reals = npt.NDArray[np.float64]
Progress = Callable[[float], None]
ENTRY, FIGURE = "entry", "figure"


class Moves(NamedTuple):
    """What is to be moved, and how often."""

    method: Method
    trajectories: int
    replications: int
    seed: int
    entries: tuple[str, ...] = ()  # all, if none is named
    figures: int = 0  # most of those moved one by one


class Analysis(NamedTuple):
    """A study, what is moved in it, and who is told how far it is."""

    asked: Asked
    moves: Moves
    tell: Callable[[str], None]  # in a line what comes
    progress: Callable[[str], Progress]  # what follows a level
    finished: Path | None = None  # folder of points that were run before, and will be

    @property
    def job(self) -> Job:
        """What every point has in common."""
        asked = self.asked
        return Job(asked.study, asked.worlds, self.moves.replications, asked.workers, self.finished)


class Stage(NamedTuple):
    """One analysis."""

    level: str  # ENTRY or FIGURE
    factors: Factors
    parts: Reals  # [points, figures and luck]
    found: Outcomes
    ranked: list[str]  # programmes, the one that gains most first
    outcomes: dict[Outcome, Run]
    rows: list[Influence]


def checked_method(name: str) -> Method:
    """A method of SALib that is offered here."""
    for method in METHODS:
        if method == name:
            return method
    raise StudyError(f"no method {name}; known are {', '.join(METHODS)}")


def with_worlds(study: Study, names: Sequence[str]) -> Study:
    """The study with some of its worlds, the baseline among them, its figures in doubt, and without its attribution."""
    known = [world.name for world in study.worlds]
    for name in names:
        if name not in known:
            raise StudyError(f"{study.name} has no world {name}{hint(name, known)}")
    kept = [world for world in study.worlds if not names or world.name in (study.baseline, *names)]
    if len(kept) < 2:
        raise StudyError("worlds should name at least one beside the baseline")
    return study.model_copy(update={"worlds": kept, "attribution": None, "parameters": "sampled"})


def analysed(analysis: Analysis, register: Register) -> list[Stage]:
    """Both stages."""
    asked, moves = analysis.asked, analysis.moves
    held = held_with(tuple(asked.study.held), asked.study.plausible)
    factors = by_entry(asked.worlds, held, register)
    if moves.entries:
        factors = only(factors, moves.entries, register)
    stages = [stage(analysis, ENTRY, factors)]
    chosen = strongest(stages[0].rows, factors, moves.figures)
    if chosen:
        stages.append(stage(analysis, FIGURE, one_by_one(factors, chosen), stages[0].ranked))
    return stages


def stage(analysis: Analysis, level: str, factors: Factors, ranked: list[str] | None = None) -> Stage:
    """Lay out the points, run them, measure; programmes are ranked anew unless a stage before has done so."""
    asked, moves = analysis.asked, analysis.moves
    parts = design(factors, moves.method, moves.trajectories, moves.seed)
    found_at = points(factors, parts)
    paths = moves.trajectories if moves.method == "morris" else 0
    others = luck_points(found_at, paths) if paths else []
    count = len({*found_at, *others})
    analysis.tell(f"{len(factors.names) - 1} {'entries' if level == ENTRY else 'figures'} and luck: {count} points")
    found = run_points(analysis.job, [*found_at, *others], analysis.progress(level))
    worlds = tuple(asked.worlds)
    programmes = [name for name in worlds[1:] if world_of(asked.worlds[name]).mix is not None]
    ranked = by_gain(worlds, programmes, found) if ranked is None else ranked
    shown = {
        outcome: Run(values[: len(parts)], values[len(parts) :].reshape(paths, -1) if paths else np.zeros((0, 0)))
        for outcome, values in outcomes(asked.study, worlds, ranked, found).items()
    }
    rows = influences(factors, moves.method, parts, shown, moves.seed)
    return Stage(level, factors, parts, found, ranked, shown, rows)
