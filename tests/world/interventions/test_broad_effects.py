"""What weather moves besides opportunity: slots, evidence, support, pull; whom it reaches; how it saturates."""

from typing import Any

import numpy as np
import pytest
from support.worlds.three_offices import (
    AXES,
    LONDON,
    MEDICINE,
    NORTH_WEST,
    SOUTH_WEST,
    SURGERY,
    apply_interventions,
    catalogue,
    local_catalogue,
    mix_of,
)

from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.schema.interventions import BroadEffect, InterventionsSection
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.timeline.tables import Timeline, normal_timeline

SMALL = local_catalogue(catalogue())
LED = "locally-employed-doctors"
JANUARY_2023 = AXES.dates.month_of[AXES.dates.day(AXES.dates.date(0).replace(year=2023, month=1, day=15))]


def moving(moves: str, effect: float = 0.5, **words: Any) -> InterventionsSection:
    """A catalogue in which locally employed doctors move another table, for all three groups."""
    entry = SMALL.weather[LED]
    figure = entry.effect.model_copy(update={"value": effect, "low": 0.0, "high": 1.0})
    fields = {**entry.model_dump(), "moves": moves, "domains": (), "groups": AXES.groups, "effect": figure, **words}
    return SMALL.model_copy(update={"weather": {LED: BroadEffect.model_validate(fields)}})


def after(entries: InterventionsSection, chosen: MixSection, before: Timeline | None = None) -> Timeline:
    return apply_interventions(before or normal_timeline(AXES), AXES, entries, chosen)


def led(budget: float = 3_000_000.0, **words: Any) -> MixSection:
    return mix_of(budget, {"intervention": LED, "share": 1.0, **words})


def reached(budget: float) -> np.ndarray:
    """[M, G, O] as placement slots show it."""
    return (after(moving("slots"), led(budget)).slots_share - 1) / 0.5


def test_slots_rise_where_and_when_money_is_spent() -> None:
    timeline = after(moving("slots"), led())
    assert (timeline.slots_share[JANUARY_2023] > 1).all()
    assert timeline.slots_share.max() <= 1.5
    assert (timeline.slots_share[0] == 1).all()
    assert (timeline.opportunity == 1).all()


def test_incomplete_evidence_falls_by_england_s_mean_reach() -> None:
    timeline = after(moving("evidence"), led())
    mean = (reached(3_000_000.0)[JANUARY_2023] * AXES.doctors).sum() / AXES.doctors.sum()
    assert timeline.incomplete[JANUARY_2023] == pytest.approx(AXES.incomplete * (1 - 0.5 * mean))
    assert timeline.incomplete[0] == pytest.approx(AXES.incomplete)


def test_so_many_of_those_without_support_have_it_now() -> None:
    timeline = after(moving("support"), led())
    part = (reached(3_000_000.0)[JANUARY_2023] * AXES.doctors).sum(axis=0) / AXES.doctors.sum(axis=0)
    assert timeline.supported_more[JANUARY_2023] == pytest.approx(0.5 * part)
    assert not timeline.supported_more[0].any()
    everybody = after(moving("support", 1.0), led(60_000_000_000.0), timeline).supported_more
    assert 0 <= everybody.min() <= everybody.max() <= 1


def test_the_pull_to_the_wards_falls() -> None:
    before = normal_timeline(AXES)
    before.pull_per_week[:] = 0.1
    pulled = after(moving("pull"), led(), before).pull_per_week
    week = int(AXES.dates.month_start[JANUARY_2023]) // 7 + 1
    assert pulled[week] == pytest.approx(0.1 * (1 - 0.5 * reached(3_000_000.0)[JANUARY_2023]))
    assert (pulled[0] == 0.1).all()


def test_two_lines_saturate_as_their_money_together() -> None:
    """Reach is of the money of all lines: twice a half is not twice as much."""
    halves = mix_of(3_000_000.0, *[{"intervention": LED, "share": 0.5}] * 2)
    one, two = (after(SMALL, each).opportunity for each in (led(), halves))
    assert np.allclose(one, two, rtol=1e-6)
    gain = after(SMALL, led()).opportunity.max() - 1
    assert after(SMALL, led(6_000_000.0)).opportunity.max() - 1 < 2 * gain


def test_a_line_may_be_for_some_groups_and_places_alone() -> None:
    timeline = after(SMALL, led(groups=("surgery",), regions=("london", "south_west")))
    elective = timeline.opportunity[Domain.ELECTIVE].max(axis=-1)
    assert (elective[SURGERY, [LONDON, SOUTH_WEST]] > 1).all()
    assert elective[SURGERY, NORTH_WEST] == 1
    assert (elective[MEDICINE] == 1).all()
    only = after(SMALL, led(offices=("South West",)))
    assert (only.opportunity[Domain.ELECTIVE, SURGERY].max(axis=-1) > 1).tolist() == [False, False, True]


def test_a_target_group_stands_for_its_groups() -> None:
    one, other = (after(SMALL, led(groups=groups)) for groups in (("elective_recovery",), ("medicine",)))
    assert np.array_equal(one.opportunity, other.opportunity)


def test_places_targeted_in_two_ways_are_two_kinds() -> None:
    line = {"intervention": "simulation", "share": 0.25}
    chosen = mix_of(
        1_000_000.0,
        line,
        {**line, "groups": ("surgery",)},
        {**line, "order": "critical_first"},
        {**line, "payer": "national"},
    )
    kinds = after(SMALL, chosen).place_kinds
    assert [kind.name for kind in kinds] == ["simulation"] * 3
    assert [kind.groups for kind in kinds] == [(SURGERY, MEDICINE), (SURGERY,), (SURGERY, MEDICINE)]
    assert [kind.order for kind in kinds] == [0, 0, 1]
    assert kinds[0].places.sum() == pytest.approx(2 * kinds[1].places.sum())


def test_what_can_only_fall_by_all_of_it() -> None:
    entry = SMALL.weather[LED].model_dump()
    high = SMALL.weather[LED].effect.model_copy(update={"high": 1.5})
    with pytest.raises(ValueError, match="effect should be at most 1"):
        BroadEffect.model_validate({**entry, "moves": "pull", "domains": (), "effect": high})
