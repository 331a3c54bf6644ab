"""What a sensitivity analysis moves: figures in doubt, together by entry of the register or one by one, and luck.

Luck is a factor like the others, which only picks the replications that a point is run with. What it does to an outcome
is the floor: a factor that does no more cannot be told from luck.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.replication.parameter_draws import Chosen, in_doubt
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.register.assumption_register import Register
from pipeline_sim.world.schema.sourced_value import leaves
from pipeline_sim.world.world_error import KeyPath, shown_path

Reals = npt.NDArray[np.float64]
Method = Literal["morris", "sobol"]
METHODS: tuple[Method, ...] = ("morris", "sobol")
LUCK = "luck"
LUCKS = LEVELS = 4  # kinds of luck, one for each level that Morris steps between


class Factors(NamedTuple):
    """Figures in doubt and what moves them together."""

    figures: tuple[str, ...]
    groups: tuple[str, ...]  # of each figure: its entry, or itself

    @property
    def names(self) -> tuple[str, ...]:
        """What is moved, in order; luck comes last."""
        return (*dict.fromkeys(self.groups), LUCK)

    @property
    def problem(self) -> dict[str, Any]:
        """As SALib wants it: every figure goes from its low (0) to its high (1) by the parts of its triangle."""
        names = [*self.figures, LUCK]
        return {
            "num_vars": len(names),
            "names": names,
            "groups": [*self.groups, LUCK],
            "bounds": [[0.0, 1.0]] * len(names),
        }

    def members(self, name: str) -> tuple[str, ...]:
        """The figures that a factor moves."""
        return tuple(each for each, group in zip(self.figures, self.groups, strict=True) if group == name)


class Point(NamedTuple):
    """One run: what the figures are believed to be, and which luck."""

    belief: Chosen
    luck: int


def by_entry(worlds: Mapping[str, Assumed], held: Sequence[str], register: Register) -> Factors:
    """Every figure that the worlds doubt, by its entry of the register; those whose range is no range are left out."""
    found: dict[str, KeyPath] = {}
    for assumed in worlds.values():
        for figure in in_doubt(world_of(assumed), tuple(held)):
            if leaves(figure.low) != leaves(figure.high):
                found[shown_path(figure.path)] = figure.path
    if not found:
        raise StudyError("no figure of these worlds is in doubt: there is nothing to move")
    groups = []
    for name, path in found.items():
        entry = register.name_of(path)
        if entry is None:
            raise StudyError(f"{register.path}: no entry covers {name}")
        groups.append(entry)
    return Factors(tuple(found), tuple(groups))


def only(factors: Factors, entries: Sequence[str], register: Register) -> Factors:
    """The factors of some entries."""
    for name in entries:
        register.entry(name)
        if name not in factors.groups:
            raise StudyError(f"no figure of the entry {name} is in doubt in these worlds")
    return _picked(factors, [group in entries for group in factors.groups])


def one_by_one(factors: Factors, entries: Sequence[str]) -> Factors:
    """The figures of some entries, each by itself."""
    chosen = _picked(factors, [group in entries for group in factors.groups])
    return Factors(chosen.figures, chosen.figures)


def design(factors: Factors, method: Method, trajectories: int, seed: int) -> Reals:
    """[points, figures and luck] parts, 0 to 1, as the method of SALib lays them."""
    if method == "morris":
        from SALib.sample import morris

        return np.asarray(morris.sample(factors.problem, trajectories, num_levels=LEVELS, seed=seed), np.float64)
    if trajectories & (trajectories - 1):
        raise StudyError(f"trajectories is {trajectories}, should be a power of 2 such as 64 for sobol")
    from SALib.sample import sobol

    return np.asarray(sobol.sample(factors.problem, trajectories, calc_second_order=False, seed=seed), np.float64)


def points(factors: Factors, parts: Reals) -> list[Point]:
    """The rows of a design."""
    rows = np.round(parts, 12).tolist()
    return [Point(Chosen(factors.figures, tuple(row[:-1])), min(int(row[-1] * LUCKS), LUCKS - 1)) for row in rows]


def luck_points(found: Sequence[Point], paths: int) -> list[Point]:
    """The first point of every path under every luck, path by path."""
    return [first._replace(luck=luck) for first in found[:: len(found) // paths] for luck in range(LUCKS)]


def _picked(factors: Factors, keep: Sequence[bool]) -> Factors:
    pairs = [pair for pair, kept in zip(zip(*factors, strict=True), keep, strict=True) if kept]
    return Factors(tuple(figure for figure, _ in pairs), tuple(group for _, group in pairs))
