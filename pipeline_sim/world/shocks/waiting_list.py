"""The waiting list of elective care, month by month and office by office: what comes, what is done, what waits.

Every office is told in the size of England, so that offices can be compared; England is their mean weighted by
trainees. Activity of normal times is that of 2019, as published by the RTT returns.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.world.reading.csv_tables import sheet
from pipeline_sim.world.schema.elective_lists import WaitingList
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.schema.waves import STREAMS, Stream
from pipeline_sim.world.shocks.activity_series import line_down
from pipeline_sim.world.shocks.counterfactual_waves import THOUSAND, closed_by_order, occupancy_told
from pipeline_sim.world.timeline.tables import Axes, Reals, Timeline
from pipeline_sim.world.world_error import WorldError

STOCK, REFERRALS = "total_waiting_with_estimates", "new_rtt_periods_est"
DONE: dict[Stream, str] = {"admitted": "admitted_completed_est", "non_admitted": "nonadmitted_completed_est"}
NORMAL_YEAR = 2019


class Returns(NamedTuple):
    """RTT returns of England by first of month."""

    stock: dict[date, float]  # waiting at the end of the month
    referrals: dict[date, float]
    done: dict[Stream, dict[date, float]]


class Lists(NamedTuple):
    """The waiting list as modelled. Months before it begins, and after the run, have none."""

    first: int  # month of the run in which it begins
    stock: Reals  # [M, O] at the end of a month, in pathways of England
    activity: dict[Stream, Reals]  # [M, O] over that of the same month of normal times
    teaching: dict[Stream, Reals]  # [M, O] level x service x what crowding leaves: opportunity for those there


def rtt_returns(path: Path) -> Returns:
    """The returns published."""
    rows = {row.day("month"): row for row in sheet(path)}
    if not all(date(NORMAL_YEAR, month, 1) in rows for month in range(1, 13)):
        raise WorldError(f"{path}: month: should have all of {NORMAL_YEAR}")

    def column(name: str) -> dict[date, float]:
        return {month: rows[month].number(name, least=0) for month in sorted(rows)}

    return Returns(column(STOCK), column(REFERRALS), {stream: column(DONE[stream]) for stream in STREAMS})


def waiting_list(timeline: Timeline | None, axes: Axes, shocks: ShocksSection) -> Lists:
    """The list under the waves of the world and the absences of its timeline; none: nobody is away."""
    rules = shocks.backlog.list
    returns = rtt_returns(axes.evidence(rules.kept.source))
    months = [axes.dates.month_date(month).replace(day=1) for month in range(axes.dates.months)]
    begun = rules.first.replace(day=1)
    first = next((place for place, month in enumerate(months) if month >= begun), len(months))
    gone = np.zeros((1, 1)) if timeline is None else away(timeline, axes, rules.servers)
    level = {stream: levels(axes, rules, stream) for stream in STREAMS}
    service = {stream: 1.0 - rules.service.value[stream] * gone for stream in STREAMS}
    met = left_by_covid(axes, shocks)
    able = {stream: level[stream] * service[stream] * met[stream] for stream in STREAMS}
    normal = known(returns.stock, begun - timedelta(days=1))
    stock = np.full((len(months), len(axes.offices)), normal)
    effort = np.zeros_like(stock)
    waits = np.full(len(axes.offices), known(returns.stock, months[min(first, len(months) - 1)] - timedelta(days=1)))
    for place in range(first, len(months)):
        effort[place] = rules.effort.value * pressure(waits / normal - 1.0, rules)
        growth = grown(returns, rules, months[place])
        usual = {stream: returns.done[stream][same_month(months[place])] * growth for stream in STREAMS}
        done = sum(usual[stream] * able[stream][place] * (1.0 + effort[place]) for stream in STREAMS)
        waits = np.maximum(0.0, waits + rules.kept.value * referred(returns, rules, months[place]) - done)
        stock[place] = waits
    crowded = 1.0 - rules.crowding.value * pressure(stock / normal - 1.0, rules)
    teaching = {stream: level[stream] * service[stream] * crowded for stream in STREAMS}
    return Lists(first, stock, {stream: able[stream] * (1.0 + effort) for stream in STREAMS}, teaching)


def pressure(above: Reals, rules: WaitingList) -> Reals:
    """0 with no more waiting than normal, half at `effort_half`, never quite 1. above: stock over normal, less 1."""
    more = np.maximum(0.0, above)
    return more / (more + rules.effort_half.value)


def levels(axes: Axes, rules: WaitingList, stream: Stream) -> Reals:
    """[M, 1] activity with no COVID inpatient over that of normal times, mean of the month."""
    begun = np.arange(axes.dates.days) >= axes.dates.day(rules.first)
    held = np.arange(axes.dates.days) < axes.dates.day(rules.level_until)
    left = np.where(held, 1.0, line_down(axes, rules.level_until, rules.level_recovery.value)) * begun
    return monthly(axes, 1.0 - (1.0 - rules.level.value[stream]) * left[None, :])


def left_by_covid(axes: Axes, shocks: ShocksSection) -> dict[Stream, Reals]:
    """[M, O] what inpatients and the shutdown left of each stream, mean of the month."""
    inpatients = occupancy_told(axes, shocks).per_bed / THOUSAND
    kept = {stream: np.exp(np.log(shocks.backlog.list.response.value[stream]) * inpatients) for stream in STREAMS}
    return {stream: monthly(axes, kept[stream] * (1.0 - closed_by_order(axes, shocks, stream))) for stream in STREAMS}


def monthly(axes: Axes, daily: Reals) -> Reals:
    """[M, O] means by month of a table by day. daily: [O, T]."""
    starts, lengths = axes.dates.month_start[:-1], np.diff(axes.dates.month_start)
    return np.asarray((np.add.reduceat(daily, starts, axis=1) / lengths).T)


def away(timeline: Timeline, axes: Axes, servers: tuple[str, ...]) -> Reals:
    """[M, O] part of doctors of some groups who are on COVID wards, or ill beyond normal."""
    groups = [place for place, group in enumerate(axes.groups) if group in servers]
    doctors = axes.doctors[groups]
    total = doctors.sum(axis=0)
    share = np.divide(doctors, total, out=np.zeros_like(doctors), where=total > 0)
    weekly = (on_wards(timeline)[:, groups] * share[None]).sum(axis=1)
    pulled = monthly(axes, np.repeat(weekly, DAYS_PER_WEEK, axis=0)[: axes.dates.days].T)
    ill = np.maximum(0.0, timeline.sick_share_multiplier - 1.0) * axes.sickness
    return np.minimum(1.0, pulled + ill)


def on_wards(timeline: Timeline) -> Reals:
    """[W, G, O] part of doctors on COVID wards, from the weekly chance of being pulled and how long it lasts."""
    pull, lengths = timeline.pull_per_week, timeline.redeployment_weeks
    weeks = np.zeros_like(pull)
    if pull.any():
        for back in range(min(int(lengths.max()), len(pull))):
            weeks[back:] += (lengths > back).mean() * pull[: len(pull) - back]
    return np.minimum(1.0, weeks)


def same_month(month: date) -> date:
    """The same month of normal times."""
    return month.replace(year=NORMAL_YEAR)


def known(series: dict[date, float], day: date) -> float:
    """The figure of the month of a day, or of the last month published, or of the first."""
    month = min(max(day.replace(day=1), min(series)), max(series))
    return series[month]


def grown(returns: Returns, rules: WaitingList, month: date) -> float:
    """How much more is done in normal times than in 2019: growth sets in after the last month published."""
    last = max(returns.referrals)
    years = (month.year - last.year) + (month.month - last.month) / 12
    return float((1.0 + rules.growth.value) ** max(0.0, years))


def referred(returns: Returns, rules: WaitingList, month: date) -> float:
    """New pathways of a month; after the last one published, the month of 2019 at the ratio of the last year."""
    if month in returns.referrals:
        return returns.referrals[month]
    recent = sorted(returns.referrals)[-12:]
    ratio = sum(map(returns.referrals.__getitem__, recent)) / sum(
        returns.referrals[same_month(each)] for each in recent
    )
    return returns.referrals[same_month(month)] * ratio * grown(returns, rules, month)


def recorded_stock(axes: Axes, shocks: ShocksSection) -> dict[date, float]:
    """Waiting in England at the end of each month published, by its first."""
    return rtt_returns(axes.evidence(shocks.backlog.list.kept.source)).stock


def modelled_stock(axes: Axes, lists: Lists) -> dict[date, float]:
    """Waiting in England at the end of each month as modelled, by its first."""
    england = lists.stock @ axes.trainee_share
    months = range(lists.first, axes.dates.months)
    return {axes.dates.month_date(place).replace(day=1): float(england[place]) for place in months}
