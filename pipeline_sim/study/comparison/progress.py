"""Progress of a long run: replications complete, speed, time left, and the headline estimates so far."""

import time
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from pipeline_sim.records.files.replication_block import Block
from pipeline_sim.study.comparison.run_study import StudyPlan
from pipeline_sim.study.comparison.scenarios import programmes_of
from pipeline_sim.study.comparison.study_file import draws_of
from pipeline_sim.study.estimates.indicators import headline
from pipeline_sim.study.estimates.intervals import Estimate, estimate
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.replication.summary_layout import from_rows, layout_of


class StudyProgress(NamedTuple):
    """Progress of a study at one moment."""

    done: float  # replications that are complete, parts of those under way too
    wanted: int
    per_second: float | None  # of this run; None until one is complete
    seconds_left: float | None
    gains: Mapping[str, Estimate]  # by programme, by the headline indicator, scaled up to England

    @property
    def best(self) -> str | None:
        """Programme with the highest mean gain so far."""
        known = {name: gain.mean for name, gain in self.gains.items() if not np.isnan(gain.mean)}
        return max(known, key=lambda name: known[name]) if known else None


class ProgressTracker:
    """Tracker of a study's progress, by a monotonic clock."""

    def __init__(self, plan: StudyPlan) -> None:
        study = plan.study
        self.plan, self.wanted, self.done = plan, study.replications, 0.0
        self._began, self._before = time.monotonic(), -1.0
        mixes = programmes_of(study, plan.worlds)
        self._shapes = {name: layout_of(world_of(plan.worlds[name])).shapes for name in (study.baseline, *mixes)}
        self._headlines = {name: np.full(study.replications, np.nan) for name in self._shapes}

    def set_done(self, count: float) -> None:
        """Record the number of complete replications; those of the first call are not this run's."""
        if self._before < 0:
            self._began, self._before = time.monotonic(), count
        self.done = max(self.done, min(count, self.wanted))

    def add_results(self, world: str, block: Block) -> None:
        """Record the counts of a world."""
        if world in self._shapes:
            values = headline(from_rows(block.values, self._shapes[world]), self.plan.study.headline)
            for number, value in zip(block.numbers, values, strict=True):
                if number < len(self._headlines[world]):
                    self._headlines[world][number] = value

    def progress(self) -> StudyProgress:
        """Progress now."""
        seconds, done_here = time.monotonic() - self._began, self.done - max(self._before, 0.0)
        per_second = done_here / seconds if done_here >= 1 and seconds > 0 else None
        left = (self.wanted - self.done) / per_second if per_second else None
        return StudyProgress(self.done, self.wanted, per_second, left, self._gains())

    def _gains(self) -> dict[str, Estimate]:
        study = self.plan.study
        scale = study.scale * world_of(self.plan.worlds[study.baseline]).size
        base = self._headlines[study.baseline]
        draws = draws_of(study, study.replications)
        return {
            name: estimate((base - values) / scale, draws)
            for name, values in self._headlines.items()
            if name != study.baseline
        }
