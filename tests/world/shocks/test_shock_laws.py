"""Laws of every shock, whatever the figures: none gives, none at nothing acts, and none acts after the last day."""

from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CONFIGS
from support.worlds.three_offices import AXES, shocks, with_value
from support.worlds.timelines import equal_timelines

from pipeline_sim.base.calendar import Dates
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, TABLES, apply_all_shocks
from pipeline_sim.world.shocks.counterfactual_waves import counterfactual_occupancy
from pipeline_sim.world.shocks.inpatients import occupancy
from pipeline_sim.world.timeline.tables import Axes, Timeline, normal_timeline

pytestmark = pytest.mark.law
ALL = frozenset(SHOCKS)
SCALED = sorted(name for name in SHOCKS if hasattr(getattr(shocks(), name), "scale"))
MODES = ("recorded", "endogenous")
WAVES = tuple(shocks().waves)


def timeline_with(world: ShocksSection, axes: Axes = AXES, without: frozenset[str] = frozenset()) -> Timeline:
    return apply_all_shocks(normal_timeline(axes), axes, world, without)


def with_mode(mode: str, world: ShocksSection | None = None) -> ShocksSection:
    return with_value(world or shocks(), "backlog.mode", mode)


def with_copy(name: str, start: date, scale: float) -> ShocksSection:
    """One more wave."""
    more = {"more": {"copies": name, "start": start, "scale": shocks().waves["W1"].scale.model_dump()}}
    tree = {**shocks().model_dump(), "more_waves": more}
    return with_value(ShocksSection.model_validate(tree), "more_waves.more.scale.value", scale)


def no_worse(one: Timeline, other: Timeline) -> None:
    """One leaves no less of anything than the other, but for the last bit of a product."""
    for name in ("opportunity", "shocked", "slots_share", "sitting_places"):
        assert (getattr(one, name) >= getattr(other, name) - 1e-6).all(), name
    for name in ("pull_per_week", "sick_share_multiplier", "shield_per_year", "evidence_lost"):
        assert (getattr(one, name) <= getattr(other, name) + 1e-12).all(), name


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", sorted(SHOCKS))
def test_no_shock_gives(name: str, mode: str) -> None:
    no_worse(normal_timeline(AXES), timeline_with(with_mode(mode), without=ALL - {name}))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SCALED)
def test_a_shock_of_scale_0_is_a_shock_left_out_to_the_bit(name: str, mode: str) -> None:
    world = with_mode(mode)
    left_out = timeline_with(world, without=frozenset({name}))
    assert equal_timelines(timeline_with(with_value(world, f"{name}.scale.value", 0.0)), left_out)
    assert equal_timelines(timeline_with(with_value(world, f"{name}.enabled", False)), left_out)
    assert not equal_timelines(timeline_with(world), left_out)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", sorted(SHOCKS))
def test_a_shock_reads_and_replaces_its_tables_alone(name: str, mode: str) -> None:
    world = with_mode(mode)
    before = timeline_with(world, without=frozenset({name}))
    bare = replace(normal_timeline(AXES), **{table: getattr(before, table) for table in TABLES[name]})
    after, alone = (SHOCKS[name](each, AXES, world) for each in (before, bare))
    for table in (field.name for field in fields(Timeline)):
        if table in TABLES[name]:
            assert np.array_equal(getattr(after, table), getattr(alone, table))
        else:
            assert getattr(after, table) is getattr(before, table)


@pytest.mark.parametrize("mode", MODES)
def test_what_happens_after_the_last_day_changes_nothing(mode: str) -> None:
    before = AXES._replace(dates=Dates(2014, 5))
    assert before.dates.end < date(2020, 3, 1)
    assert equal_timelines(timeline_with(with_mode(mode), before), normal_timeline(before))


def test_a_wave_after_the_last_day_changes_nothing() -> None:
    late = with_copy("W2b", AXES.dates.end + timedelta(days=4), 1.0)
    assert equal_timelines(timeline_with(late), timeline_with(shocks()))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", WAVES)
def test_a_wave_left_out_lowers_no_opportunity_slot_or_sitting(name: str, mode: str) -> None:
    world = with_mode(mode)
    fewer = timeline_with(with_value(world, f"waves.{name}.enabled", False))
    no_worse(fewer, timeline_with(world))
    assert not equal_timelines(fewer, timeline_with(world))
    assert (
        equal_timelines(timeline_with(with_value(world, f"waves.{name}.scale.value", 0.0)), fewer)
        or name == shocks().shutdown.wave
    )


@settings(max_examples=12, deadline=None)
@given(name=st.sampled_from(WAVES), less=st.floats(0, 1), more=st.floats(0, 3), mode=st.sampled_from(MODES))
def test_the_more_inpatients_the_less_there_is(name: str, less: float, more: float, mode: str) -> None:
    world = with_mode(mode)
    fewer, greater = (with_value(world, f"waves.{name}.scale.value", scale) for scale in (less, less + more))
    no_worse(timeline_with(fewer), timeline_with(greater))


@settings(max_examples=12, deadline=None)
@given(
    name=st.sampled_from(WAVES),
    start=st.dates(date(2018, 9, 1), date(2025, 6, 1)),
    scale=st.floats(0, 2),
    mode=st.sampled_from(MODES),
)
def test_one_more_wave_takes_and_never_before_it_begins(name: str, start: date, scale: float, mode: str) -> None:
    plain, more = timeline_with(with_mode(mode)), timeline_with(with_mode(mode, with_copy(name, start, scale)))
    no_worse(plain, more)
    first = AXES.dates.day(start) - 4  # to the nearest whole week
    month = int(AXES.dates.month_of[max(0, first)])
    until = max(0, first) if mode == "recorded" else AXES.dates.month_start[month]  # the list goes by whole months
    assert np.array_equal(more.opportunity[..., :until], plain.opportunity[..., :until])
    assert np.array_equal(more.slots_share[:month], plain.slots_share[:month])
    assert np.array_equal(more.pull_per_week[: max(0, first) // 7], plain.pull_per_week[: max(0, first) // 7])


@settings(max_examples=12, deadline=None)
@given(name=st.sampled_from(WAVES), weeks=st.integers(-20, 60))
def test_a_wave_that_moves_takes_its_inpatients_and_its_redeployment_along(name: str, weeks: int) -> None:
    wave = shocks().waves[name]
    world = shocks()
    for each in WAVES:
        world = with_value(world, f"waves.{each}.enabled", each == name)
    there = with_value(world, f"waves.{name}.moved_to", wave.start + timedelta(weeks=weeks))
    old, new = (counterfactual_occupancy(AXES, each).england for each in (world, there))
    assert np.array_equal(np.roll(old, 7 * weeks), new)
    pulls = [timeline_with(each, without=ALL - {"redeployment"}).pull_per_week for each in (world, there)]
    assert np.allclose(np.roll(pulls[0], weeks, axis=0), pulls[1])


def test_a_wave_moved_to_where_it_was_is_as_recorded() -> None:
    world = with_value(shocks(), "waves.W3.moved_to", shocks().waves["W3"].start)
    assert np.array_equal(counterfactual_occupancy(AXES, world).england, occupancy(AXES, shocks().regions).england)
    plain, moved = timeline_with(shocks()), timeline_with(world)
    no_worse(plain, moved)
    no_worse(moved, plain)


@pytest.mark.parametrize("mode", MODES)
def test_lists_closed_to_less_depth_leave_more(mode: str) -> None:
    world = with_mode(mode)
    half, none = (timeline_with(with_value(world, "shutdown.scale.value", scale)) for scale in (0.5, 0.0))
    no_worse(half, timeline_with(world))
    no_worse(none, half)
    assert half.opportunity.sum() > timeline_with(world).opportunity.sum()


def scenario_names() -> list[str]:
    """Scenarios of shocks; that of interventions alone needs a mix, and touches no shock."""
    return sorted(file.stem for file in (CONFIGS / "scenarios").glob("*.toml") if "[shocks" in file.read_text())


NO_SHOCK = "prioritisation_act"  # changes who is offered posts, and nothing here
ASSERTED: dict[str, tuple[date, str]] = {  # the first day on which it may differ, and a table that does
    "seventh_wave": (date(2024, 11, 28), "pull_per_week"),
    "milder_first_wave": (date(2020, 3, 16), "slots_share"),
    "milder_second_wave": (date(2020, 9, 1), "opportunity"),
    "bad_winter": (date(2024, 12, 1), "opportunity"),
    "slow_recovery": (date(2022, 1, 1), "sick_share_multiplier"),
    "fast_recovery": (date(2022, 1, 1), "sick_share_multiplier"),
    "endogenous_backlog": (date(2022, 10, 1), "opportunity"),
}


def test_an_order_of_offers_changes_no_table_of_shocks(england_timelines: dict[str, Timeline]) -> None:
    plain, other = england_timelines["covid"], england_timelines[NO_SHOCK]
    assert np.array_equal(plain.opportunity, other.opportunity)
    assert np.array_equal(plain.pull_per_week, other.pull_per_week)


@pytest.mark.parametrize("name", [name for name in scenario_names() if name != NO_SHOCK])
def test_each_scenario_differs_where_it_should_and_not_before(
    name: str, england_timelines: dict[str, Timeline]
) -> None:
    first, table = ASSERTED[name]
    plain, other = england_timelines["covid"], england_timelines[name]
    dates = Dates(2018, 9)
    assert not np.array_equal(getattr(plain, table), getattr(other, table))
    before = dates.day(first)
    assert np.array_equal(plain.opportunity[..., :before], other.opportunity[..., :before])
    assert np.array_equal(plain.pull_per_week[: before // 7], other.pull_per_week[: before // 7])
    assert np.array_equal(plain.sitting_places, other.sitting_places)


def test_recovery_is_slower_or_faster_by_the_name(england_timelines: dict[str, Timeline]) -> None:
    no_worse(england_timelines["fast_recovery"], england_timelines["covid"])
    no_worse(england_timelines["covid"], england_timelines["slow_recovery"])
    no_worse(england_timelines["milder_first_wave"], england_timelines["covid"])
    no_worse(england_timelines["milder_second_wave"], england_timelines["covid"])
    no_worse(england_timelines["covid"], england_timelines["seventh_wave"])
    no_worse(england_timelines["covid"], england_timelines["bad_winter"])
