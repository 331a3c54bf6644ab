"""Sensitivity indices: SALib's measures of every factor on every outcome that a decision depends on, ranked."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.sensitivity.design_runs import PointResults
from pipeline_sim.study.sensitivity.factors import LEVELS, LUCK, Factors, Method

Reals = npt.NDArray[np.float64]
STEP = LEVELS / (2 * (LEVELS - 1))  # of Morris, in parts of a range
GAINED, LEAD, TAKEN, NET = "gained", "lead", "taken", "net_gbp_m"
CONFIDENCE, RESAMPLES = 0.95, 1000


class Outcome(NamedTuple):
    """An outcome that a decision depends on."""

    kind: str  # gained by a programme, its lead over another, taken by what another world lacks, net cost in £m
    world: str
    label: str


class Run(NamedTuple):
    """Values of one outcome."""

    values: Reals  # [points] of the design
    replicates: Reals  # [paths, replicates] at the first point of every path; without paths none


class Measure(NamedTuple):
    """Sensitivity index of one factor."""

    factor: str
    size: float
    interval: float
    mean: float
    other: float


class Influence(NamedTuple):
    """Influence of one factor on one outcome, in the outcome's unit.

    Morris: `size` is mu*, the mean absolute change when the factor goes over its range; `mean` is mu, the signed mean
    (NaN for several figures together); `other` is sigma, the variation of the change from place to place. Sobol: `size`
    is the total-order index, `other` the first-order index. Random numbers by Morris: `size` is their average effect,
    `size + interval` the largest that they have on any factor.
    """

    factor: str
    outcome: Outcome
    size: float
    interval: float  # half of the 95 % interval of size
    mean: float
    other: float
    rank: int  # among the factors of the analysis, by size; random numbers have none (0)
    beyond_luck: bool  # above the largest effect of chance on so many factors in 19 of 20 analyses (Sobol: its effect)


def by_gain(worlds: Sequence[str], programmes: Sequence[str], results: PointResults) -> list[str]:
    """Programmes by their mean gain over all points, highest first; worlds as in `outcomes`."""
    columns = dict(zip(worlds, results.headline.T, strict=True))
    gain = {name: float((results.headline[:, 0] - columns[name]).mean()) for name in programmes}
    return sorted(programmes, key=lambda name: (-gain[name], name))


def outcomes(study: Study, worlds: Sequence[str], ranked: Sequence[str], results: PointResults) -> dict[Outcome, Reals]:
    """Outcomes [P] that a decision depends on.

    worlds: in the order of the columns, the baseline first; ranked: the programmes among them, the leading one first.
    """
    labels = {world.name: world.label for world in study.worlds}
    gap = {name: results.headline[:, 0] - results.headline[:, index] for index, name in enumerate(worlds)}
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
        net = results.net_gbp[:, list(worlds).index(name)] / 1e6
        if not np.isnan(net).any():
            shown[Outcome(NET, name, f"net cost of {labels[name]}, £m")] = net
    return shown


def influences(
    factors: Factors, method: Method, parts: Reals, results: Mapping[Outcome, Run], seed: int
) -> list[Influence]:
    """Influence of every factor on every outcome, the strongest first, random numbers among them."""
    rows = []
    for outcome, run in results.items():
        if method == "morris":
            rows += _ranked(outcome, _morris(factors, parts, run, seed))
        else:
            rows += _ranked(outcome, _sobol(factors, parts, run, seed), floor_is_most=False)
    return rows


def chance_effect(values: Reals, factors: int) -> tuple[float, float]:
    """Effect of other random numbers: on average, and at most on any of so many factors in 19 of 20 analyses.

    values: [paths, replicates] one outcome at the first point of every path. Chance variation is taken as normal, with
    equal spread everywhere; a factor's mu* is a mean over the paths, so the largest effect falls with their number.
    """
    step = float(np.sqrt(values.var(axis=1, ddof=1).mean())) * math.sqrt(2) / STEP
    draws = np.abs(np.random.default_rng(0).standard_normal((RESAMPLES, factors, len(values))))
    most = float(np.quantile(draws.mean(axis=2).max(axis=1), CONFIDENCE))
    return step * math.sqrt(2 / math.pi), step * most


def strongest(rows: Sequence[Influence], factors: Factors, most: int) -> list[str]:
    """Strongest factors on any outcome relative to chance, as many as have together at most so many figures."""
    floor = {row.outcome: row.size for row in rows if row.factor == LUCK}
    strength: dict[str, float] = {}
    for row in rows:
        if row.factor != LUCK and row.size > 0:
            beside = row.size / floor[row.outcome] if floor[row.outcome] > 0 else math.inf
            strength[row.factor] = max(strength.get(row.factor, 0.0), beside)
    chosen, left = [], most
    for name in sorted(strength, key=lambda name: (-strength[name], name)):
        if len(factors.members(name)) <= left:
            chosen.append(name)
            left -= len(factors.members(name))
    return chosen


def _morris(factors: Factors, parts: Reals, run: Run, seed: int) -> list[Measure]:
    """mu*, its interval, mu and sigma; for the random numbers their average and largest effect."""
    from SALib.analyze import morris

    names = factors.names
    if not np.ptp(run.values):
        return [Measure(name, 0.0, 0.0, 0.0, 0.0) for name in names]
    results = morris.analyze(
        factors.problem, parts, run.values, num_levels=LEVELS, conf_level=CONFIDENCE, num_resamples=RESAMPLES, seed=seed
    )
    rows = []
    columns = (results[name] for name in ("mu_star", "mu_star_conf", "mu", "sigma"))
    for name, *numbers in zip(names, *columns, strict=True):
        size, near, mean, other = map(float, numbers)
        alone = factors.members(name) == (name,)
        rows.append(Measure(name, size, near, mean if alone else math.nan, other if alone else math.nan))
    usual, most = chance_effect(run.replicates, len(names) - 1)
    return [*(row for row in rows if row.factor != LUCK), Measure(LUCK, usual, most - usual, math.nan, math.nan)]


def _sobol(factors: Factors, _parts: Reals, run: Run, seed: int) -> list[Measure]:
    from SALib.analyze import sobol

    if not np.ptp(run.values):
        return [Measure(name, 0.0, 0.0, math.nan, 0.0) for name in factors.names]
    results = sobol.analyze(
        factors.problem, run.values, calc_second_order=False, conf_level=CONFIDENCE, num_resamples=RESAMPLES, seed=seed
    )
    rows = zip(factors.names, results["ST"], results["ST_conf"], results["S1"], strict=True)
    return [Measure(name, float(total), float(near), math.nan, float(alone)) for name, total, near, alone in rows]


def _ranked(outcome: Outcome, measured: Sequence[Measure], floor_is_most: bool = True) -> list[Influence]:
    """Influences by size; `beyond_luck`: above the largest effect of chance or, if unknown, surely above its effect."""
    luck = next(measure for measure in measured if measure.factor == LUCK)
    rows, rank = [], 0
    for measure in sorted(measured, key=lambda measure: (-measure.size, measure.factor)):
        rank += measure.factor != LUCK
        is_luck = measure.factor == LUCK
        low, floor = (
            (measure.size, luck.size + luck.interval) if floor_is_most else (measure.size - measure.interval, luck.size)
        )
        rows.append(
            Influence(measure.factor, outcome, *measure[1:], 0 if is_luck else rank, low > floor and not is_luck)
        )
    return rows
