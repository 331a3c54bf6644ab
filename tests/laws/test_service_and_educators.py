"""Laws of service and training: operations added leave the list to the unit, educators are never used twice."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.worlds.three_offices import AXES, catalogue, local_catalogue, mix_of, shocks, with_value

from pipeline_sim.base.calendar import DAYS_PER_FINANCIAL_YEAR
from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.interventions.apply_mix import apply_purchases
from pipeline_sim.world.interventions.service import mix_service
from pipeline_sim.world.interventions.spending import Purchases, entry_of, per_bought, spend_budget, units_of
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.shocks.apply_shocks import apply_all_shocks
from pipeline_sim.world.shocks.waiting_list import ModelledList, list_setting, waiting_list
from pipeline_sim.world.timeline.tables import Timeline, normal_timeline

SMALL = local_catalogue(catalogue())
SERVING = sorted(
    name
    for name, entry in SMALL.entries.items()
    if name != "procedural-boot-camps"  # for an exam that the small place has not
    and any(per_bought(entry, what) for what in ("operations", "released", "educators"))
)
MANY = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def mixes(draw: st.DrawFn) -> MixSection:
    """Mixes of one to five lines that do something to service, of a pound to two hundred millions."""
    parts = draw(st.lists(st.integers(1, 100), min_size=1, max_size=5))
    lines = [
        {
            "intervention": draw(st.sampled_from(SERVING)),
            "share": part / sum(parts),
            "months": draw(st.integers(1, 12)),
            "split": draw(st.sampled_from(("by_trainees", "by_need"))),
        }
        for part in parts
    ]
    return mix_of(draw(st.sampled_from((1.0, 10_000.0, 3_000_000.0, 40_000_000.0, 200_000_000.0))), *lines)


def shocked(supervision: float = 1.0) -> Timeline:
    world = with_value(shocks(), "supervision.scale.value", supervision)
    return apply_all_shocks(normal_timeline(AXES), AXES, world)


SHOCKED = {scale: shocked(scale) for scale in (0.0, 1.0, 2.0)}


def bought(mix: MixSection, timeline: Timeline = SHOCKED[1.0]) -> Purchases:
    return Purchases(AXES, SMALL, spend_budget(AXES, SMALL, mix, timeline))


def lists(mix: MixSection, effort: float = 0.1) -> tuple[ModelledList, ModelledList]:
    """The waiting list without the mix, and with it."""
    world = with_value(shocks(), "backlog.list.effort.value", effort)
    setting = list_setting(SHOCKED[1.0], AXES, world)
    return waiting_list(setting), waiting_list(
        setting, mix_service(bought(mix), setting.parts, world.backlog.list.servers)
    )


@MANY
@given(mix=mixes())
def test_operations_that_a_mix_adds_leave_the_list_to_the_unit(mix: MixSection) -> None:
    """Without extra effort, which a shorter list would let slacken, the lists differ by what was added and not done."""
    before, after = lists(mix, effort=0.0)
    assert np.array_equal(before.stock - after.stock, (after.added - after.lost).cumsum(axis=0))


@MANY
@given(mix=mixes())
def test_every_patient_is_accounted_for_in_every_month(mix: MixSection) -> None:
    for each in lists(mix):
        flows = each.referred - each.done + each.lost - each.added
        first = each.setting.first
        assert np.array_equal(np.diff(each.stock, axis=0)[first:], flows[first + 1 :])
        assert each.stock.min() >= 0


@MANY
@given(mix=mixes())
def test_operations_added_are_those_of_the_units_bought(mix: MixSection) -> None:
    paid = bought(mix)
    names = {spend.line.intervention: entry_of(SMALL, spend.line.intervention) for spend in paid.lines}
    units = {name: units_of(name, entry, paid.lines_of(name)).sum() for name, entry in names.items()}
    wanted = sum(units[name] * per_bought(entry, "operations") for name, entry in names.items())
    added = lists(mix)[1].added
    assert abs(int(added.sum()) - wanted) <= 0.5 * added[0].size


def existing(timeline: Timeline) -> np.ndarray:
    """Sessions that money can buy [M, G, O]."""
    years = np.diff(AXES.dates.month_start) / DAYS_PER_FINANCIAL_YEAR
    return years[:, None, None] * AXES.doctors[None] * SMALL.educators.bought.value * timeline.slots_share


@MANY
@given(mix=mixes(), scale=st.sampled_from((0.0, 1.0, 2.0)))
def test_sessions_of_educators_used_never_exceed_those_that_exist(mix: MixSection, scale: float) -> None:
    """Those of slots are those that shocks left; those of a mix are of the others, all lines together."""
    timeline = SHOCKED[scale]
    paid = bought(mix, timeline)
    used = sum(
        units_of(name, entry_of(SMALL, name), paid.lines_of(name)) * per_bought(entry_of(SMALL, name), "educators")
        for name in {spend.line.intervention for spend in paid.lines}
    )
    assert (used <= existing(timeline) + 1e-6).all()
    a_slot = per_bought(entry_of(SMALL, "placement-capacity"), "educators")
    slots = apply_purchases(timeline, paid).slots_share - timeline.slots_share
    more = slots * AXES.doctors[None] * a_slot  # sessions a year of slots that a mix adds
    years = np.diff(AXES.dates.month_start)[:, None, None] / DAYS_PER_FINANCIAL_YEAR
    assert (more * years <= used + 1e-6).all()


@MANY
@given(mix=mixes())
def test_educators_lost_never_buy_more(mix: MixSection) -> None:
    many, few = (sum(spend.spent.sum() for spend in bought(mix, SHOCKED[scale]).lines) for scale in (1.0, 2.0))
    assert few <= many


def one(name: str, **line: Any) -> MixSection:
    return mix_of(5_000_000.0, {"intervention": name, "share": 1.0, **line})


def test_supervised_lists_shorten_the_list_and_train() -> None:
    before, after = lists(one("supervised-lists"))
    assert after.stock[-1].sum() < before.stock[-1].sum()
    taught = apply_purchases(SHOCKED[1.0], bought(one("supervised-lists"))).opportunity[Domain.ELECTIVE]
    assert taught.sum() > SHOCKED[1.0].opportunity[Domain.ELECTIVE].sum()


@pytest.mark.parametrize("name", ["protected-supervision", "simulation", "boot-camps", "protected-time"])
def test_doctors_who_are_released_lengthen_the_list(name: str) -> None:
    before, after = lists(one(name))
    assert after.stock[-1].sum() > before.stock[-1].sum()
    assert after.lost.sum() > 0 == after.added.sum()


@pytest.mark.parametrize(("name", "way"), [("supervised-lists", 1), ("protected-time", -1)])
def test_who_operates_follows_the_list(name: str, way: int) -> None:
    """Trainees do a larger part of operations where a mix shortens the list, a smaller one where it lengthens it."""
    parts = [
        each.teaching("admitted")
        / (
            (each.setting.level["admitted"] * each.present["admitted"])[:, None, :]
            * (1.0 + each.setting.rules.effort.value * each.pressures)
        )
        for each in lists(one(name))
    ]
    assert (way * (parts[1] - parts[0]) >= -1e-12).all()
    assert (way * (parts[1] - parts[0])).max() > 1e-6


def test_educators_on_wards_are_lost_to_slots_and_to_money_alike() -> None:
    calm = replace(SHOCKED[1.0], slots_share=np.ones_like(SHOCKED[1.0].slots_share))
    mix = one("protected-supervision")
    here, there = (sum(spend.spent.sum() for spend in bought(mix, each).lines) for each in (SHOCKED[2.0], calm))
    assert here < there
