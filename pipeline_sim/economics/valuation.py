"""Prices of time: pay, months of extension, years of consultants and GPs that came late. Pure functions over `[costs]`
and the measures table. `year` is always the calendar year in which a training year begins.

Low, mode and high are the ends of one input's range at a time, not a confidence interval.
"""

from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline_sim.rules.codes import Stage
from pipeline_sim.world.schema.costs import CostsSection
from pipeline_sim.world.schema.sourced_value import Sourced

if TYPE_CHECKING:
    pass

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


def extension_cost_pence(costs: CostsSection, wte_months: float, year: int, nodal: int, level: Level = "mode") -> int:
    """What months of extension cost the training budget: the price of a reference month, moved as basic pay moves."""
    reference = basic_pay_pence(costs, year_of(costs.extension.reference_year), costs.extension.reference_nodal)
    month = at(costs.extension.month, level) * PENCE_PER_GBP
    return round(wte_months * month * basic_pay_pence(costs, year, nodal) / reference)


def wte_months(days: float) -> float:
    """Whole-time days as months."""
    return days * MONTHS_PER_YEAR / DAYS_PER_YEAR


def typical_nodal(costs: CostsSection, stage: Stage) -> int:
    """Nodal point taken for a doctor of whom only the stage is known."""
    return costs.pay.typical_nodal[STAGE_KEYS[stage]]


def lost_years_pence(costs: CostsSection, years: Years, level: Level = "mode") -> int:
    """What those years would have cost to employ, which stands for what they are worth."""
    consultant = years.consultant * at(costs.completed.consultant_year, level)
    return round((consultant + years.gp * at(costs.completed.gp_year, level)) * PENCE_PER_GBP)


def discounted_pence(costs: CostsSection, pence: int, year: int) -> int:
    """Pence of a year in money of the base year; years before it are carried forward."""
    return round(pence / (1 + costs.discount_rate.value) ** (year - year_of(costs.base_year)))
