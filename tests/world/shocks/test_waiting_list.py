"""The waiting list of the endogenous backlog: against the RTT returns, and one step by hand."""

from datetime import date

import numpy as np
import pytest
from support.worlds.three_offices import AXES, shocks, with_value

from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.schema.waves import STREAMS, Stream
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, apply_all_shocks
from pipeline_sim.world.shocks.compiled_loops import pressure, work_off
from pipeline_sim.world.shocks.waiting_list import (
    ModelledList,
    absent_share,
    list_setting,
    on_wards,
    rtt_returns,
    waiting_list,
)
from pipeline_sim.world.timeline.tables import normal_timeline

ALL = frozenset(SHOCKS)
RULES = shocks().backlog.list
RETURNS = rtt_returns(AXES.evidence("evidence/rtt_waiting_list_monthly.csv"))


def recorded_list() -> ModelledList:
    return waiting_list(list_setting(apply_all_shocks(normal_timeline(AXES), AXES, shocks()), AXES, shocks()))


def activity(lists: ModelledList, stream: Stream) -> np.ndarray:
    """Activity of a stream over that of the same month of normal times [M, L, O]."""
    setting = lists.setting
    effort = RULES.effort.value * np.concatenate([np.zeros_like(lists.pressures[:1]), lists.pressures[:-1]])
    effort[: setting.first] = 0.0
    return (setting.level[stream] * setting.covid[stream] * lists.present[stream])[:, None] * (1.0 + effort)


def test_the_stock_follows_the_returns() -> None:
    lists = recorded_list()
    england, months = lists.stock.sum(axis=(1, 2)), range(lists.setting.first, AXES.dates.months)
    modelled = {AXES.dates.month_date(month).replace(day=1): float(england[month]) for month in months}
    recorded = RETURNS.stock
    published = [month for month in recorded if month >= date(2020, 3, 1)]
    assert len(published) == 42
    error = np.array([modelled[month] / recorded[month] - 1 for month in published])
    later = np.array([month >= date(2021, 1, 1) for month in published])
    assert np.sqrt((error**2).mean()) < 0.08
    assert np.abs(error).max() < 0.22  # May to July 2020: removals from the list fell with referrals, then returned
    assert np.sqrt((error[later] ** 2).mean()) < 0.04
    assert np.abs(error[later]).max() < 0.09


@pytest.mark.parametrize("stream", STREAMS)
def test_activity_follows_the_returns_on_the_whole(stream: Stream) -> None:
    lists = recorded_list()
    modelled = (activity(lists, stream) * lists.setting.part).sum(axis=(1, 2))
    months = [AXES.dates.month_date(place).replace(day=1) for place in range(AXES.dates.months)]
    errors = [
        modelled[place] - RETURNS.done[stream][month] / RETURNS.done[stream][month.replace(year=2019)]
        for place, month in enumerate(months)
        if date(2020, 4, 1) <= month <= date(2023, 8, 1)
    ]
    assert abs(np.mean(errors)) < 0.04
    assert np.sqrt(np.mean(np.square(errors))) < 0.1


def test_a_month_is_stock_plus_kept_referrals_less_activity() -> None:
    lists = waiting_list(list_setting(None, AXES, shocks()))
    stock = lists.stock.sum(axis=(1, 2))
    months = [AXES.dates.month_date(place).replace(day=1) for place in range(AXES.dates.months)]
    place = months.index(date(2021, 5, 1))
    done = sum(
        (activity(lists, stream)[place] * lists.setting.part).sum() * RETURNS.done[stream][date(2019, 5, 1)]
        for stream in STREAMS
    )
    assert stock[place] - stock[place - 1] == pytest.approx(
        RULES.kept.value * RETURNS.referrals[months[place]] - done, abs=10
    )


def test_before_it_begins_the_stock_is_normal_and_lists_teach_as_ever() -> None:
    lists = waiting_list(list_setting(None, AXES, shocks()))
    first = lists.setting.first
    assert lists.stock[:first].sum(axis=(1, 2)) == pytest.approx(RETURNS.stock[date(2020, 2, 1)], abs=10)
    assert lists.teaching("admitted")[:first] == pytest.approx(1, abs=1e-3)


def test_effort_and_crowding_begin_above_normal_and_saturate() -> None:
    found = [pressure(stock, 100.0, RULES.effort_half.value) for stock in (50, 100, 150, 10**11)]
    assert found == pytest.approx([0.0, 0.0, 0.5, 1.0])


def test_doctors_on_wards_stay_as_long_as_they_are_said_to() -> None:
    pull = np.zeros((20, 3, 3))
    pull[4] = 0.1
    timeline = apply_all_shocks(normal_timeline(AXES), AXES, shocks(), ALL - {"redeployment"})
    weeks = np.array([1] * 8 + [3] * 8)
    pulled = type(timeline)(**{**vars(timeline), "pull_per_week": pull, "redeployment_weeks": weeks})
    assert on_wards(pulled)[:9, 0, 0] == pytest.approx([0, 0, 0, 0, 0.1, 0.05, 0.05, 0, 0])


def test_those_away_are_most_in_the_first_wave_and_nobody_in_normal_times() -> None:
    timeline = apply_all_shocks(normal_timeline(AXES), AXES, shocks())
    gone = absent_share(timeline, AXES, RULES.servers)
    month = AXES.dates.month_of[AXES.dates.day(date(2020, 4, 15))]
    assert 0.1 < gone[month].mean() < 0.4
    assert not gone[:19].any()
    assert not absent_share(normal_timeline(AXES), AXES, RULES.servers).any()


def test_a_longer_list_and_doctors_away_leave_less_opportunity() -> None:
    world = with_value(shocks(), "backlog.mode", "endogenous")
    plain = apply_all_shocks(normal_timeline(AXES), AXES, world, ALL - {"backlog"}).opportunity
    less_done = with_value(world, "backlog.list.effort.value", 0.0)
    longer = apply_all_shocks(normal_timeline(AXES), AXES, less_done, ALL - {"backlog"}).opportunity
    pulled = apply_all_shocks(normal_timeline(AXES), AXES, world, ALL - {"backlog", "absence"}).opportunity
    for other in (longer, pulled):
        assert (other <= plain).all()
        assert other[Domain.ELECTIVE].sum() < plain[Domain.ELECTIVE].sum()


def test_in_its_first_month_the_loss_goes_on_from_the_last_of_the_series() -> None:
    world = with_value(with_value(shocks(), "backlog.mode", "endogenous"), "backlog.list.service.value.admitted", 0.0)
    elective = apply_all_shocks(normal_timeline(AXES), AXES, world, ALL - {"backlog"}).opportunity[Domain.ELECTIVE, 0]
    first = AXES.dates.day(date(2022, 10, 1))
    assert (elective[:, :first] == 1).all()
    assert elective[:, first] @ AXES.trainee_share == pytest.approx(0.915, abs=0.01)


def test_doctors_away_lose_nothing_while_the_others_can_treat_all_who_wait() -> None:
    one, able = np.ones((1, 1)), (np.array([[20.0]]), np.array([[15.0]]))
    for waits, done, gone in ((10, 10, 0), (17, 17, 2), (30, 20, 5)):
        flows = np.zeros((5, 1, 1, 1), dtype=np.int64)
        work_off(0, 0.0, 0.5, one, one, np.array([[waits]]), *able, flows, np.zeros((1, 1, 1)))
        assert flows.ravel().tolist() == [waits - done + gone, 0, done, gone, 0]
