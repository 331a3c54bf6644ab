"""How strongly each assumption moves what is decided: SALib's measures of every factor on every outcome, ranked."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.factors import LEVELS, LUCK, Factors, Method
from pipeline_sim.study.points import Outcomes
from pipeline_sim.study.study_file import Study

Reals = npt.NDArray[np.float64]
GAINED, LEAD, TAKEN, NET = "gained", "lead", "taken", "net_gbp_m"
CONFIDENCE, RESAMPLES = 0.95, 1000


class Outcome(NamedTuple):
    """One number that a decision hangs on."""

    kind: str  # gained by a programme, its lead over another, taken by what another world lacks, net cost in £m
    world: str
    label: str


class Influence(NamedTuple):
    """What one factor does to one outcome, in its unit.

    Morris: `size` is mu*, the mean change, either way, when the factor goes over its range; `mean` is mu, the same with
    its sign (NaN for several figures together); `other` is sigma, how much the change differs from place to place.
    Sobol: `size` is the total share of the variance, `other` the share owed to the factor alone.
    """

    factor: str
    outcome: Outcome
    size: float
    interval: float  # half of the 95 % interval of size
    mean: float
    other: float
    rank: int  # among the factors of the analysis, by size; luck has none (0)
    beyond_luck: bool  # the interval of size lies above what luck does


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
    factors: Factors, method: Method, parts: Reals, found: Mapping[Outcome, Reals], seed: int
) -> list[Influence]:
    """Every factor on every outcome, the strongest first, luck among them."""
    measure = _morris if method == "morris" else _sobol
    return [row for outcome, values in found.items() for row in _ranked(outcome, measure(factors, parts, values, seed))]


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


def _morris(factors: Factors, parts: Reals, values: Reals, seed: int) -> list[tuple[str, float, float, float, float]]:
    from SALib.analyze import morris

    names = factors.names
    if not np.ptp(values):
        return [(name, 0.0, 0.0, 0.0, 0.0) for name in names]
    found = morris.analyze(
        factors.problem, parts, values, num_levels=LEVELS, conf_level=CONFIDENCE, num_resamples=RESAMPLES, seed=seed
    )
    lone = [name == LUCK or factors.members(name) == (name,) for name in names]
    rows = zip(names, lone, found["mu_star"], found["mu_star_conf"], found["mu"], found["sigma"], strict=True)
    return [
        (name, float(size), float(near), float(mean) if alone else math.nan, float(other) if alone else math.nan)
        for name, alone, size, near, mean, other in rows
    ]


def _sobol(factors: Factors, parts: Reals, values: Reals, seed: int) -> list[tuple[str, float, float, float, float]]:
    from SALib.analyze import sobol

    if not np.ptp(values):
        return [(name, 0.0, 0.0, math.nan, 0.0) for name in factors.names]
    found = sobol.analyze(
        factors.problem,
        values,
        calc_second_order=False,
        conf_level=CONFIDENCE,
        num_resamples=RESAMPLES,
        seed=seed,
    )
    rows = zip(factors.names, found["ST"], found["ST_conf"], found["S1"], strict=True)
    return [(name, float(total), float(near), math.nan, float(alone)) for name, total, near, alone in rows]


def _ranked(outcome: Outcome, measured: Sequence[tuple[str, float, float, float, float]]) -> list[Influence]:
    floor = next(size for name, size, *_ in measured if name == LUCK)
    rows, rank = [], 0
    for name, size, interval, mean, other in sorted(measured, key=lambda row: (-row[1], row[0])):
        rank += name != LUCK
        place = 0 if name == LUCK else rank
        rows.append(Influence(name, outcome, size, interval, mean, other, place, size - interval > floor))
    return rows
