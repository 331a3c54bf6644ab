"""What each mix gains in each scenario, against the same scenario without it, and its regret."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.study.estimates.cost_effectiveness import Price
from pipeline_sim.study.estimates.intervals import Estimate, Ratio, estimate
from pipeline_sim.study.estimates.random_effects import Draws, Reals

if TYPE_CHECKING:
    import pandas as pd


class ScenarioGain(NamedTuple):
    """Gain [R] of a mix in a scenario by the headline, the level [R] without it, and its price."""

    scenario: str
    mix: str
    without: Reals
    gained: Reals
    price: Price


def scenario_table(gains: Sequence[ScenarioGain], ratio: str, draws: Draws) -> "pd.DataFrame":
    """Table by scenario and mix: without_*, gain_*, regret_* and gbp_* as Estimates; `ratio` is a field of Price.

    Regret is the gain forgone by choosing a mix and not what gains most in the scenario, which may be no mix.
    """
    import pandas as pd

    columns = [f"{part}_{end}" for part in ("without", "gain", "regret", "gbp") for end in Estimate._fields]
    rows, index = [], []
    for each in gains:
        others = [other.gained for other in gains if other.scenario == each.scenario]
        best = max([np.zeros_like(each.gained), *others], key=lambda gained: float(gained.mean()))
        cost: Ratio = getattr(each.price, ratio)
        price = cost[:4] if cost.excludes_zero else (np.nan,) * 4
        parts = (estimate(values, draws) for values in (each.without, each.gained, best - each.gained))
        rows.append((*(value for part in parts for value in part), *price))
        index.append((each.scenario, each.mix))
    return pd.DataFrame(rows, columns=columns, index=pd.MultiIndex.from_tuples(index, names=["scenario", "world"]))


def largest_regret(table: "pd.DataFrame") -> Mapping[str, float]:
    """Largest mean regret over the scenarios, of each mix that was run in all of them."""
    by_mix = table["regret_mean"].groupby(level="world")
    everywhere = by_mix.count() == len(table.index.unique("scenario"))
    return {str(name): float(value) for name, value in by_mix.max()[everywhere].items()}
