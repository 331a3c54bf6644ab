"""Tidy tables of an answer: one row an observation, the unit beside every number, names beside every code."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline_sim.report.supply_view import with_programmes
from pipeline_sim.report.table_columns import AMOUNT, BETTER, COLUMNS, DIFFERENCE, ENDS, LEVEL, NAMES, NEITHER
from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.report.value_view import values
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.drawn_parameters import drawn_parameters
from pipeline_sim.study.comparison.level_ranges import level_ranges
from pipeline_sim.study.estimates.harm_undone import ALL_YEARS
from pipeline_sim.study.estimates.horizons import SPANS
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.estimates.ranking import Chance
from pipeline_sim.study.replication.prepare import world_of

if TYPE_CHECKING:
    import pandas as pd


class TidyTable(NamedTuple):
    """Table with its title and note."""

    name: str  # of its file
    title: str
    note: str
    frame: "pd.DataFrame"

    @property
    def columns(self) -> dict[str, str]:
        """Descriptions of the columns, by name."""
        return {name: COLUMNS.get(name) or ENDS[name.rpartition("_")[2]] for name in self.frame.columns}


def tidy_tables(answer: Answer) -> list[TidyTable]:
    """All tables of an answer in reading order; a table without data is empty."""
    base = answer.label(answer.study.baseline)
    return [TidyTable(name, title.format(base=base), note, make(answer)) for name, title, note, make in TABLES]


def comparison(answer: Answer) -> "pd.DataFrame":
    """Levels and differences over all reported years."""
    joined = answer.totals.add_prefix(LEVEL).join(level_ranges(answer))
    joined = joined.join(answer.differences.add_prefix(DIFFERENCE))
    return with_better(with_names(answer, joined.reset_index()))


def by_year(answer: Answer) -> "pd.DataFrame":
    """Levels and differences by training year."""
    joined = answer.yearly.add_prefix(LEVEL).join(answer.yearly_differences.add_prefix(DIFFERENCE))
    return with_better(with_names(answer, joined.reset_index()))


def who_gains(answer: Answer) -> "pd.DataFrame":
    """Differences by subgroup of doctors."""
    return with_better(with_names(answer, answer.subgroup_differences.add_prefix(DIFFERENCE).reset_index()))


def places(answer: Answer) -> "pd.DataFrame":
    """Differences by specialty group and office."""
    return with_better(with_names(answer, answer.group_office_differences.add_prefix(DIFFERENCE).reset_index()))


def cells(answer: Answer) -> "pd.DataFrame":
    """Levels and differences by stage, specialty group, office and year; all years together first."""
    return with_better(all_years_named(with_names(answer, answer.cells.reset_index())))


def horizons(answer: Answer) -> "pd.DataFrame":
    """Differences by planning horizon, in the order of the years."""
    table = answer.horizons.add_prefix(DIFFERENCE).reset_index()
    order = {label: place for place, (label, _, _) in enumerate(SPANS)}
    table["place"] = table["horizon"].map(order)
    table["at"] = [answer.worlds.index(world) for world in table["world"]]
    table = table.sort_values(["at", "place"], kind="stable").drop(columns=["at", "place"])
    return with_better(with_names(answer, table))


def harm(answer: Answer) -> "pd.DataFrame":
    """Harm of COVID and what each mix makes good, by year and indicator; all years together first."""
    return all_years_named(with_names(answer, answer.harm.reset_index()))


def all_years_named(table: "pd.DataFrame") -> "pd.DataFrame":
    """Table whose rows of all years together say so."""
    return table.assign(training_year=table["training_year"].mask(table["year"] == ALL_YEARS, "all"))


def prices(answer: Answer) -> "pd.DataFrame":
    """Spending, savings and unit costs of each programme, a row an item."""
    import pandas as pd

    rows = []
    for world, price in answer.prices.items():
        for name, item in price._asdict().items():
            rows.append((world, name, *_amounts(item), _excludes_zero(item)))
    amounts = [f"{AMOUNT}{end}" for end in Estimate._fields]
    table = pd.DataFrame(rows, columns=["world", "indicator", *amounts, "can_tell"])
    return with_names(answer, table)


def _amounts(item: float | Estimate | Ratio | None) -> Sequence[float]:
    if item is None:
        return (math.nan,) * 4
    if isinstance(item, Estimate | Ratio):
        return item[:4]
    return item, math.nan, math.nan, math.nan


def _excludes_zero(item: float | Estimate | Ratio | None) -> bool:
    return isinstance(item, float) or (isinstance(item, Estimate | Ratio) and item.excludes_zero)


def between(answer: Answer) -> "pd.DataFrame":
    """Differences between mixes, a row a pair."""
    named = {end: f"gain_difference_{end}" for end in Estimate._fields}
    table = answer.pairwise_differences.rename(columns=named).reset_index()
    for place, column in ((1, "one"), (3, "other")):
        table.insert(place, f"{column}_label", [answer.label(world) for world in table[column]])
    table.insert(4, "indicator", answer.study.headline)
    table.insert(5, "indicator_label", NAMES[answer.study.headline][0])
    table.insert(6, "unit", NAMES[answer.study.headline][1])
    return table


def best_table(answer: Answer) -> "pd.DataFrame":
    """Probability that each mix gains most, and its expected loss."""
    table = answer.best.rename_axis("world").reset_index()
    table.insert(1, "indicator", answer.study.headline)
    return with_names(answer, table)


def chances(answer: Answer) -> "pd.DataFrame":
    """Probability of every event of every mix."""
    return with_labels(answer, answer.chances.reset_index())


def acceptability(answer: Answer) -> "pd.DataFrame":
    """Acceptability curve, a row a value of a month and a choice."""
    if answer.acceptability_curve.empty:
        return with_labels(answer, _empty("gbp_a_month", "world", *Chance._fields[:3]))
    return with_labels(answer, answer.acceptability_curve.reset_index())


def scenarios(answer: Answer) -> "pd.DataFrame":
    """Gains and regret by scenario."""
    table = answer.scenarios.reset_index()
    table.insert(2, "indicator", answer.study.headline)
    return with_names(answer, table)


def spread(answer: Answer) -> "pd.DataFrame":
    """Variance components by world."""
    table = answer.variance_components.rename_axis("world").reset_index()
    table.insert(1, "indicator", answer.study.headline)
    return with_names(answer, table)


def attribution(answer: Answer) -> "pd.DataFrame":
    """Attribution, a row a step and an indicator."""
    table = answer.attribution.rename(columns={end: f"{DIFFERENCE}{end}" for end in Estimate._fields})
    at = list(table.columns).index("indicator") + 1
    table.insert(at, "indicator_label", [NAMES[name][0] for name in table["indicator"]])
    table.insert(at + 1, "unit", [NAMES[name][1] for name in table["indicator"]])
    return with_better(table)


def spending(answer: Answer) -> "pd.DataFrame":
    """Spending by year, office and intervention."""
    table = with_labels(answer, answer.spending.reset_index())
    offices = office_labels(answer)
    pairs = zip(table["world"], table["intervention"], strict=True)
    at = list(table.columns).index("year") + 1
    table.insert(at, "training_year", [year_name(year) for year in table["year"]])
    table.insert(at + 2, "office_label", [offices.get(name, name.capitalize()) for name in table["office"]])
    table.insert(at + 4, "intervention_label", [answer.units_bought.loc[pair, "label"] for pair in pairs])
    return table


def bought(answer: Answer) -> "pd.DataFrame":
    """Units of each intervention bought by each mix."""
    return with_labels(answer, answer.units_bought.rename(columns={"label": "intervention_label"}).reset_index())


def waiting_list(answer: Answer) -> "pd.DataFrame":
    """Waiting list by month and specialty group, from the first month of the modelled list on."""
    table = answer.waiting.reset_index()
    shocks = world_of(answer.specs[answer.study.baseline]).shocks
    if shocks is not None:  # before its first month the list stands still
        table = table[table["month"] >= shocks.backlog.list.first.strftime("%Y-%m")]
    return with_labels(answer, table.assign(unit=PATHWAYS))


def office_labels(answer: Answer) -> Mapping[str, str]:
    """Names of offices, by identifier."""
    return dict(zip(answer.names.offices, answer.names.office_names, strict=True))


def draws(answer: Answer) -> "pd.DataFrame":
    """Draws, a row a draw, world and indicator."""
    import pandas as pd

    rows = {
        world: pd.DataFrame(
            answer.sampling.means(table.to_numpy(np.float64)), columns=table.columns.rename("indicator")
        ).rename_axis(index="draw")
        for world, table in answer.runs.items()
    }
    joined = pd.concat({world: table.stack() for world, table in rows.items()}, names=["world"])
    table = joined.rename("value").reset_index()
    table.insert(2, "weight", answer.sampling.weights[table["draw"]])
    return with_names(answer, table)


def with_names(answer: Answer, table: "pd.DataFrame") -> "pd.DataFrame":
    """Table with names of worlds, training years and indicators, and units, beside the codes."""
    table = with_labels(answer, table)
    if "year" in table:
        _insert_after(table, "year", training_year=year_name)
    _insert_after(table, "indicator", indicator_label=lambda name: NAMES[name][0], unit=lambda name: NAMES[name][1])
    return table


def _insert_after(table: "pd.DataFrame", column: str, **texts: Callable[[Any], str]) -> None:
    """Insert columns of texts after the column whose values they name."""
    values = table[column].tolist()
    for place, (name, of) in enumerate(texts.items(), list(table.columns).index(column) + 1):
        known = {value: of(value) for value in dict.fromkeys(values)}
        table.insert(place, name, [known[value] for value in values])


def with_better(table: "pd.DataFrame") -> "pd.DataFrame":
    """Table with the sign of a gain behind the differences."""
    return table.assign(better=[BETTER.get(name, NEITHER) for name in table["indicator"]])


def with_labels(answer: Answer, table: "pd.DataFrame") -> "pd.DataFrame":
    """Table with the name of every world beside its code."""
    table = table.reset_index(drop=True)
    _insert_after(table, "world", world_label=answer.label)
    return table


def _empty(*columns: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(columns=list(columns))


PATHWAYS = "pathways of England: waiting at the end of the month; added and lost up to then, from the first month on"
LESS, AVERAGES = "Difference from “{base}”, same random numbers", "Backlog and doctors in training are yearly averages."
TABLES: Sequence[tuple[str, str, str, Callable[[Answer], "pd.DataFrame"]]] = (  # file stem, title, note, builder
    ("comparison", "Every world, and its difference from “{base}”",
     "All reported years: flows are sums, stocks are those of the last census.", comparison),
    ("harm", "What COVID cost by year, and how much of it each mix makes good",
     "Of all years flows are sums, the backlog is that of the last census; year 0 stands for all years.", harm),
    ("prices", "What each mix costs",
     "In prices of the year in which they fall, unless stated to be discounted. A mix that pays for extensions "
     "that are given anyway has no net cost: its payments are counted once, in the cost of extensions.", prices),
    ("values", "What time is worth",
     "As stated; every draw takes its own within the range. Years: employment cost.", values),
    ("between", "Differences between mixes",
     "Gain of the first mix less that of the second, by the headline of the study.", between),
    ("best", "How probably each mix gains most",
     "By the headline of the study. The expected loss is what choosing a mix forgoes on average.", best_table),
    ("chances", "How probably each mix gains something, and pays for itself",
     "Verdicts are bands of probability; the report defines them.", chances),
    ("acceptability", "Choice with the highest net benefit, by the value of a month of training",
     "Spending nothing is one of the choices. Costs are net of savings on extensions.", acceptability),
    ("scenarios", "What each mix gains in each scenario, and its regret",
     "Against the same scenario without a programme. Empty if the study has one scenario.", scenarios),
    ("horizons", f"{LESS}, by planning horizon",
     "Flows are sums over the years, stocks are those at the end.", horizons),
    ("supply", "Posts, starts and completions by programme and year",
     "Worlds without a mix; posts as stated. All programmes: without foundation.",
     lambda answer: with_names(answer, with_programmes(answer))),
    ("levers", "What levers of supply add, and what it costs", "As stated; in the prices stated.",
     lambda answer: with_labels(answer, answer.supply.costs.reset_index())),
    ("who_gains", f"{LESS}, by subgroup of doctors", AVERAGES, who_gains),
    ("places", f"{LESS}, by specialty group and office", AVERAGES, places),
    ("cells", "Doctors, extensions and backlog by stage, specialty group, office and year",
     "Suppressed: fewer than 10 simulated doctors. Backlog, doctors: yearly averages. Mixes: all years.", cells),
    ("attribution", "Training lost by shock and recovered by intervention",
     "The effect of each depends on the order of addition; the order is that of the study.", attribution),
    ("spread", "Sources of the spread of single replications", "For the difference by the headline indicator.", spread),
    ("bought", "What each mix buys", "Means over draws.", bought),
    ("spending", "Spending by year, office and intervention", "Means over draws.", spending),
    ("waiting_list", "Waiting list by month and specialty group, and its difference from “{base}”",
     "Empty where no list is modelled; the list does not depend on chance. Pathways added and lost are cumulative; "
     "added ones are below zero where lists on which trainees learn do fewer cases.", waiting_list),
    ("by_year", "Every world by training year, and its difference from “{base}”", "Stocks: at the census.", by_year),
    ("draws", "Every draw of every world", "Means over replications that share a draw, chance included.", draws),
    ("parameters", "Uncertain figures that each draw took",
     "Draws count alike, as rows are taken by weight. Several numbers drawn together: their mean.", drawn_parameters),
)  # fmt: skip
