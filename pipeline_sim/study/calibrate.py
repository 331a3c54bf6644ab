"""Fits the open parameters to the targets of role `fit`: history matching on the batch engine.

Waves of runs at Latin hypercube points feed a Gaussian process for every target; points that any but a few targets rule
out, by more than `CUT` standard deviations of all doubts together, are ruled out; the next wave is run at points that are
not. What is kept in the end is no best point but all points run that no target rules out (P. S. Craig and others, 1997;
I. Andrianakis and others, 2015, PLoS Comput. Biol. 11, e1003968). Targets are matched on the scale of their square
roots, on which the luck of a share is about the same everywhere.
"""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines import LETS_GO, make_ready
from pipeline_sim.study.errors import StudyError
from pipeline_sim.study.measured import happened, measured
from pipeline_sim.study.memory import check_memory
from pipeline_sim.study.plausible import Open, placed
from pipeline_sim.study.prepare import Assumed, prepare, world_of
from pipeline_sim.study.targets import Target
from pipeline_sim.study.threads import on_threads

Reals = npt.NDArray[np.float64]
Progress = Callable[[float], None]
CUT = 3.0  # standard deviations: F. Pukelsheim's three-sigma rule, 1994, Am. Stat. 48, 88-91
CANDIDATES = 20_000
SPARED = 3  # targets that may rule a point out without ruling it out: what the model cannot reach at all


class Search(NamedTuple):
    """How much is run."""

    waves: int  # after the first
    points: int  # in each
    seed: int
    scale: float
    workers: int


class Found(NamedTuple):
    """Points that were run. N points, D parameters, K targets."""

    positions: Reals  # [N, D] in 0 .. 1
    values: Reals  # [N, K] as the model gives them
    misfit: Reals  # [N, K] standard deviations from the middle of each target
    wave: npt.NDArray[np.int64]  # [N]

    @property
    def plausible(self) -> npt.NDArray[np.bool_]:
        """[N] which of them no target rules out."""
        return worst(self.misfit) <= CUT
