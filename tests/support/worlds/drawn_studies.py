"""Studies made of drawn numbers, whose truth is known: what a comparison would count, put through its own estimators.

A draw of the parameters moves all replications that share it, and each replication has luck besides, as in a study.
Arrays are [R, M]: replications, meta-experiments.
"""

from collections.abc import Callable
from typing import NamedTuple
from zlib import crc32

import numpy as np
from scipy import stats

from pipeline_sim.study.comparison.stopping_rule import half_width_at_most, stopping_points
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.random_effects import Draws, effects, interval, monte_carlo_interval
from pipeline_sim.study.estimates.ranking import NOT_SETTLED, band, chance_of, choices, variance_components
from pipeline_sim.study.replication.repeated_draws import draw_of, draws_of_replications
from support.interval_coverage import Calibrated, Part, Reals, Row, counted

METAS, FEWER = 20_000, 4_000  # meta-experiments: in one go, and one by one
Luck = np.random.Generator
Maker = Callable[[Luck, "Size"], tuple[Reals, float]]
EFFECT = (0.05, 0.15, 0.35)  # low, stated, high part of extensions that a programme avoids: skew, as many of ours are
MEAN_EFFECT = sum(EFFECT) / 3


class Size(NamedTuple):
    """Of a study and of how many."""

    replications: int = 16
    every: int = 1  # one of so many draws is run twice
    metas: int = METAS

    def by_draw(self, drawn: Callable[[tuple[int, int]], Reals]) -> Reals:
        """[R, M] values that replications of a draw share."""
        return drawn((len(self.draws.weights), self.metas))[self.draws.of]

    @property
    def draws(self) -> Draws:
        """Which draw each replication has."""
        return Draws.alike(draws_of_replications(self.replications, self.every))

    @property
    def shape(self) -> tuple[int, int]:
        """R, M"""
        return self.replications, self.metas


def luck_of(what: str) -> Luck:
    """Luck by name, so that one row more or less moves no other."""
    return np.random.Generator(np.random.Philox(key=crc32(what.encode())))


def count(luck: Luck, size: Size) -> tuple[Reals, float]:
    """A count with chance alone, such as extensions in a cell."""
    return luck.poisson(40, size.shape).astype(np.float64), 40


def rare_count(luck: Luck, size: Size) -> tuple[Reals, float]:
    """One every other replication."""
    return luck.poisson(0.5, size.shape).astype(np.float64), 0.5


def avoided(luck: Luck, size: Size) -> tuple[Reals, float]:
    """World less world: of a count in doubt, a part in doubt is avoided, under the same luck."""
    many = size.by_draw(lambda shape: luck.triangular(60, 100, 160, shape))
    effect = size.by_draw(lambda shape: luck.triangular(*EFFECT, shape))
    return luck.binomial(luck.poisson(many), effect).astype(np.float64), (60 + 100 + 160) / 3 * MEAN_EFFECT


def share(luck: Luck, size: Size) -> tuple[Reals, float]:
    """A share in doubt of a whole that luck decides."""
    part = size.by_draw(lambda shape: luck.triangular(0.02, 0.05, 0.11, shape))
    whole = luck.poisson(500, size.shape)
    return 100 * luck.binomial(whole, part) / whole, 6.0


def skew(luck: Luck, size: Size) -> tuple[Reals, float]:
    """A quantity with a long tail (log-normal, skewness 0.95), and luck."""
    many = size.by_draw(lambda shape: luck.lognormal(0, 0.3, shape))
    return many + luck.normal(0, 0.1, size.shape), float(np.exp(0.045))


def very_skew(luck: Luck, size: Size) -> tuple[Reals, float]:
    """A longer tail than any that we have seen in ours (skewness 6.2)."""
    many = size.by_draw(lambda shape: luck.lognormal(0, 1, shape))
    return many + luck.normal(0, 0.1, size.shape), float(np.exp(0.5))


FIXED: tuple[tuple[str, Maker, Size], ...] = (
    ("a count, chance alone; 16 replications", count, Size(16, 0)),
    ("a paired difference; 16 replications, 8 draws", avoided, Size()),
    ("a paired difference; 15 replications, 8 draws", avoided, Size(15)),
    ("a paired difference; 4 replications, 2 draws", avoided, Size(4)),
    ("a paired difference; 100 replications, 50 draws", avoided, Size(100, 1, FEWER)),
    ("a share; 16 replications, 8 draws", share, Size()),
    ("a quantity of skewness 1; 16 replications, 8 draws", skew, Size()),
)
BEYOND: tuple[tuple[str, Maker, Size], ...] = (
    ("a rare count (0.5 a replication), chance alone; 16 replications", rare_count, Size(16, 0)),
    ("a quantity of skewness 6; 16 replications, 8 draws", very_skew, Size()),
    ("a quantity of skewness 6; 100 replications, 50 draws", very_skew, Size(100, 1, FEWER)),
)


def fixed(what: str, maker: Maker, size: Size) -> Row:
    """Monte Carlo intervals of a mean, the number of replications fixed beforehand."""
    values, truth = maker(luck_of(what), size)
    return counted(what, truth, *monte_carlo_interval(effects(values, size.draws)))


class Rule(NamedTuple):
    """A study that stops when it knows enough."""

    every: int
    programmes: int
    wanted: float  # draws after which intervals would be narrow enough if their spread were known
    metas: int
    most: int = 400  # replications


def stopped(what: str, rule: Rule) -> Row:
    """Intervals of the first programme when the rule has stopped the study; programmes share half of their variance."""
    study = Study.model_construct(
        replications=rule.most, repeat_every=rule.every, precision=1.96 / np.sqrt(rule.wanted)
    )
    luck, ends, draws = luck_of(what), [], draw_of(rule.most - 1, rule.every) + 1
    for _ in range(rule.metas):
        gaps = np.sqrt(0.5) * (luck.standard_normal((draws, 1)) + luck.standard_normal((draws, rule.programmes)))
        low, high = mean_of_draws(gaps[: until_narrow(study, gaps), 0])
        ends.append((float(low), float(high)))
    return counted(what, 0, *zip(*ends, strict=True))


def mean_of_draws(values: Reals) -> tuple[Reals, Reals]:
    """Monte Carlo interval of the mean of values [D, ...], each of a draw of its own."""
    return monte_carlo_interval(effects(values, Draws.even(len(values), 1)))


def until_narrow(study: Study, gaps: Reals) -> int:
    """Draws after which the study's rule stops; gaps [D, programmes]."""
    for stop in stopping_points(study):
        draws = draw_of(stop - 1, study.repeat_every) + 1
        if all(half_width_at_most(gap, Draws.even(draws, 1), study.precision) for gap in gaps[:draws].T):
            return draws
    return len(gaps)


STOPPED = tuple(
    (f"a gain, until {name}; about {wanted} draws wanted", Rule(1, programmes, wanted, metas))
    for name, programmes, metas in (
        ("its interval is narrow enough", 1, 2 * FEWER), ("those of nine programmes are", 9, FEWER // 2),
    )
    for wanted in (10, 20, 40)
)  # fmt: skip


def parameters_share(truth: float, draws: int) -> Row:
    """Intervals of the parameters' share of the variance of single replications, two to a draw."""
    what = f"the figures' part of the variance, {100 * truth:.0f} %; {draws} draws"
    luck = luck_of(what)
    many = np.repeat(luck.normal(0, np.sqrt(truth), (FEWER, draws)), 2, axis=1)
    raw = many + luck.normal(0, np.sqrt(1 - truth), many.shape)
    found = variance_components({str(place): values for place, values in enumerate(raw)}, Draws.even(2 * draws, 2))
    return counted(what, truth, found["share_low"].to_numpy(), found["share_high"].to_numpy())


def rows() -> list[Row]:
    """What a comparison shows as 95 % intervals, in the cases that it is made for."""
    return [
        *(fixed(*each) for each in FIXED),
        *(stopped(*each) for each in STOPPED),
        *(parameters_share(part, draws) for part in (0.2, 0.5, 0.9) for draws in (8, 50)),
    ]


def rows_beyond() -> list[Row]:
    """What such intervals are not made for."""
    return [*(fixed(*each) for each in BEYOND), parameters_share(0.0, 8)]


class Truth(NamedTuple):
    """True effects of a mix, of a spread of 1, and how far single replications of a draw differ by chance."""

    name: str
    effects: stats.rv_continuous
    draws: int
    chance: float
    every: int = 1  # one of so many draws is run twice
    metas: int = FEWER


SKEW = stats.gamma(4, loc=-2, scale=0.5)
TRUTHS = (
    Truth("normal", stats.norm(), 8, 0.5), Truth("normal", stats.norm(), 40, 1.0),
    Truth("normal", stats.norm(), 200, 1.0),
    Truth("skewness 1", SKEW, 8, 0.5), Truth("skewness 1", SKEW, 40, 1.0), Truth("skewness 1", SKEW, 200, 1.0),
    Truth("normal", stats.norm(), 8, 1.0), Truth("normal", stats.norm(), 200, 4.0),
    *(Truth("normal, one draw in four twice", stats.norm(), 32, chance, 4) for chance in (0.5, 1.0, 2.0, 4.0)),
    Truth("skewness 1, one draw in four twice", SKEW, 32, 1.0, 4),
    Truth("normal, one draw in four twice", stats.norm(), 200, 1.0, 4),
    Truth("normal, one draw in four twice", stats.norm(), 200, 4.0, 4),
)  # fmt: skip


def drawn(case: Truth, luck: Luck) -> tuple[Reals, Draws]:
    """Values [R, M] of a case."""
    draws = Draws.alike(draws_of_replications(case.draws + case.draws // case.every, case.every))
    true = case.effects.rvs((case.draws, case.metas), random_state=luck)
    return true[draws.of] + case.chance * luck.standard_normal((len(draws.of), case.metas)), draws


def credible(case: Truth) -> Part:
    """Part of true effects that 95 % credible intervals hold, on average over studies."""
    what = f"{case.name}; {case.draws} draws, chance {case.chance:g}"
    values, draws = drawn(case, luck_of(what))
    low, high = (case.effects.cdf(end) for end in interval(effects(values, draws)))
    return Part(what, case.metas, float((high - low).mean()), float(low.mean()), float(1 - high.mean()))


def rows_credible() -> list[Part]:
    """How much of what is true a credible interval holds: 95 % is right."""
    return [*map(credible, TRUTHS), nothing(8, 1), nothing(32, 4), nothing(200, 1)]


def nothing(draws: int, every: int) -> Part:
    """Intervals of what has no effect at all, of which single replications are one apart: how many hold zero."""
    what = f"no effect at all{', one draw in four twice' if every > 1 else ''}; {draws} draws, chance 1"
    values, sampling = drawn(Truth("", stats.norm(0, 1e-12), draws, 1.0, every), luck_of(what))
    low, high = interval(effects(values, sampling))
    return Part(
        what, FEWER, float(((low <= 0) & (high >= 0)).mean()), float((low > 0).mean()), float((high < 0).mean())
    )


def probability(mean: float, draws: int, chance: float, every: int = 1) -> Calibrated:
    """Probability of a gain whose truth is normal with a spread of 1 and this mean."""
    what = f"a gain; {draws} draws{', one in four twice' if every > 1 else ''}, chance {chance:g}"
    luck, truth = luck_of(f"{what} {mean}"), float(stats.norm.cdf(mean))
    case = Truth("", stats.norm(mean), draws, chance, every, FEWER // 4)
    values, sampling = drawn(case, luck)
    found = [chance_of(value, sampling) for value in values.T]
    held = np.mean([each.probability_low <= truth <= each.probability_high for each in found])
    settled = [each.verdict for each in found if each.verdict != NOT_SETTLED]
    wrong = sum(verdict != band(truth) for verdict in settled)
    parts = len(settled) / len(found), wrong / len(found)
    return Calibrated(what, truth, float(np.mean([each.probability for each in found])), float(held), *parts)


def being_best(ahead: float, mixes: int, draws: int) -> Calibrated:
    """Probability that the first of so many mixes is the best: they share half of their variance and most chance."""
    what = f"the best of {mixes} mixes; {draws} draws, chance 1"
    luck = luck_of(f"{what} {ahead}")
    offset = np.zeros(mixes)
    offset[0] = ahead
    truth = float(((offset + luck.standard_normal((200_000, mixes))).argmax(axis=1) == 0).mean())
    sampling, found = Draws.even(2 * draws, 2), []
    for _ in range(FEWER // 16):
        true = offset + luck.standard_normal((draws, mixes)) + luck.standard_normal((draws, 1))
        chance = luck.standard_normal((2 * draws, mixes)) + 2 * luck.standard_normal((2 * draws, 1))
        gained = {str(place): each for place, each in enumerate((true[sampling.of] + chance).T)}
        found.append(choices(gained, sampling).iloc[0])
    held = np.mean([each["probability_low"] <= truth <= each["probability_high"] for each in found])
    settled = [each["verdict"] for each in found if each["verdict"] != NOT_SETTLED]
    parts = len(settled) / len(found), sum(verdict != band(truth) for verdict in settled) / len(found)
    return Calibrated(what, truth, float(np.mean([each["probability"] for each in found])), float(held), *parts)


def rows_calibrated() -> list[Calibrated]:
    """Probabilities as they are said beside what is true."""
    gains = ((0.0, 40, 1.0), (0.5, 40, 1.0), (1.0, 40, 1.0), (2.0, 40, 1.0), (2.0, 200, 1.0), (1.0, 200, 3.0))
    return [
        *(probability(*each) for each in gains),
        *(probability(mean, 32, 1.0, 4) for mean in (0.5, 1.0, 2.0)),
        *(being_best(*each) for each in ((0.0, 5, 40), (1.0, 5, 40), (2.0, 5, 200))),
    ]
