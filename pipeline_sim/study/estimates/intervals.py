"""Estimates over replications with common random numbers: means, paired differences and their 95 % intervals."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE, MOST_PERCENT = 0.95, 100.0
Reals = npt.NDArray[np.float64]


class Estimate(NamedTuple):
    """A mean over replications and its 95 % interval; NaN bounds with a single replication."""

    mean: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """True if the interval is known and excludes zero."""
        return bool(self.low > 0 or self.high < 0)

    def negated(self) -> "Estimate":
        """Estimate of the opposite sign."""
        return Estimate(-self.mean, -self.high, -self.low)


class Ratio(NamedTuple):
    """Pounds for one unit gained; without an interval where the gain may be zero."""

    mean: float
    low: float
    high: float
    excludes_zero: bool  # the gain differs clearly from zero


def t_quantile(freedom: npt.ArrayLike) -> Reals:
    """Two-sided 95 % quantile of Student's t, in standard errors, by degrees of freedom."""
    from scipy.special import stdtrit  # scipy.stats takes a second to import

    return np.asarray(stdtrit(freedom, (1 + CONFIDENCE) / 2))


def one_sided_t_quantile(error: float, freedom: float) -> float:
    """One-sided quantile of Student's t that is exceeded with probability `error`."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1 - error))


def estimate(sample: Reals) -> Estimate:
    """Mean with a Student t interval over replications; replications without a value (NaN) are left out."""
    values = np.asarray(sample, dtype=np.float64)
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return Estimate(np.nan, np.nan, np.nan)
    mean = float(values.mean())
    if len(values) == 1:
        return Estimate(mean, np.nan, np.nan)
    half = float(t_quantile(len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(mean, mean - half, mean + half)


def fieller_ratio(cost: Reals, gain: Reals) -> Ratio:
    """Mean cost over mean gain with Fieller's interval (E. C. Fieller, 1954, J. R. Stat. Soc. B 16, 175-185).

    Without an interval where that of the gain includes zero: no finite price is then ruled out.
    """
    count = len(gain)
    if count < 2 or not estimate(gain).low > 0:
        mean = float(cost.mean() / gain.mean()) if count and gain.mean() > 0 else np.nan
        return Ratio(mean, np.nan, np.nan, excludes_zero=False)
    quantile = float(t_quantile(count - 1)) ** 2 / count
    both = np.cov(cost, gain, ddof=1)
    above, below = float(cost.mean()), float(gain.mean())
    square = below**2 - quantile * both[1, 1]
    middle = above * below - quantile * both[0, 1]
    rest = above**2 - quantile * both[0, 0]
    root = float(np.sqrt(max(middle**2 - square * rest, 0.0)))
    return Ratio(above / below, (middle - root) / square, (middle + root) / square, excludes_zero=True)


def mean_and_interval(values: npt.NDArray[np.float64]) -> tuple[Reals, Reals, Reals]:
    """Mean, low and high over the first axis, as `estimate` has them; NaN entries are left out."""
    count = np.sum(~np.isnan(values), axis=0)
    total = np.nansum(values, axis=0)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    squares = np.nansum((values - mean) ** 2, axis=0)
    several = count > 1
    if not several.any():
        return mean, np.full(total.shape, np.nan), np.full(total.shape, np.nan)  # without importing SciPy
    spread = np.sqrt(np.divide(squares, count - 1, out=np.full(total.shape, np.nan), where=several))
    half = t_quantile(np.where(several, count - 1, 1)) * spread / np.sqrt(np.maximum(count, 1))
    return mean, mean - half, mean + half


def estimates(values: "pd.DataFrame") -> "pd.DataFrame":
    """Mean, low and high of every column over replications, for each value of the other index levels."""
    import pandas as pd

    keys = [name for name in values.index.names if name != "replication"]
    wide = values.unstack(keys) if keys else values
    columns = [name if isinstance(name, tuple) else (name,) for name in wide.columns]
    index = pd.MultiIndex.from_tuples([(*rest, name) for name, *rest in columns], names=[*keys, "indicator"])
    table = pd.DataFrame(
        dict(zip(Estimate._fields, mean_and_interval(wide.to_numpy(np.float64)), strict=True)), index=index
    )
    keys_in_order = list(dict.fromkeys(tuple(rest) for _, *rest in columns))
    order = [(*rest, name) for rest in keys_in_order for name in values.columns]
    return table.loc[order]


def levels(worlds: Mapping[str, "pd.DataFrame"], percentages: Collection[str] = ()) -> "pd.DataFrame":
    """Estimates of every world, the world as first index level; intervals end where the quantity does.

    A quantity that no replication has below zero is at least 0, one of `percentages` at most 100.
    """
    import pandas as pd

    table = pd.concat({name: estimates(values) for name, values in worlds.items()}, names=["world"])
    names = table.index.get_level_values("indicator")
    signed = {name for values in worlds.values() for name in values if (values[name] < 0).any()}
    table["low"] = table["low"].mask(~names.isin(list(signed)) & (table["low"] < 0), 0.0)
    table["high"] = table["high"].mask(names.isin(list(percentages)) & (table["high"] > MOST_PERCENT), MOST_PERCENT)
    return table


def paired_differences(worlds: Mapping[str, "pd.DataFrame"], baseline: str) -> "pd.DataFrame":
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
        differences[name] = estimates(values - base)
    if not differences:  # nothing to compare: an empty table of the same form
        return pd.concat({baseline: estimates(base)}, names=["world"]).iloc[:0]
    return pd.concat(differences, names=["world"])
