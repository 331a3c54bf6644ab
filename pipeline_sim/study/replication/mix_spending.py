"""Spending and purchases of a world's mix, and its waiting list, as a summary stores them."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import Dates
from pipeline_sim.economics.budget import LedgerError, budget_pence, check_ledger
from pipeline_sim.study.replication.summary import Numbers
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.spending import Purchases, entry_of, ledger_table, pence_per_unit
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.waiting_list import ModelledList


class MixSpending(NamedTuple):
    """Money and units of a mix."""

    ledger: Numbers  # [I, years of the run, O + 1, 2] pence spent and unspent
    bought: Numbers  # [I] thousandths of a unit


def mix_spending(world: World, bought: Purchases | None) -> MixSpending | None:
    """Spending of a world's mix; StudyError if it does not add up to the budget. None without a mix."""
    if world.mix is None:
        return None
    names, shape = bought_names(world), (len(world.dates.training_years), len(world.offices) + 1, 2)
    table = np.zeros((len(names), *shape), np.int64) if bought is None else ledger_table(bought.axes, bought.lines)
    try:
        check_ledger(table, budget_pence(world.mix))
    except LedgerError as error:
        raise StudyError(f"{world.name}: {error}") from None
    if bought is None:
        return MixSpending(table, np.zeros(len(names), np.int64))
    prices = (pence_per_unit(name, entry_of(bought.catalogue, name)) for name in names)
    units = [int(spent) / price for spent, price in zip(table[..., 0].sum(axis=(1, 2)), prices, strict=True)]
    return MixSpending(table, np.array([round(1000 * each) for each in units], np.int64))


LIST_COUNTS = ("waiting", "pathways_added", "pathways_lost")  # at the end of a month, and in it


def listed_groups(world: World) -> tuple[str, ...]:
    """Specialty groups that have a part of the waiting list; none in a world without shocks."""
    parts = world.shocks.backlog.list.parts.value if world.shocks is not None else {}
    return tuple(group.id for group in world.groups if group.id in parts)


def reported_months(world: World) -> dict[int, str]:
    """Reported calendar months, as `2022-04`, by their place in the run; the first begins in the warm-up."""
    return _months_of(world.dates, world.reported_from)


@lru_cache(maxsize=16)
def _months_of(dates: Dates, reported_from: int) -> dict[int, str]:
    first = int(dates.month_of[dates.year_start[reported_from]])
    return {month: dates.month_date(month).strftime("%Y-%m") for month in range(first, dates.months)}


def list_counts(world: World, waiting: ModelledList | None) -> Numbers:
    """Waiting list of England by group and reported month [L, months, 3], in whole pathways."""
    months = list(reported_months(world))
    if waiting is None:
        return np.zeros((0, len(months), len(LIST_COUNTS)), np.int64)
    counted = (each[months[0] : months[-1] + 1] for each in (waiting.stock, waiting.added, waiting.lost))
    return np.stack([each.sum(axis=2).T for each in counted], axis=-1)


def bought_names(world: World) -> list[str]:
    """Interventions of a world's mix, in the order in which its lines first name them."""
    return [] if world.mix is None else list(dict.fromkeys(line.intervention for line in world.mix.lines))
