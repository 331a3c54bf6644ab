"""What a mix does to service: lists and clinics that it adds, and doctors whom it takes away from them."""

from collections.abc import Mapping

import numpy as np

from pipeline_sim.base.calendar import MONTHS_PER_YEAR
from pipeline_sim.world.interventions.spending import Purchases, entry_of, months_of, per_bought, units_of
from pipeline_sim.world.timeline.tables import Axes, MixService, Numbers, Reals, no_service

WORKING_DAYS = 210 / MONTHS_PER_YEAR  # a year of work is 42 weeks, as in evidence/unit_costs.csv


def mix_service(
    bought: Purchases, parts: Mapping[str, float], servers: tuple[str, ...], without: frozenset[str] = frozenset()
) -> MixService:
    """Service of a mix without some interventions, for groups with a part of the list and groups that serve it.

    What is bought for a group without a part, such as anaesthetists, is for the patients of all by their parts.
    """
    axes = bought.axes
    months = months_of(bought.lines)
    added, released = (np.zeros((axes.dates.months, *axes.doctors.shape))[months] for _ in range(2))
    for name in dict.fromkeys(spend.line.intervention for spend in bought.lines):
        entry = entry_of(bought.catalogue, name)
        operations, days = (per_bought(entry, what) for what in ("operations", "released"))
        if name not in without and (operations or days):
            units = units_of(name, entry, bought.lines_of(name), months)
            added += units * operations
            released += units * days
    waiting = [axes.groups.index(group) for group in parts]
    for_all = added.sum(axis=1) - added[:, waiting].sum(axis=1)
    shares = np.array(list(parts.values()))[:, None]
    pathways = added[:, waiting] + for_all[:, None] * shares / shares.sum()
    service = no_service(axes.dates.months, pathways)
    service.added[months], service.away[months] = whole_so_far(pathways), share_away(axes, released, servers)
    return service


def whole_so_far(amounts: Reals) -> Numbers:
    """Whole amounts by month [M, ...], so that the sum up to every month is the sum of the amounts, rounded."""
    return np.diff(np.floor(np.cumsum(amounts, axis=0) + 0.5), axis=0, prepend=0.0).astype(np.int64)


def share_away(axes: Axes, released: Reals, servers: tuple[str, ...]) -> Reals:
    """Share of working days of the groups that serve the list [M, O] on which doctors are released [M, G, O]."""
    serving = np.isin(axes.groups, servers)
    days = WORKING_DAYS * axes.doctors[serving].sum(axis=0)
    gone = released[:, serving].sum(axis=1)
    return np.minimum(1.0, np.divide(gone, days, out=np.zeros_like(gone), where=days > 0))
