"""Studies made of drawn numbers, whose truth is known: what a comparison would count, put through its own estimators.

A draw of the parameters moves all replications that share it, and each replication has luck besides, as in a study.
Arrays are [R, M]: replications, meta-experiments.
"""

from collections.abc import Callable
from typing import NamedTuple
from zlib import crc32

import numpy as np

from pipeline_sim.study.comparison.stopping_rule import half_width_at_most, stopping_points
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.indicators import mean_over_draw
from pipeline_sim.study.estimates.intervals import fieller_ratio, mean_and_interval
from pipeline_sim.study.estimates.ranking import is_beaten, variance_components
from support.interval_coverage import Reals, Row, counted

METAS, FEWER = 20_000, 4_000  # meta-experiments: in one go, and one by one
Luck = np.random.Generator
Maker = Callable[[Luck, "Size"], tuple[Reals, float]]
EFFECT = (0.05, 0.15, 0.35)  # low, stated, high part of extensions that a programme avoids: skew, as many of ours are
MEAN_EFFECT = sum(EFFECT) / 3


class Size(NamedTuple):
    """Of a study and of how many."""

    replications: int = 16
    lucks: int = 2
    metas: int = METAS

    def by_draw(self, drawn: Callable[[tuple[int, int]], Reals]) -> Reals:
        """[R, M] values that replications of a draw share."""
        draws = -(-self.replications // self.lucks)
        return np.repeat(drawn((draws, self.metas)), self.lucks, axis=0)[: self.replications]

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
    ("a count, chance alone; 16 replications", count, Size(16, 1)),
    ("a paired difference; 16 replications, 8 draws", avoided, Size()),
    ("a paired difference; 15 replications, 8 draws", avoided, Size(15)),
    ("a paired difference; 4 replications, 2 draws", avoided, Size(4)),
    ("a paired difference; 100 replications, 50 draws", avoided, Size(100, 2, FEWER)),
    ("a share; 16 replications, 8 draws", share, Size()),
    ("a quantity of skewness 1; 16 replications, 8 draws", skew, Size()),
)
BEYOND: tuple[tuple[str, Maker, Size], ...] = (
    ("a rare count (0.5 a replication), chance alone; 16 replications", rare_count, Size(16, 1)),
    ("a quantity of skewness 6; 16 replications, 8 draws", very_skew, Size()),
    ("a quantity of skewness 6; 100 replications, 50 draws", very_skew, Size(100, 2, FEWER)),
)


def fixed(what: str, maker: Maker, size: Size) -> Row:
    """Intervals of a mean, the number of replications fixed beforehand."""
    values, truth = maker(luck_of(what), size)
    _, low, high = mean_and_interval(mean_over_draw(values, size.lucks))
    return counted(what, truth, low, high)


def price(what: str, noise: float) -> Row:
    """Pounds for one avoided, where they can be told; what is spent is in doubt too, and more where it does more."""
    luck, size = luck_of(what), Size(metas=FEWER)
    gain, truth = avoided(luck, size)
    gained = mean_over_draw(gain + luck.normal(0, noise, size.shape), size.lucks)
    spent = 1000 + 8 * (gained - truth) + luck.normal(0, 30, gained.shape)
    found = [fieller_ratio(one, other) for one, other in zip(spent.T, gained.T, strict=True)]
    return counted(what, 1000 / truth, [each.low for each in found], [each.high for each in found])


class Rule(NamedTuple):
    """A study that stops when it knows enough."""

    lucks: int
    programmes: int
    wanted: float  # draws after which intervals would be narrow enough if their spread were known
    metas: int
    most: int = 400  # replications


def stopped(what: str, rule: Rule) -> Row:
    """Intervals of the first programme when the rule has stopped the study; programmes share half of their variance."""
    study = Study.model_construct(replications=rule.most, lucks=rule.lucks, precision=1.96 / np.sqrt(rule.wanted))
    luck, ends, draws = luck_of(what), [], rule.most // rule.lucks
    for _ in range(rule.metas):
        gaps = np.sqrt(0.5) * (luck.standard_normal((draws, 1)) + luck.standard_normal((draws, rule.programmes)))
        _, low, high = mean_and_interval(gaps[: until_narrow(study, gaps), 0])
        ends.append((float(low), float(high)))
    return counted(what, 0, *zip(*ends, strict=True))


def until_narrow(study: Study, gaps: Reals) -> int:
    """Draws after which the study's rule stops; gaps [D, programmes]."""
    for stop in stopping_points(study):
        draws = stop // study.lucks
        if all(half_width_at_most(gap, study.precision) for gap in gaps[:draws].T):
            return draws
    return len(gaps)


STOPPED = tuple(
    (f"a gain, until {name}; about {wanted} draws wanted", Rule(2, programmes, wanted, metas))
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
    found = variance_components({str(place): values for place, values in enumerate(raw)}, 2)
    return counted(what, truth, found["share_low"].to_numpy(), found["share_high"].to_numpy())


def rows() -> list[Row]:
    """What a comparison shows as 95 % intervals, in the cases that it is made for."""
    return [
        *(fixed(*each) for each in FIXED),
        price("a price, the gain certain; 16 replications, 8 draws", 0.0),
        price("a price, the gain barely certain; 16 replications, 8 draws", 18.0),
        *(stopped(*each) for each in STOPPED),
        *(parameters_share(part, draws) for part in (0.2, 0.5, 0.9) for draws in (8, 50)),
    ]


def rows_beyond() -> list[Row]:
    """What such intervals are not made for."""
    return [*(fixed(*each) for each in BEYOND), parameters_share(0.0, 8), *the_highest_of_nine()]


def the_highest_of_nine() -> list[Row]:
    """Nine mixes that gain the same, half of their variance shared, 8 draws: what is said of the first."""
    luck, who = luck_of("nine"), np.arange(FEWER)
    gained = luck.standard_normal((8, FEWER, 1)) + luck.standard_normal((8, FEWER, 9))
    first = gained.mean(axis=0).argmax(axis=1)
    leader = gained[:, who, first]
    _, low, high = mean_and_interval(leader)
    _, more, _ = mean_and_interval(leader[:, :, None] - gained)
    wrong = int((more > 0).any(axis=1).sum())
    return [
        counted("the highest of nine mixes that gain the same; 8 draws", 0, low, high),
        Row("the same less each of the others, all of them together", FEWER - wrong, wrong, 0),
    ]


def rows_best() -> list[Row]:
    """Is the best said to be one of those that may be? It is the first of so many, so far ahead of the others."""
    cases = ((2, 0.0, 8), (9, 0.0, 8), (9, 0.5, 8), (9, 0.0, 50), (30, 0.0, 8))
    return [the_best_of(*each) for each in cases]


def the_best_of(mixes: int, ahead: float, draws: int) -> Row:
    """Gains of which half the variance is shared; `ahead` in standard deviations."""
    what = f"{mixes} mixes, {f'the best {ahead:g} standard deviations ahead' if ahead else 'all alike'}; {draws} draws"
    luck = luck_of(what)
    gained = luck.standard_normal((draws, FEWER, 1)) + luck.standard_normal((draws, FEWER, mixes))
    gained[..., 0] += ahead
    wrong = int(is_beaten(gained)[:, 0].sum())
    return Row(what, FEWER - wrong, 0, wrong)
