"""Answers as tidy tables: one row one observation, the unit beside every number, names beside every code."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.horizons import SPANS
from pipeline_sim.study.estimates.indicators import LABELS
from pipeline_sim.study.estimates.intervals import Estimate, Ratio

if TYPE_CHECKING:
    import pandas as pd

MEANS = list(Estimate._fields)
MONEY = {  # label, and how it is reckoned
    "spent_gbp": ("Spent", "what the mix spends; the rest of the budget is kept back by ceilings"),
    "unspent_gbp": ("Left unspent", "budget - spent_gbp"),
    "extension_saving_gbp": (
        "Saved on extensions",
        "extension_cost_gbp of the baseline - extension_cost_gbp of the world",
    ),
    "net_budget_gbp": (
        "Net cost to the training budget",
        "spent_gbp - extension_saving_gbp; money that pays for extensions counts once",
    ),
    "net_system_gbp": (
        "Net cost to the system, discounted",
        "the same, and the worth of the years by which CCTs are put off; discounted",
    ),
    "per_extension_avoided_gbp": ("For one extension avoided", "mean spent_gbp / mean extensions avoided"),
    "per_month_recovered_gbp": ("For one month recovered", "mean spent_gbp / mean fall of months_short"),
    "extension_cost_gbp": ("Cost of extensions", "whole-time months of extension x the price of a month, by stage"),
}
NAMES = LABELS | {name: (label, "GBP") for name, (label, _) in MONEY.items()}
COLUMNS = {
    "world": "short name of the world",
    "world_label": "name of the world",
    "year": "calendar year in which the training year begins",
    "training_year": "training year, August to July",
    "indicator": "short name of what is measured",
    "indicator_label": "what is measured",
    "unit": "unit of the numbers in the row",
    "mean": "mean over draws, in the unit of the row",
    "low": "lower end of the 95 % interval of the mean; empty if there is none",
    "high": "upper end of the 95 % interval of the mean; empty if there is none",
    "difference_mean": "mean of world less baseline under the same luck, in the unit of the row",
    "difference_low": "lower end of its 95 % interval",
    "difference_high": "upper end of its 95 % interval",
    "by": "what doctors are told apart by",
    "who": "which doctors",
    "group": "specialty group",
    "office": "office of postgraduate training",
    "office_label": "name of the office",
    "intervention": "short name of the intervention",
    "intervention_label": "name of the intervention",
    "units": "mean over draws of what is bought, in the unit of the row",
    "spent_gbp": "mean over draws of what is spent, pounds",
    "unspent_gbp": "mean over draws of what is left unspent, pounds",
    "horizon": "planning horizon, counted from the year in which the money is spent",
    "can_tell": "true if the interval leaves out nothing gained",
    "one": "short name of the first mix",
    "one_label": "name of the first mix",
    "other": "short name of the second mix",
    "other_label": "name of the second mix",
    "gbp_a_month": "what a month of training is taken to be worth, pounds",
    "probability": "part of the draws, 0 to 1",
    "may_be_best": "false if, all compared at once, another mix gains more (95 % confidence)",
    "parameters_sd": "standard deviation over draws of the figures in doubt, in the unit of the row",
    "luck_sd": "standard deviation over luck alone, in the unit of the row",
    "parameters_share": "part of the variance of single replications owed to the figures in doubt, 0 to 1",
    "share_low": "lower end of its 95 % interval",
    "share_high": "upper end of its 95 % interval",
    "rung": "place in the order in which things are added",
    "label": "what is added",
    "kind": "shock or intervention",
    "draw": "number of the draw of the figures in doubt",
    "value": "value of the draw, in the unit of the row",
}


class Tidy(NamedTuple):
    """A table and how to read it."""

    name: str  # of its file
    title: str
    note: str
    frame: "pd.DataFrame"

    @property
    def columns(self) -> dict[str, str]:
        """What each column means."""
        return {name: COLUMNS[name] for name in self.frame.columns}


def tidy(answer: Answer) -> list[Tidy]:
    """All tables of an answer, in the order in which they are to be read. Those of which there is nothing are empty."""
    base = answer.label(answer.study.baseline)
    return [Tidy(name, title.format(base=base), note, make(answer)) for name, title, note, make in _made()]


def _made() -> Sequence[tuple[str, str, str, Callable[[Answer], "pd.DataFrame"]]]:
    """File, title, note and maker of every table."""
    less = "World less “{base}”, under the same luck"
    stocks = "Backlog and doctors in training are means of the censuses."
    return (
        (
            "comparison", "Every world, and its difference from “{base}”",
            "All reported years: flows are added up, stocks are those of the last census.", comparison,
        ),
        (
            "prices", "What each mix costs",
            "Pounds of the year in which they fall unless it says discounted.", prices,
        ),
        ("between", "What one mix gains more than another", "By the study's headline; more is better.", between),
        (
            "best", "How often each mix is best",
            "Part of the draws in which a mix gains most by the headline; whether it may be the best of all (95 %).",
            best_of,
        ),
        (
            "acceptability", "Which choice is worth most, by the worth of a month of training",
            "Doing nothing is one of the choices.", acceptability,
        ),
        (
            "horizons", f"{less}, by planning horizon",
            "Flows of the years are added up, stocks are those at their end.", horizons,
        ),
        ("who_gains", f"{less}, by kind of doctor", stocks, who_gains),
        ("places", f"{less}, by specialty group and office", stocks, places),
        (
            "attribution", "What each shock took and each intervention gave back",
            "What each adds depends on the order in which they are added; the order is the study's.", attribution,
        ),
        (
            "spread", "Where the spread of single replications comes from",
            "Of the headline difference.", spread,
        ),
        ("bought", "What each mix buys", "Means over draws.", bought),
        ("spending", "Spending by year, office and intervention", "Means over draws.", spending),
        (
            "by_year", "Every world by training year, and its difference from “{base}”",
            "Stocks are counted at the census of the year.", by_year,
        ),
        ("draws", "Every draw of every world", "Means over replications that share a draw.", draws),
    )  # fmt: skip


def comparison(answer: Answer) -> "pd.DataFrame":
    """Levels and differences over all reported years."""
    return named(answer, answer.totals.join(answer.differences.add_prefix("difference_")).reset_index())


def by_year(answer: Answer) -> "pd.DataFrame":
    """The same year by year."""
    joined = answer.yearly.join(answer.yearly_differences.add_prefix("difference_")).reset_index()
    return named(answer, joined)


def who_gains(answer: Answer) -> "pd.DataFrame":
    """Differences by kind of doctor."""
    return named(answer, answer.gains.reset_index())


def places(answer: Answer) -> "pd.DataFrame":
    """Differences by specialty group and office."""
    return named(answer, answer.places.reset_index())


def horizons(answer: Answer) -> "pd.DataFrame":
    """Differences by planning horizon, in the order of the years."""
    table = answer.horizons.reset_index()
    order = {label: place for place, (label, _, _) in enumerate(SPANS)}
    table["place"] = table["horizon"].map(order)
    table["at"] = [answer.worlds.index(world) for world in table["world"]]
    return named(answer, table.sort_values(["at", "place"], kind="stable").drop(columns=["at", "place"]))


def prices(answer: Answer) -> "pd.DataFrame":
    """Money of each programme, a row a price."""
    import pandas as pd

    rows = []
    for world, price in answer.prices.items():
        for name, found in price._asdict().items():
            rows.append((world, name, *_three(found), _told(found)))
    table = pd.DataFrame(rows, columns=["world", "indicator", *MEANS, "can_tell"])
    return named(answer, table)


def _three(found: float | Estimate | Ratio | None) -> Sequence[float]:
    if found is None:
        return math.nan, math.nan, math.nan
    if isinstance(found, Estimate | Ratio):
        return found[:3]
    return found, math.nan, math.nan


def _told(found: float | Estimate | Ratio | None) -> bool:
    return isinstance(found, float) or (isinstance(found, Estimate | Ratio) and found.can_tell)


def between(answer: Answer) -> "pd.DataFrame":
    """What one mix gains more than another."""
    table = answer.between.reset_index()
    for place, column in ((1, "one"), (3, "other")):
        table.insert(place, f"{column}_label", [answer.label(world) for world in table[column]])
    table.insert(4, "indicator", answer.study.headline)
    table.insert(5, "indicator_label", NAMES[answer.study.headline][0])
    table.insert(6, "unit", NAMES[answer.study.headline][1])
    table["can_tell"] = (table["low"] > 0) | (table["high"] < 0)
    return table


def best_of(answer: Answer) -> "pd.DataFrame":
    """How often each mix is best."""
    table = answer.best.rename_axis("world").rename("probability").reset_index()
    table["may_be_best"] = table["world"].isin(answer.may_be_best)
    return with_labels(answer, table)


def acceptability(answer: Answer) -> "pd.DataFrame":
    """Which choice is worth most, a row a worth and a choice."""
    if answer.acceptability.empty:
        return with_labels(answer, _empty("gbp_a_month", "world", "probability"))
    table = answer.acceptability.rename_axis(columns="world").stack().rename("probability").reset_index()
    return with_labels(answer, table)


def spread(answer: Answer) -> "pd.DataFrame":
    """Standard deviations by world."""
    table = answer.spread.rename_axis("world").reset_index()
    table.insert(1, "indicator", answer.study.headline)
    return named(answer, table)


def attribution(answer: Answer) -> "pd.DataFrame":
    """What each rung adds."""
    table = answer.attribution.copy()
    at = list(table.columns).index("indicator") + 1
    table.insert(at, "indicator_label", [NAMES[name][0] for name in table["indicator"]])
    table.insert(at + 1, "unit", [NAMES[name][1] for name in table["indicator"]])
    return table


def spending(answer: Answer) -> "pd.DataFrame":
    """Money by year, office and intervention with their names."""
    table = with_labels(answer, answer.spending.reset_index())
    offices = office_labels(answer)
    pairs = zip(table["world"], table["intervention"], strict=True)
    at = list(table.columns).index("year") + 1
    table.insert(at, "training_year", [year_name(year) for year in table["year"]])
    table.insert(at + 2, "office_label", [offices.get(name, name.capitalize()) for name in table["office"]])
    table.insert(at + 4, "intervention_label", [answer.bought.loc[pair, "label"] for pair in pairs])
    return table


def bought(answer: Answer) -> "pd.DataFrame":
    """Units of each intervention that each mix buys."""
    return with_labels(answer, answer.bought.rename(columns={"label": "intervention_label"}).reset_index())


def office_labels(answer: Answer) -> Mapping[str, str]:
    """Names of offices by id."""
    return dict(zip(answer.names.offices, answer.names.office_names, strict=True))


def draws(answer: Answer) -> "pd.DataFrame":
    """A row a draw, world and indicator."""
    import pandas as pd

    tables = {world: table.rename_axis(index="draw", columns="indicator") for world, table in answer.draws.items()}
    joined = pd.concat({world: table.stack() for world, table in tables.items()}, names=["world"])
    return named(answer, joined.rename("value").reset_index())


def named(answer: Answer, table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with names of worlds, training years, indicators and their unit beside the codes."""
    table = with_labels(answer, table)
    if "year" in table:
        table.insert(list(table.columns).index("year") + 1, "training_year", [year_name(y) for y in table["year"]])
    place = list(table.columns).index("indicator") + 1
    table.insert(place, "indicator_label", [NAMES[name][0] for name in table["indicator"]])
    table.insert(place + 1, "unit", [NAMES[name][1] for name in table["indicator"]])
    return table


def with_labels(answer: Answer, table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with the name of every world beside it."""
    table = table.reset_index(drop=True)
    table.insert(list(table.columns).index("world") + 1, "world_label", [answer.label(w) for w in table["world"]])
    return table


def _empty(*columns: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(columns=list(columns))
