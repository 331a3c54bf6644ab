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
    """Headcount of a family of programmes in spring, published or assumed."""

    year: int
    low: float
    mode: float
    high: float

    @property
    def training_year(self) -> int:
        """Training year that spring falls in: it began the summer before."""
        return self.year - 1


def targets(world: World) -> dict[str, Target]:
    """Targets by family, and for EVERYONE; raises WorldError for a family with two."""
    rows_about(world, TARGETS, "programme", EVERYONE)
    known: dict[str, Target] = {}
    for row in rows(world, TARGETS):
        if PART_OF_A_FAMILY not in row["grade"]:
            if row["programme"] in known:
                raise row.wrong("programme", f"should have one row that is not '{PART_OF_A_FAMILY}'")
            ends = (row.number(name, least=0) for name in ("low", "mode", "high"))
            known[row["programme"]] = Target(row.whole("year"), *ends)
    return known


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
