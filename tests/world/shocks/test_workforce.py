"""Shocks on people's time: sickness absence, shielding, missing evidence, postponed revalidation."""

from datetime import date

import numpy as np
import pytest
from support.worlds.three_offices import AXES, LONDON, SOUTH_WEST, shocks

from pipeline_sim.world.shocks.activity_series import staff_absence
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, apply_all_shocks
from pipeline_sim.world.timeline.tables import Timeline, normal_timeline

ALL = frozenset(SHOCKS)


def only(*names: str) -> Timeline:
    """The small place with these shocks alone."""
    return apply_all_shocks(normal_timeline(AXES), AXES, shocks(), ALL - set(names))


def day(year: int, month: int, of_month: int = 15) -> int:
    return AXES.dates.day(date(year, month, of_month))


@pytest.mark.parametrize(("month", "points"), [(date(2020, 4, 1), 1.9), (date(2022, 1, 1), 2.0)])
def test_absence_in_a_month_is_what_is_published_beyond_its_season(month: date, points: float) -> None:
    more = only("absence").sick_share_multiplier[AXES.dates.month_of[AXES.dates.day(month)]] - 1
    assert more @ AXES.trainee_share * 100 * AXES.sickness == pytest.approx(points)


def test_absence_of_2022_has_the_published_mean_and_ends() -> None:
    beyond = staff_absence(AXES, shocks().absence)
    first = int(AXES.dates.month_of[day(2022, 1)])
    assert 4.3 + beyond[first : first + 12].mean() == pytest.approx(5.6, abs=0.05)
    assert beyond[first - 6] == pytest.approx(np.mean([beyond[first - 12], beyond[first]]))
    assert not beyond[first + 16 :].any()


def test_more_were_ill_in_london_than_in_the_south_west_in_april_2020() -> None:
    ill = only("absence").sick_share_multiplier[AXES.dates.month_of[day(2020, 4)]]
    assert ill[LONDON] > ill[SOUTH_WEST] > 1


def test_evidence_is_lost_in_spring_2020_and_less_of_it_a_year_later() -> None:
    surgery = only("evidence").evidence_lost[:, AXES.groups.index("surgery")]
    months = [AXES.dates.month_of[day(*month)] for month in ((2020, 3), (2020, 4), (2020, 8), (2020, 9), (2021, 7))]
    assert surgery[months].tolist() == pytest.approx([0, 0.08, 0.08, 0.02, 0.02])
    assert surgery[AXES.dates.month_of[day(2021, 8, 15)] :].max() == 0


def test_all_who_shield_begin_in_april_2020() -> None:
    per_year = only("shielding").shield_per_year[:, LONDON]
    april = AXES.dates.month_of[day(2020, 4)]
    assert np.flatnonzero(per_year).tolist() == [april]
    assert per_year[april] * 30 / 365.25 == pytest.approx(0.015)


def test_revalidation_is_put_back_a_year() -> None:
    assert only("revalidation").revalidation_postponed == (day(2020, 3, 17), day(2021, 3, 17), 365)
