"""Hindcast: records after an origin, forecast by the draws and a discrepancy estimated on the records up to it.

Eligible is every record (grade A or B) of the world with COVID whose year is after the origin and that did not enter
the model. What happened to wards and waiting lists is an input, so this tests the model's response to COVID, not its
foresight; and only those of role `test` were not looked at while the model was built. Each origin has draws of its own:
those that are there, taken again in proportion to what the records up to it say of them, and without what the fit knew
of later years (importance resampling, tempered as the calibration is). Scores are those of T. Gneiting and A. E.
Raftery, 2007, J. Am. Stat. Assoc. 102, 359-378.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.fit.discrepancy import (
    RETAINED,
    Discrepancy,
    class_of,
    comparable,
    differences,
    discrepancies,
    independent_parts,
    prior_sd,
    source_sd,
)
from pipeline_sim.study.fit.posterior import CUT, aim_of, misfit, next_step, resampled
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.fit.validate_model import TAIL, Verdict

Reals = npt.NDArray[np.float64]
ORIGINS = (2018, 2019, 2020)  # first calendar year of the last training year that is known
RESAMPLES, SEED = 2_000, 1


class Forecast(NamedTuple):
    """Forecast of a record."""

    verdict: Verdict
    origin: int
    series: str  # target with which the series begins
    ensemble: Reals  # draws, each with quantiles of the discrepancy
    no_change: float | None  # absolute error of repeating the last record of the series up to the origin
    trend: float | None  # of going on as between the last two

    @property
    def span(self) -> tuple[float, float]:
        """5 to 95 % range."""
        low, high = np.quantile(self.ensemble, (TAIL, 1 - TAIL))
        return float(low), float(high)

    @property
    def covers(self) -> bool:
        """True if the 5 to 95 % range covers the record."""
        low, high = self.span
        return low <= self.verdict.target.value <= high

    @property
    def crps(self) -> float:
        """Continuous ranked probability score, in the unit of the figure."""
        return crps(self.ensemble, self.verdict.target.value)

    @property
    def interval_score(self) -> float:
        """Width of the 5 to 95 % range and 20 times what the record is beyond it: 20 errors for a point forecast."""
        (low, high), value = self.span, self.verdict.target.value
        return high - low + (max(low - value, 0.0) + max(value - high, 0.0)) / TAIL

    @property
    def skill(self) -> float | None:
        """1 - CRPS / error of no change: above 0 the model is better; None where that error is zero or unknown."""
        return 1.0 - self.crps / self.no_change if self.no_change else None


class Hindcast(NamedTuple):
    """Forecasts of all eligible records from every origin."""

    forecasts: tuple[Forecast, ...]
    discrepancies: Mapping[int, Mapping[str, Discrepancy]]  # by origin and class

    @property
    def covered(self) -> float:
        """Share of the forecasts whose 5 to 95 % range covers the record."""
        return float(np.mean([forecast.covers for forecast in self.forecasts])) if self.forecasts else float("nan")

    @property
    def covered_between(self) -> tuple[float, float]:
        """95 % interval of that share, by a bootstrap of whole series."""
        by_series: dict[str, list[bool]] = {}
        for forecast in self.forecasts:
            by_series.setdefault(forecast.series, []).append(forecast.covers)
        hits = np.array([sum(each) for each in by_series.values()], np.float64)
        sizes = np.array([len(each) for each in by_series.values()], np.float64)
        chosen = np.random.Generator(np.random.Philox(SEED)).integers(0, len(hits), (RESAMPLES, len(hits)))
        low, high = np.quantile(hits[chosen].sum(axis=1) / sizes[chosen].sum(axis=1), (0.025, 0.975))
        return float(low), float(high)

    def better(self, than: str) -> tuple[int, int]:
        """Series with less mean CRPS than the mean error of `no_change` or `trend`, and all that have that baseline."""
        by_series: dict[str, list[float]] = {}
        for forecast in self.forecasts:
            error = getattr(forecast, than)
            if error is not None:
                by_series.setdefault(forecast.series, []).append(error - forecast.crps)
        return sum(float(np.mean(each)) > 0 for each in by_series.values()), len(by_series)


def hindcast(
    verdicts: Sequence[Verdict],
    classes: Mapping[str, Sequence[str]],
    noise: Mapping[str, float] | None = None,
    origins: Sequence[int] = ORIGINS,
) -> Hindcast:
    """Hindcast of the records among the verdicts; `noise`: chance variance of the root of each figure fitted to."""
    of_all = {each.target.id: each for each in verdicts if each.target.is_record and each.target.world == "covid"}
    series = {name: series_of(each.target, of_all) for name, each in of_all.items()}
    forecasts, found = [], {}
    for origin in origins if of_all else ():
        chosen = draws_at(verdicts, classes, noise or {}, origin)
        records = {name: each._replace(draws=each.draws[chosen]) for name, each in of_all.items()}
        found[origin] = discrepancies(list(records.values()), classes, origin)
        for name, verdict in records.items():
            if verdict.target.year > origin and verdict.target.role != "input" and comparable(verdict):
                earlier = [records[other] for other in records if series[other] == series[name]]
                earlier = [each for each in earlier if each.target.year <= origin and comparable(each)]
                own = found[origin][class_of(verdict.target, classes)]
                forecasts.append(forecast_of(verdict, origin, series[name], earlier, own))
    return Hindcast(tuple(forecasts), found)


def draws_at(
    verdicts: Sequence[Verdict], classes: Mapping[str, Sequence[str]], noise: Mapping[str, float], origin: int
) -> npt.NDArray[np.int64]:
    """Draws [D] as they would be taken at an origin: some more than once, by the records up to it."""
    logs = np.zeros(len(verdicts[0].draws))
    by_class: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        target = verdict.target
        if (
            target.id in noise and target.year > origin and np.isfinite(verdict.draws).all()
        ):  # fitted to, and not known yet
            aim = aim_of([target])
            logs += np.minimum(misfit(aim, verdict.draws[:, None], np.array([noise[target.id]]))[:, 0], CUT) ** 2 / 2
        if target.is_record and target.world == "covid" and target.role != "input" and comparable(verdict):
            by_class.setdefault(class_of(target, classes), []).append(verdict)
    for members in by_class.values():
        prior, known = (
            prior_sd([each.target for each in members]),
            [each for each in members if each.target.year <= origin],
        )
        for each, part in zip(known, independent_parts([one.target for one in known]), strict=True):
            off = np.log(each.target.value) - np.log(each.draws)
            logs -= part * off**2 / 2 / (prior**2 + source_sd(each.target) ** 2)
    return resampled(next_step(logs, 1.0) * logs, np.random.Generator(np.random.Philox(SEED)))


def series_of(target: Target, records: Mapping[str, Verdict]) -> str:
    """First target of the series: the same quantity, population and unit, or what `before` names."""
    while target.before is not None and target.before in records:
        target = records[target.before].target
    alike = [each.target for each in records.values() if _sort_of(each.target) == _sort_of(target)]
    return min(alike, key=lambda each: (each.year, each.id)).id


def _sort_of(target: Target) -> tuple[str, str, str]:
    return target.quantity, target.population, target.unit


def forecast_of(verdict: Verdict, origin: int, series: str, earlier: Sequence[Verdict], own: Discrepancy) -> Forecast:
    """Forecast of a record from an origin, with the earlier records of its series."""
    target, known = verdict.target, sorted(earlier, key=lambda each: each.target.year)
    middle, kept, no_change, trend = 0.0, 0.0, None, None
    if known:
        last = known[-1]
        apart, explained = differences(last)
        stays = RETAINED ** (target.year - last.target.year)
        own_part = own.sd**2 / (own.sd**2 + explained)  # of the difference: the rest is that of draws and source
        middle = stays * own_part * apart
        kept = stays**2 * own_part
        no_change = abs(last.target.value - target.value)
    if len(known) > 1 and known[-2].target.year < known[-1].target.year:
        now, before = known[-1].target, known[-2].target
        slope = (now.value - before.value) / (now.year - before.year)
        trend = abs(now.value + slope * (target.year - now.year) - target.value)
    ensemble = np.exp(np.log(verdict.draws)[:, None] + own.quantiles(middle, float(np.sqrt(1 - kept)))).ravel()
    return Forecast(verdict, origin, series, ensemble, no_change, trend)


def crps(draws: Reals, value: float) -> float:
    """Continuous ranked probability score of an ensemble, less is better, unbiased in the number of draws.

    Fair form of C. A. T. Ferro, 2014, Q. J. R. Meteorol. Soc. 140, 1917-1923.
    """
    count = len(draws)
    error = float(np.abs(draws - value).mean())
    if count < 2:
        return error
    places = 2 * np.arange(1, count + 1) - count - 1
    between = 2 * float(np.sort(draws) @ places) / (count * (count - 1))
    return error - between / 2
