"""What each mix gains in each scenario, against the same scenario without it, and its regret."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.study.estimates.cost_effectiveness import Price
from pipeline_sim.study.estimates.intervals import Estimate, Ratio, estimate
from pipeline_sim.study.estimates.random_effects import Draws, Reals

if TYPE_CHECKING:
    import pandas as pd

NONE = "none"


class ScenarioGain(NamedTuple):
    """Gain [R] of a mix in a scenario by the headline, the level [R] without it, and its price."""

    scenario: str
    mix: str
    without: Reals
    gained: Reals
    price: Price
    reading_error: float = np.nan  # days by which gaps may be misread, as stated; in the same events as the baseline's
    orders: str = NONE  # in which places of the mix are handed out


def scenario_table(gains: Sequence[ScenarioGain], ratio: str, draws: Draws) -> "pd.DataFrame":
    """Table by scenario and mix: without_*, gain_*, change_*, regret_*, gbp_* as Estimates; readings, orders.

    Change is the gain less that of the same mix in the first scenario. `ratio` is a field of Price. Regret is the gain
    forgone by choosing a mix and not what gains most in the scenario, which may be no mix.
    """
    import pandas as pd

    columns = [f"{part}_{end}" for part in ("without", "gain", "change", "regret", "gbp") for end in Estimate._fields]
    first = {each.mix: each.gained for each in gains if each.scenario == gains[0].scenario}
    rows, index = [], []
    for each in gains:
        others = [other.gained for other in gains if other.scenario == each.scenario]
        best = max([np.zeros_like(each.gained), *others], key=lambda gained: float(gained.mean()))
        cost: Ratio = getattr(each.price, ratio)
        price = cost[:4] if cost.excludes_zero else (np.nan,) * 4
        change = each.gained - first.get(each.mix, np.full_like(each.gained, np.nan))
        parts = (estimate(values, draws) for values in (each.without, each.gained, change, best - each.gained))
        rows.append((*chain.from_iterable(parts), *price, each.reading_error, each.orders))
        index.append((each.scenario, each.mix))
    columns += ["reading_error_days", "orders"]
    return pd.DataFrame(rows, columns=columns, index=pd.MultiIndex.from_tuples(index, names=["scenario", "world"]))


def largest_regret(table: "pd.DataFrame") -> Mapping[str, float]:
    """Largest mean regret over the scenarios, of each mix that was run in all of them."""
    by_mix = table["regret_mean"].groupby(level="world")
    everywhere = by_mix.count() == len(table.index.unique("scenario"))
    return {str(name): float(value) for name, value in by_mix.max()[everywhere].items()}
