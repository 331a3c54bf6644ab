"""Shocks to the workforce: absence, shielding, evidence for reviews, revalidation dates."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_YEAR
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.shocks.activity_series import staff_absence
from pipeline_sim.world.shocks.counterfactual_waves import counterfactual_occupancy
from pipeline_sim.world.shocks.inpatients import occupancy, regional_ratio
from pipeline_sim.world.timeline.interpolate import monthly_means, whole_months
from pipeline_sim.world.timeline.tables import Axes, Timeline

PER_INPATIENTS = 10_000


def evidence(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Evidence that could not be obtained in the months within a period, less of it in the later ones."""
    lost = shocks.evidence
    share = lost.scale.value * np.array([lost.lost.value.get(group, 0.0) for group in axes.groups])
    months = np.where(whole_months(axes, lost.first, lost.last), lost.later.value, 0.0)
    months[whole_months(axes, lost.first, lost.eased - timedelta(days=1))] = 1.0
    return replace(timeline, evidence_lost=np.minimum(1.0, months[:, None] * share))


def absence(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Excess sickness as published for all staff, more where wards are fuller or waves larger than recorded."""
    lost = shocks.absence
    recorded = occupancy(axes, shocks.regions)
    ratio = regional_ratio(axes, recorded, shocks.regions)[:, axes.dates.month_start[:-1]].T
    more = monthly_means(axes, counterfactual_occupancy(axes, shocks).per_bed) - monthly_means(axes, recorded.per_bed)
    beyond = lost.response.value * more.T / PER_INPATIENTS
    points = np.maximum(0.0, lost.doctors.value * staff_absence(axes, lost)[:, None] * ratio + beyond)
    extra = lost.scale.value * points / 100 / axes.sickness if axes.sickness > 0 else np.zeros_like(points)
    return replace(timeline, sick_share_multiplier=timeline.sick_share_multiplier * (1.0 + extra))


def shielding(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Share of doctors who begin to shield in a month, as a yearly rate."""
    lost = shocks.shielding
    labels = [axes.dates.month_date(month).strftime("%Y-%m") for month in range(axes.dates.months)]
    share = np.array([min(1.0, lost.scale.value * lost.share.value.get(label, 0.0)) for label in labels])
    per_year = np.minimum(1.0, share * DAYS_PER_YEAR / np.diff(axes.dates.month_start))
    return replace(timeline, shield_per_year=np.maximum(timeline.shield_per_year, per_year[:, None]))


def revalidation(timeline: Timeline, axes: Axes, shocks: ShocksSection) -> Timeline:
    """Postponed revalidation dates."""
    lost = shocks.revalidation
    window = axes.span(lost.first, lost.last)
    if window.start == window.stop:
        return timeline
    days = round(lost.months.value * DAYS_PER_YEAR / 12)
    return replace(timeline, revalidation_postponed=(window.start, window.stop, days))
