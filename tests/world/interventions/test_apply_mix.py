"""What money buys, and where it goes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from support.worlds.three_offices import (
    AXES,
    LONDON,
    MEDICINE,
    NORTH_WEST,
    PRACTICE,
    SOUTH_WEST,
    SURGERY,
    apply_interventions,
    catalogue,
    local_catalogue,
    mix,
)
from support.worlds.timelines import equal_timelines, ledger_rows

from pipeline_sim.rules.codes import Domain, SeatOrder
from pipeline_sim.world.interventions.spending import largest_remainder, months_after, spend_budget
from pipeline_sim.world.schema.interventions import InterventionsSection
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.timeline.tables import PlaceKind, Timeline, normal_timeline
from pipeline_sim.world.world_error import WorldError

FIRST_CORE_YEAR, FIRST_HIGHER_YEAR = 2, 4  # postgraduate years of CT1 and of the ST3 that follows two of core


def small() -> InterventionsSection:
    """The catalogue for the groups of the small place."""
    return local_catalogue(catalogue())


def changed(kind: str, name: str, key: str, value: float) -> InterventionsSection:
    """The small catalogue with one figure changed."""
    entries = dict(getattr(small(), kind))
    figure = getattr(entries[name], key)
    entries[name] = entries[name].model_copy(update={key: figure.model_copy(update={"value": value})})
    return small().model_copy(update={kind: entries})


def after(chosen: MixSection, entries: InterventionsSection | None = None) -> Timeline:
    return apply_interventions(normal_timeline(AXES), AXES, entries or small(), chosen)


def seat(timeline: Timeline) -> PlaceKind:
    assert len(timeline.place_kinds) == 1
    return timeline.place_kinds[0]


@pytest.mark.law
def test_no_money_changes_nothing() -> None:
    assert equal_timelines(after(mix(0.0)), normal_timeline(AXES))


@pytest.mark.law
def test_an_effect_of_nothing_changes_no_opportunity() -> None:
    entries = changed("weather", "locally-employed-doctors", "effect", 0.0)
    assert (after(mix(), entries).opportunity == 1).all()


@pytest.mark.law
@settings(max_examples=25, deadline=None)
@given(budget=st.floats(1, 40_000_000), factor=st.floats(1, 4))
def test_more_money_never_buys_fewer_seats_or_less_opportunity(budget: float, factor: float) -> None:
    less, more = after(mix(budget)), after(mix(budget * factor))
    assert (more.opportunity >= less.opportunity).all()
    for kind in less.place_kinds:
        assert (seat(more).places >= kind.places - 1e-9).all()


@pytest.mark.law
@settings(max_examples=40, deadline=None)
@given(pence=st.integers(0, 10_000_000_000))
def test_spent_and_unspent_are_the_budget_to_the_penny(pence: int) -> None:
    rows = ledger_rows(AXES, spend_budget(AXES, small(), mix(pence / 100)))
    assert sum(row.spent_pence + row.unspent_pence for row in rows) == pence
    assert all(row.spent_pence >= 0 and row.unspent_pence >= 0 for row in rows)


@pytest.mark.law
@given(whole=st.integers(0, 10**12), weights=st.lists(st.floats(0.001, 1000), min_size=1, max_size=40))
def test_parts_sum_to_the_whole_and_lie_within_a_penny(whole: int, weights: list[float]) -> None:
    parts = largest_remainder(whole, np.array(weights))
    assert parts.sum() == whole
    assert np.abs(parts - whole * np.array(weights) / sum(weights)).max() < 1.01


@pytest.mark.law
def test_shocks_alone_are_not_touched_by_money() -> None:
    assert (after(mix()).shocked == 1).all()


def test_the_odd_penny_goes_to_the_largest_remainder_then_to_the_first() -> None:
    assert largest_remainder(10, np.array([1.0, 1.0, 1.0])).tolist() == [4, 3, 3]
    assert largest_remainder(7, np.array([0.5, 0.3, 0.2])).tolist() == [4, 2, 1]


def test_a_ceiling_leaves_money_unspent_and_says_so() -> None:
    rows = ledger_rows(AXES, spend_budget(AXES, changed("places", "simulation", "ceiling", 1.0), mix()))
    simulation = [row for row in rows if row.intervention == "simulation"]
    spent, left = sum(row.spent_pence for row in simulation), sum(row.unspent_pence for row in simulation)
    doctors = AXES.doctors[[SURGERY, MEDICINE]].sum()
    assert spent == pytest.approx(doctors * 0.01 * 5 * 350 * 100, rel=1e-4)
    assert left == 150_000_000 - spent


def test_lines_of_one_intervention_share_its_ceiling_and_the_first_is_served_first() -> None:
    regional, national = spend_budget(AXES, changed("places", "simulation", "ceiling", 10.0), mix())[1:]
    assert (regional.spent == regional.budget).all()
    assert national.spent.sum() < national.budget.sum()


def test_money_is_split_by_trainee_numbers_and_national_money_is_one_row() -> None:
    rows = {(row.office, row.intervention): row for row in ledger_rows(AXES, spend_budget(AXES, small(), mix()))}
    assert rows["London", "locally-employed-doctors"].spent_pence == 75_000_000
    assert rows["South West", "simulation"].spent_pence == 18_000_000
    assert rows["national", "simulation"].spent_pence == 60_000_000
    assert ("London", "national") not in rows


def test_locally_employed_doctors_help_where_and_when_they_work() -> None:
    timeline = after(mix())
    begin, end = (AXES.dates.day(months_after(mix().lines[0].start, months)) for months in (3, 15))
    elective = timeline.opportunity[Domain.ELECTIVE, SURGERY, LONDON]
    assert (elective[:begin] == 1).all()
    assert (elective[begin:end] > 1).all()
    assert (elective[end:] == 1).all()
    assert (timeline.opportunity[Domain.EMERGENCY] == 1).all()
    assert (timeline.opportunity[:, PRACTICE] == 1).all()


def test_the_effect_saturates_at_the_effect_where_reached() -> None:
    entries = changed("weather", "locally-employed-doctors", "ceiling", 10_000.0)
    huge = after(mix(50_000_000_000.0), entries).opportunity.max()
    assert huge == pytest.approx(1.08, abs=1e-6)
    assert after(mix(100_000_000.0), entries).opportunity.max() < huge + 1e-6


def test_reach_is_one_less_an_exponential_of_doctors_served_a_doctor() -> None:
    timeline = after(mix())
    wte = 3_000_000 * 0.5 * 0.5 / 65_000
    expected = 0.08 * (1 - np.exp(-wte * 6 / 0.8 / 3000))
    gain = timeline.opportunity[Domain.ELECTIVE, SURGERY, LONDON].max() - 1
    assert gain == pytest.approx(expected, rel=1e-2)


def test_simulation_seats_are_what_the_money_buys_and_worth_less_to_seniors() -> None:
    kind = seat(after(mix()))
    assert kind.places.sum() == pytest.approx(1_500_000 / 1750)
    assert kind.places[:, LONDON].sum() > kind.places[:, SOUTH_WEST].sum()
    assert kind.dose_days[FIRST_CORE_YEAR] == pytest.approx(4.5)
    assert (kind.time_days, kind.displaced_days) == pytest.approx((5, 2))
    assert (kind.dose_days <= kind.time_days).all()
    assert (np.diff(kind.dose_days) <= 0).all()
    assert kind.dose_days[FIRST_HIGHER_YEAR] < kind.dose_days[FIRST_CORE_YEAR] / 2
    assert kind.dose_days[-1] == 0
    assert kind.order == SeatOrder.LARGEST_GAP
    assert kind.domain == Domain.ELECTIVE
    assert kind.groups == (SURGERY, MEDICINE)


def test_intensity_is_the_most_that_days_attended_can_give() -> None:
    """A dose drawn above the intensity that is drawn gives no more than that."""
    simulation = small().places["simulation"]
    half = simulation.dose.model_copy(update={"value": 0.5})
    entries = dict(small().places, simulation=simulation.model_copy(update={"intensity": half}))
    kind = seat(after(mix(), small().model_copy(update={"places": entries})))
    assert kind.time_days == kind.dose_days[FIRST_CORE_YEAR] == pytest.approx(2.5)


def test_a_line_split_by_need_goes_where_learning_was_lost() -> None:
    shocked = np.ones_like(normal_timeline(AXES).shocked)
    shocked[:, SURGERY, SOUTH_WEST, :200] = 0.0
    timeline = replace(normal_timeline(AXES), shocked=shocked)
    lines = spend_budget(AXES, small(), mix(split="by_need"), timeline)
    assert all(spend.budget[:, [LONDON, NORTH_WEST]].sum() == 0 < spend.budget[:, SOUTH_WEST].sum() for spend in lines)
    plain = spend_budget(AXES, small(), mix())
    nothing_lost = spend_budget(AXES, small(), mix(split="by_need"), normal_timeline(AXES))
    assert [spend.budget.tolist() for spend in nothing_lost] == [spend.budget.tolist() for spend in plain]


def test_an_intervention_left_out_of_the_timeline_is_gone_and_the_others_stay() -> None:
    timeline = apply_interventions(normal_timeline(AXES), AXES, small(), mix(), frozenset({"simulation"}))
    assert timeline.place_kinds == ()
    assert timeline.opportunity.max() > 1


def test_money_outside_the_run_is_refused() -> None:
    with pytest.raises(WorldError, match="is not within the run"):
        after(mix(months=60))


def test_an_unknown_group_or_intervention_is_refused_with_the_nearest() -> None:
    with pytest.raises(WorldError, match="no group 'ophthalmology'"):
        apply_interventions(normal_timeline(AXES), AXES, catalogue(), mix())
    with pytest.raises(WorldError, match="no intervention 'simulatoin'; nearest is 'simulation'"):
        after(mix(intervention="simulatoin"))


def test_shares_that_are_no_whole_and_starts_within_a_month_are_refused() -> None:
    with pytest.raises(ValidationError, match="shares of lines sum to"):
        mix(share=0.3)
    with pytest.raises(ValidationError, match="should be the first of a month"):
        mix(start=mix().lines[0].start.replace(day=2))


@pytest.mark.parametrize(
    ("month", "months", "text"), [(5, 3, "2022-08-01"), (11, 2, "2023-01-01"), (12, 12, "2023-12-01")]
)
def test_months_after_cross_the_year(month: int, months: int, text: str) -> None:
    assert months_after(mix().lines[0].start.replace(month=month), months).isoformat() == text
