"""How well the model foretells: targets after 2019/20, from parameters that were fitted to nothing later.

What happened to wards and lists is known, so this tests what the model makes of it, not whether it foresaw COVID.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.fit.validate_model import Verdict

Reals = npt.NDArray[np.float64]


class Forecast(NamedTuple):
    """A figure that the model was not fitted to, and what its draws said of it."""

    verdict: Verdict
    crps: float  # in the unit of the figure; an absolute error where there is one draw
    no_change: float | None  # absolute error of repeating the last figure that was fitted to

    @property
    def covers(self) -> bool:
        """True if nine draws in ten lie around the figure."""
        low, high = self.verdict.span
        return low <= self.verdict.target.value <= high

    @property
    def meets(self) -> bool:
        """True if nine draws in ten and the interval of the source have something in common."""
        low, high = self.verdict.span
        least, most = self.verdict.target.ends
        return low <= most and high >= least

    @property
    def skill(self) -> float | None:
        """1 - CRPS / error of no change: above 0 the model knows better; none where that forecast is right."""
        return 1.0 - self.crps / self.no_change if self.no_change else None


class Hindcast(NamedTuple):
    """All forecasts together."""

    forecasts: tuple[Forecast, ...]

    @property
    def covered(self) -> float:
        """Part of the figures that nine draws in ten lie around."""
        return float(np.mean([each.covers for each in self.forecasts])) if self.forecasts else float("nan")

    @property
    def met(self) -> float:
        """Part of the figures whose interval nine draws in ten have something in common with."""
        return float(np.mean([each.meets for each in self.forecasts])) if self.forecasts else float("nan")

    @property
    def better(self) -> tuple[int, int]:
        """How many are foretold better than by no change, of how many that have such a forecast."""
        known = [each.skill for each in self.forecasts if each.skill is not None]
        return sum(skill > 0 for skill in known), len(known)


def hindcast(verdicts: Sequence[Verdict]) -> Hindcast:
    """The forecasts among the verdicts."""
    values = {each.target.id: each.target.value for each in verdicts}
    found = []
    for each in verdicts:
        if each.target.forecast:
            before = values.get(each.target.before) if each.target.before is not None else None
            gap = None if before is None else abs(before - each.target.value)
            found.append(Forecast(each, crps(each.draws, each.target.value), gap))
    return Hindcast(tuple(found))


def crps(draws: Reals, value: float) -> float:
    """Continuous ranked probability score of an ensemble, less is better, unbiased in the number of draws.

    T. Gneiting and A. E. Raftery, 2007, J. Am. Stat. Assoc. 102, 359-378; fair form of C. A. T. Ferro, 2014, Q. J. R.
    Meteorol. Soc. 140, 1917-1923.
    """
    count = len(draws)
    away = float(np.abs(draws - value).mean())
    if count < 2:
        return away
    between = float(np.abs(draws[:, None] - draws[None, :]).sum()) / (count * (count - 1))
    return away - between / 2
