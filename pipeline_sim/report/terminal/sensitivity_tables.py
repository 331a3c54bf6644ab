"""Tables of a sensitivity analysis: influence of factors, design points, and a table for the terminal."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.sensitivity.analyse_sensitivity import LevelResults
from pipeline_sim.study.sensitivity.factors import LUCK, Method
from pipeline_sim.study.sensitivity.sensitivity_indices import Outcome

if TYPE_CHECKING:
    import pandas as pd

MEASURES: Mapping[Method, tuple[str, str, str, str]] = {
    "morris": ("mu_star", "mu_star_interval", "mu", "sigma"),
    "sobol": ("total", "total_interval", "none", "first"),
}
MOST_ROWS = 15


def influence_table(
    stages: Sequence[LevelResults], method: Method, digest: Callable[[Sequence[str]], str]
) -> "pd.DataFrame":
    """Influence, a row a stage, outcome and factor, strongest first; `digest` over the stated values of a factor."""
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


def points_table(stages: Sequence[LevelResults]) -> "pd.DataFrame":
    """Outcomes of the design points, a row a point, in the order of the design."""
    import pandas as pd

    tables = []
    for stage in stages:
        table = pd.DataFrame({_column(outcome): run.values for outcome, run in stage.outcomes.items()})
        table.insert(0, "level", stage.level)
        table.insert(1, "point", range(len(table)))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def factor_table(stage: LevelResults, outcome: Outcome, title: str) -> Table:
    """Terminal table of the strongest factors on one outcome, chance variation among them."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("", stage.level, "effect", "95 % interval", "", "beyond chance"):
        table.add_column(heading, justify="left" if heading in (stage.level, "beyond chance", "") else "right")
    rows = [row for row in stage.rows if row.outcome == outcome and (row.rank <= MOST_ROWS or row.factor == LUCK)]
    for row in rows:
        name = "chance" if row.factor == LUCK else row.factor
        known = row.factor != LUCK and (row.mean > 0 or row.mean < 0)  # neither where nothing moves, nor for NaN
        direction = "" if not known else "more" if row.mean > 0 else "less"
        beyond_chance = "" if row.factor == LUCK else "yes" if row.beyond_luck else "no"
        low, high = row.size if row.factor == LUCK else max(row.size - row.interval, 0.0), row.size + row.interval
        rank = str(row.rank) if row.rank else ""
        table.add_row(rank, name, rounded(row.size), f"{rounded(low)} to {rounded(high)}", direction, beyond_chance)
    return table


def _column(outcome: Outcome) -> str:
    return f"{outcome.kind}.{outcome.world.replace(' ', '_over_')}"
