"""Normal times, and what may be left out of a world."""

from dataclasses import replace

import numpy as np
import pytest
from support import CONFIGS
from support.worlds.three_offices import AXES, with_value
from support.worlds.timelines import equal_timelines, ledger, uneventful_timeline

from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.interventions.apply_mix import apply_purchases, purchases
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.build_timeline import apply_mix_and_list, apply_shocks, build_timeline
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.tables import normal_timeline
from pipeline_sim.world.world_error import WorldError


@pytest.fixture(scope="module")
def england() -> World:
    layers = [CONFIGS / name for name in ("england.toml", "covid.toml", "interventions.toml", "costs.toml")]
    return load_world(*layers, mix=CONFIGS.parent / "tests/support/worlds/led_and_simulation.toml")


def test_in_normal_times_there_is_one_of_everything_and_nothing_happens() -> None:
    timeline = normal_timeline(AXES)
    assert timeline.opportunity.shape == (4, 3, 3, AXES.dates.days)
    assert timeline.opportunity.dtype == np.float32
    assert (timeline.opportunity == 1).all()
    assert (timeline.slots_share == 1).all()
    assert timeline.slots_share.shape == (AXES.dates.months, 3, 3)
    assert timeline.pull_per_week.shape == (AXES.dates.weeks, 3, 3)
    assert not timeline.pull_per_week.any()
    assert timeline.sitting_places.all()
    assert timeline.changeover_open.all()
    assert not timeline.derogation.any()
    assert (timeline.incomplete[:, 0] == 0.01).all()
    assert timeline.place_kinds == ()


def test_two_timelines_are_the_same_only_if_every_number_is() -> None:
    one, other = normal_timeline(AXES), normal_timeline(AXES)
    assert equal_timelines(one, other)
    moved = other.opportunity.copy()
    moved[0, 0, 0, 100] = 0.5
    assert not equal_timelines(one, replace(other, opportunity=moved))


@pytest.mark.law
def test_england_without_every_shock_and_intervention_is_england_in_normal_times(england: World) -> None:
    bare = england.model_copy(update={"shocks": None, "mix": None})
    assert equal_timelines(build_timeline(bare), uneventful_timeline(england))


@pytest.mark.law
def test_england_s_money_is_spent_or_left_to_the_penny(england: World) -> None:
    rows = ledger(england)
    assert sum(row.spent_pence + row.unspent_pence for row in rows) == 2_500_000_000
    national = sum(row.spent_pence + row.unspent_pence for row in rows if row.office == "national")
    assert national == 500_000_000
    assert {row.year for row in rows} == {2022}


def test_england_lost_surgical_training_in_2020_and_no_more_than_there_was(england: World) -> None:
    timeline = build_timeline(england)
    surgery, dates = england.group_index("surgery"), england.dates
    year_2020 = dates.year_of[:-1] == list(dates.training_years).index(2020)
    mean = timeline.shocked[Domain.ELECTIVE, surgery][:, year_2020].mean()
    assert 0.85 < mean < 0.97  # learning; a third of the opportunity that was lost after the first wave
    assert timeline.shocked.min() >= 0
    assert timeline.shocked.max() <= 1
    assert (timeline.opportunity >= timeline.shocked).all()


def test_the_quick_world_has_covid_and_a_mix_and_can_be_lowered() -> None:
    layers = [CONFIGS / name for name in ("tiny.toml", "covid.toml", "interventions.toml", "costs.toml")]
    tiny = load_world(*layers, mix=CONFIGS.parent / "tests/support/worlds/led_and_simulation.toml")
    people = build_population(tiny)
    book = lower(tiny, people, build_timeline(tiny, population=people))
    assert book.competence.taken_sum.any()
    assert book.redeployment.pull.any()
    assert book.seats.seats.sum() > 0
    core, surgery = (tiny.programme_index(name) for name in ("core-surgical", "general-surgery"))
    junior, senior = (book.seats.dose[0, book.programmes.entry_year[place]] for place in (core, surgery))
    assert 0 < senior < junior / 2
    assert {row.year for row in ledger(tiny, people)} == {2022}


def test_a_name_that_is_no_shock_cannot_be_left_out(england: World) -> None:
    with pytest.raises(WorldError, match="nearest is 'redeployment'"):
        build_timeline(england, without=frozenset({"redeploymet"}))


@pytest.mark.parametrize("mode", ["recorded", "endogenous"])
def test_only_an_endogenous_list_teaches_otherwise_when_a_mix_shortens_it(mode: str) -> None:
    layers = [CONFIGS / f"{name}.toml" for name in ("england", "costs", "covid", "interventions")]
    world = load_world(*layers, mix=CONFIGS / "mixes" / "supervised_lists.toml")
    world = world.model_copy(update={"shocks": with_value(world.shocks, "backlog.mode", mode)})
    axes = axes_of(world)
    shocked = apply_shocks(world, frozenset(), axes)
    bought = purchases(world, axes=axes, shocked=shocked)
    alone, after = apply_purchases(shocked, bought), apply_mix_and_list(world, axes, shocked, bought)[0]
    more = (after.opportunity - alone.opportunity)[Domain.ELECTIVE, world.group_index("surgery")]
    assert more.min() >= 0
    assert (more.max() > 0) == (mode == "endogenous")
