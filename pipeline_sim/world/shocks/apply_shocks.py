"""Shocks of COVID and the backlog: functions Timeline -> Timeline, applied in the order of `SHOCKS`.

A shock never adds opportunity, slots or sittings.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_YEAR, MONTHS_PER_YEAR
from pipeline_sim.rules.codes import GATES_DEROGATED, OUTCOMES_DEROGATED
from pipeline_sim.world.schema.shocks import ShocksSection, Sittings
from pipeline_sim.world.shocks.training_opportunity import backlog, independent_sector, surge, winter
from pipeline_sim.world.shocks.wards import redeployment, supervision
from pipeline_sim.world.shocks.workforce import absence, evidence, revalidation, shielding
from pipeline_sim.world.timeline.interpolate import whole_months
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Axes, Timeline
from pipeline_sim.world.world_error import WorldError, hint

Shock = Callable[[Timeline, Axes, ShocksSection], Timeline]


def changeover(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Cancelled changeovers."""
    opened = timeline.changeover_open.copy()
    opened[axes.span(shocks.changeover.first, shocks.changeover.last)] = False
    return replace(timeline, changeover_open=opened)


def exams(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Cancelled sittings of exams."""
    return cancel_sittings(timeline, axes, shocks.exams, course=False)


def courses(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Cancelled dates of courses."""
    return cancel_sittings(timeline, axes, shocks.courses, course=True)


def cancel_sittings(timeline: Timeline, axes: Axes, lost: Sittings, course: bool) -> Timeline:
    """Cancelled sittings: all for a while, then whole months alternating evenly at the open share."""
    closed_to = stretched_end(lost.closed_from, lost.closed_to, lost.scale.value)
    partial_to = stretched_end(lost.closed_from, lost.partial_to, lost.scale.value)
    opened = timeline.sitting_open.copy()
    affected = np.array(axes.is_course, dtype=np.bool_) == course
    opened[affected, axes.span(lost.closed_from, closed_to)] = False
    partial = axes.span(closed_to + timedelta(days=1), partial_to)
    month = axes.dates.month_of[partial].astype(np.int64)
    number = month - month[0] + 1 if len(month) else month
    share = lost.open_share.value
    opened[affected, partial] &= np.floor(number * share) > np.floor((number - 1) * share)
    return replace(timeline, sitting_open=opened)


def stretched_end(first: date, last: date, scale: float) -> date:
    """Last day of a period, both ends included, with its length scaled; the day before `first` at scale 0."""
    days = round(((last - first).days + 1) * scale)
    return first + timedelta(days=days - 1)


def derogation(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Derogations: days on which outcomes 10.x could be given and gates waived, and lost days that panels disregard."""
    given, bits = shocks.derogation, timeline.derogation.copy()
    for window, bit in ((given.outcomes, OUTCOMES_DEROGATED), (given.gates, GATES_DEROGATED)):
        if window.enabled:
            bits[axes.span(window.first, later(window.last, window.later.value))] |= bit
    waived = timeline.waiver_days.copy()
    if given.outcomes.enabled:
        last = later(given.outcomes.last, given.outcomes.later.value)
        waived[whole_months(axes, given.outcomes.first, last)] = given.waiver.value
        for index, first in enumerate(map(given.reforms.get, axes.groups)):
            if first is not None:
                since = whole_months(axes, later(first, given.reform_delay.value), date.max)
                waived[since, index] = given.reformed.value
    return replace(timeline, derogation=bits, waiver_days=waived)


def later(day: date, months: float) -> date:
    """Day some months later, or earlier, as a number of days."""
    return day + timedelta(days=round(months * DAYS_PER_YEAR / MONTHS_PER_YEAR))


SHOCKS: dict[str, Shock] = {  # people first: the waiting list depends on who is away
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
OPPORTUNITY = ("opportunity", "shocked")
TABLES: dict[str, tuple[str, ...]] = {  # that a shock reads or replaces: it is applied once for all worlds in which
    "supervision": ("slots_share",),  # these are the same
    "redeployment": ("pull_per_week", "redeployment_weeks"),
    "absence": ("sick_share_multiplier",),
    "shielding": ("shield_per_year",),
    "surge": OPPORTUNITY,
    "backlog": (*OPPORTUNITY, "pull_per_week", "redeployment_weeks", "sick_share_multiplier"),
    "independent_sector": OPPORTUNITY,
    "winter": OPPORTUNITY,
    "changeover": ("changeover_open",),
    "exams": ("sitting_open",),
    "courses": ("sitting_open",),
    "derogation": ("derogation", "waiver_days"),
    "evidence": ("evidence_lost",),
    "revalidation": ("revalidation_postponed",),
}


def switched_on(shocks: ShocksSection, name: str) -> bool:
    """True if a shock is switched on; each of the two derogations has a switch."""
    if name == "derogation":
        return shocks.derogation.outcomes.enabled or shocks.derogation.gates.enabled
    return bool(getattr(shocks, name).enabled)


def check_groups(axes: Axes, shocks: ShocksSection) -> None:
    """Check that every specialty group has a loss, a redeployment share and a loss of slots; raises WorldError."""
    tables: dict[str, Mapping[str, object]] = {
        "surge.groups": shocks.surge.groups,
        "redeployment.share": shocks.redeployment.share.value,
        "supervision.lost": shocks.supervision.lost.value,
    }
    for name, table in tables.items():
        for group in axes.groups:
            if group not in table:
                raise WorldError(f"shocks.{name}: nothing for group '{group}'{hint(group, table)}")


def apply_all_shocks(
    timeline: Timeline,
    axes: Axes,
    shocks: ShocksSection,
    without: frozenset[str] = frozenset(),
    shared: SharedResults | None = None,
) -> Timeline:
    """Timeline after all shocks that are switched on, in order; those applied to the same tables before are shared."""
    check_groups(axes, shocks)
    get = (shared or SharedResults()).get
    for name, apply in SHOCKS.items():
        if name not in without and switched_on(shocks, name):
            before = [getattr(timeline, table) for table in TABLES[name]]
            after = get(partial(apply, timeline, axes, shocks), name, axes, shocks, *before)
            timeline = replace(timeline, **{table: getattr(after, table) for table in TABLES[name]})
    return timeline
