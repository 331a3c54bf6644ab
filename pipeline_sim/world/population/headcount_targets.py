"""Reconciliation of headcounts with published ranges and totals, by the least relative change."""

from typing import NamedTuple

import numpy as np

from pipeline_sim.world.population.population_inputs import Reals, rows, rows_about
from pipeline_sim.world.schema.world import World

TARGETS = "evidence/trainees_by_specialty.csv"
EVERYONE = "ALL doctors in training"
PART_OF_A_FAMILY = "in GP placements"
HALVINGS = 80


class Target(NamedTuple):
    """Headcount of a family of programmes, published or assumed."""

    year: int
    low: float
    mode: float
    high: float


def targets(world: World) -> dict[str, Target]:
    """Targets by family, and for EVERYONE."""
    rows_about(world, TARGETS, "programme", EVERYONE)
    return {
        row["programme"]: Target(row.whole("year"), *(row.number(name, least=0) for name in ("low", "mode", "high")))
        for row in rows(world, TARGETS)
        if PART_OF_A_FAMILY not in row["grade"]
    }


def clipped(counts: Reals, low: Reals, high: Reals) -> Reals:
    """Counts clipped to their ranges."""
    return np.clip(counts, low, high)


def scaled_to_total(counts: Reals, low: Reals, high: Reals, total: float) -> Reals:
    """Counts multiplied by one factor and clipped to their ranges, so that they sum to the total.

    Limit of iterative proportional scaling with bounds, by bisection. A total out of reach gives the nearer ends.
    """
    below, above = 0.0, float(np.max(high / counts))
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        if clipped(counts * middle, low, high).sum() < total:
            below = middle
        else:
            above = middle
    return clipped(counts * above, low, high)
