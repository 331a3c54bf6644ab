"""How a long run stands: what is done, how fast, how long it will take, and what is known of the headline so far."""

import time
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from pipeline_sim.records.files.replication_block import Block
from pipeline_sim.study.comparison.run_study import Asked
from pipeline_sim.study.estimates.indicators import headline, over_lucks
from pipeline_sim.study.estimates.intervals import Estimate, estimate
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.replication.summary_layout import layout_of, sample_from


class Standing(NamedTuple):
    """What there is to tell at a moment."""

    done: float  # replications that are complete, parts of those under way too
    wanted: int
    per_second: float | None  # by this run; None until one is complete
    seconds_left: float | None
    gains: Mapping[str, Estimate]  # by programme: what it gains by the headline, put up to England

    @property
    def best(self) -> str | None:
        """Programme that gains most on average so far."""
        known = {name: gain.mean for name, gain in self.gains.items() if not np.isnan(gain.mean)}
        return max(known, key=lambda name: known[name]) if known else None


class Gauge:
    """Reads how a run stands, by a clock that nobody can set back."""

    def __init__(self, asked: Asked) -> None:
        study = asked.study
        self.asked, self.wanted, self.done = asked, study.replications, 0.0
        self._began, self._before = time.monotonic(), -1.0
        mixes = [world.name for world in study.worlds if world.mix is not None and world.name != study.baseline]
        self._shapes = {name: layout_of(world_of(asked.worlds[name])).shapes for name in (study.baseline, *mixes)}
        self._found = {name: np.full(study.replications, np.nan) for name in self._shapes}

    def finished(self, count: float) -> None:
        """So many replications are complete."""
        if self._before < 0:
            self._began, self._before = time.monotonic(), count
        self.done = max(self.done, min(count, self.wanted))

    def seen(self, world: str, block: Block) -> None:
        """Counts of a world."""
        if world in self._shapes:
            found = headline(sample_from(block.values, self._shapes[world]), self.asked.study.headline)
            for number, value in zip(block.numbers, found, strict=True):
                if number < self.wanted:
                    self._found[world][number] = value

    def read(self) -> Standing:
        """How it stands now."""
        seconds, here = time.monotonic() - self._began, self.done - max(self._before, 0.0)
        per_second = here / seconds if here >= 1 and seconds > 0 else None
        left = (self.wanted - self.done) / per_second if per_second else None
        return Standing(self.done, self.wanted, per_second, left, self._gains())

    def _gains(self) -> dict[str, Estimate]:
        study = self.asked.study
        scale = study.scale * world_of(self.asked.worlds[study.baseline]).size
        base = self._found[study.baseline]
        return {
            name: estimate(over_lucks(base - found, study.lucks) / scale)
            for name, found in self._found.items()
            if name != study.baseline
        }
