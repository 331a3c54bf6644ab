"""Prices of time: pay, months of extension, years of consultants and GPs that came late. Pure functions over `[costs]`
and the measures table. `year` is always the calendar year in which a training year begins.

Low, mode and high are the ends of one input's range at a time, not a confidence interval.
"""

from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline_sim.rules.codes import Stage
from pipeline_sim.world.schema_base import Sourced
from pipeline_sim.world.schema_costs import CostsSection

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["low", "mode", "high"]
PENCE_PER_GBP = 100
MONTHS_PER_YEAR = 12
DAYS_PER_YEAR = 365.25
EXTENSION_DAYS = "extension_days"  # the measure: whole-time days of extra training given
CCT_STAGES = (Stage.RUN_THROUGH, Stage.HIGHER, Stage.GP)
STAGE_KEYS = {stage: stage.name.lower().replace("_", "-") for stage in Stage}


class Years(NamedTuple):
    """Whole-time years by which CCTs came later."""

    consultant: float
    gp: float


def at(figure: Sourced[float], level: Level) -> float:
    """A figure at its low end, as it stands, or at its high end; one without a range is the same at all."""
    bounds = figure.bounds()
    if level == "mode" or bounds is None:
        return figure.value
    return bounds[0] if level == "low" else bounds[1]


def label(year: int) -> str:
    """2022 as `2022/23`."""
    return f"{year}/{(year + 1) % 100:02d}"


def year_of(text: str) -> int:
    """`2022/23` as 2022."""
    return int(text[:4])


def basic_pay_pence(costs: CostsSection, year: int, nodal: int) -> int:
    """Basic pay of a whole-time year. Outside the years of the circulars the rises move it, 0 where none is given."""
    known = sorted(year_of(text) for text in costs.pay.basic.value)
    nearest = min(max(year, known[0]), known[-1])
    gbp = costs.pay.basic.value[label(nearest)][nodal - 1]
    for later in range(nearest + 1, year + 1):
        gbp *= 1 + costs.pay.rise.value.get(label(later), 0.0)
    for earlier in range(nearest, year, -1):
        gbp /= 1 + costs.pay.rise.value.get(label(earlier), 0.0)
    return round(gbp * PENCE_PER_GBP)


def employment_pence(costs: CostsSection, year: int, nodal: int, level: Level = "mode") -> int:
    """What a doctor in training costs an employer in a whole-time year: basic pay, out-of-hours work and on-costs."""
    gross = at(costs.pay.gross, level) * (1 + at(costs.pay.on_costs, level))
    return round(basic_pay_pence(costs, year, nodal) * gross)


def nodal_point(costs: CostsSection, stage: Stage, grade: int) -> int:
    """Nodal point of a grade (0-based) of a stage."""
    points = costs.pay.nodal_of_stage[STAGE_KEYS[stage]]
    return points[min(grade, len(points) - 1)]


def extension_cost_pence(costs: CostsSection, wte_months: float, year: int, nodal: int, level: Level = "mode") -> int:
    """What months of extension cost the training budget: the price of a reference month, moved as basic pay moves."""
    reference = basic_pay_pence(costs, year_of(costs.extension.reference_year), costs.extension.reference_nodal)
    month = at(costs.extension.month, level) * PENCE_PER_GBP
    return round(wte_months * month * basic_pay_pence(costs, year, nodal) / reference)


def extension_employment_pence(
    costs: CostsSection, wte_months: float, year: int, nodal: int, level: Level = "mode"
) -> int:
    """The same months at the full cost of employing the doctor, whoever pays."""
    return round(employment_pence(costs, year, nodal, level) * wte_months / MONTHS_PER_YEAR)


def wte_months(days: float) -> float:
    """Whole-time days as months."""
    return days * MONTHS_PER_YEAR / DAYS_PER_YEAR


def extension_costs(costs: CostsSection, measures: "pd.DataFrame", level: Level = "mode") -> "pd.DataFrame":
    """Every row of extension days with its `wte_months` and `pence` of its year, at its stage's usual nodal point."""
    table = measures[measures["measure"] == EXTENSION_DAYS].drop(columns=["measure"]).copy()
    table["wte_months"] = [wte_months(days) for days in table["value"]]
    table["pence"] = [
        extension_cost_pence(costs, months, int(year), typical_nodal(costs, Stage(int(stage))), level)
        for months, year, stage in zip(table["wte_months"], table["year"], table["stage"], strict=True)
    ]
    return table.drop(columns=["value"])


def typical_nodal(costs: CostsSection, stage: Stage) -> int:
    """Nodal point taken for a doctor of whom only the stage is known."""
    return costs.pay.typical_nodal[STAGE_KEYS[stage]]


def years_lost(measures: "pd.DataFrame") -> Years:
    """Years by which extensions put off CCTs: a day more in a programme that ends in one is a day less of a consultant
    or GP. Core is left out: what it delays is an entry, not a CCT."""
    days = measures[measures["measure"] == EXTENSION_DAYS]
    cct = days[days["stage"].isin([int(stage) for stage in CCT_STAGES])]
    gp = float(cct.loc[cct["stage"] == int(Stage.GP), "value"].sum())
    return Years((float(cct["value"].sum()) - gp) / DAYS_PER_YEAR, gp / DAYS_PER_YEAR)


def lost_years_pence(costs: CostsSection, years: Years, level: Level = "mode") -> int:
    """What those years would have cost to employ, which stands for what they are worth."""
    consultant = years.consultant * at(costs.completed.consultant_year, level)
    return round((consultant + years.gp * at(costs.completed.gp_year, level)) * PENCE_PER_GBP)


def discounted_pence(costs: CostsSection, pence: int, year: int) -> int:
    """Pence of a year in money of the base year; years before it are carried forward."""
    return round(pence / (1 + costs.discount_rate.value) ** (year - year_of(costs.base_year)))
