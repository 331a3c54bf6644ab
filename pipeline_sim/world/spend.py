"""How a mix's budget reaches offices and months, what a ceiling leaves unspent, and the ledger.

Integer pence throughout; a whole is parted by largest remainder, so parts always sum to it.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.world.errors import WorldError, hint
from pipeline_sim.world.schema_interventions import InterventionsSection, Line, MixSection, Places, Weather
from pipeline_sim.world.tables import Axes, Reals

Pence = npt.NDArray[np.int64]
PENCE_PER_GBP = 100
DAYS_PER_YEAR = 365
NATIONAL = "national"
MIDDLE_OF_MONTH = 15


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


def parted(whole: int, weights: Reals) -> Pence:
    """A whole number of pence in parts by weight; the largest remainders, earliest first, get the odd pence."""
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


def entry_of(catalogue: InterventionsSection, name: str) -> Weather | Places:
    """The catalogue entry of a line."""
    known: dict[str, Weather | Places] = {**catalogue.weather, **catalogue.places}
    if name not in known:
        raise WorldError(f"mix.lines: no intervention '{name}'{hint(name, known)}")
    return known[name]


def delivery(axes: Axes, line: Line, entry: Weather | Places) -> range:
    """Indices of the calendar months in which a line delivers."""
    first = months_after(line.start, round(entry.lead.value))
    beyond = months_after(first, line.months)
    dates = axes.dates
    if line.start < dates.day_zero or beyond > dates.end:
        run = f"the run, {dates.day_zero} to {dates.end}"
        raise WorldError(f"mix.lines: {line.intervention}: {line.start} to {beyond} is not within {run}")
    begins = int(dates.month_of[dates.day(first)])
    return range(begins, begins + line.months)


def doctors_of(axes: Axes, groups: tuple[str, ...], name: str) -> Reals:
    """[O] doctors in the groups an intervention is for."""
    for group in groups:
        if group not in axes.groups:
            raise WorldError(f"interventions: {name}: no group '{group}'{hint(group, axes.groups)}")
    return axes.doctors[[axes.groups.index(group) for group in groups]].sum(axis=0)


def pence_per_unit(entry: Weather | Places) -> float:
    """Price of a WTE-year or of a place."""
    days = 1.0 if isinstance(entry, Weather) else entry.days_per_place.value
    return entry.unit_cost.value * days * PENCE_PER_GBP


def most_pence(axes: Axes, name: str, entry: Weather | Places) -> Pence:
    """[M, O] most that can be spent in a month and office: the ceiling on WTE in post, or on places a year."""
    units = entry.ceiling.value / 100 * doctors_of(axes, entry.groups, name)
    years = np.diff(axes.dates.month_start) / DAYS_PER_YEAR
    return np.floor(years[:, None] * units[None, :] * pence_per_unit(entry)).astype(np.int64)


def line_budget(axes: Axes, line: Line, entry: Weather | Places, pence: int) -> Pence:
    """[M, O] a line's money by office (trainee numbers) and then month of delivery (days)."""
    table = np.zeros((axes.dates.months, len(axes.offices)), dtype=np.int64)
    months = delivery(axes, line, entry)
    lengths = np.diff(axes.dates.month_start)[months.start : months.stop]
    for office, part in enumerate(parted(pence, axes.trainee_share)):
        table[months.start : months.stop, office] = parted(int(part), lengths)
    return table


def spend(axes: Axes, catalogue: InterventionsSection, mix: MixSection) -> tuple[LineSpend, ...]:
    """Every line in order; lines of one intervention share its ceiling, the first served first."""
    total = round(mix.budget.value * PENCE_PER_GBP)
    pence = parted(total, np.array([line.share for line in mix.lines]))
    left: dict[str, Pence] = {}
    lines = []
    for line, part in zip(mix.lines, pence, strict=True):
        entry = entry_of(catalogue, line.intervention)
        room = left.setdefault(line.intervention, most_pence(axes, line.intervention, entry))
        budget = line_budget(axes, line, entry, int(part))
        spent = np.minimum(budget, room)
        left[line.intervention] = room - spent
        lines.append(LineSpend(line, budget, spent))
    return tuple(lines)


def units_bought(spends: tuple[LineSpend, ...], name: str, entry: Weather | Places) -> Reals:
    """[M, O] units of an intervention bought by all its lines together: WTE-years or places."""
    pence = sum(each.spent for each in spends if each.line.intervention == name)
    return np.asarray(pence / pence_per_unit(entry))


def ledger_rows(axes: Axes, spends: tuple[LineSpend, ...]) -> list[SpendRow]:
    """Money by training year, office and intervention. A month belongs to the training year of its fifteenth day."""
    spent: dict[tuple[int, str, str], int] = defaultdict(int)
    unspent: dict[tuple[int, str, str], int] = defaultdict(int)
    for each in spends:
        for month, office in np.argwhere(each.budget > 0).tolist():
            place = NATIONAL if each.line.split == "national" else axes.offices[office]
            key = (year_of_month(axes, month), place, each.line.intervention)
            spent[key] += int(each.spent[month, office])
            unspent[key] += int(each.budget[month, office] - each.spent[month, office])
    return [SpendRow(*key, spent[key], unspent[key]) for key in sorted(spent)]


def year_of_month(axes: Axes, month: int) -> int:
    """Training year of a calendar month, by its fifteenth day held to the run."""
    day = axes.dates.day(axes.dates.month_date(month).replace(day=MIDDLE_OF_MONTH))
    return axes.dates.training_years[int(axes.dates.year_of[max(0, min(day, axes.dates.days - 1))])]
