"""How strongly each assumption moves what is decided: SALib's measures of every factor on every outcome, ranked."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.sensitivity.design_runs import Outcomes
from pipeline_sim.study.sensitivity.factors import LEVELS, LUCK, Factors, Method

Reals = npt.NDArray[np.float64]
STEP = LEVELS / (2 * (LEVELS - 1))  # of Morris, in parts of a range
GAINED, LEAD, TAKEN, NET = "gained", "lead", "taken", "net_gbp_m"
CONFIDENCE, RESAMPLES = 0.95, 1000


class Outcome(NamedTuple):
    """One number that a decision hangs on."""

    kind: str  # gained by a programme, its lead over another, taken by what another world lacks, net cost in £m
    world: str
    label: str


class Run(NamedTuple):
    """What one outcome came to."""

    values: Reals  # [points] of the design
    lucks: Reals  # [paths, lucks] at the first point of every path; without paths none


class Measure(NamedTuple):
    """What a method says of one factor."""

    factor: str
    size: float
    interval: float
    mean: float
    other: float


class Influence(NamedTuple):
    """What one factor does to one outcome, in its unit.

    Morris: `size` is mu*, the mean change, either way, when the factor goes over its range; `mean` is mu, the same with
    its sign (NaN for several figures together); `other` is sigma, how much the change differs from place to place.
    Sobol: `size` is the total share of the variance, `other` the share owed to the factor alone.
    Luck by Morris: `size` is what other luck does on average, `size + interval` the most it does to any factor.
    """

    factor: str
    outcome: Outcome
    size: float
    interval: float  # half of the 95 % interval of size
    mean: float
    other: float
    rank: int  # among the factors of the analysis, by size; luck has none (0)
    beyond_luck: bool  # more than luck does to any of so many factors in 19 of 20 analyses (Sobol: than luck does)


def by_gain(worlds: Sequence[str], programmes: Sequence[str], found: Outcomes) -> list[str]:
    """Programmes by what they gain on average over all points, most first; worlds as in `outcomes`."""
    gain = {
        name: float((found.headline[:, 0] - found.headline[:, list(worlds).index(name)]).mean()) for name in programmes
    }
    return sorted(programmes, key=lambda name: (-gain[name], name))


def outcomes(study: Study, worlds: Sequence[str], ranked: Sequence[str], found: Outcomes) -> dict[Outcome, Reals]:
    """[P] every outcome that a decision hangs on.

    worlds: in the order of the columns, the baseline first; ranked: the programmes among them, the leading one first.
    """
    labels = {world.name: world.label for world in study.worlds}
    gap = {name: found.headline[:, 0] - found.headline[:, place] for place, name in enumerate(worlds)}
    shown: dict[Outcome, Reals] = {}
    for name in ranked:
        shown[Outcome(GAINED, name, f"gained by {labels[name]}")] = gap[name]
    if len(ranked) > 1:
        first, second = ranked[:2]
        label = f"lead of {labels[first]} over {labels[second]}"
        shown[Outcome(LEAD, f"{first} {second}", label)] = gap[first] - gap[second]
    for name in worlds[1:]:
        if name not in ranked:
            shown[Outcome(TAKEN, name, f"{labels[worlds[0]]} less {labels[name]}")] = gap[name]
    for name in ranked[:1]:
        net = found.net_gbp[:, list(worlds).index(name)] / 1e6
        if not np.isnan(net).any():
            shown[Outcome(NET, name, f"net cost of {labels[name]}, £m")] = net
    return shown


def influences(
    factors: Factors, method: Method, parts: Reals, found: Mapping[Outcome, Run], seed: int
) -> list[Influence]:
    """Every factor on every outcome, the strongest first, luck among them."""
    rows = []
    for outcome, run in found.items():
        if method == "morris":
            rows += _ranked(outcome, _morris(factors, parts, run, seed))
        else:
            rows += _ranked(outcome, _sobol(factors, parts, run, seed), floor_is_most=False)
    return rows


def luck_effect(values: Reals, factors: int) -> tuple[float, float]:
    """What a step to other luck does on average, and at most to any of so many factors in 19 of 20 analyses.

    values: [paths, lucks] one outcome at the first point of every path. Luck is taken as normal, with the same spread
    everywhere; a factor's mu* is a mean over the paths, so with more paths the most that luck does comes down.
    """
    step = float(np.sqrt(values.var(axis=1, ddof=1).mean())) * math.sqrt(2) / STEP
    draws = np.abs(np.random.default_rng(0).standard_normal((RESAMPLES, factors, len(values))))
    most = float(np.quantile(draws.mean(axis=2).max(axis=1), CONFIDENCE))
    return step * math.sqrt(2 / math.pi), step * most


def strongest(rows: Sequence[Influence], factors: Factors, most: int) -> list[str]:
    """Factors by their strength on any outcome beside luck's, as many as have together at most so many figures."""
    floor = {row.outcome: row.size for row in rows if row.factor == LUCK}
    strength: dict[str, float] = {}
    for row in rows:
        if row.factor != LUCK and row.size > 0:
            beside = row.size / floor[row.outcome] if floor[row.outcome] > 0 else math.inf
            strength[row.factor] = max(strength.get(row.factor, 0.0), beside)
    chosen, left = [], most
    for name in sorted(strength, key=lambda each: (-strength[each], each)):
        if len(factors.members(name)) <= left:
            chosen.append(name)
            left -= len(factors.members(name))
    return chosen


def _morris(factors: Factors, parts: Reals, run: Run, seed: int) -> list[Measure]:
    """mu*, its interval, mu and sigma; for luck what it does on average and up to the most that it does."""
    from SALib.analyze import morris

    names = factors.names
    if not np.ptp(run.values):
        return [Measure(name, 0.0, 0.0, 0.0, 0.0) for name in names]
    found = morris.analyze(
        factors.problem, parts, run.values, num_levels=LEVELS, conf_level=CONFIDENCE, num_resamples=RESAMPLES, seed=seed
    )
    rows = []
    for name, *numbers in zip(names, found["mu_star"], found["mu_star_conf"], found["mu"], found["sigma"], strict=True):
        size, near, mean, other = map(float, numbers)
        alone = factors.members(name) == (name,)
        rows.append(Measure(name, size, near, mean if alone else math.nan, other if alone else math.nan))
    usual, most = luck_effect(run.lucks, len(names) - 1)
    return [*(row for row in rows if row.factor != LUCK), Measure(LUCK, usual, most - usual, math.nan, math.nan)]


def _sobol(factors: Factors, _parts: Reals, run: Run, seed: int) -> list[Measure]:
    """Total share of the variance, its interval, and the share owed to the factor alone."""
    from SALib.analyze import sobol

    if not np.ptp(run.values):
        return [Measure(name, 0.0, 0.0, math.nan, 0.0) for name in factors.names]
    found = sobol.analyze(
        factors.problem,
        run.values,
        calc_second_order=False,
        conf_level=CONFIDENCE,
        num_resamples=RESAMPLES,
        seed=seed,
    )
    rows = zip(factors.names, found["ST"], found["ST_conf"], found["S1"], strict=True)
    return [Measure(name, float(total), float(near), math.nan, float(alone)) for name, total, near, alone in rows]


def _ranked(outcome: Outcome, measured: Sequence[Measure], floor_is_most: bool = True) -> list[Influence]:
    """Ranked by size; beyond luck is what exceeds the most that luck does or, failing that, is sure to exceed luck."""
    luck = next(each for each in measured if each.factor == LUCK)
    rows, rank = [], 0
    for each in sorted(measured, key=lambda each: (-each.size, each.factor)):
        rank += each.factor != LUCK
        place = 0 if each.factor == LUCK else rank
        beyond = each.size > luck.size + luck.interval if floor_is_most else each.size - each.interval > luck.size
        rows.append(Influence(each.factor, outcome, *each[1:], place, beyond and each.factor != LUCK))
    return rows
