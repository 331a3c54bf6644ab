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
from pipeline_sim.world.schema.shocks import Closure, ShocksSection
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
    """Cancelled sittings of exams: of some parts on their own dates, of the others by kind."""
    lost = shocks.exams
    by_kind = {"written": lost.written, "clinical": lost.clinical}
    closures = {
        part: lost.parts.get(part, by_kind[kind])
        for part, kind in zip(axes.parts, axes.kinds, strict=True)
        if kind in by_kind and part not in lost.kept
    }
    return close_sittings(timeline, axes, closures, lost.scale.value)


def courses(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Cancelled dates of courses."""
    lost = shocks.courses
    affected = (part for part, kind in zip(axes.parts, axes.kinds, strict=True) if kind == "course")
    return close_sittings(timeline, axes, dict.fromkeys(affected, lost), lost.scale.value)


def close_sittings(timeline: Timeline, axes: Axes, closures: Mapping[str, Closure], scale: float) -> Timeline:
    """Closed sittings of parts: none for a while, then places for a part of the candidates."""
    places = timeline.sitting_places.copy()
    for part, closure in closures.items():
        closed_to = stretched_end(closure.closed_from, closure.closed_to, scale)
        partial_to = stretched_end(closure.closed_from, closure.partial_to, scale)
        row = places[axes.parts.index(part)]
        row[axes.span(closure.closed_from, closed_to)] = 0
        row[axes.span(closed_to + timedelta(days=1), partial_to)] *= closure.open_share.value
    return replace(timeline, sitting_places=places)


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
                waived[since, index] = np.maximum(waived[since, index], given.reformed.value)
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
    "exams": ("sitting_places",),
    "courses": ("sitting_places",),
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
