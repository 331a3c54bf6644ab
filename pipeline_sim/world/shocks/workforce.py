"""What COVID took of people's time and papers: absence, shielding, evidence for reviews, revalidation dates."""

from dataclasses import replace

import numpy as np

from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.shocks.activity_series import staff_absence
from pipeline_sim.world.shocks.counterfactual_waves import occupancy_told
from pipeline_sim.world.shocks.inpatients import Occupancy, occupancy, regional_ratio
from pipeline_sim.world.timeline.interpolate import whole_months
from pipeline_sim.world.timeline.tables import Axes, Reals, Timeline

DAYS_PER_YEAR = 365.25
PER_INPATIENTS = 10_000


def evidence(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Evidence incomplete more often in the months that lie in a window."""
    lost = shocks.evidence
    touched = whole_months(axes, lost.first, lost.last)
    table = timeline.incomplete.copy()
    table[touched] = np.minimum(1.0, table[touched] * (1.0 + lost.scale.value * lost.more.value))
    return replace(timeline, incomplete=table)


def absence(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Sickness beyond normal as published for all staff, more where wards were fuller, or are than was recorded."""
    lost = shocks.absence
    starts = axes.dates.month_start[:-1]
    recorded = occupancy(axes, shocks.regions)
    ratio = regional_ratio(axes, recorded, shocks.regions)[:, starts].T
    more = monthly_per_bed(axes, occupancy_told(axes, shocks)) - monthly_per_bed(axes, recorded)
    beyond = lost.response.value * more.T / PER_INPATIENTS
    points = np.maximum(0.0, lost.doctors.value * staff_absence(axes, lost)[:, None] * ratio + beyond)
    extra = lost.scale.value * points / 100 / axes.sickness if axes.sickness > 0 else np.zeros_like(points)
    return replace(timeline, sick_share_multiplier=timeline.sick_share_multiplier * (1.0 + extra))


def monthly_per_bed(axes: Axes, occupied: Occupancy) -> Reals:
    """[O, M] mean inpatients per bed of a month, in inpatients England would have."""
    starts, lengths = axes.dates.month_start[:-1], np.diff(axes.dates.month_start)
    return np.add.reduceat(occupied.per_bed, starts, axis=1) / lengths


def shielding(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Doctors who begin to shield in a month; a year of such months would have as many for each of its days."""
    lost = shocks.shielding
    labels = [axes.dates.month_date(month).strftime("%Y-%m") for month in range(axes.dates.months)]
    share = np.array([min(1.0, lost.scale.value * lost.share.value.get(label, 0.0)) for label in labels])
    per_year = np.minimum(1.0, share * DAYS_PER_YEAR / np.diff(axes.dates.month_start))
    return replace(timeline, shield_per_year=np.maximum(timeline.shield_per_year, per_year[:, None]))


def revalidation(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Revalidation dates put back."""
    lost = shocks.revalidation
    window = axes.span(lost.first, lost.last)
    if window.start == window.stop:
        return timeline
    put_back = round(lost.months.value * DAYS_PER_YEAR / 12)
    return replace(timeline, revalidation_postponed=(window.start, window.stop, put_back))
