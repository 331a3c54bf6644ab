"""Indicators by stage, specialty group, office and year, with small numbers suppressed.

A cell is suppressed where the baseline has on average fewer than `LEAST_DOCTORS` simulated doctors in it: a number so
small would show chance, not a specialty. At a smaller scale more cells are suppressed.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_MONTH
from pipeline_sim.study.estimates.harm_undone import ALL_YEARS
from pipeline_sim.study.estimates.intervals import Estimate, level_and_interval, mean_and_interval
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.replication.summary import CELL_MEASURES, WorldReplications, cells_of
from pipeline_sim.world.schema.names import Names

if TYPE_CHECKING:
    import pandas as pd

LEAST_DOCTORS = 10
INDICATORS = ("headcount", "extensions", "extension_months", "hidden_backlog")
STOCKS = ("headcount", "hidden_backlog")  # of all years: the mean of the censuses
ENGLAND = "England"
KEYS = ("world", "stage", "group", "office", "year", "indicator")


def cell_table(
    samples: Mapping[str, WorldReplications],
    base: str,
    names: Names,
    scale: float,
    draws: Draws,
    by_year: Sequence[str],
) -> "pd.DataFrame":
    """Levels and differences from the baseline by cell, `ALL_YEARS` first; worlds of `by_year` also year by year."""
    import pandas as pd

    plain = _indicators(samples[base])
    small = plain[..., INDICATORS.index("headcount")].mean(axis=0) < LEAST_DOCTORS  # [C, O + 1, Y + 1]
    years = (ALL_YEARS, *names.years[names.reported_from :])
    cells = pd.DataFrame(cells_of(names), columns=["stage", "group"])
    keys = cells.merge(pd.DataFrame({"office": [*names.office_names, ENGLAND]}), how="cross")
    keys = keys.merge(pd.DataFrame({"year": years}), how="cross").merge(
        pd.DataFrame({"indicator": INDICATORS}), how="cross"
    )
    suppressed = np.repeat(small.ravel(), len(INDICATORS))
    kept = ~suppressed | (keys["indicator"] == INDICATORS[0]).to_numpy()  # of a suppressed cell one row says so
    parts = []
    for name, sample in samples.items():
        values = _indicators(sample)
        columns = {"level_": values / scale} | ({} if name == base else {"difference_": (values - plain) / scale})
        own = kept & (name in by_year or (keys["year"] == ALL_YEARS).to_numpy())
        table = keys[own].assign(world=name, suppressed=suppressed[own])
        shown = ~suppressed[own]
        for start, numbers in columns.items():
            estimated = level_and_interval if start == "level_" else mean_and_interval
            found = estimated(numbers.reshape(len(numbers), -1)[:, own & ~suppressed], draws)
            for end, column in zip(Estimate._fields, found, strict=True):
                table[f"{start}{end}"] = np.nan
                table.loc[shown, f"{start}{end}"] = column
        parts.append(table)
    return pd.concat(parts, ignore_index=True).set_index(list(KEYS))


def _indicators(sample: WorldReplications) -> Reals:
    """[R, C, O + 1, Y + 1, indicators] of the model: all offices last, all years first."""
    counts = sample.by_cell.astype(np.float64)
    counts = np.concatenate([counts, counts.sum(axis=2, keepdims=True)], axis=2)
    wanted = {"extension_months": "extension_days", "hidden_backlog": "gap_carried_days"}
    values = np.stack([counts[..., CELL_MEASURES.index(wanted.get(name, name))] for name in INDICATORS], axis=-1)
    values[..., 2:] /= DAYS_PER_MONTH
    together = values.sum(axis=3, keepdims=True)
    together[..., [INDICATORS.index(name) for name in STOCKS]] /= values.shape[3]
    return np.concatenate([together, values], axis=3)
