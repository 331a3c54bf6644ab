"""What COVID cost, whatever the code of an outcome, and how much of it each mix makes good.

The harm is the baseline less the world without COVID, a gain the baseline less the world with the mix. Where the same
mix was also run without COVID, what it gains there it would gain in any year: the ordinary gain.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.study.estimates.intervals import Estimate, estimate, ratio
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


class Undone(NamedTuple):
    """Harm that COVID did [R], gain of a mix [R], and its gain without COVID [R], if it was run so."""

    harm: Reals
    gain: Reals
    ordinary: Reals | None

    def estimates(self, draws: Draws) -> tuple[Estimate, ...]:
        """Estimates of `PARTS`; the share is unknown where COVID did no clear harm."""
        share = ratio(self.gain, self.harm, draws)
        unknown = np.full_like(self.gain, np.nan)
        ordinary = unknown if self.ordinary is None else self.ordinary
        return (
            estimate(self.harm, draws),
            estimate(self.gain, draws),
            Estimate(*share[:4]) if share.excludes_zero else Estimate(np.nan, np.nan, np.nan),
            estimate(ordinary, draws),
            estimate(self.gain - ordinary, draws),
        )


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

    rows = []
    for mix, ordinary in mixes.items():
        for name, sign in SIGNS.items() if calm is not None else ():
            harm, gain = (_less(tables, base, other, name, sign) for other in (calm or base, mix))
            usual = None if ordinary is None else _less(tables, ordinary[1], ordinary[0], name, sign)
            for year in harm:
                found = Undone(harm[year], gain[year], None if usual is None else usual[year])
                rows.append((mix, year, name, *(value for part in found.estimates(draws) for value in part)))
    columns = [f"{part}_{end}" for part in PARTS for end in Estimate._fields]
    return pd.DataFrame(rows, columns=[*KEYS, *columns]).set_index(list(KEYS))


def _less(tables: Mapping[str, "pd.DataFrame"], one: str, other: str, name: str, sign: int) -> dict[int, Reals]:
    """One world less another by year [R], of an indicator; years without it are left out."""
    wide = sign * (tables[one][name] - tables[other][name]).unstack("year").sort_index(axis=1)
    return {int(year): wide[year].to_numpy(np.float64) for year in wide if wide[year].notna().all()}


def with_all_years(yearly: "pd.DataFrame", totals: "pd.DataFrame") -> "pd.DataFrame":
    """Indicators by replication and year, with those of all years together as year `ALL_YEARS`."""
    import pandas as pd

    together = totals.assign(year=ALL_YEARS).set_index("year", append=True)
    return pd.concat([together, yearly])[list(SIGNS)]
