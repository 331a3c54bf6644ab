"""What COVID cost, whatever the code of an outcome, and how much of it each mix makes good.

The harm is the baseline less the world without COVID, a gain the baseline less the world with the mix. Where the same
mix was also run without COVID, what it gains there it would gain in any year: the ordinary gain.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.study.estimates.intervals import Estimate, mean_and_interval, ratios
from pipeline_sim.study.estimates.random_effects import Draws, Reals

if TYPE_CHECKING:
    import pandas as pd

ALL_YEARS = 0  # instead of a year
SIGNS = {  # of what COVID does: 1 where it adds, -1 where it takes
    "extensions": 1, "extensions_10_2": 1, "extensions_3": 1, "outcomes_10_1": 1, "outcomes_10_2": 1, "outcomes_2": 1,
    "outcomes_3": 1, "extension_months": 1, "hidden_backlog": 1, "months_short": 1, "ccts_on_time": -1,
}  # fmt: skip
PARTS = ("harm", "gain", "share", "ordinary", "beyond")
KEYS = ("world", "year", "indicator")


def harm_table(
    tables: Mapping[str, "pd.DataFrame"],
    base: str,
    calm: str | None,
    mixes: Mapping[str, tuple[str, str] | None],
    draws: Draws,
) -> "pd.DataFrame":
    """Table by world, year (`ALL_YEARS` first) and indicator: columns mean, low, high and error of each of `PARTS`.

    tables: indicators by replication and year of every world, with all years together as year `ALL_YEARS`.
    mixes: by programme, the world with it and the world without it, neither with COVID; None if it was not run so.
    """
    import pandas as pd

    columns = [f"{part}_{end}" for part in PARTS for end in Estimate._fields]
    if calm is None or not mixes:
        return pd.DataFrame([], columns=[*KEYS, *columns]).set_index(list(KEYS))
    used = {base, calm, *mixes, *(world for pair in mixes.values() if pair for world in pair)}
    wide = {name: tables[name][list(SIGNS)].unstack("year") for name in used}  # columns: indicator, year
    kept = wide[base].columns[(wide[base] - wide[calm]).notna().all()]  # years without it are left out
    names, years = zip(*kept, strict=True)
    signs = np.array([SIGNS[name] for name in names])

    def less(one: str, other: str) -> Reals:
        return np.asarray(signs * (wide[one][kept] - wide[other][kept]).to_numpy(np.float64))

    def found(values: Reals) -> Sequence[Reals]:
        return mean_and_interval(values, draws, alone=True)

    harm = less(base, calm)
    unknown, harm_found, parts = (np.full(len(kept), np.nan),) * 4, found(harm), []
    for mix, ordinary in mixes.items():
        gain = less(base, mix)
        *share, clear = ratios(gain, harm, draws)
        ends = [*harm_found, *found(gain), *(np.where(clear, each, np.nan) for each in share)]
        usual = None if ordinary is None else less(ordinary[1], ordinary[0])
        ends += [*unknown, *unknown] if usual is None else [*found(usual), *found(gain - usual)]
        keys = dict(zip(KEYS, ([mix] * len(kept), map(int, years), names), strict=True))
        parts.append(pd.DataFrame(keys | dict(zip(columns, ends, strict=True))))
    return pd.concat(parts).set_index(list(KEYS))


def with_all_years(yearly: "pd.DataFrame", totals: "pd.DataFrame") -> "pd.DataFrame":
    """Indicators by replication and year, with those of all years together as year `ALL_YEARS`."""
    import pandas as pd

    together = totals.assign(year=ALL_YEARS).set_index("year", append=True)
    return pd.concat([together, yearly])[list(SIGNS)]
