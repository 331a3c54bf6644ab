"""Scenario discovery: the ranges of figures in which a choice fails, as a box (PRIM), beside shuffled futures.

From all futures, a little at a time is peeled off where few fail (J. H. Friedman and N. I. Fisher, 1999, Stat. Comput.
9, 123-143). Coverage is the share of failures that the box has, density the share of its futures that fail. Of the
boxes on the way the one stands that has most of the failures and least of the other futures, without bounds whose
quasi-p says that chance could do as much (B. P. Bryant and R. J. Lempert, 2010, Technol. Forecast. Soc. Change 77,
34-49). Futures of one draw in several scenarios, or of one row of the posterior sample, are copies of each other, so
quasi-p counts each set of copies once. A box always looks good somewhere: it counts only if it is better than nearly
all found in futures whose figures are exchanged.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
PEEL, LEAST_MASS, INPUTS = 0.05, 0.05, 20
CHANCE = 0.05  # of a bound, and of a whole box


class Bound(NamedTuple):
    """A bound of a box."""

    column: int
    upper: bool
    value: float
    quasi_p: float = 1.0


class Box(NamedTuple):
    """Box: futures in which a choice fails."""

    bounds: tuple[Bound, ...]
    coverage: float
    density: float
    mass: float  # share of all futures
    merit: float  # coverage less the share of the futures that do not fail which it has


class Discovery(NamedTuple):
    """Box found, the share of all futures that fail, and how good boxes of exchanged futures are."""

    box: Box
    failing: float
    placebo_merit: float  # 95th percentile
    chance: float  # share of exchanged futures with a box as good; 1: there is no box

    @property
    def found(self) -> bool:
        """True if the box has bounds and is better than boxes of exchanged futures."""
        return bool(self.box.bounds) and self.chance <= CHANCE


def discover(
    columns: Reals, fails: Flags, exchange: Callable[[], Reals], repeats: int = 99, copies: float = 1.0
) -> Discovery:
    """Box in which a choice fails, of columns [M, F], where so many futures are copies of each other.

    `exchange` gives the columns of the placebo, again and again.
    """
    failing = float(fails.mean())
    if not 0 < failing < 1:
        return Discovery(Box((), 1.0, failing, 1.0, 0.0), failing, 0.0, 1.0)
    box = best_box(columns, fails, copies)
    merits = np.array([best_box(exchange(), fails, copies).merit for _ in range(repeats)])
    chance = (1 + float((merits >= box.merit).sum())) / (1 + repeats)
    return Discovery(box, failing, float(np.quantile(merits, 1 - CHANCE)), chance)


def best_box(columns: Reals, fails: Flags, copies: float = 1.0) -> Box:
    """Best box on the way of peeling, of the columns that differ most between futures that fail and others."""
    spread = columns.std(axis=0)
    gaps = np.abs(columns[fails].mean(axis=0) - columns[~fails].mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    inputs = np.argsort(-gaps, kind="stable")[:INPUTS]
    sides = np.hstack([columns[:, inputs], -columns[:, inputs]])  # of which the lowest are peeled off
    inside, limits = np.ones(len(fails), np.bool_), dict[int, float]()
    best = measured((), columns, fails)
    while inside.mean() > LEAST_MASS:
        side, limit = _best_peel(sides[inside], fails[inside], len(fails))
        if side is None:
            break
        limits[side] = limit
        inside &= sides[:, side] >= limit
        ends = [(int(inputs[at % len(inputs)]), at >= len(inputs), value) for at, value in limits.items()]
        box = measured(tuple(Bound(at, upper, -end if upper else end) for at, upper, end in ends), columns, fails)
        if box.merit > best.merit:
            best = box
    return pruned(best, columns, fails, copies)


def _best_peel(values: Reals, fails: Flags, count: int) -> tuple[int | None, float]:
    """Side that raises the density most for what is taken away of it, and the least value left; none: no side does."""
    kept = _kept(values)
    left = kept.sum(axis=0)
    fair = (left < len(fails)) & (left >= LEAST_MASS * count)
    density = (fails[:, None] & kept).sum(axis=0) / np.maximum(left, 1)
    gains = np.where(fair, (density - fails.mean()) / np.maximum(len(fails) - left, 1), 0.0)
    side = int(gains.argmax())
    return (side, float(values[kept[:, side], side].min())) if gains[side] > 0 else (None, 0.0)


def _kept(values: Reals) -> Flags:
    """Values [N, J] that a peel of the lowest of each column leaves; of few different ones the lowest go as a whole."""
    kept = values >= np.partition(values, int(PEEL * len(values)), axis=0)[int(PEEL * len(values))]
    return np.where(kept.all(axis=0), values > values.min(axis=0), kept)


def inside_of(bounds: tuple[Bound, ...], columns: Reals) -> Flags:
    """Whether futures [M] are in a box."""
    inside = np.ones(len(columns), np.bool_)
    for column, upper, value, _ in bounds:
        inside &= columns[:, column] <= value if upper else columns[:, column] >= value
    return inside


def measured(bounds: tuple[Bound, ...], columns: Reals, fails: Flags) -> Box:
    """Box with its coverage, density and mass."""
    inside = inside_of(bounds, columns)
    hits, count, failing = float(fails[inside].sum()), float(inside.sum()), float(fails.sum())
    coverage, others = hits / failing, (count - hits) / (len(fails) - failing)
    return Box(bounds, coverage, hits / max(count, 1.0), float(inside.mean()), coverage - others)


def pruned(box: Box, columns: Reals, fails: Flags, copies: float) -> Box:
    """Box without bounds that chance could replace; the least certain goes first, until none is left that could."""
    while box.bounds:
        bounds = tuple(each._replace(quasi_p=quasi_p(box, each, columns, fails, copies)) for each in box.bounds)
        worst = max(bounds, key=lambda each: each.quasi_p)
        if worst.quasi_p <= CHANCE:
            return box._replace(bounds=bounds)
        box = measured(tuple(each for each in bounds if each is not worst), columns, fails)
    return box


def quasi_p(box: Box, bound: Bound, columns: Reals, fails: Flags, copies: float = 1.0) -> float:
    """Probability of as many failures in the box if the bound picked futures of the box without it by chance."""
    from scipy.special import bdtrc

    without = measured(tuple(each for each in box.bounds if each[:2] != bound[:2]), columns, fails)
    inside = round(box.mass * len(fails) / copies)
    hits = round(box.density * inside)
    return 1.0 if hits == 0 else float(bdtrc(hits - 1, inside, without.density))
