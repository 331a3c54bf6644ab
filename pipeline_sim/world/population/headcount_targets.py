"""Headcounts made to agree with published ones: each in its range, all in total, by the least relative change."""

from typing import NamedTuple

import numpy as np

from pipeline_sim.world.population.population_inputs import PopulatedWorld, Reals, rows, rows_about

TARGETS = "evidence/trainees_by_specialty.csv"
EVERYONE = "ALL doctors in training"
PART_OF_A_FAMILY = "in GP placements"
HALVINGS = 80


class Target(NamedTuple):
    """Published or assumed headcount of a family of programmes."""

    year: int
    low: float
    mode: float
    high: float


def targets(world: PopulatedWorld) -> dict[str, Target]:
    """By family, and EVERYONE."""
    rows_about(world, TARGETS, "programme", EVERYONE)
    return {
        row["programme"]: Target(row.whole("year"), *(row.number(name, least=0) for name in ("low", "mode", "high")))
        for row in rows(world, TARGETS)
        if PART_OF_A_FAMILY not in row["grade"]
    }


def within(counts: Reals, low: Reals, high: Reals) -> Reals:
    """Each count moved to the nearest end of its range, if it lies outside."""
    return np.clip(counts, low, high)


def scaled_within(counts: Reals, low: Reals, high: Reals, total: float) -> Reals:
    """Counts multiplied by one factor, each held inside its range, so that they sum to the total.

    This is iterative proportional scaling with bounds in its limit. A total out of reach gives the nearer ends.
    """
    below, above = 0.0, float(np.max(high / counts))
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        if within(counts * middle, low, high).sum() < total:
            below = middle
        else:
            above = middle
    return within(counts * above, low, high)
