"""What COVID took, where and when."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.worlds.three_offices import (
    ALS,
    AXES,
    LONDON,
    MRCS,
    PRACTICE,
    SOUTH_WEST,
    SURGERY,
    scaled_shocks,
    shocks,
)
from support.worlds.timelines import equal_timelines

from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.shocks.activity_series import month_losses, national_losses
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, apply_all_shocks, stretched_end
from pipeline_sim.world.shocks.inpatients import fill_from_england, occupancy, regional_ratio
from pipeline_sim.world.timeline.interpolate import daily
from pipeline_sim.world.timeline.tables import Timeline, normal_timeline
from pipeline_sim.world.world_error import WorldError

ALL = frozenset(SHOCKS)


def only(*names: str) -> Timeline:
    """The small place with these shocks alone."""
    return apply_all_shocks(normal_timeline(AXES), AXES, shocks(), ALL - set(names))


def day(year: int, month: int, of_month: int = 15) -> int:
    return AXES.dates.day(date(year, month, of_month))


@pytest.mark.law
def test_with_every_shock_left_out_nothing_has_changed() -> None:
    assert equal_timelines(apply_all_shocks(normal_timeline(AXES), AXES, shocks(), ALL), normal_timeline(AXES))


@pytest.mark.law
def test_with_every_shock_switched_off_nothing_has_changed() -> None:
    no = {"enabled": False}
    off = {name: getattr(shocks(), name).model_copy(update=no) for name in ALL - {"derogation"}}
    windows = {name: getattr(shocks().derogation, name).model_copy(update=no) for name in ("outcomes", "gates")}
    off["derogation"] = shocks().derogation.model_copy(update=windows)
    assert equal_timelines(
        apply_all_shocks(normal_timeline(AXES), AXES, shocks().model_copy(update=off)), normal_timeline(AXES)
    )


@pytest.mark.law
@pytest.mark.parametrize("name", sorted(SHOCKS))
def test_each_shock_by_itself_changes_something(name: str) -> None:
    assert not equal_timelines(only(name), normal_timeline(AXES))


@pytest.mark.law
@pytest.mark.parametrize("name", sorted(SHOCKS))
def test_taking_a_shock_out_never_lowers_opportunity_slots_or_sittings(name: str) -> None:
    every = apply_all_shocks(normal_timeline(AXES), AXES, shocks())
    fewer = apply_all_shocks(normal_timeline(AXES), AXES, shocks(), frozenset({name}))
    assert (fewer.opportunity >= every.opportunity).all()
    assert (fewer.slots_share >= every.slots_share).all()
    assert (fewer.sitting_places >= every.sitting_places).all()
    assert (fewer.pull_per_week <= every.pull_per_week).all()


@pytest.mark.law
@settings(max_examples=15, deadline=None)
@given(scale=st.floats(0, 10), name=st.sampled_from(["surge", "backlog", "supervision", "redeployment", "winter"]))
def test_however_strong_a_shock_is_tables_stay_between_nothing_and_normal(scale: float, name: str) -> None:
    timeline = apply_all_shocks(normal_timeline(AXES), AXES, scaled_shocks(name, scale), ALL - {name})
    for table in (timeline.opportunity, timeline.slots_share, timeline.pull_per_week):
        assert table.min() >= 0
        assert table.max() <= 1


@pytest.mark.law
@pytest.mark.parametrize("name", sorted(SHOCKS))
def test_no_shock_acts_before_the_first_week_of_the_series(name: str) -> None:
    timeline, before = only(name), normal_timeline(AXES)
    days, months, weeks = day(2020, 3, 16), AXES.dates.month_of[day(2020, 3, 31)] + 1, -(-day(2020, 3, 16) // 7)
    for table in ("opportunity", "shocked", "sitting_places", "changeover_open", "derogation"):
        assert np.array_equal(getattr(timeline, table)[..., :days], getattr(before, table)[..., :days]), table
    for table in ("slots_share", "evidence_lost", "waiver_days", "sick_share_multiplier", "shield_per_year"):
        assert np.array_equal(getattr(timeline, table)[:months], getattr(before, table)[:months]), table
    assert not timeline.pull_per_week[:weeks].any()
    assert timeline.revalidation_postponed[0] == 0 or timeline.revalidation_postponed[0] >= days


@pytest.mark.parametrize(
    ("year", "month", "index"),
    [(2020, 3, 0.661), (2020, 9, 0.729), (2021, 1, 0.475), (2022, 9, 0.915), (2019, 12, 1.0)],
)
def test_the_nation_s_mean_of_a_month_is_its_logbook_index(year: int, month: int, index: float) -> None:
    days = AXES.dates.month_of[:-1] == AXES.dates.month_of[day(year, month)]
    offices = only("surge").shocked[Domain.ELECTIVE, SURGERY][:, days].mean(axis=1)
    assert offices @ AXES.trainee_share == pytest.approx(index, abs=1e-6)


def test_losses_by_day_are_joined_by_lines_and_keep_the_means_of_months() -> None:
    monthly = {date(2020, 3, 1): 0.3, date(2020, 4, 1): 0.7, date(2020, 5, 1): 0.5, date(2020, 6, 1): 0.2}
    losses = daily(monthly, date(2020, 3, 16))
    assert len(losses) == 16 + 30 + 31 + 30
    assert losses[:16].sum() == pytest.approx(0.3 * 31)
    for span, mean in ((slice(16, 46), 0.7), (slice(46, 77), 0.5), (slice(77, 107), 0.2)):
        assert losses[span].mean() == pytest.approx(mean)
    assert np.abs(np.diff(losses)).max() < 0.02
    assert daily(monthly, date(2019, 12, 1))[:31].mean() == pytest.approx(0.3)


def test_a_day_can_lose_no_more_than_all_there_is() -> None:
    losses = daily({date(2020, 3, 1): 0.7, date(2020, 4, 1): 0.98, date(2020, 5, 1): 0.0}, date(2020, 3, 16))
    assert losses.min() == 0
    assert losses.max() <= 1


def test_london_lost_more_than_the_south_west_when_its_wards_were_fuller() -> None:
    elective = only("surge").opportunity[Domain.ELECTIVE, SURGERY]
    assert elective[LONDON, day(2021, 1)] < elective[SOUTH_WEST, day(2021, 1)]


def test_general_practice_loses_less_than_surgery() -> None:
    lost = 1 - only("surge").opportunity.mean(axis=(0, 2, 3))
    assert 0 < lost[PRACTICE] < lost[SURGERY] / 3


def test_backlog_begins_where_the_series_ends_and_runs_straight_to_normal() -> None:
    elective = only("backlog").shocked[Domain.ELECTIVE, SURGERY, LONDON]
    first = day(2022, 10, 1)
    assert (elective[:first] == 1).all()
    assert elective[first] == pytest.approx(0.915, abs=1e-3)
    steps = np.diff(elective[first : first + 500])
    assert steps.min() == pytest.approx(steps.max(), abs=1e-6)
    assert elective[-1] == 1


def test_recovery_in_no_time_leaves_no_backlog() -> None:
    series = shocks().series["surgery-elective"]
    sudden = series.model_copy(update={"recovery": series.recovery.model_copy(update={"value": 0.0})})
    during, after = national_losses(AXES, sudden)
    assert during.any()
    assert not after.any()


def test_a_wave_pulls_the_share_it_is_said_to_have_pulled() -> None:
    never = np.prod(1 - only("redeployment").pull_per_week[: day(2020, 9, 1) // 7], axis=0)
    assert (1 - never) @ AXES.trainee_share == pytest.approx([0.38, 0.35, 0.08], abs=1e-9)


def test_the_second_wave_pulls_six_tenths_of_the_first() -> None:
    winter = slice(-(-day(2020, 12, 1) // 7), -(-day(2021, 4, 1) // 7))
    never = np.prod(1 - only("redeployment").pull_per_week[winter], axis=0)
    assert (1 - never[PRACTICE]) @ AXES.trainee_share == pytest.approx(0.6 * 0.08, abs=1e-9)


def test_hardly_anyone_is_pulled_between_the_waves_and_most_when_wards_are_fullest() -> None:
    pull = only("redeployment").pull_per_week[:, SURGERY, LONDON]
    assert not pull[day(2020, 8, 10) // 7 : day(2020, 8, 31) // 7].any()
    assert pull[day(2020, 9, 10) // 7 : day(2020, 11, 20) // 7].max() < pull.max() / 20
    assert 0 < pull[day(2021, 6, 1) // 7 :].sum() < pull.sum() / 20
    assert not pull[day(2022, 8, 8) // 7 :].any()
    assert abs(int(pull.argmax()) - day(2020, 4, 8) // 7) <= 1


def test_only_the_changeover_of_april_2020_is_frozen() -> None:
    closed = np.flatnonzero(~only("changeover").changeover_open)
    assert day(2020, 4, 1) in closed
    assert day(2020, 8, 5) not in closed
    assert len(closed) == 30


def test_sittings_are_cancelled_then_have_fewer_places_then_return() -> None:
    places = only("exams", "courses").sitting_places
    assert not places[MRCS, day(2020, 3, 16) : day(2020, 10, 3)].any()
    assert places[MRCS, day(2020, 10, 3) : day(2021, 10, 1)] == pytest.approx(0.8)
    assert places[MRCS, day(2021, 10, 1) :].all()
    assert places[:, : day(2020, 3, 16)].all()


def test_parts_are_closed_on_their_own_dates_or_by_their_kind() -> None:
    lost = shocks().exams
    as_others = {"exams": lost.model_copy(update={"parts": {}})}
    written = AXES._replace(kinds=("written", "course"))
    for axes, closure in ((AXES, lost.clinical), (written, lost.written)):
        others = apply_all_shocks(normal_timeline(axes), axes, shocks().model_copy(update=as_others), ALL - {"exams"})
        closed = np.flatnonzero(others.sitting_places[MRCS] == 0)
        assert AXES.dates.date(closed[-1]) == closure.closed_to
    kept = {"exams": lost.model_copy(update={"kept": ("mrcs-b",)})}
    timeline = apply_all_shocks(normal_timeline(AXES), AXES, shocks().model_copy(update=kept), ALL - {"exams"})
    assert (timeline.sitting_places == 1).all()


def test_exams_and_courses_are_cancelled_apart() -> None:
    assert only("exams").sitting_places[ALS].all()
    assert only("courses").sitting_places[MRCS].all()


def test_a_stretched_span_counts_both_ends() -> None:
    assert stretched_end(date(2020, 3, 1), date(2020, 3, 10), 1.0) == date(2020, 3, 10)
    assert stretched_end(date(2020, 3, 1), date(2020, 3, 10), 2.0) == date(2020, 3, 20)
    assert stretched_end(date(2020, 3, 1), date(2020, 3, 10), 0.0) == date(2020, 2, 29)


def test_regions_after_their_last_week_follow_england_at_their_last_shares() -> None:
    regions = np.array([[1.0, 2.0, np.nan], [3.0, 6.0, np.nan]])
    assert fill_from_england(np.array([4.0, 8.0, 12.0]), regions, 1)[:, 2].tolist() == [3.0, 9.0]


def test_occupancy_is_the_figure_of_the_week() -> None:
    occupied = occupancy(AXES, shocks().regions)
    assert occupied.england[day(2021, 1, 20)] == 33486
    assert occupied.office[LONDON, day(2020, 4, 8)] == 5070
    assert occupied.england[day(2019, 12)] == 0


def test_the_trainee_weighted_ratio_of_offices_is_one() -> None:
    ratio = regional_ratio(AXES, occupancy(AXES, shocks().regions), shocks().regions)
    assert np.allclose(AXES.trainee_share @ ratio, 1)
    assert (ratio[:, day(2019, 6)] == 1).all()


def test_months_before_the_first_are_no_shock_and_gains_are_no_negative_loss() -> None:
    losses = month_losses(AXES.evidence("evidence/rtt_waiting_list_monthly.csv"), shocks().series["outpatient"])
    assert min(losses) == date(2020, 3, 1)
    assert losses[date(2020, 4, 1)] == pytest.approx(1 - 0.519)
    assert losses[date(2023, 6, 1)] == 0


def test_a_group_without_figures_is_refused_by_name() -> None:
    with pytest.raises(WorldError, match=r"surge.groups: nothing for group 'surgary'; nearest is 'surgery'"):
        apply_all_shocks(
            normal_timeline(AXES), AXES._replace(groups=("surgary", "medicine", "general-practice")), shocks()
        )


def test_a_missing_column_is_refused_by_name() -> None:
    series = shocks().series["outpatient"].model_copy(update={"column": "nonadmitted_pct_2019"})
    with pytest.raises(WorldError, match="no column 'nonadmitted_pct_2019'; nearest is"):
        national_losses(AXES, series)


def test_a_shock_leaves_the_timeline_it_was_given_alone() -> None:
    before = normal_timeline(AXES)
    kept = replace(before, opportunity=before.opportunity.copy(), sitting_places=before.sitting_places.copy())
    apply_all_shocks(before, AXES, shocks())
    assert equal_timelines(before, kept)


def test_learning_lost_is_a_part_of_opportunity_lost_from_its_month_on() -> None:
    whole, felt = shocks(), shocks().learning_lost
    halved = whole.model_copy(
        update={"learning_lost": felt.model_copy(update={"value": {"2020-03": 1.0, "2020-08": 0.5}})}
    )
    full, half = (apply_all_shocks(normal_timeline(AXES), AXES, these, ALL - {"surge"}) for these in (whole, halved))
    lost, lost_half = (1 - t.opportunity[Domain.ELECTIVE, SURGERY, LONDON] for t in (full, half))
    assert lost_half[: day(2020, 8, 1)] == pytest.approx(lost[: day(2020, 8, 1)])
    assert lost_half[day(2020, 8, 1) :] == pytest.approx(lost[day(2020, 8, 1) :] / 2, abs=1e-6)
