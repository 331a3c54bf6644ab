"""Robust choice: which choice does well whatever comes, and in which futures it does not."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.decide.futures import Futures, exchanged
from pipeline_sim.decide.robustness.regret import Outcomes, Reals, outcomes, regret_map, robustness_table
from pipeline_sim.decide.robustness.scenario_discovery import Discovery, discover, inside_of

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 0.05  # regret that does not count, as a share of the mean gain of the choice
RULES = ("mean_regret", "high_regret", "worst_scenario_gain", "target_share")  # lowest, lowest, highest, highest


class RobustChoice(NamedTuple):
    """A robust choice, and what it depends on."""

    choices: tuple[str, ...]
    scenarios: tuple[str, ...]
    table: "pd.DataFrame"  # row a choice, as `robustness_table`
    regrets: Reals  # [S, K] mean regret
    chosen: str  # lowest mean regret
    by_rule: dict[str, str]  # choice by each of `RULES`
    discovery: Discovery
    columns: tuple[str, ...]  # of the discovery: figures, then scenarios
    units: tuple[str, ...]
    instead: str  # choice with the lowest mean regret in the box
    instead_share: float  # of the futures in the box in which it gains more than the one chosen
    target: float
    tolerance: float  # regret that does not count
    unit: str
    futures: int


def robust_choice(futures: Futures, target: float, seed: int = 1) -> RobustChoice:
    """Robust choice among those of a study; `target`: gain that satisfies."""
    found = outcomes(futures.gains, futures.draws)
    table = robustness_table(found, futures.choices, target)
    by_rule = {rule: str(table[rule].idxmin() if "regret" in rule else table[rule].idxmax()) for rule in RULES}
    if table["target_share"].nunique() == 1:  # the target tells no choice from another
        del by_rule["target_share"]
    chosen = futures.choices.index(by_rule["mean_regret"])
    tolerance = TOLERANCE * max(float(table["mean_gain"].iloc[chosen]), 0.0)
    fails = (found.regrets[..., chosen] > tolerance).ravel()
    columns, generator = columns_of(futures), np.random.default_rng(seed)
    copies = len(fails) / (int(futures.clusters.max()) + 1)
    discovery = discover(columns, fails, lambda: columns_of(futures, generator), copies=copies)
    instead, share = _instead(found, discovery, columns, chosen)
    figures = futures.figures
    scenarios = futures.scenarios if len(futures.scenarios) > 1 else ()
    return RobustChoice(
        futures.choices, futures.scenarios, table, regret_map(found), by_rule["mean_regret"], by_rule, discovery,
        (*figures.names, *scenarios), (*figures.units, *("" for _ in scenarios)), futures.choices[instead], share,
        target, tolerance, futures.unit, len(fails),
    )  # fmt: skip


def columns_of(futures: Futures, generator: np.random.Generator | None = None) -> Reals:
    """Figures [S x D, F], and with several scenarios a column for each, 1 where a future is of it.

    With a generator, those of a placebo: figures are exchanged between draws, the scenarios of a draw with each other.
    """
    figures, count = futures.figures, len(futures.scenarios)
    values, places = figures.values, np.repeat(np.arange(count)[:, None], len(figures.values), axis=1)
    if generator is not None:
        values = exchanged(values, figures.fitted, futures.clusters, generator)
        places = generator.permuted(places, axis=0)
    columns = np.tile(values, (count, 1))
    return columns if count == 1 else np.hstack([columns, np.eye(count)[places.ravel()]])


def _instead(found: Outcomes, discovery: Discovery, columns: Reals, chosen: int) -> tuple[int, float]:
    """Choice with the lowest mean regret in the box, and the share of its futures where that one gains more."""
    regrets = found.regrets.reshape(len(columns), -1)[inside_of(discovery.box.bounds, columns)]
    instead = int(regrets.mean(axis=0).argmin())
    return instead, float((regrets[:, instead] < regrets[:, chosen]).mean())
