"""Valuation of time in pence: pay, months of extension, years of consultants and GPs lost, discounting.

`year` is the calendar year in which a training year begins. Low, mode and high are the range of one input at a time,
not a confidence interval.
"""

from typing import Literal, NamedTuple

from pipeline_sim.base.calendar import DAYS_PER_YEAR, MONTHS_PER_YEAR
from pipeline_sim.rules.codes import Stage
from pipeline_sim.world.interventions.spending import PENCE_PER_GBP
from pipeline_sim.world.schema.costs import CostsSection
from pipeline_sim.world.schema.names import year_label
from pipeline_sim.world.schema.sourced_value import Sourced

Level = Literal["low", "mode", "high"]
CCT_STAGES = (Stage.RUN_THROUGH, Stage.HIGHER, Stage.GP)
STAGE_KEYS = {stage: stage.name.lower().replace("_", "-") for stage in Stage}


class Years(NamedTuple):
    """Whole-time years by which CCTs are delayed."""

    consultant: float
    gp: float


def at_level(figure: Sourced[float], level: Level) -> float:
    """Value of a figure at a level; the mode where it has no range."""
    bounds = figure.bounds()
    if level == "mode" or bounds is None:
        return figure.value
    return bounds[0] if level == "low" else bounds[1]


def year_of(text: str) -> int:
    """First calendar year of a label: 2022 of `2022/23`."""
    return int(text[:4])


def basic_pay_pence(costs: CostsSection, year: int, nodal: int) -> int:
    """Basic pay of a whole-time year in pence; outside the years of the circulars it follows the rises, if any."""
    known = sorted(year_of(text) for text in costs.pay.basic.value)
    nearest = min(max(year, known[0]), known[-1])
    gbp = costs.pay.basic.value[year_label(nearest)][nodal - 1]
    for later in range(nearest + 1, year + 1):
        gbp *= 1 + costs.pay.rise.value.get(year_label(later), 0.0)
    for earlier in range(nearest, year, -1):
        gbp /= 1 + costs.pay.rise.value.get(year_label(earlier), 0.0)
    return round(gbp * PENCE_PER_GBP)


def extension_cost_pence(costs: CostsSection, wte_months: float, year: int, nodal: int, level: Level = "mode") -> int:
    """Cost of months of extension in pence: the price of a reference month, indexed by basic pay."""
    reference = basic_pay_pence(costs, year_of(costs.extension.reference_year), costs.extension.reference_nodal)
    month = at_level(costs.extension.month, level) * PENCE_PER_GBP
    return round(wte_months * month * basic_pay_pence(costs, year, nodal) / reference)


def wte_months(days: float) -> float:
    """Whole-time months of a number of days."""
    return days * MONTHS_PER_YEAR / DAYS_PER_YEAR


def typical_nodal(costs: CostsSection, stage: Stage) -> int:
    """Assumed nodal point of a doctor of a stage."""
    return costs.pay.typical_nodal[STAGE_KEYS[stage]]


def lost_years_pence(costs: CostsSection, years: Years, level: Level = "mode") -> int:
    """Value of years lost in pence, taken to be their employment cost."""
    consultant = years.consultant * at_level(costs.completed.consultant_year, level)
    return round((consultant + years.gp * at_level(costs.completed.gp_year, level)) * PENCE_PER_GBP)


def discounted_pence(costs: CostsSection, pence: int, year: int) -> int:
    """Present value in the base year of pence of a year; earlier years are compounded."""
    return round(pence / (1 + costs.discount_rate.value) ** (year - year_of(costs.base_year)))
