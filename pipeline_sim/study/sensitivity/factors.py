"""Factors of a sensitivity analysis: uncertain parameters, by entry of the register or one by one, and random numbers.

The random numbers are a factor like the others, which only picks the replications that a point is run with. Their
effect on an outcome is the floor: a factor of no more effect does not differ clearly from chance variation.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.replication.parameter_draws import RangePoint, uncertain_parameters
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.register.assumption_register import Register
from pipeline_sim.world.schema.sourced_value import leaves
from pipeline_sim.world.world_error import KeyPath, shown_path

Reals = npt.NDArray[np.float64]
Method = Literal["morris", "sobol"]
METHODS: tuple[Method, ...] = ("morris", "sobol")
LUCK = "luck"
REPLICATES = LEVELS = 4  # choices of random numbers, one for each level of Morris


class Factors(NamedTuple):
    """Uncertain parameters and the groups that move together."""

    figures: tuple[str, ...]
    groups: tuple[str, ...]  # of each figure: its entry, or itself

    @property
    def names(self) -> tuple[str, ...]:
        """Factors in order; the random numbers come last."""
        return (*dict.fromkeys(self.groups), LUCK)

    @property
    def problem(self) -> dict[str, Any]:
        """Problem as SALib defines it: every figure goes from its low (0) to its high (1) by cumulative probability."""
        names = [*self.figures, LUCK]
        return {
            "num_vars": len(names),
            "names": names,
            "groups": [*self.groups, LUCK],
            "bounds": [[0.0, 1.0]] * len(names),
        }

    def members(self, name: str) -> tuple[str, ...]:
        """Figures that a factor moves."""
        return tuple(figure for figure, group in zip(self.figures, self.groups, strict=True) if group == name)


class DesignPoint(NamedTuple):
    """A point of the design: positions of the figures, and choice of random numbers."""

    parameters: RangePoint
    luck: int


def by_entry(worlds: Mapping[str, WorldSpec], held_fixed: Sequence[str], register: Register) -> Factors:
    """Factors by entry of the register: every uncertain parameter of the worlds whose range has a width."""
    paths: dict[str, KeyPath] = {}
    for spec in worlds.values():
        for parameter in uncertain_parameters(world_of(spec), tuple(held_fixed)):
            if leaves(parameter.low) != leaves(parameter.high):
                paths[shown_path(parameter.path)] = parameter.path
    if not paths:
        raise StudyError("no figure of these worlds is uncertain: there is nothing to vary")
    groups = []
    for name, path in paths.items():
        entry = register.name_of(path)
        if entry is None:
            raise StudyError(f"{register.path}: no entry covers {name}")
        groups.append(entry)
    return Factors(tuple(paths), tuple(groups))


def only_entries(factors: Factors, entries: Sequence[str], register: Register) -> Factors:
    """Factors of some entries; StudyError for an entry that is none."""
    for name in entries:
        register.entry(name)
        if name not in factors.groups:
            raise StudyError(f"no figure of the entry {name} is uncertain in these worlds")
    return _picked(factors, [group in entries for group in factors.groups])


def one_by_one(factors: Factors, entries: Sequence[str]) -> Factors:
    """Factors of the figures of some entries, each by itself."""
    chosen = _picked(factors, [group in entries for group in factors.groups])
    return Factors(chosen.figures, chosen.figures)


def design(factors: Factors, method: Method, trajectories: int, seed: int) -> Reals:
    """Design [points, figures and random numbers] of SALib: parts, 0 to 1."""
    if method == "morris":
        from SALib.sample import morris

        return np.asarray(morris.sample(factors.problem, trajectories, num_levels=LEVELS, seed=seed), np.float64)
    if trajectories & (trajectories - 1):
        raise StudyError(f"trajectories is {trajectories}, should be a power of 2 such as 64 for sobol")
    from SALib.sample import sobol

    return np.asarray(sobol.sample(factors.problem, trajectories, calc_second_order=False, seed=seed), np.float64)


def design_points(factors: Factors, parts: Reals) -> list[DesignPoint]:
    """Points of a design."""
    rows = np.round(parts, 12).tolist()
    return [
        DesignPoint(RangePoint(factors.figures, tuple(row[:-1])), min(int(row[-1] * REPLICATES), REPLICATES - 1))
        for row in rows
    ]


def replicate_points(points: Sequence[DesignPoint], paths: int) -> list[DesignPoint]:
    """First point of every path with each choice of random numbers, path by path."""
    return [first._replace(luck=luck) for first in points[:: len(points) // paths] for luck in range(REPLICATES)]


def _picked(factors: Factors, keep: Sequence[bool]) -> Factors:
    pairs = [pair for pair, kept in zip(zip(*factors, strict=True), keep, strict=True) if kept]
    return Factors(tuple(figure for figure, _ in pairs), tuple(group for _, group in pairs))
