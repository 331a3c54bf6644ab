"""Estimates over replications with common random numbers: means, paired differences, 95 % credible intervals."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.estimates.random_effects import Draws, Reals, effects, interval, quantiles, total
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    import pandas as pd

MOST_PERCENT = 100.0
KNOWN_SIGN = 0.975  # probability of a gain from which on a ratio to it has a 95 % interval


class Estimate(NamedTuple):
    """A posterior mean, its 95 % credible interval and its Monte Carlo error; NaN with a single replication."""

    mean: float
    low: float
    high: float
    error: float = float("nan")  # standard error of the mean, in which draws and chance would differ next time

    @property
    def excludes_zero(self) -> bool:
        """True if the interval is known and excludes zero."""
        return bool(self.low > 0 or self.high < 0)

    @property
    def is_nothing(self) -> bool:
        """True if the value is zero in every draw."""
        return self.low == self.high == 0

    def negated(self) -> "Estimate":
        """Estimate of the opposite sign."""
        return Estimate(-self.mean, -self.high, -self.low, self.error)

    def times(self, factor: float) -> "Estimate":
        """Estimate in another unit; `factor` is above zero."""
        return Estimate(*(value * factor for value in self))


class Ratio(NamedTuple):
    """Pounds for one unit gained: mean cost over mean gain; without an interval where a gain is not likely enough."""

    mean: float
    low: float
    high: float
    error: float = float("nan")
    excludes_zero: bool = False  # a gain has a probability of 97.5 % or more


def estimate(sample: Reals, draws: Draws) -> Estimate:
    """Estimate of values [R]; replications without a value (NaN) are left out."""
    return Estimate(*map(float, mean_and_interval(np.asarray(sample, np.float64), draws)))


def mean_and_interval(values: Reals, draws: Draws, alone: bool = False) -> tuple[Reals, Reals, Reals, Reals]:
    """Mean, low, high and Monte Carlo error over the first axis of values [R, ...]. `alone`: see `total`."""
    if not values.size:
        return (np.full(values.shape[1:], np.nan),) * 4
    found = effects(values, draws, alone)
    return found.mean, *interval(found, alone), found.error


def level_and_interval(
    values: Reals, draws: Draws, signed: Sequence[int] = (), percentages: Sequence[int] = ()
) -> tuple[Reals, Reals, Reals, Reals]:
    """As `mean_and_interval`, of levels [R, ..., K]: intervals end at 0 and, of `percentages`, at 100.

    signed: positions of the last axis that can be below zero.
    """
    mean, low, high, error = mean_and_interval(values, draws)
    least, most = np.zeros(values.shape[-1]), np.full(values.shape[-1], np.inf)
    least[list(signed)], most[list(percentages)] = -np.inf, MOST_PERCENT
    return mean, np.maximum(low, least), np.minimum(high, most), error


def ratio(above: Reals, below: Reals, draws: Draws) -> Ratio:
    """Mean of `above` [R] over mean of `below` [R], with the 95 % interval of the ratio of true values."""
    return Ratio(*(each.item() for each in ratios(above[:, None], below[:, None], draws)))


def ratios(above: Reals, below: Reals, draws: Draws) -> Sequence[npt.NDArray[np.generic]]:
    """Columns [K] of `Ratio`, of above [R, K] to below [R, K].

    Spread and error are those of a ratio of means (Taylor series). No interval where `below` may be zero or less.
    """
    top, bottom = (effects(each, draws, alone=True) for each in (above, below))
    positive, weights = bottom.drawn > 0, bottom.weights
    value = np.divide(top.mean, bottom.mean, out=np.full_like(top.mean, np.nan), where=bottom.mean > 0)
    low, high, error = np.full((3, len(value)), np.nan)
    sure = total(weights * positive, alone=True) >= KNOWN_SIGN
    sure &= (interval(bottom, alone=True)[0] > 0) & (len(above) > 1)
    if sure.any():
        positive, weights, mean = positive[:, sure], (weights * positive)[:, sure], value[sure]
        drawn = top.drawn[:, sure], bottom.drawn[:, sure]
        quotients = np.divide(*drawn, out=np.full(positive.shape, np.nan), where=positive)
        rest = effects(above[:, sure] - mean * below[:, sure], draws, alone=True)
        wide, spread = mean + rest.wider * (quotients - mean), rest.spread * (rest.wider / bottom.mean[sure]) ** 2
        weights = weights / total(weights, alone=True)
        low[sure], high[sure] = quantiles(wide, weights, spread, bottom.freedom[sure], alone=True)
        error[sure] = rest.error / bottom.mean[sure]
    return value, low, high, error, sure


def estimates(values: "pd.DataFrame", draws: Draws) -> "pd.DataFrame":
    """Estimates of every column over replications, for each value of the other index levels."""
    import pandas as pd

    keys = [name for name in values.index.names if name != "replication"]
    wide = values.unstack(keys) if keys else values
    columns = [name if isinstance(name, tuple) else (name,) for name in wide.columns]
    index = pd.MultiIndex.from_tuples([(*rest, name) for name, *rest in columns], names=[*keys, "indicator"])
    found = mean_and_interval(wide.to_numpy(np.float64), draws)
    table = pd.DataFrame(dict(zip(Estimate._fields, found, strict=True)), index=index)
    keys_in_order = list(dict.fromkeys(tuple(rest) for _, *rest in columns))
    order = [(*rest, name) for rest in keys_in_order for name in values.columns]
    return table.loc[order]


def levels(worlds: Mapping[str, "pd.DataFrame"], draws: Draws, percentages: Collection[str] = ()) -> "pd.DataFrame":
    """Estimates of every world, the world as first index level; intervals end where the quantity does.

    A quantity that no replication has below zero is at least 0, one of `percentages` at most 100.
    """
    import pandas as pd

    table = pd.concat({name: estimates(values, draws) for name, values in worlds.items()}, names=["world"])
    names = table.index.get_level_values("indicator")
    signed = {name for values in worlds.values() for name in values if (values[name] < 0).any()}
    table["low"] = table["low"].mask(~names.isin(list(signed)) & (table["low"] < 0), 0.0)
    table["high"] = table["high"].mask(names.isin(list(percentages)) & (table["high"] > MOST_PERCENT), MOST_PERCENT)
    return table


def paired_differences(worlds: Mapping[str, "pd.DataFrame"], baseline: str, draws: Draws) -> "pd.DataFrame":
    """Estimates of world less baseline, replication by replication; StudyError for worlds that cannot be paired."""
    import pandas as pd

    if baseline not in worlds:
        raise StudyError(f"there is no world {baseline} to compare with")
    base = worlds[baseline]
    differences = {}
    for name, values in worlds.items():
        if name == baseline:
            continue
        if not values.index.equals(base.index):
            raise StudyError(f"worlds {name} and {baseline} have other replications or years: they cannot be paired")
        differences[name] = estimates(values - base, draws)
    if not differences:  # nothing to compare: an empty table of the same form
        return pd.concat({baseline: estimates(base, draws)}, names=["world"]).iloc[:0]
    return pd.concat(differences, names=["world"])
