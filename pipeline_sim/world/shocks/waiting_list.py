"""Waiting list of elective care by month, specialty group and office, in whole pathways: referrals, activity and stock.

England's list is shared over groups by `parts` and over offices by trainees; both streams alike. Normal activity is
that of 2019 in the published RTT returns. A mix shortens the list by lists that it adds, and lengthens it by doctors
whom it takes away from service.
"""

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK, Dates
from pipeline_sim.world.reading.csv_tables import FileStamp, cached_rows, file_stamp
from pipeline_sim.world.schema.elective_lists import WaitingList
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.schema.waves import STREAMS, Stream
from pipeline_sim.world.shocks.activity_series import line_down
from pipeline_sim.world.shocks.compiled_loops import work_off
from pipeline_sim.world.shocks.counterfactual_waves import THOUSAND, counterfactual_occupancy, shutdown_share
from pipeline_sim.world.timeline.interpolate import monthly_means
from pipeline_sim.world.timeline.tables import Axes, MixService, Numbers, Reals, Timeline, no_service
from pipeline_sim.world.world_error import WorldError

STOCK, REFERRALS = "total_waiting_with_estimates", "new_rtt_periods_est"
DONE: dict[Stream, str] = {"admitted": "admitted_completed_est", "non_admitted": "nonadmitted_completed_est"}
NORMAL_YEAR = 2019


class Returns(NamedTuple):
    """RTT returns of England by first of month."""

    stock: dict[date, float]  # waiting at the end of the month
    referrals: dict[date, float]
    done: dict[Stream, dict[date, float]]
    latest: float  # referrals of the last 12 months, over those of the same months of the normal year
    last: date  # month


class ListSetting(NamedTuple):
    """All that decides a waiting list but the mix."""

    rules: WaitingList
    first: int  # month of the run in which it begins
    parts: dict[str, float]  # of the specialty groups [L] that have one
    part: Reals  # [L, O] of England's list, sums to 1
    normal: float  # stock of England
    begins: float  # stock of England in the month before the first
    referrals: Reals  # [M] of England, that end in a completed pathway
    usual: dict[Stream, Reals]  # [M] completed in the same month of normal times
    level: dict[Stream, Reals]  # [M, 1]
    covid: dict[Stream, Reals]  # [M, O]
    absent: Reals  # [M, O]


class ModelledList(NamedTuple):
    """Modelled waiting list, in whole pathways: stock + referred - done + lost - added."""

    setting: ListSetting
    stock: Numbers  # [M, L, O] at the end of a month
    referred: Numbers  # [M, L, O]
    done: Numbers  # [M, L, O] with nobody away whom a mix releases
    lost: Numbers  # [M, L, O] not done because a mix takes doctors away
    added: Numbers  # [M, L, O] done on lists and clinics that a mix adds
    pressures: Reals  # [M, L, O] of the stock
    present: dict[Stream, Reals]  # [M, O] activity left by those who are away, over that of all

    def teaching(self, stream: Stream) -> Reals:
        """Opportunity of those present: level x service x (1 - crowding) [M, L, O]."""
        crowded = 1.0 - self.setting.rules.crowding.value * self.pressures
        return np.asarray((self.setting.level[stream] * self.present[stream])[:, None, :] * crowded)

    def teaching_of_all(self, stream: Stream) -> Reals:
        """Mean over specialty groups [M, O]."""
        part = self.setting.part
        return np.asarray((self.teaching(stream) * part).sum(axis=1) / part.sum(axis=0))


def rtt_returns(path: Path) -> Returns:
    """Published RTT returns, read once until the file changes; raises WorldError if 2019 is not complete."""
    return _returns(path, file_stamp(path))


@lru_cache(maxsize=16)
def _returns(path: Path, _stamp: FileStamp) -> Returns:
    rows = {row.day("month"): row for row in cached_rows(path)}
    if not all(date(NORMAL_YEAR, month, 1) in rows for month in range(1, 13)):
        raise WorldError(f"{path}: month: should have all of {NORMAL_YEAR}")

    def column(name: str) -> dict[date, float]:
        return {month: rows[month].number(name, least=0) for month in sorted(rows)}

    referrals = column(REFERRALS)
    recent = sorted(referrals)[-12:]
    latest = sum(map(referrals.__getitem__, recent)) / sum(referrals[same_month(past)] for past in recent)
    done = {stream: column(DONE[stream]) for stream in STREAMS}
    return Returns(column(STOCK), referrals, done, latest, recent[-1])


def list_setting(timeline: Timeline | None, axes: Axes, shocks: ShocksSection) -> ListSetting:
    """Setting of the waves of the world and the absences of a timeline; without one nobody is absent."""
    rules = shocks.backlog.list
    returns = rtt_returns(axes.evidence(rules.kept.source))
    months = first_days(axes.dates)
    begun = rules.first.replace(day=1)
    first = next((index for index, month in enumerate(months) if month >= begun), len(months))
    parts = {group: rules.parts.value[group] for group in axes.groups if group in rules.parts.value}
    growth = np.array([normal_growth(returns, rules, month) for month in months])
    return ListSetting(
        rules=rules,
        first=first,
        parts=parts,
        part=np.outer(np.array([*parts.values()]) / sum(parts.values()), axes.trainee_share),
        normal=published_value(returns.stock, begun - timedelta(days=1)),
        begins=published_value(returns.stock, months[min(first, len(months) - 1)] - timedelta(days=1)),
        referrals=rules.kept.value * np.array([new_referrals(returns, rules, month) for month in months]),
        usual={s: growth * np.array([returns.done[s][month] for month in map(same_month, months)]) for s in STREAMS},
        level={stream: levels(axes, rules, stream) for stream in STREAMS},
        covid=covid_factor(axes, shocks),
        absent=np.zeros((1, 1)) if timeline is None else absent_share(timeline, axes, rules.servers),
    )


def waiting_list(setting: ListSetting, mix: MixService | None = None) -> ModelledList:
    """Waiting list of a setting, with what a mix adds and takes away.

    What cannot be done because nobody waits is not: an added list stays empty then.
    """
    rules, part, first = setting.rules, setting.part, setting.first
    offered, away = mix or no_service(len(setting.referrals), part)
    normal, half = setting.normal * part, rules.effort_half.value
    present = [present_share(setting, gone) for gone in (setting.absent, setting.absent + away)]
    usual, short = (
        np.add(*(setting.usual[s][:, None] * (setting.level[s] * setting.covid[s]) * there[s] for s in STREAMS))
        for there in present
    )
    flows, pressures = np.zeros((5, *offered.shape), np.int64), np.empty(offered.shape)
    flows[0] = whole(normal)
    flows[1, first:] = whole(setting.referrals[first:, None, None] * part)
    flows[4, first:] = offered[first:]
    waits = whole(setting.begins * part)
    work_off(first, rules.effort.value, half, normal, part, waits, usual, short, flows, pressures)
    stock, referred, done, lost, added = flows
    return ModelledList(setting, stock, referred, done, lost, added, pressures, present[1])


def present_share(setting: ListSetting, gone: Reals) -> dict[Stream, Reals]:
    """Activity that is left of each stream where some of the doctors who serve it are gone [M, O]."""
    return {s: 1.0 - setting.rules.service.value[s] * np.minimum(1.0, gone) for s in STREAMS}


def whole(pathways: Reals) -> Numbers:
    """Whole pathways, each rounded."""
    return np.rint(pathways).astype(np.int64)


def levels(axes: Axes, rules: WaitingList, stream: Stream) -> Reals:
    """Activity without COVID inpatients over normal activity [M, 1], monthly means."""
    begun = np.arange(axes.dates.days) >= axes.dates.day(rules.first)
    constant = np.arange(axes.dates.days) < axes.dates.day(rules.level_until)
    left = np.where(constant, 1.0, line_down(axes, rules.level_until, rules.level_recovery.value)) * begun
    return monthly_means(axes, 1.0 - (1.0 - rules.level.value[stream]) * left[None, :]).T


def covid_factor(axes: Axes, shocks: ShocksSection) -> dict[Stream, Reals]:
    """Activity of each stream under inpatients and the shutdown over normal [M, O], monthly means."""
    inpatients = counterfactual_occupancy(axes, shocks).per_bed / THOUSAND
    response = shocks.backlog.list.response.value
    left = {stream: np.exp(np.log(response[stream]) * inpatients) for stream in STREAMS}
    return {s: monthly_means(axes, left[s] * (1.0 - shutdown_share(axes, shocks, s))).T for s in STREAMS}


def absent_share(timeline: Timeline, axes: Axes, servers: tuple[str, ...]) -> Reals:
    """Share of doctors of some groups on COVID wards or in excess sickness [M, O]."""
    groups = [index for index, group in enumerate(axes.groups) if group in servers]
    doctors = axes.doctors[groups]
    total = doctors.sum(axis=0)
    share = np.divide(doctors, total, out=np.zeros_like(doctors), where=total > 0)
    weekly = (on_wards(timeline)[:, groups] * share[None]).sum(axis=1)
    pulled = monthly_means(axes, np.repeat(weekly, DAYS_PER_WEEK, axis=0)[: axes.dates.days].T).T
    ill = np.maximum(0.0, timeline.sick_share_multiplier - 1.0) * axes.sickness
    return np.minimum(1.0, pulled + ill)


def on_wards(timeline: Timeline) -> Reals:
    """Share of doctors on COVID wards [W, G, O], from the weekly chance and the length of redeployment."""
    pull, lengths = timeline.pull_per_week, timeline.redeployment_weeks
    weeks = np.zeros_like(pull)
    if pull.any():
        for back in range(min(int(lengths.max()), len(pull))):
            weeks[back:] += (lengths > back).mean() * pull[: len(pull) - back]
    return np.minimum(1.0, weeks)


@lru_cache(maxsize=16)
def first_days(dates: Dates) -> list[date]:
    """First day of each calendar month of a run [M]. Read-only."""
    return [dates.month_date(month).replace(day=1) for month in range(dates.months)]


def same_month(month: date) -> date:
    """Corresponding month of 2019."""
    return month.replace(year=NORMAL_YEAR)


def published_value(series: dict[date, float], day: date) -> float:
    """Figure of the month of a date, or of the nearest month published."""
    month = min(max(day.replace(day=1), min(series)), max(series))
    return series[month]


def normal_growth(returns: Returns, rules: WaitingList, month: date) -> float:
    """Normal activity over that of 2019: growth begins after the last month published."""
    years = (month.year - returns.last.year) + (month.month - returns.last.month) / 12
    return float((1.0 + rules.growth.value) ** max(0.0, years))


def new_referrals(returns: Returns, rules: WaitingList, month: date) -> float:
    """New pathways of a month; after the last one published, those of 2019 at the ratio of the latest."""
    if month in returns.referrals:
        return returns.referrals[month]
    return returns.referrals[same_month(month)] * returns.latest * normal_growth(returns, rules, month)
