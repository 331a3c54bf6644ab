"""Distributions fitted to each expert's percentiles, and their linear pool.

As in SHELF (J. E. Oakley and A. O'Hagan, 2019, Sheffield Elicitation Framework 4.0): every family is fitted by least
squares of cumulative probabilities on the expert's range, the nearest is taken. The pool is the weighted mean of the
cumulative distribution functions (M. Stone, 1961, Ann. Math. Stat. 32, 1339-1342): disagreement widens it.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from pipeline_sim.study.own.expert_panel import Asked, Judgement

Reals = npt.NDArray[np.float64]
STEPS = 100  # of equal probability in a pooled shape
FINE = 5001  # values of each expert's distribution between which the pool is linear
TRIANGLE = "triangle"
NEARER = 1e-7  # sum of squares by which a later family has to be nearer: simple ones come first
SAME = 1e-6  # of the width of a range: experts whose triangles agree so far have the same


class Family(NamedTuple):
    """Family of distributions on 0 to 1, cut off there, with bounds and start of its parameters."""

    make: Callable[..., Any]
    least: tuple[float, ...]
    most: tuple[float, ...]
    start: tuple[float, ...]


FAMILIES = {
    TRIANGLE: Family(stats.triang, (0.0,), (1.0,), (0.5,)),
    "beta": Family(lambda a, b: stats.beta(np.exp(a), np.exp(b)), (-3, -3), (7, 7), (0.7, 0.7)),
    "normal": Family(lambda mean, sd: stats.norm(mean, np.exp(sd)), (-1, -5), (2, 1), (0.5, -1.5)),
    "log-normal": Family(
        lambda scale, sd: stats.lognorm(np.exp(sd), scale=np.exp(scale)), (-7, -4), (2, 1.5), (-1, -0.7)
    ),
    "gamma": Family(
        lambda shape, scale: stats.gamma(np.exp(shape), scale=np.exp(scale)), (-3, -7), (6, 2), (0.7, -1.5)
    ),
}


class Fitted(NamedTuple):
    """Distribution fitted to a judgement, cut off at the expert's lowest and highest value."""

    judgement: Judgement
    family: str
    parameters: tuple[float, ...]

    @property
    def mode(self) -> float:
        """Mode of a triangle."""
        return self.judgement.lowest + self.parameters[0] * (self.judgement.highest - self.judgement.lowest)

    @property
    def off(self) -> float:
        """Largest difference between a stated and the fitted cumulative probability."""
        parts, values = np.array(self.judgement.percentiles).T
        return float(np.abs(self.below(values) - parts).max())

    def below(self, values: Reals | float) -> Reals:
        """Probability of less than each of some values."""
        width = self.judgement.highest - self.judgement.lowest
        return cut_off(self.family, self.parameters, (np.asarray(values) - self.judgement.lowest) / width)

    def grid(self) -> Reals:
        """Values at equal steps of probability, without the cut, that lie within the judgement."""
        places = np.clip(FAMILIES[self.family].make(*self.parameters).ppf(np.linspace(0, 1, FINE)), 0.0, 1.0)
        return np.asarray(self.judgement.lowest + places * (self.judgement.highest - self.judgement.lowest))


class Pooled(NamedTuple):
    """Linear pool of the distributions fitted to the judgements of a figure."""

    asked: Asked
    fitted: tuple[Fitted, ...]
    weights: tuple[float, ...]
    values: tuple[float, ...]  # [STEPS + 1] quantiles at equal steps of probability

    @property
    def triangle(self) -> Fitted | None:
        """The one triangle that all experts give, if they do: it needs no shape."""
        first = self.fitted[0]
        near = SAME * (first.judgement.highest - first.judgement.lowest)
        ends = [(each.judgement.lowest, each.mode, each.judgement.highest) for each in self.fitted]
        alike = all(each.family == TRIANGLE for each in self.fitted) and bool(np.ptp(ends, axis=0).max() <= near)
        return first if alike else None

    def below(self, values: Reals | float) -> Reals:
        """Probability of less than each of some values."""
        parts = [weight * each.below(values) for weight, each in zip(self.weights, self.fitted, strict=True)]
        return np.asarray(sum(parts))

    def at(self, part: float) -> float:
        """Quantile at a cumulative probability."""
        return float(np.interp(part, np.linspace(0, 1, STEPS + 1), self.values))


def cut_off(family: str, parameters: Sequence[float], places: Reals) -> Reals:
    """Cumulative probabilities at places between 0 and 1 of a distribution cut off there."""
    distribution = FAMILIES[family].make(*parameters)
    below, within = distribution.cdf(0.0), distribution.cdf(1.0) - distribution.cdf(0.0)
    parts = (distribution.cdf(np.clip(places, 0.0, 1.0)) - below) / max(float(within), 1e-12)
    return np.asarray(np.clip(parts, 0.0, 1.0))


def fit_judgement(judgement: Judgement) -> Fitted:
    """Distribution of the family nearest to the percentiles of a judgement."""
    parts, values = (np.array(column) for column in zip(*judgement.percentiles, strict=True))
    places = (values - judgement.lowest) / (judgement.highest - judgement.lowest)
    nearest, least = Fitted(judgement, TRIANGLE, (0.5,)), np.inf
    for name, family in FAMILIES.items():
        found = optimize.least_squares(
            lambda parameters, name=name: cut_off(name, parameters, places) - parts,
            family.start,
            bounds=(family.least, family.most),
            xtol=1e-12,
            ftol=1e-12,
            gtol=1e-12,
        )
        if 2 * found.cost < least - NEARER:
            nearest, least = Fitted(judgement, name, tuple(map(float, found.x))), 2 * found.cost
    return nearest


def pool(asked: Asked, weights: Sequence[float]) -> Pooled:
    """Linear pool of the judgements of a figure."""
    fitted = tuple(fit_judgement(each) for each in asked.judgements)
    low = min(each.lowest for each in asked.judgements)
    high = max(each.highest for each in asked.judgements)
    pooled = Pooled(asked, fitted, tuple(weights), ())
    grid = np.unique([low, high, *(value for each in fitted for value in each.grid())])
    inner = np.interp(np.linspace(0, 1, STEPS + 1)[1:-1], pooled.below(grid), grid)
    return pooled._replace(values=(low, *inner.tolist(), high))
