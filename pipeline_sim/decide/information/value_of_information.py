"""Value of information: what a decision would gain if uncertain figures were known before, or a trial were run.

Gains are of the draws D and K choices, in one unit, more is better. Whoever decides without the information takes the
choice of the highest mean. EVPI and EVPPI: J. Brennan and others, 2007, Med. Decis. Making 27, 448-470. A value always
stands beside its placebo floor: with N exchanges, the (N + 1) / 20th largest of the same estimate where values are
exchanged between draws, which a value of nothing exceeds in 5 % exactly, however many exchanges there are.

A trial of an effect would show it with an error, taken as normal, not exactly (EVSI). What it may find is simulated for
every draw. What the draws then say of the effect are importance weights, by which the expected gains given the effect
are averaged once more (N. A. Menzies, 2016, Med. Decis. Making 36, 308-320). So its value is between nothing and that
of knowing the effect.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline_sim.decide.information.smoothing import Reals, Whole, expected_gains, held_out_choice
from pipeline_sim.decide.true_gains import true_gains
from pipeline_sim.study.estimates.random_effects import Draws

EXCHANGES, LEVEL = 199, 0.05
POINTS = 9  # of what a trial may find around each draw (Gauss and Hermite)


class PerfectInformation(NamedTuple):
    """Value of knowing everything, without chance variation."""

    value: float
    with_chance: float  # had every replication been taken for the truth
    floor: float  # placebo floor: replications are exchanged between draws, so that nothing can be known
    best: int  # choice of the highest mean


def perfect_information(gains: Reals, draws: Draws, exchanges: int = EXCHANGES) -> PerfectInformation:
    """Value of perfect information from gains [R, K]; some draws need a second replication to take chance out."""
    generator = np.random.default_rng(1)
    others = (true_gains(generator.permutation(gains), draws) for _ in range(exchanges))
    return PerfectInformation(
        value_of_expected(true_gains(gains, draws)),
        value_of_expected(gains[draws.starts]),
        placebo_floor([value_of_expected(each) for each in others]),
        int(draws.means(gains).mean(axis=0).argmax()),
    )


def placebo_floor(values: Sequence[float]) -> float:
    """Value that one more of the same kind exceeds in 5 % at most."""
    return float(np.sort(values)[-int(LEVEL * (len(values) + 1))])


def value_of_expected(expected: Reals) -> float:
    """Value of deciding by expected gains [D, K] in place of their mean."""
    return max(float(expected.max(axis=1).mean() - expected.mean(axis=0).max()), 0.0)


def value_of_knowing(columns: Reals, gains: Reals) -> float:
    """Value of knowing figures [D, P], from gains [D, K], by the expected gains given them."""
    return value_of_expected(expected_gains(columns, gains))


def held_out_value(columns: Reals, gains: Reals, clusters: Whole) -> tuple[float, float]:
    """Value of knowing figures, by the gains of choices made by draws of other folds, and its standard error.

    It is not above the truth but for chance: a choice that follows nothing gains nothing.
    """
    chosen = held_out_choice(columns, gains, clusters)
    usual = gains[:, gains.mean(axis=0).argmax()]
    more = gains[np.arange(len(gains)), chosen] - usual
    return float(more.mean()), float(more.std() / np.sqrt(len(more)))


def trial_error(doctors: float, spread: float) -> float:
    """Standard error of the difference between two equal arms, in the unit of the spread between single doctors."""
    return 2 * spread / float(np.sqrt(doctors))


def value_of_trial(effect: Reals, gains: Reals, error: float) -> float:
    """Value of a trial of an effect [D] with an error in standard deviations of the effect, from gains [D, K]."""
    if effect.std() <= 0:
        return 0.0
    expected = expected_gains(effect[:, None], gains)
    places = effect / (effect.std() * error)
    nodes, shares = np.polynomial.hermite_e.hermegauss(POINTS)
    best = 0.0
    for node, share in zip(nodes, shares / shares.sum(), strict=True):
        likely = -(((places + node)[:, None] - places) ** 2) / 2
        given = np.exp(likely - likely.max(axis=1, keepdims=True))
        after = (given / given.sum(axis=1, keepdims=True)) @ expected
        best += share * float(after.max(axis=1).mean())
    return min(max(best - float(expected.mean(axis=0).max()), 0.0), value_of_expected(expected))
