"""Hindcast: forecasts of targets after 2019/20 that were not looked at in building or fitting the model.

What happened to wards and waiting lists is an input, so this tests the model's response to COVID, not its foresight.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.fit.validate_model import Verdict

Reals = npt.NDArray[np.float64]


class Forecast(NamedTuple):
    """Forecast of a figure that is held out."""

    verdict: Verdict
    crps: float  # in the unit of the figure; an absolute error where there is one draw
    no_change: float | None  # absolute error of repeating an earlier figure

    @property
    def covers(self) -> bool:
        """True if the 5 to 95 % range of the draws covers the figure."""
        low, high = self.verdict.span
        return low <= self.verdict.target.value <= high

    @property
    def meets(self) -> bool:
        """True if the 5 to 95 % range of the draws and the interval of the source overlap."""
        low, high = self.verdict.span
        least, most = self.verdict.target.ends
        return low <= most and high >= least

    @property
    def skill(self) -> float | None:
        """1 - CRPS / error of no change: above 0 the model is better; None where that error is zero or unknown."""
        return 1.0 - self.crps / self.no_change if self.no_change else None


class Hindcast(NamedTuple):
    """Forecasts of all targets that are held out."""

    forecasts: tuple[Forecast, ...]

    @property
    def covered(self) -> float:
        """Share of the figures that the 5 to 95 % range covers."""
        return float(np.mean([forecast.covers for forecast in self.forecasts])) if self.forecasts else float("nan")

    @property
    def met(self) -> float:
        """Share of the figures whose interval overlaps the 5 to 95 % range."""
        return float(np.mean([forecast.meets for forecast in self.forecasts])) if self.forecasts else float("nan")

    @property
    def better(self) -> tuple[int, int]:
        """Number of figures forecast better than by a no-change baseline, and number that have such a baseline."""
        known = [forecast.skill for forecast in self.forecasts if forecast.skill is not None]
        return sum(skill > 0 for skill in known), len(known)


def hindcast(verdicts: Sequence[Verdict]) -> Hindcast:
    """Hindcast of the forecasts among the verdicts."""
    values = {verdict.target.id: verdict.target.value for verdict in verdicts}
    forecasts = []
    for verdict in verdicts:
        if verdict.target.forecast:
            previous = values.get(verdict.target.before) if verdict.target.before is not None else None
            no_change = None if previous is None else abs(previous - verdict.target.value)
            forecasts.append(Forecast(verdict, crps(verdict.draws, verdict.target.value), no_change))
    return Hindcast(tuple(forecasts))


def crps(draws: Reals, value: float) -> float:
    """Continuous ranked probability score of an ensemble, less is better, unbiased in the number of draws.

    T. Gneiting and A. E. Raftery, 2007, J. Am. Stat. Assoc. 102, 359-378; fair form of C. A. T. Ferro, 2014, Q. J. R.
    Meteorol. Soc. 140, 1917-1923.
    """
    count = len(draws)
    error = float(np.abs(draws - value).mean())
    if count < 2:
        return error
    between = float(np.abs(draws[:, None] - draws[None, :]).sum()) / (count * (count - 1))
    return error - between / 2
