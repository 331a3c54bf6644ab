"""Sequential selection among finalists with a guarantee, on replications with common random numbers.

S.-H. Kim and B. L. Nelson, 2001, ACM Trans. Model. Comput. Simul. 11, 251-273 (procedure KN, c = 1): with the stated
confidence the choice is the best, or no worse than it by the indifference zone. Draws of a posterior sample count
alike, as rows are taken by their weights, and differences are taken by replication; they are assumed to be normal.
Sizes: K finalists, R replications.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.estimates.random_effects import t_quantile

Reals = npt.NDArray[np.float64]
Observe = Callable[[Sequence[int], range], Reals]  # finalists, replications: values [finalists, replications]


class Selection(NamedTuple):
    """Result of a selection."""

    best: int
    not_beaten: tuple[int, ...]  # not shown to be worse than the best, which is one: all pairs and looks allowed for
    means: tuple[float, ...]  # [K] of each, up to where it was left out
    replications: tuple[int, ...]  # [K]
    settled: bool  # the guarantee holds; else the replications allowed were used up before


def select(
    observe: Observe, count: int, zone: tuple[float, float], first: int = 16, step: int = 8, most: int = 512
) -> Selection:
    """Best of so many finalists: `first` replications of all, then `step` at a time of those still in.

    zone: the smallest difference that matters, and the confidence that the selection is to have.
    """
    indifference, confidence = zone
    values = [list(row) for row in observe(range(count), range(first))]
    if count == 1:
        return Selection(0, (0,), (float(np.mean(values[0])),), (first,), True)
    sample = np.array(values)
    spread = np.var(sample[:, None] - sample[None], axis=-1, ddof=1)  # [K, K] of differences
    scale = (2 * (1 - confidence) / (count - 1)) ** (-2 / (first - 1)) - 1  # 2 x eta; times (first - 1): h squared
    reach = scale * (first - 1) * spread / indifference**2  # replications after which each pair is decided
    inside, done = list(range(count)), first
    while True:
        sums = {at: float(np.sum(values[at])) for at in inside}
        width = indifference / 2 * np.maximum(reach - done, 0)
        inside = [one for one in inside if all(sums[one] >= sums[other] - width[one, other] for other in inside)]
        decided = done >= reach[np.ix_(inside, inside)].max()  # of those that tie any is as good
        if len(inside) == 1 or decided or done >= most:
            break
        more = range(done, min(done + step, most))
        for one, row in zip(inside, observe(inside, more), strict=True):
            values[one] += list(row)
        done = more.stop
    means = tuple(float(np.mean(row)) for row in values)
    best = max(inside, key=lambda one: means[one])
    chance = (1 - confidence) / (count - 1) / (1 + -(-max(most - first, 0) // step))  # all looks allowed for
    left = tuple(one for one in range(count) if not beaten(values[one], values[best], chance))
    return Selection(best, left, means, tuple(map(len, values)), len(inside) == 1 or decided)


def beaten(one: Sequence[float], best: Sequence[float], chance: float) -> bool:
    """Whether a finalist is shown to be worse on the replications that it has, with so small a chance of error."""
    gaps = np.array(best)[: len(one)] - np.array(one)[: len(best)]
    error = float(gaps.std(ddof=1)) / np.sqrt(len(gaps))
    return bool(gaps.mean() > float(t_quantile(1 - chance, len(gaps) - 1)) * error)
