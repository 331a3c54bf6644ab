"""The influence of assumptions as tables: every measure, every point, and what a terminal shows."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.sensitivity.analyse_sensitivity import Stage
from pipeline_sim.study.sensitivity.factors import LUCK, Method
from pipeline_sim.study.sensitivity.sensitivity_indices import Outcome

if TYPE_CHECKING:
    import pandas as pd

MEASURES: Mapping[Method, tuple[str, str, str, str]] = {
    "morris": ("mu_star", "mu_star_interval", "mu", "sigma"),
    "sobol": ("total", "total_interval", "none", "first"),
}
MOST_ROWS = 15


def influence_table(stages: Sequence[Stage], method: Method, digest: Callable[[Sequence[str]], str]) -> "pd.DataFrame":
    """A row a stage, outcome and factor, the strongest first; `digest` over what its figures are stated to be."""
    import pandas as pd

    size, interval, mean, other = MEASURES[method]
    rows = [
        {
            "level": stage.level,
            "outcome": row.outcome.kind,
            "world": row.outcome.world,
            "factor": row.factor,
            "rank": row.rank,
            size: row.size,
            interval: row.interval,
            mean: row.mean,
            other: row.other,
            "beyond_luck": "" if row.factor == LUCK else "yes" if row.beyond_luck else "no",
            "figures": len(stage.factors.members(row.factor)),
            "digest": digest(stage.factors.members(row.factor)),
        }
        for stage in stages
        for row in stage.rows
    ]
    return pd.DataFrame(rows).drop(columns="none", errors="ignore")


def points_table(stages: Sequence[Stage]) -> "pd.DataFrame":
    """A row a point, a column an outcome, in the order of the design."""
    import pandas as pd

    tables = []
    for stage in stages:
        table = pd.DataFrame({_column(outcome): run.values for outcome, run in stage.outcomes.items()})
        table.insert(0, "level", stage.level)
        table.insert(1, "point", range(len(table)))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def shown_table(stage: Stage, outcome: Outcome, title: str) -> Table:
    """The strongest factors on one outcome, and luck among them."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("", stage.level, "moves it by", "95 % interval", "", "told from luck"):
        table.add_column(heading, justify="left" if heading in (stage.level, "told from luck", "") else "right")
    rows = [row for row in stage.rows if row.outcome == outcome and (row.rank <= MOST_ROWS or row.factor == LUCK)]
    for row in rows:
        way = "" if math.isnan(row.mean) or row.factor == LUCK else "more" if row.mean > 0 else "less"
        told = "" if row.factor == LUCK else "yes" if row.beyond_luck else "no"
        low, high = row.size if row.factor == LUCK else max(row.size - row.interval, 0.0), row.size + row.interval
        place = str(row.rank) if row.rank else ""
        table.add_row(place, row.factor, rounded(row.size), f"{rounded(low)} to {rounded(high)}", way, told)
    return table


def _column(outcome: Outcome) -> str:
    return f"{outcome.kind}.{outcome.world.replace(' ', '_over_')}"
