"""Robust choice: which choice does well whatever comes, and in which futures it does not.

A future is a draw of the figures in a scenario; all futures count alike, so a scenario that is given twice counts
twice. Chance is taken out of gains before choices are compared. Sizes: S scenarios, R replications, D draws, K choices.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline_sim.decide.futures import Futures, exchanged
from pipeline_sim.decide.robustness.scenario_discovery import Discovery, discover, inside_of
from pipeline_sim.decide.true_gains import true_gains
from pipeline_sim.study.estimates.random_effects import Reals

SATISFIES = 0.5  # target where none is given, as a share of the highest mean gain
TOLERANCE = 0.05  # regret that does not count, as a share of the mean gain of the choice
RULES = ("mean_regret", "worst_scenario_gain", "target_share")  # lowest, highest, highest


class RobustChoice(NamedTuple):
    """A robust choice, and what it depends on."""

    table: pd.DataFrame  # row a choice, as `robustness_table`
    regrets: pd.DataFrame  # mean regret, row a choice, column a scenario
    chosen: str  # lowest mean regret
    by_rule: dict[str, str]  # choice by each of `RULES`
    discovery: Discovery
    columns: tuple[str, ...]  # of the discovery: figures, then scenarios
    units: tuple[str, ...]  # of the figures
    instead: str  # choice with the lowest mean regret in the box
    instead_share: float  # of the futures in the box in which it gains more than the one chosen
    target: float
    target_given: bool  # else it is half the highest mean gain
    tolerance: float  # regret that does not count
    unit: str
    futures: int


def robust_choice(futures: Futures, target: float | None = None) -> RobustChoice:
    """Robust choice among those of a study; `target`: gain that satisfies, by default half the highest mean gain."""
    choices, figures = futures.choices, futures.figures
    gains = np.stack([true_gains(each, futures.draws) for each in futures.gains])
    regrets = gains.max(axis=-1, keepdims=True) - gains  # [S, D, K]
    satisfies = SATISFIES * float(gains.mean(axis=(0, 1)).max()) if target is None else target
    table = robustness_table(gains, choices, satisfies)
    by_rule = {rule: str(table[rule].idxmin() if "regret" in rule else table[rule].idxmax()) for rule in RULES}
    if table["target_share"].nunique() == 1:  # the target tells no choice from another
        del by_rule["target_share"]
    chosen = choices.index(by_rule["mean_regret"])
    tolerance = TOLERANCE * max(float(table["mean_gain"].iloc[chosen]), 0.0)
    flat = regrets.reshape(-1, len(choices))
    columns, generator = columns_of(futures), np.random.default_rng(1)
    copies = len(flat) / (int(futures.clusters.max()) + 1)
    discovery = discover(columns, flat[:, chosen] > tolerance, lambda: columns_of(futures, generator), copies=copies)
    in_box = flat[inside_of(discovery.box.bounds, columns)]
    instead = int(in_box.mean(axis=0).argmin())
    by_scenario = pd.DataFrame(regrets.mean(axis=1).T, pd.Index(choices, name="choice"), list(futures.scenarios))
    return RobustChoice(
        table, by_scenario, choices[chosen], by_rule, discovery, (*figures.names, *futures.scenarios), figures.units,
        choices[instead], float((in_box[:, instead] < in_box[:, chosen]).mean()), satisfies, target is not None,
        tolerance, futures.unit, len(flat),
    )  # fmt: skip


def robustness_table(gains: Reals, choices: Sequence[str], target: float) -> pd.DataFrame:
    """Row a choice: mean gain, that of the worst scenario, mean regret, share of futures that meet the target.

    gains: [S, D, K].
    """
    regrets = gains.max(axis=-1, keepdims=True) - gains
    columns = {
        "mean_gain": gains.mean(axis=(0, 1)),
        "worst_scenario_gain": gains.mean(axis=1).min(axis=0),
        "mean_regret": regrets.mean(axis=(0, 1)),
        "target_share": (gains >= target).mean(axis=(0, 1)),
    }
    return pd.DataFrame(columns, index=pd.Index(choices, name="choice"))


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
