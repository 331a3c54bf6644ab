"""What COVID and the backlog take away: each shock is a function Timeline -> Timeline, applied in order of `SHOCKS`.

A shock never gives: there is no more opportunity, slots or sittings after it than before.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from pipeline_sim.world.schema.shocks import ShocksSection, Sittings
from pipeline_sim.world.shocks.training_opportunity import backlog, independent_sector, surge, winter
from pipeline_sim.world.shocks.wards import redeployment, supervision
from pipeline_sim.world.shocks.workforce import absence, evidence, revalidation, shielding
from pipeline_sim.world.timeline.tables import GATES_DEROGATED, OUTCOMES_DEROGATED, Axes, Timeline
from pipeline_sim.world.world_error import WorldError, hint

Shock = Callable[[Timeline, Axes, ShocksSection], Timeline]


def changeover(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Changeovers that did not happen."""
    opened = timeline.changeover_open.copy()
    opened[axes.span(shocks.changeover.first, shocks.changeover.last)] = False
    return replace(timeline, changeover_open=opened)


def exams(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Sittings of exams cancelled."""
    return cancelled(timeline, axes, shocks.exams, course=False)


def courses(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Dates of courses cancelled."""
    return cancelled(timeline, axes, shocks.courses, course=True)


def cancelled(timeline: Timeline, axes: Axes, lost: Sittings, course: bool) -> Timeline:
    """All sittings closed for a while, then whole months closed in an even alternation that keeps the open share."""
    closed_to = stretched(lost.closed_from, lost.closed_to, lost.scale.value)
    partial_to = stretched(lost.closed_from, lost.partial_to, lost.scale.value)
    opened = timeline.sitting_open.copy()
    which = np.array(axes.is_course, dtype=np.bool_) == course
    opened[which, axes.span(lost.closed_from, closed_to)] = False
    partial = axes.span(closed_to + timedelta(days=1), partial_to)
    month = axes.dates.month_of[partial].astype(np.int64)
    number = month - month[0] + 1 if len(month) else month
    share = lost.open_share.value
    opened[which, partial] &= np.floor(number * share) > np.floor((number - 1) * share)
    return replace(timeline, sitting_open=opened)


def stretched(first: date, last: date, scale: float) -> date:
    """Last day of a span from `first`, both included, made longer or shorter; the day before `first` at 0."""
    days = round(((last - first).days + 1) * scale)
    return first + timedelta(days=days - 1)


def derogation(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Days on which outcomes 10.x could be given and gates forgone."""
    bits = timeline.derogation.copy()
    for window, bit in ((shocks.derogation.outcomes, OUTCOMES_DEROGATED), (shocks.derogation.gates, GATES_DEROGATED)):
        if window.enabled:
            bits[axes.span(window.first, window.last)] |= bit
    return replace(timeline, derogation=bits)


SHOCKS: dict[str, Shock] = {  # people first: the waiting list asks who is away
    "supervision": supervision,
    "redeployment": redeployment,
    "absence": absence,
    "shielding": shielding,
    "surge": surge,
    "backlog": backlog,
    "independent_sector": independent_sector,
    "winter": winter,
    "changeover": changeover,
    "exams": exams,
    "courses": courses,
    "derogation": derogation,
    "evidence": evidence,
    "revalidation": revalidation,
}


def switched_on(shocks: ShocksSection, name: str) -> bool:
    """True if a shock is switched on; the two derogations have a switch each."""
    if name == "derogation":
        return shocks.derogation.outcomes.enabled or shocks.derogation.gates.enabled
    return bool(getattr(shocks, name).enabled)


def check_groups(axes: Axes, shocks: ShocksSection) -> None:
    """Refuses a world one of whose specialty groups has no loss, no redeployment share or no loss of slots."""
    tables: dict[str, Mapping[str, object]] = {
        "surge.groups": shocks.surge.groups,
        "redeployment.share": shocks.redeployment.share.value,
        "supervision.lost": shocks.supervision.lost.value,
    }
    for name, table in tables.items():
        for group in axes.groups:
            if group not in table:
                raise WorldError(f"shocks.{name}: nothing for group '{group}'{hint(group, table)}")


def shocked(timeline: Timeline, axes: Axes, shocks: ShocksSection, without: frozenset[str] = frozenset()) -> Timeline:
    """All shocks that are switched on, in order."""
    check_groups(axes, shocks)
    for name, apply in SHOCKS.items():
        if name not in without and switched_on(shocks, name):
            timeline = apply(timeline, axes, shocks)
    return timeline
