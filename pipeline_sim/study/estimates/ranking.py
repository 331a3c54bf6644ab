"""Probabilities of what a mix does, and of being the best choice, each with its own Monte Carlo interval.

A probability is a share of the draws of the uncertain figures, whose true values `random_effects` finds. Its interval
holds what any number of draws would show: that of E. B. Wilson (1927, J. Am. Stat. Assoc. 22, 209-212) for the share
itself, widened by the chance that is left in the mean. A verdict is the band of probability that contains all of it.
One draw, or figures as stated, give no probability. Where no draw has two replications, chance cannot be separated
from what the figures do: it pulls a share towards that of a lot, so the interval reaches to the end away from that.
"""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.estimates.intervals import Estimate, estimate
from pipeline_sim.study.estimates.random_effects import TAILS, Draws, Effects, Reals, effects

if TYPE_CHECKING:
    import pandas as pd

NORMAL = 1.959964
BANDS = (  # from which probability on, and in words, after the guidance of the IPCC on likelihood
    (0.90, "very likely"), (0.66, "likely"), (0.33, "about as likely as not"), (0.10, "unlikely"),
    (0.0, "very unlikely"),
)  # fmt: skip
NOT_SETTLED, MOST_DRAWS = "not settled by these draws", 100_000
UNKNOWN = "not known without draws of the uncertain figures"
HEADS_OR_TAILS = 0.5
MOST_GBP_A_MONTH, STEPS = 40_000, 81


class Chance(NamedTuple):
    """A probability, its Monte Carlo interval, its verdict, and about how many draws would settle that."""

    probability: float
    probability_low: float
    probability_high: float
    verdict: str
    draws_to_settle: int  # as many as there are where it is settled; `MOST_DRAWS`: so many or more; 0: of no number


NO_CHANCE = Chance(np.nan, np.nan, np.nan, UNKNOWN, 0)


def chance_of(values: Reals, draws: Draws) -> Chance:
    """Probability that a true value is above zero, from values [R]."""
    return chance(effects(values, draws), draws)


def chance(found: Effects, draws: Draws) -> Chance:
    """Probability that a true value is above zero."""

    def ends(more: float) -> tuple[float, float]:
        """Interval if there were so many times the draws."""
        shift, doubt = (NORMAL * float(each) / np.sqrt(more) for each in (found.chance_error, found.spread_error))
        spread, count = float(found.spread), draws.effective * more
        wider = [np.sqrt(max(1 + side * doubt / spread, 0.0)) if spread > 0 else 1.0 for side in (-1, 1)]
        low, high = (pick(_share(found, side * shift, by) for by in wider) for pick, side in ((min, -1), (max, 1)))
        return reaching(wilson(low, count)[0], wilson(high, count)[1], draws, HEADS_OR_TAILS)

    if not np.isnan(found.mean) and not np.nan_to_num(found.drawn).any():  # nothing, which chance does not change
        return Chance(0.0, 0.0, 0.0, band(0.0), len(draws.weights))
    if np.isnan(found.error) or len(draws.weights) < 2:
        return NO_CHANCE
    return settled(_share(found), ends, draws)


def settled(probability: float, ends: Callable[[float], tuple[float, float]], draws: Draws) -> Chance:
    """Verdict on a probability whose interval is `ends` of so many times the draws."""
    low, high = ends(1.0)
    if band(low) == band(high):
        return Chance(probability, low, high, band(low), len(draws.weights))
    more = next((each for each in 1.1 ** np.arange(1, 100) if len(set(map(band, ends(each)))) == 1), np.inf)
    most = MOST_DRAWS if draws.replicated else 0
    needed = int(np.ceil(len(draws.weights) * more)) if np.isfinite(more) else most
    return Chance(probability, low, high, NOT_SETTLED, min(needed, MOST_DRAWS))


def reaching(low: float, high: float, draws: Draws, by_lot: float) -> tuple[float, float]:
    """Interval of a share; where no draw has two replications, as far as the end away from the share of a lot."""
    if draws.replicated:
        return low, high
    return (0.0 if low <= by_lot else low), (1.0 if high >= by_lot else high)


def band(probability: float) -> str:
    """Words for a probability."""
    return next((words for least, words in BANDS if probability >= least), NOT_SETTLED)


def wilson(share: float, count: float) -> tuple[float, float]:
    """95 % interval of a share of so many draws."""
    middle, size = share + NORMAL**2 / (2 * count), 1 + NORMAL**2 / count
    half = NORMAL * np.sqrt(max(share * (1 - share), 0.0) / count + NORMAL**2 / (4 * count**2))
    return max(float(middle - half) / size, 0.0), min(float(middle + half) / size, 1.0)


def _share(found: Effects, shift: float = 0.0, wider: float = 1.0) -> float:
    """Share of the draws above zero, had the mean and the spread of true values been others."""
    return float((found.weights * (found.mean + wider * (found.drawn - found.mean) + shift > 0)).sum())


def choices(gained: Mapping[str, Reals], draws: Draws) -> "pd.DataFrame":
    """Probability that each choice gains most, as `Chance`, and its expected loss; `gained` by choice [R].

    The expected loss is what choosing it forgoes on average beside the best of each draw. Ties are shared.
    """
    import pandas as pd

    columns = [*Chance._fields, "expected_loss"]
    if not gained:
        return pd.DataFrame(columns=columns)
    found = best_choices(np.stack(list(gained.values()), axis=-1), draws)
    rows = []
    for place in range(len(gained)):
        value = float(found.share[place])
        shifted = float(found.low[place]), float(found.high[place])
        ends = _shares_of_more(value, shifted, (draws, len(gained)))
        known = len(draws.weights) > 1
        rows.append((*(settled(value, ends, draws) if known else NO_CHANCE), float(found.loss[place])))
    return pd.DataFrame(rows, index=list(gained), columns=columns)


def _shares_of_more(
    value: float, shifted: tuple[float, float], of: tuple[Draws, int]
) -> Callable[[float], tuple[float, float]]:
    draws, choices_ = of

    def ends(more: float) -> tuple[float, float]:
        low, high = (value + (each - value) / np.sqrt(more) for each in shifted)
        count = draws.effective * more
        return reaching(wilson(low, count)[0], wilson(high, count)[1], draws, 1 / choices_)

    return ends


class Best(NamedTuple):
    """Of each choice [..., K]: share of draws in which it is best, lower and higher by chance; its expected loss."""

    share: Reals
    low: Reals
    high: Reals
    loss: Reals
    leads: npt.NDArray[np.intp]  # [...] the choice with the highest mean


def best_choices(values: Reals, draws: Draws) -> Best:
    """Which of K choices is best, from values [R, ..., K]; each beside that with the highest mean, pair by pair.

    Only differences count: chance that all choices share drops out before true values are found.
    """
    leads = np.nanmean(draws.means(values) * _like(draws.weights, values), axis=0).argmax(axis=-1)
    found = effects(values - np.take_along_axis(values, leads[None, ..., None], axis=-1), draws)
    ahead, weights = found.drawn, _like(draws.weights, values)
    shift = NORMAL * np.nan_to_num(found.chance_error)
    share = (weights * _firsts(ahead)).sum(axis=0)
    low, high = share.copy(), share.copy()
    for place in range(values.shape[-1]):
        own = np.zeros_like(shift)
        own[..., place] = shift[..., place]
        is_lead = leads == place
        for ends, sign in ((low, -1), (high, 1)):
            moved = np.where(is_lead[..., None], -sign * shift, sign * own)
            ends[..., place] = (weights * _firsts(ahead + moved)).sum(axis=0)[..., place]
    loss = (weights * ahead.max(axis=-1, keepdims=True)).sum(axis=0) - found.mean
    return Best(share, low, high, loss, leads)


def _like(weights: Reals, values: Reals) -> Reals:
    return weights.reshape(-1, *[1] * (values.ndim - 1))


def _firsts(values: Reals) -> Reals:
    best = values == values.max(axis=-1, keepdims=True)
    return np.asarray(best / best.sum(axis=-1, keepdims=True))


def acceptability_curve(
    gained: Mapping[str, Reals], cost: Mapping[str, Reals], no_programme: str, draws: Draws
) -> "pd.DataFrame":
    """Cost-effectiveness acceptability by value of a month of training and choice, of which `no_programme` is zero.

    Columns: probability of the highest net benefit and its Monte Carlo interval, expected loss in pounds, and whether
    the choice has the highest mean net benefit (the frontier: E. Fenwick, K. Claxton and M. Sculpher, 2001, Health
    Econ. 10, 779-787).
    """
    import pandas as pd

    prices, names = np.linspace(0, MOST_GBP_A_MONTH, STEPS), [no_programme, *gained]
    nothing = np.zeros(len(draws.of))
    gain, paid = (np.stack([nothing, *table.values()], axis=-1) for table in (gained, cost))
    found = best_choices(prices[:, None] * gain[:, None] - paid[:, None], draws)
    index = pd.MultiIndex.from_product([prices, names], names=["gbp_a_month", "world"])
    count, by_lot = draws.effective, 1 / len(names)
    ends = [
        reaching(wilson(low, count)[0], wilson(high, count)[1], draws, by_lot)
        for low, high in zip(found.low.ravel(), found.high.ravel(), strict=True)
    ]
    on_frontier = (np.arange(len(names)) == found.leads[:, None]).ravel()
    columns = dict(zip(Chance._fields[:3], (found.share.ravel(), *np.transpose(ends)), strict=True))
    return pd.DataFrame({**columns, "expected_loss_gbp": found.loss.ravel(), "on_frontier": on_frontier}, index=index)


def pairwise_differences(gained: Mapping[str, Reals], draws: Draws) -> "pd.DataFrame":
    """Gain of one programme over another, paired by replication: an Estimate and the Chance that it is above zero."""
    import pandas as pd

    pairs = list(combinations(gained, 2))
    gaps = [gained[one] - gained[other] for one, other in pairs]
    rows = [(*estimate(gap, draws), *chance_of(gap, draws)) for gap in gaps]
    index = pd.MultiIndex.from_tuples(pairs, names=["one", "other"])
    return pd.DataFrame(rows, index=index, columns=[*Estimate._fields, *Chance._fields])


def variance_components(raw: Mapping[str, Reals], draws: Draws) -> "pd.DataFrame":
    """Variance components of single replications: standard deviations due to the parameters and to chance.

    `raw` by programme [R]. With the parameters' share of the variance and its 95 % interval, NaN where nothing varies.
    Empty where every replication has a draw of its own, or all have one: the two cannot then be separated.
    """
    import pandas as pd

    columns = ["parameters_sd", "chance_sd", "parameters_share", "share_low", "share_high"]
    if len(draws.weights) < 2 or len(draws.weights) == len(draws.of):
        return pd.DataFrame(columns=columns)
    rows = [_components(effects(values, draws), draws) for values in raw.values()]
    return pd.DataFrame(rows, index=pd.Index(list(raw), name="world"), columns=columns)


def _components(found: Effects, draws: Draws) -> tuple[float, float, float, float, float]:
    between, within = float(found.between), float(found.within)
    if within <= 0:
        return between**0.5, 0.0, *([1.0 if between else np.nan] * 3)  # type: ignore[return-value]
    counts = np.bincount(draws.of)
    each = (counts.sum() - np.square(counts).sum() / counts.sum()) / (len(counts) - 1)  # replications of a draw
    low, high = _share_between(float(found.observed) / within * each, len(counts), len(draws.of), each)
    return between**0.5, within**0.5, between / (between + within), low, high


def _share_between(ratio: float, draws: int, replications: int, each: float) -> tuple[float, float]:
    """95 % interval of the share from the ratio of mean squares (Shrout and Fleiss, 1979, Psychol. Bull. 86, 420)."""
    from scipy.special import fdtri

    ends = []
    for part in TAILS[::-1]:
        over = ratio / float(fdtri(draws - 1, replications - draws, part))
        ends.append(max((over - 1) / (over - 1 + each), 0.0))
    return ends[0], ends[1]
