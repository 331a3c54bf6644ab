"""Until when outcomes 10 are given and gates waived, and what panels disregard."""

from datetime import date

import pytest
from support.worlds.three_offices import AXES, shocks, with_value

from pipeline_sim.rules.codes import GATES_DEROGATED, OUTCOMES_DEROGATED
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.shocks.apply_shocks import derogation
from pipeline_sim.world.timeline.tables import Timeline, normal_timeline


def derogated(given: ShocksSection) -> Timeline:
    """Normal times but for derogations."""
    return derogation(normal_timeline(AXES), AXES, given)


@pytest.mark.parametrize(
    ("when", "bits"),
    [
        (date(2020, 4, 28), 0),
        (date(2020, 4, 29), OUTCOMES_DEROGATED | GATES_DEROGATED),
        (date(2022, 8, 2), OUTCOMES_DEROGATED | GATES_DEROGATED),
        (date(2022, 8, 3), OUTCOMES_DEROGATED),
        (date(2022, 9, 30), OUTCOMES_DEROGATED),
        (date(2022, 10, 1), 0),
    ],
)
def test_derogation_by_day(when: date, bits: int) -> None:
    assert derogated(shocks()).derogation[AXES.dates.day(when)] == bits


@pytest.mark.parametrize(
    ("group", "when", "waived"),
    [
        ("surgery", (2020, 4), 0),
        ("surgery", (2020, 5), 20),
        ("surgery", (2022, 2), 20),  # the curriculum of August 2021 counts half a year later
        ("surgery", (2022, 3), 40),
        ("general-practice", (2022, 9), 20),
        ("general-practice", (2022, 10), 0),
    ],
)
def test_what_panels_disregard(group: str, when: tuple[int, int], waived: float) -> None:
    month = AXES.dates.month_of[AXES.dates.day(date(*when, 15))]
    assert derogated(shocks()).waiver_days[month, AXES.groups.index(group)] == waived


def test_the_end_of_outcomes_10_can_be_moved() -> None:
    half_a_year = with_value(shocks(), "derogation.outcomes.later.value", 6)
    bits = derogated(half_a_year).derogation
    first, after = (AXES.dates.day(date(2023, 4, day)) for day in (1, 2))
    assert bits[after] == 0 < bits[first]


def test_a_new_curriculum_never_asks_for_more() -> None:
    strict = with_value(shocks(), "derogation.reformed.value", 5)
    waived = derogated(strict).waiver_days[:, AXES.groups.index("surgery")]
    assert waived[AXES.dates.month_of[AXES.dates.day(date(2022, 6, 15))]] == strict.derogation.waiver.value
