"""Money adds up for any mix, ceilings hold over all lines, and more money never buys less."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.worlds.three_offices import AXES, apply_interventions, catalogue, local_catalogue, mix_of
from support.worlds.timelines import ledger_rows

from pipeline_sim.world.interventions.spending import (
    ceiling_pence,
    largest_remainder,
    spend_budget,
    unit_rows,
)
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.timeline.tables import normal_timeline
from pipeline_sim.world.world_error import WorldError

SMALL = local_catalogue(catalogue())
NAMES = sorted(name for name, entry in SMALL.entries.items() if entry.unit_cost is not None)
GATES = ("apls-courses", "procedural-boot-camps", "atls-courses")  # exams that the small place has not
MANY = settings(max_examples=40, deadline=None, derandomize=True)


@st.composite
def lines(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Two to six lines of one to three interventions, some for a few groups or offices."""
    parts = draw(st.lists(st.integers(1, 1000), min_size=2, max_size=6))
    known = st.sampled_from([name for name in NAMES if name not in GATES])
    names = draw(st.lists(known, min_size=1, max_size=3))
    return [{"share": part / sum(parts), **draw(line(names))} for part in parts]


@st.composite
def line(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """One line without its share."""
    name = draw(st.sampled_from(names))
    groups = draw(st.sampled_from(SMALL.entries[name].groups))
    office = draw(st.sampled_from(AXES.offices))
    return {
        "intervention": name,
        "split": draw(st.sampled_from(("by_trainees", "by_need"))),
        "payer": draw(st.sampled_from(("offices", "national"))),
        "months": draw(st.integers(1, 12)),
        "groups": draw(st.sampled_from(((), (groups,)))),
        "offices": draw(st.sampled_from(((), (office,)))),
    }


def chosen(pence: int, parts: list[dict[str, Any]]) -> MixSection:
    return mix_of(pence / 100, *parts)


@pytest.mark.law
@MANY
@given(pence=st.integers(0, 10_000_000_000), parts=lines())
def test_any_mix_is_spent_or_left_to_the_penny(pence: int, parts: list[dict[str, Any]]) -> None:
    spends = spend_budget(AXES, SMALL, chosen(pence, parts))
    rows = ledger_rows(AXES, spends)
    assert sum(row.spent_pence + row.unspent_pence for row in rows) == pence
    assert all(row.spent_pence >= 0 and row.unspent_pence >= 0 for row in rows)
    bought = unit_rows(SMALL, spends)
    assert sum(row.spent_pence for row in bought) == sum(row.spent_pence for row in rows)
    assert sum(row.unspent_pence for row in bought) == sum(row.unspent_pence for row in rows)


@pytest.mark.law
@MANY
@given(pence=st.integers(0, 10_000_000_000), parts=lines())
def test_ceilings_hold_over_all_lines_and_what_is_spent_reaches_groups(pence: int, parts: list[dict[str, Any]]) -> None:
    spends = spend_budget(AXES, SMALL, chosen(pence, parts))
    for each in spends:
        assert np.allclose(each.by_group.sum(axis=1), each.spent, atol=1e-3)
    for name in {each.line.intervention for each in spends}:
        reached = sum(each.by_group for each in spends if each.line.intervention == name)
        assert (reached <= ceiling_pence(AXES, SMALL, name) + 1e-3).all()


@pytest.mark.law
@MANY
@given(pence=st.integers(1, 10_000_000_000), parts=lines())
def test_twice_the_budget_never_buys_less(pence: int, parts: list[dict[str, Any]]) -> None:
    """Of educators that are enough for all: where they are not, the first line may leave none to a later one."""
    enough = SMALL.model_copy(update={"educators": None})
    once, twice = (
        {row.intervention: row.units for row in unit_rows(enough, spend_budget(AXES, enough, chosen(money, parts)))}
        for money in (pence, 2 * pence)
    )
    assert all(twice[name] >= units - 1e-6 for name, units in once.items())


@pytest.mark.law
@MANY
@given(pence=st.integers(1, 10_000_000_000), parts=lines())
def test_no_opportunity_is_lost_and_no_more_than_the_effects_won(pence: int, parts: list[dict[str, Any]]) -> None:
    timeline = apply_interventions(normal_timeline(AXES), AXES, SMALL, chosen(pence, parts))
    most = np.prod([1 + entry.effect.value for entry in SMALL.weather.values()])
    assert 1 <= timeline.opportunity.min() <= timeline.opportunity.max() <= most
    assert 1 <= timeline.slots_share.min() <= timeline.slots_share.max() <= most
    assert all((kind.places >= 0).all() for kind in timeline.place_kinds)


def test_nothing_parts_into_nothing() -> None:
    assert largest_remainder(0, np.zeros(3)).tolist() == [0, 0, 0]


def test_sums_in_pounds_are_kept() -> None:
    parts = [{"intervention": "simulation", "gbp": 1234.56}, {"intervention": "wellbeing", "gbp": 98_765.44}]
    spends = spend_budget(AXES, SMALL, mix_of(100_000.0, *parts))
    assert [int(each.budget.sum()) for each in spends] == [123_456, 9_876_544]


def test_money_for_nobody_stays_unspent() -> None:
    nobody = AXES._replace(doctors=AXES.doctors * np.array([[0], [1], [1]]))
    (only,) = spend_budget(
        nobody, SMALL, mix_of(1e6, {"intervention": "simulation", "share": 1.0, "groups": ("surgery",)})
    )
    assert (only.budget.sum(), only.spent.sum()) == (100_000_000, 0)


def test_a_payment_without_a_price_is_refused_where_there_are_no_costs() -> None:
    with pytest.raises(WorldError, match=r"extensions-paid: has no unit_cost, and no layer has \[costs.extension\]"):
        spend_budget(AXES, SMALL, mix_of(1e6, {"intervention": "extensions-paid", "share": 1.0}))
