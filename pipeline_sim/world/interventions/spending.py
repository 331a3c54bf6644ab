"""Spending of a mix by office and month, money left unspent by ceilings, and the ledger.

Integer pence throughout; totals are apportioned by largest remainder, so parts always sum to them.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base import apportion
from pipeline_sim.base.calendar import Dates
from pipeline_sim.base.shared_rows import SharedRows
from pipeline_sim.world.schema.interventions import AnyEntry, InterventionsSection, Places, labels_of
from pipeline_sim.world.schema.mix import Line, MixSection
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Axes, Flags, Reals, Timeline, years_of_months
from pipeline_sim.world.world_error import WorldError, hint

Pence = npt.NDArray[np.int64]
Names = tuple[str, ...]
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
    groups: Flags  # [G] served
    months: slice  # from the first to the last with any money


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
    parts = np.zeros((len(amounts), len(weights)), dtype=np.int64)
    if not np.any(amounts):
        return parts
    total = float(np.sum(weights))
    if total <= 0:
        raise WorldError("mix: nobody to spend on: weights of the split sum to 0")
    apportion.largest_remainders(amounts, np.asarray(weights, dtype=np.float64) / total, parts)
    return parts


def months_after(start: date, months: int) -> date:
    """First of the month a number of months after a date."""
    count = start.year * 12 + start.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def entry_of(catalogue: InterventionsSection, name: str) -> AnyEntry:
    """Catalogue entry of an intervention; raises WorldError if unknown."""
    known = catalogue.entries
    if name not in known:
        raise WorldError(f"no intervention '{name}'{hint(name, labels_of(catalogue))}")
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
    """Offices covered by a line [O]. Read-only."""
    return covered(axes.offices, axes.regions, line.offices, line.regions)


@lru_cache(maxsize=256)
def covered(offices: Names, regions: Names, own_offices: Names, own_regions: Names) -> Flags:
    """Which offices, each in an NHS region, are among some offices and regions [O]; none named are all. Read-only."""
    return np.isin(offices, own_offices or offices) & np.isin(regions, own_regions or regions)


def pence_per_unit(name: str, entry: AnyEntry) -> float:
    """Price of a unit or a place; raises WorldError without a unit cost."""
    if entry.unit_cost is None:
        raise WorldError(f"interventions: {name}: has no unit_cost, and no layer has [costs.extension]")
    units = entry.units_per_place if isinstance(entry, Places) else None
    return entry.unit_cost.value * (units.value if units is not None else 1.0) * PENCE_PER_GBP


def per_bought(entry: AnyEntry, what: str) -> float:
    """Operations, days released or educators' sessions of a unit, or of a whole place; 0 if the entry has none."""
    figure = getattr(entry, what, None)
    many = entry.units_per_place.value if isinstance(entry, Places) and entry.units_per_place is not None else 1.0
    return figure.value * many if figure is not None else 0.0


def educators_for_money(axes: Axes, catalogue: InterventionsSection, shocked: Timeline | None) -> Reals | None:
    """Sessions of educators that money can buy [M, G, O], as many fewer as shocks took; None for no limit."""
    if catalogue.educators is None:
        return None
    most = years_of_months(axes.dates) * axes.doctors[None] * catalogue.educators.bought.value
    return most if shocked is None else most * shocked.slots_share


def ceiling_pence(axes: Axes, catalogue: InterventionsSection, name: str) -> Reals:
    """Ceiling on spending by month, group and office [M, G, O], from that on units or places a year."""
    entry = entry_of(catalogue, name)
    ceiling = entry.ceiling.value if entry.ceiling is not None else NO_CEILING
    return years_of_months(axes.dates) * (axes.doctors * (ceiling / 100 * pence_per_unit(name, entry)))[None]


def learning_lost(axes: Axes, shocked: SharedRows, before: date) -> Reals:
    """Learning that shocks took before a date, by office [O]: curriculum days of all doctors, all domains alike."""
    table, days = SharedRows.of(shocked), axes.dates.day(before)
    by_group = table.at[:, : len(axes.groups)].reshape(len(table.at), -1)  # rows of specialties follow
    few, which = np.unique(by_group, axis=1, return_inverse=True)
    total = sum((table.taken(domain)[:, :days] for domain in few), np.zeros((few.shape[1], days)))
    lost = (1.0 - total / len(few)).sum(axis=-1)[which]
    return np.asarray((lost.reshape(axes.doctors.shape) * axes.doctors).sum(axis=0))


def office_weights(axes: Axes, line: Line, shocked: Timeline | None, shared: SharedResults | None = None) -> Reals:
    """Weights by which a line is shared over offices [O]: trainee numbers, or need, where any learning was lost."""
    if line.split == "by_need" and shocked is not None:
        find = partial(learning_lost, axes, shocked.shocked, line.start)
        lost = (shared or SharedResults()).get(find, f"learning lost before {line.start}", axes, shocked.shocked)
        need = lost * offices_for(axes, line)
        if need.any():
            return need
    return axes.trainee_share * offices_for(axes, line)


def line_budget(axes: Axes, line: Line, entry: AnyEntry, pence: int, weights: Reals) -> Pence:
    """Budget of a line [M, O], by weight of the office and then month of delivery (days)."""
    table = np.zeros((axes.dates.months, len(axes.offices)), dtype=np.int64)
    months = delivery(axes, line, entry)
    lengths = np.diff(axes.dates.month_start)[months.start : months.stop]
    by_office = largest_remainder(pence, weights)
    table[months.start : months.stop] = largest_remainders(by_office, lengths).T
    return table


def line_spend(line: Line, budget: Pence, months: slice, headroom: Reals, groups: Flags) -> LineSpend:
    """Spending of a line in some months, up to their headroom [m, G, O] under the ceilings, in proportion to it."""
    spent, by_group = np.zeros_like(budget), np.zeros((len(budget), *headroom.shape[1:]))
    available = headroom * groups[None, :, None]
    total = available.sum(axis=1)
    spent[months] = np.minimum(budget[months], np.floor(total).astype(np.int64))
    share = np.divide(spent[months], total, out=np.zeros_like(total), where=total > 0)
    by_group[months] = available * share[:, None, :]
    return LineSpend(line, budget, spent, by_group, groups, months)


def months_with_money(budget: Pence) -> slice:
    """Months of a table [M, O] from the first to the last with any money."""
    spent = np.flatnonzero(budget.any(axis=1))
    return slice(int(spent[0]), int(spent[-1]) + 1) if len(spent) else slice(0)


def months_of(spends: Iterable[LineSpend]) -> slice:
    """Months from the first to the last with any money of some lines."""
    spans = [spend.months for spend in spends if spend.months.stop]
    return slice(min(span.start for span in spans), max(span.stop for span in spans)) if spans else slice(0)


def spend_budget(
    axes: Axes,
    catalogue: InterventionsSection,
    mix: MixSection,
    shocked: Timeline | None = None,
    shared: SharedResults | None = None,
) -> tuple[LineSpend, ...]:
    """Spending of every line in order; lines of one intervention share its ceiling, first come, first served.

    So do all lines share the sessions of educators. Money for groups and offices without doctors stays unspent.
    """
    pence = largest_remainder(round(mix.budget.value * PENCE_PER_GBP), np.array(mix.weights))
    headroom: dict[str, Reals] = {}
    lines, get, names = [], (shared or SharedResults()).get, [line.intervention for line in mix.lines]
    find = partial(educators_for_money, axes, catalogue, shocked)
    sessions = get(find, "educators", axes, catalogue, shocked and shocked.slots_share)
    educators = None if sessions is None else sessions.copy()
    for line, part in zip(mix.lines, pence, strict=True):
        name = line.intervention
        entry, groups = entry_of(catalogue, name), groups_for(axes, catalogue, line)
        if name not in headroom:
            most = get(partial(ceiling_pence, axes, catalogue, name), f"ceiling of {name}", axes, catalogue)
            headroom[name] = most.copy() if names.count(name) > 1 else most
        each = per_bought(entry, "educators")
        pence_a_session = pence_per_unit(name, entry) / each if each > 0 else 0.0
        served = mix.places_line(line) if isinstance(entry, Places) else line
        budget = line_budget(axes, line, entry, int(part), office_weights(axes, line, shocked, shared))
        months = months_with_money(budget)
        left = most = headroom[name][months]
        if educators is not None and pence_a_session:
            most = np.minimum(left, educators[months] * pence_a_session)
        lines.append(line_spend(served, budget, months, most, groups))
        used = lines[-1].by_group[months]
        if names.count(name) > 1:  # what is left is for other lines
            left[:] = np.maximum(left - used, 0.0)
        if educators is not None and pence_a_session:
            educators[months] = np.maximum(educators[months] - used / pence_a_session, 0.0)
    return tuple(lines)


def units_of(name: str, entry: AnyEntry, lines: tuple[LineSpend, ...], months: slice = slice(None)) -> Reals:
    """Units or places bought by lines of an intervention [M, G, O], or in some months of them."""
    return np.asarray(sum(spend.by_group[months] for spend in lines) / pence_per_unit(name, entry))


def unit_rows(catalogue: InterventionsSection, spends: tuple[LineSpend, ...]) -> list[UnitRow]:
    """Units or places bought, and money, by intervention in the order of the mix."""
    rows = []
    for name in dict.fromkeys(spend.line.intervention for spend in spends):
        own, entry = [spend for spend in spends if spend.line.intervention == name], entry_of(catalogue, name)
        spent, budget = sum(int(spend.spent.sum()) for spend in own), sum(int(spend.budget.sum()) for spend in own)
        rows.append(UnitRow(name, entry.bought_unit, spent / pence_per_unit(name, entry), spent, budget - spent))
    return rows


def ledger_table(axes: Axes, spends: tuple[LineSpend, ...]) -> Pence:
    """Pence spent and unspent [I, Y, O + 1, 2] by intervention in the order of the mix, training year and payer.

    The year is that of the fifteenth day of a month, the last payer is national.
    """
    names, years = list(dict.fromkeys(spend.line.intervention for spend in spends)), axes.dates.training_years
    table = np.zeros((len(names), len(years), len(axes.offices) + 1, 2), dtype=np.int64)
    for spend in spends:
        budget, spent, rows = (each[spend.months] for each in (spend.budget, spend.spent, rows_of_months(axes.dates)))
        parts, own = np.stack([spent, budget - spent], axis=-1), table[names.index(spend.line.intervention)]
        national = spend.line.payer == "national"
        np.add.at(own[:, -1] if national else own[:, :-1], rows, parts.sum(axis=1) if national else parts)
    return table


@cache
def rows_of_months(dates: Dates) -> npt.NDArray[np.int64]:
    """Training year of every calendar month as its number in the run, by its fifteenth day, clipped to the run."""
    middles = [dates.day(dates.month_date(month).replace(day=MIDDLE_OF_MONTH)) for month in range(dates.months)]
    return np.asarray(dates.year_of[np.clip(middles, 0, dates.days - 1)], dtype=np.int64)
