"""How a mix's budget reaches offices and months, what a ceiling leaves unspent, and the ledger.

Integer pence throughout; a whole is parted by largest remainder, so parts always sum to it.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import Dates
from pipeline_sim.world.schema.interventions import AnyEntry, InterventionsSection, Places
from pipeline_sim.world.schema.mix import Line, MixSection
from pipeline_sim.world.timeline.tables import Axes, Flags, Reals
from pipeline_sim.world.world_error import WorldError, hint

Pence = npt.NDArray[np.int64]
PENCE_PER_GBP = 100
DAYS_PER_YEAR = 365
NATIONAL = "national"
MIDDLE_OF_MONTH = 15
NO_CEILING = 1e9  # units per 100 doctors per year


class SpendRow(NamedTuple):
    """Money of one intervention in a training year, at an office or for England as a whole."""

    year: int  # calendar year in which the training year begins
    office: str
    intervention: str
    spent_pence: int
    unspent_pence: int


class LineSpend(NamedTuple):
    """What a line has, spends and leaves, by month and office."""

    line: Line
    budget: Pence  # [M, O]
    spent: Pence  # [M, O]
    by_group: Reals  # [M, G, O] what is spent, as it reaches the groups


class UnitRow(NamedTuple):
    """What an intervention buys in all."""

    intervention: str
    unit: str
    units: float
    spent_pence: int
    unspent_pence: int


def parted(whole: int, weights: Reals) -> Pence:
    """A whole number of pence in parts by weight; the largest remainders, earliest first, get the odd pence."""
    if whole == 0:
        return np.zeros(len(weights), dtype=np.int64)
    total = float(np.sum(weights))
    if total <= 0:
        raise WorldError("mix: nobody to spend on: weights of the split sum to 0")
    exact = whole * (np.asarray(weights, dtype=np.float64) / total)
    parts = np.floor(exact).astype(np.int64)
    odd = int(whole - parts.sum())
    first = np.argsort(parts - exact, kind="stable")
    parts[first[:odd]] += 1
    return parts


def months_after(start: date, months: int) -> date:
    """First of the month so many months later."""
    count = start.year * 12 + start.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def entry_of(catalogue: InterventionsSection, name: str) -> AnyEntry:
    """The catalogue entry of a line."""
    known = catalogue.entries
    if name not in known:
        raise WorldError(f"mix.lines: no intervention '{name}'{hint(name, known)}")
    return known[name]


def delivery(axes: Axes, line: Line, entry: AnyEntry) -> range:
    """Indices of the calendar months in which a line delivers."""
    first = months_after(line.start, round(entry.lead.value))
    beyond = months_after(first, line.months)
    dates = axes.dates
    if line.start < dates.day_zero or beyond > dates.end:
        run = f"the run, {dates.day_zero} to {dates.end}"
        raise WorldError(f"mix.lines: {line.intervention}: {line.start} to {beyond} is not within {run}")
    begins = int(dates.month_of[dates.day(first)])
    return range(begins, begins + line.months)


def groups_for(axes: Axes, catalogue: InterventionsSection, line: Line) -> Flags:
    """[G] groups of an intervention, narrowed to those of the line where it names any."""
    entry = entry_of(catalogue, line.intervention)
    named = catalogue.group_names(entry.groups)
    for group in named:
        if group not in axes.groups:
            raise WorldError(f"interventions: {line.intervention}: no group '{group}'{hint(group, axes.groups)}")
    wanted = catalogue.group_names(line.groups) or named
    return np.array([group in named and group in wanted for group in axes.groups])


def offices_for(axes: Axes, line: Line) -> Flags:
    """[O] offices of a line."""
    return np.array([reaches(line, *place) for place in zip(axes.offices, axes.regions, strict=True)])


def reaches(line: Line, office: str, region: str) -> bool:
    """True if a line is for an office; region is the NHS region in which that lies."""
    return office in (line.offices or (office,)) and region in (line.regions or (region,))


def pence_per_unit(name: str, entry: AnyEntry) -> float:
    """Price of a unit, or of a place."""
    if entry.unit_cost is None:
        raise WorldError(f"interventions: {name}: has no unit_cost, and no layer has [costs.extension]")
    many = entry.units_per_place if isinstance(entry, Places) else None
    return entry.unit_cost.value * (many.value if many is not None else 1.0) * PENCE_PER_GBP


def most_pence(axes: Axes, catalogue: InterventionsSection, name: str) -> Reals:
    """[M, G, O] most that can be spent on a group in a month and office: the ceiling on units or places a year."""
    entry = entry_of(catalogue, name)
    ceiling = entry.ceiling.value if entry.ceiling is not None else NO_CEILING
    years = np.diff(axes.dates.month_start) / DAYS_PER_YEAR
    return years[:, None, None] * (axes.doctors * (ceiling / 100 * pence_per_unit(name, entry)))[None]


def line_budget(axes: Axes, line: Line, entry: AnyEntry, pence: int) -> Pence:
    """[M, O] a line's money by office (trainee numbers) and then month of delivery (days)."""
    table = np.zeros((axes.dates.months, len(axes.offices)), dtype=np.int64)
    months = delivery(axes, line, entry)
    lengths = np.diff(axes.dates.month_start)[months.start : months.stop]
    for office, part in enumerate(parted(pence, axes.trainee_share * offices_for(axes, line))):
        table[months.start : months.stop, office] = parted(int(part), lengths)
    return table


def line_spend(line: Line, budget: Pence, room: Reals, groups: Flags) -> LineSpend:
    """What a line can spend of its budget in the room [M, G, O] that ceilings leave its groups, shared as that is."""
    open_to = room * groups[None, :, None]
    total = open_to.sum(axis=1)
    spent = np.minimum(budget, np.floor(total).astype(np.int64))
    part = np.divide(spent, total, out=np.zeros_like(total), where=total > 0)
    return LineSpend(line, budget, spent, open_to * part[:, None, :])


def spend(axes: Axes, catalogue: InterventionsSection, mix: MixSection) -> tuple[LineSpend, ...]:
    """Every line in order; lines of one intervention share its ceiling, the first served first.

    Money for groups and offices in which there is no doctor stays unspent.
    """
    pence = parted(round(mix.budget.value * PENCE_PER_GBP), np.array(mix.weights))
    room: dict[str, Reals] = {}
    lines = []
    for line, part in zip(mix.lines, pence, strict=True):
        name = line.intervention
        entry, groups = entry_of(catalogue, name), groups_for(axes, catalogue, line)
        left = room.setdefault(name, most_pence(axes, catalogue, name))
        lines.append(line_spend(line, line_budget(axes, line, entry, int(part)), left, groups))
        room[name] = np.maximum(left - lines[-1].by_group, 0.0)
    return tuple(lines)


def units_of(name: str, entry: AnyEntry, lines: tuple[LineSpend, ...]) -> Reals:
    """[M, G, O] units or places that some lines of an intervention buy together, as they reach the groups."""
    return np.asarray(sum(each.by_group for each in lines) / pence_per_unit(name, entry))


def unit_rows(catalogue: InterventionsSection, spends: tuple[LineSpend, ...]) -> list[UnitRow]:
    """Units or places bought, and money, by intervention in the order of the mix."""
    rows = []
    for name in dict.fromkeys(each.line.intervention for each in spends):
        mine, entry = [each for each in spends if each.line.intervention == name], entry_of(catalogue, name)
        spent, budget = (sum(int(table.sum()) for table in tables) for tables in money(mine))
        unit = "place" if isinstance(entry, Places) else entry.unit
        rows.append(UnitRow(name, unit, spent / pence_per_unit(name, entry), spent, budget - spent))
    return rows


def money(lines: list[LineSpend]) -> tuple[list[Pence], list[Pence]]:
    """Tables of what lines spend and of what they have."""
    return [each.spent for each in lines], [each.budget for each in lines]


def ledger_rows(axes: Axes, spends: tuple[LineSpend, ...]) -> list[SpendRow]:
    """Money by training year, office and intervention. A month belongs to the training year of its fifteenth day."""
    spent: dict[tuple[int, str, str], int] = defaultdict(int)
    unspent: dict[tuple[int, str, str], int] = defaultdict(int)
    years = years_of_months(axes.dates)
    for each in spends:
        for month, office in np.argwhere(each.budget > 0).tolist():
            place = NATIONAL if each.line.split == "national" else axes.offices[office]
            key = (years[month], place, each.line.intervention)
            spent[key] += int(each.spent[month, office])
            unspent[key] += int(each.budget[month, office] - each.spent[month, office])
    return [SpendRow(*key, spent[key], unspent[key]) for key in sorted(spent)]


def years_of_months(dates: Dates) -> list[int]:
    """Training year of every calendar month, by its fifteenth day held to the run."""
    year_of, training_years = dates.year_of, dates.training_years
    middles = [dates.day(dates.month_date(month).replace(day=MIDDLE_OF_MONTH)) for month in range(dates.months)]
    return [training_years[int(year_of[max(0, min(day, dates.days - 1))])] for day in middles]
