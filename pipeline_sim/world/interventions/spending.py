"""Spending of a mix by office and month, money left unspent by ceilings, and the ledger.

Integer pence throughout; totals are apportioned by largest remainder, so parts always sum to them.
"""

from collections import defaultdict
from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import DAYS_PER_FINANCIAL_YEAR, Dates
from pipeline_sim.world.schema.interventions import AnyEntry, InterventionsSection, Places, labels_of
from pipeline_sim.world.schema.mix import Line, MixSection
from pipeline_sim.world.timeline.tables import Axes, Flags, Reals, Timeline
from pipeline_sim.world.world_error import WorldError, hint

Pence = npt.NDArray[np.int64]
PENCE_PER_GBP = 100
NATIONAL = "national"
MIDDLE_OF_MONTH = 15
NO_CEILING = 1e9  # units per 100 doctors per year


class SpendRow(NamedTuple):
    """Row of the ledger: an intervention in a training year, at an office or national."""

    year: int  # calendar year in which the training year begins
    office: str
    intervention: str
    spent_pence: int
    unspent_pence: int


class LineSpend(NamedTuple):
    """Budget and spending of a line by month and office, in pence."""

    line: Line
    budget: Pence  # [M, O]
    spent: Pence  # [M, O]
    by_group: Reals  # [M, G, O] spending by group


class Purchases(NamedTuple):
    """What a mix buys."""

    axes: Axes
    catalogue: InterventionsSection
    lines: tuple[LineSpend, ...]

    def lines_of(self, name: str) -> tuple[LineSpend, ...]:
        """Lines of an intervention."""
        return tuple(spend for spend in self.lines if spend.line.intervention == name)


class UnitRow(NamedTuple):
    """Units of an intervention bought, and money."""

    intervention: str
    unit: str
    units: float
    spent_pence: int
    unspent_pence: int


def largest_remainder(amount: int, weights: Reals) -> Pence:
    """Apportionment of an amount in pence by weights; the largest remainders, earliest first, get the odd pence.

    Raises WorldError if the weights sum to 0.
    """
    return largest_remainders(np.array([amount]), weights)[0]


def largest_remainders(amounts: Pence, weights: Reals) -> Pence:
    """Apportionment of several amounts [N], each by the same weights [K], as `largest_remainder` does: [N, K]."""
    if not np.any(amounts):
        return np.zeros((len(amounts), len(weights)), dtype=np.int64)
    total = float(np.sum(weights))
    if total <= 0:
        raise WorldError("mix: nobody to spend on: weights of the split sum to 0")
    exact = amounts[:, None] * (np.asarray(weights, dtype=np.float64) / total)
    parts = np.floor(exact).astype(np.int64)
    odd = amounts - parts.sum(axis=1)
    order = np.argsort(parts - exact, axis=1, kind="stable")
    first = np.arange(len(weights)) < odd[:, None]
    np.put_along_axis(parts, order, np.take_along_axis(parts, order, axis=1) + first, axis=1)
    return parts


def months_after(start: date, months: int) -> date:
    """First of the month a number of months after a date."""
    count = start.year * 12 + start.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def entry_of(catalogue: InterventionsSection, name: str) -> AnyEntry:
    """Catalogue entry of an intervention; raises WorldError if unknown."""
    known = catalogue.entries
    if name not in known:
        raise WorldError(f"mix.lines: no intervention '{name}'{hint(name, labels_of(catalogue))}")
    return known[name]


def delivery(axes: Axes, line: Line, entry: AnyEntry) -> range:
    """Indices of the calendar months in which a line delivers; raises WorldError outside the run."""
    first = months_after(line.start, round(entry.lead.value))
    beyond = months_after(first, line.months)
    dates = axes.dates
    if line.start < dates.day_zero or beyond > dates.end:
        run = f"the run, {dates.day_zero} to {dates.end}"
        raise WorldError(f"mix.lines: {line.intervention}: {line.start} to {beyond} is not within {run}")
    begins = int(dates.month_of[dates.day(first)])
    return range(begins, begins + line.months)


def groups_for(axes: Axes, catalogue: InterventionsSection, line: Line) -> Flags:
    """Groups served by a line [G]: those of the intervention, and of the line if it names any; raises WorldError."""
    entry = entry_of(catalogue, line.intervention)
    served = catalogue.group_names(entry.groups)
    for group in served:
        if group not in axes.groups:
            raise WorldError(f"interventions: {line.intervention}: no group '{group}'{hint(group, axes.groups)}")
    targeted = catalogue.group_names(line.groups) or served
    return np.array([group in served and group in targeted for group in axes.groups])


def offices_for(axes: Axes, line: Line) -> Flags:
    """Offices covered by a line [O]."""
    return np.array([covers(line, *office) for office in zip(axes.offices, axes.regions, strict=True)])


def covers(line: Line, office: str, region: str) -> bool:
    """True if a line covers an office in an NHS region."""
    return office in (line.offices or (office,)) and region in (line.regions or (region,))


def pence_per_unit(name: str, entry: AnyEntry) -> float:
    """Price of a unit or a place; raises WorldError without a unit cost."""
    if entry.unit_cost is None:
        raise WorldError(f"interventions: {name}: has no unit_cost, and no layer has [costs.extension]")
    units = entry.units_per_place if isinstance(entry, Places) else None
    return entry.unit_cost.value * (units.value if units is not None else 1.0) * PENCE_PER_GBP


def ceiling_pence(axes: Axes, catalogue: InterventionsSection, name: str) -> Reals:
    """Ceiling on spending by month, group and office [M, G, O], from that on units or places a year."""
    entry = entry_of(catalogue, name)
    ceiling = entry.ceiling.value if entry.ceiling is not None else NO_CEILING
    years = np.diff(axes.dates.month_start) / DAYS_PER_FINANCIAL_YEAR
    return years[:, None, None] * (axes.doctors * (ceiling / 100 * pence_per_unit(name, entry)))[None]


def learning_lost(axes: Axes, shocked: Timeline, before: date) -> Reals:
    """Learning that shocks took before a date, by office [O]: curriculum days of all doctors, all domains alike."""
    by_group = shocked.shocked[:, : len(axes.groups), :, : axes.dates.day(before)]  # rows of specialties follow
    lost = 1.0 - by_group.mean(axis=0, dtype=np.float64)
    return np.asarray((lost.sum(axis=-1) * axes.doctors).sum(axis=0))


def office_weights(axes: Axes, line: Line, shocked: Timeline | None) -> Reals:
    """Weights by which a line is shared over offices [O]: trainee numbers, or need, where any learning was lost."""
    if line.split == "by_need" and shocked is not None:
        need = learning_lost(axes, shocked, line.start) * offices_for(axes, line)
        if need.any():
            return need
    return axes.trainee_share * offices_for(axes, line)


def line_budget(axes: Axes, line: Line, entry: AnyEntry, pence: int, shocked: Timeline | None = None) -> Pence:
    """Budget of a line [M, O], by office (trainee numbers or need) and then month of delivery (days)."""
    table = np.zeros((axes.dates.months, len(axes.offices)), dtype=np.int64)
    months = delivery(axes, line, entry)
    lengths = np.diff(axes.dates.month_start)[months.start : months.stop]
    by_office = largest_remainder(pence, office_weights(axes, line, shocked))
    table[months.start : months.stop] = largest_remainders(by_office, lengths).T
    return table


def line_spend(line: Line, budget: Pence, headroom: Reals, groups: Flags) -> LineSpend:
    """Spending of a line, up to the headroom [M, G, O] under the ceilings of its groups, in proportion to it."""
    available = headroom * groups[None, :, None]
    total = available.sum(axis=1)
    spent = np.minimum(budget, np.floor(total).astype(np.int64))
    share = np.divide(spent, total, out=np.zeros_like(total), where=total > 0)
    return LineSpend(line, budget, spent, available * share[:, None, :])


def spend_budget(
    axes: Axes, catalogue: InterventionsSection, mix: MixSection, shocked: Timeline | None = None
) -> tuple[LineSpend, ...]:
    """Spending of every line in order; lines of one intervention share its ceiling, first come, first served.

    Money for groups and offices without doctors stays unspent.
    """
    pence = largest_remainder(round(mix.budget.value * PENCE_PER_GBP), np.array(mix.weights))
    headroom: dict[str, Reals] = {}
    lines = []
    for line, part in zip(mix.lines, pence, strict=True):
        name = line.intervention
        entry, groups = entry_of(catalogue, name), groups_for(axes, catalogue, line)
        left = headroom[name] if name in headroom else ceiling_pence(axes, catalogue, name)
        lines.append(line_spend(line, line_budget(axes, line, entry, int(part), shocked), left, groups))
        headroom[name] = np.maximum(left - lines[-1].by_group, 0.0)
    return tuple(lines)


def units_of(name: str, entry: AnyEntry, lines: tuple[LineSpend, ...]) -> Reals:
    """Units or places bought by lines of an intervention [M, G, O]."""
    return np.asarray(sum(spend.by_group for spend in lines) / pence_per_unit(name, entry))


def unit_rows(catalogue: InterventionsSection, spends: tuple[LineSpend, ...]) -> list[UnitRow]:
    """Units or places bought, and money, by intervention in the order of the mix."""
    rows = []
    for name in dict.fromkeys(spend.line.intervention for spend in spends):
        own, entry = [spend for spend in spends if spend.line.intervention == name], entry_of(catalogue, name)
        spent, budget = sum(int(spend.spent.sum()) for spend in own), sum(int(spend.budget.sum()) for spend in own)
        rows.append(UnitRow(name, entry.bought_unit, spent / pence_per_unit(name, entry), spent, budget - spent))
    return rows


def ledger_rows(axes: Axes, spends: tuple[LineSpend, ...]) -> list[SpendRow]:
    """Ledger by training year (of the fifteenth day of a month), office and intervention."""
    spent: dict[tuple[int, str, str], int] = defaultdict(int)
    unspent: dict[tuple[int, str, str], int] = defaultdict(int)
    years = np.array(years_of_months(axes.dates))
    for spend in spends:
        for year in np.unique(years[spend.budget.any(axis=1)]).tolist():
            budgets, spendings = (table[years == year].sum(axis=0) for table in (spend.budget, spend.spent))
            for office in np.flatnonzero(budgets).tolist():
                payer = NATIONAL if spend.line.split == "national" else axes.offices[office]
                key = (year, payer, spend.line.intervention)
                spent[key] += int(spendings[office])
                unspent[key] += int(budgets[office] - spendings[office])
    return [SpendRow(*key, spent[key], unspent[key]) for key in sorted(spent)]


@cache
def years_of_months(dates: Dates) -> list[int]:
    """Training year of every calendar month, by its fifteenth day, clipped to the run."""
    year_of, training_years = dates.year_of, dates.training_years
    middles = [dates.day(dates.month_date(month).replace(day=MIDDLE_OF_MONTH)) for month in range(dates.months)]
    return [training_years[int(year_of[max(0, min(day, dates.days - 1))])] for day in middles]
