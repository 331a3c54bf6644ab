"""Names and choices that the table, section and figure on supply share."""

from typing import TYPE_CHECKING

from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.supply_by_programme import EVERYONE

if TYPE_CHECKING:
    import pandas as pd

MOST_PROGRAMMES = 8
SUPPLY_LABELS = {
    "posts": ("Posts", "posts"),
    "planned_starts": ("Posts for entrants of the year", "posts"),
    "started": ("Doctors who start", "doctors"),
    "headcount": ("Doctors in training", "doctors"),
    "shortfall": ("Posts less doctors in training", "posts"),
    "completed": ("Doctors who complete the programme", "doctors"),
}
SUPPLY_COLUMNS = {
    "programme": "short name of the programme",
    "programme_label": "name of the programme",
    "lever": "short name of the lever of supply",
    "posts": "posts that it adds in the last year",
    "post_years": "posts that it adds, over all reported years",
    "gbp": "cost of those post-years, pounds; empty where no cost is stated",
}


def worlds_compared(answer: Answer) -> list[str]:
    """Worlds whose supply is shown: the baseline and those with levers."""
    known = answer.supply.costs.index.get_level_values("world")
    return [name for name in answer.worlds if name == answer.study.baseline or name in known]


def most_moved(answer: Answer, most: int = MOST_PROGRAMMES) -> list[str]:
    """All programmes together, then those whose posts levers move most over the years."""
    posts = answer.supply.by_programme["mean"].xs("posts", level="indicator")
    base = posts.loc[answer.study.baseline]
    moved = sum((posts.loc[name] - base).abs() for name in worlds_compared(answer)).groupby("programme").sum()
    order = moved[moved > 0.5].drop(EVERYONE, errors="ignore").sort_values(ascending=False, kind="stable").index
    return [EVERYONE, *order[:most]]


def mean(answer: Answer, world: str, programme: str, year: int, indicator: str) -> float:
    """Mean of an indicator of a programme."""
    return float(answer.supply.by_programme.loc[(world, programme, year, indicator), "mean"])


def programme_label(answer: Answer, programme: str) -> str:
    """Name of a programme."""
    if programme == EVERYONE:
        return "All programmes, without foundation"
    return answer.names.programme_names[answer.names.programmes.index(programme)]


def with_programmes(answer: Answer) -> "pd.DataFrame":
    """Supply by programme with the names of programmes beside their codes."""
    table = answer.supply.by_programme.add_prefix("level_").reset_index()
    table.insert(2, "programme_label", [programme_label(answer, each) for each in table["programme"]])
    return table
