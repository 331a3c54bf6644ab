"""The record is read as it stands in the evidence, and the model beside it from counts written by hand."""

from pathlib import Path

import pandas as pd
import pytest
from by_hand import KEYS

from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.prepare import Assumed, world_of
from pipeline_sim.study.records_check import HEADCOUNTS, REVIEWED, Counts, Line, Who, records_check
from pipeline_sim.world.names import names_of

pytestmark = pytest.mark.unit
WORLD = world_of(Assumed((str(Path(__file__).parents[2] / "configs" / "england.toml"),)))
NAMES = names_of(WORLD)
FOUNDATION, SURGERY = NAMES.programmes.index("foundation"), NAMES.programmes.index("general-surgery")
STAGES = [stage.replace("-", "_").upper() for stage in NAMES.programme_stages]


def counted(*rows: tuple[int, int, str, float]) -> pd.DataFrame:
    """Rows of (year, programme, measure, value)."""
    full = [
        (0, year, programme, 0, Stage[STAGES[programme]], 0, 1, measure, value)
        for year, programme, measure, value in rows
    ]
    return pd.DataFrame(full, columns=KEYS)


def lines(table: pd.DataFrame, what: str) -> list[Line]:
    return [line for line in records_check(WORLD, NAMES, table, 0.5) if line.what == what]


def test_a_headcount_of_spring_is_the_census_after_it() -> None:
    found = lines(counted((2020, FOUNDATION, "headcount", 6000)), "Doctors: Foundation F1 and F2")
    assert [(line.year, line.model, line.record) for line in found] == [(2020, 12000, 12475)]
    assert found[0].difference == -475


def test_the_mix_of_outcomes_is_of_decided_reviews() -> None:
    table = counted(
        (2018, SURGERY, "o1", 60), (2018, SURGERY, "o6", 20), (2018, SURGERY, "o3", 20), (2018, SURGERY, "o5", 500)
    )  # fmt: skip
    found = lines(table, "ARCP 1 or 6: higher and run-through")
    assert [(line.model, line.low, line.record, line.high) for line in found] == [(80, 74, 80, 86)]
    assert found[0].is_inside


def test_f2_next_steps() -> None:
    table = counted(
        (2018, FOUNDATION, "foundation_completions", 200), (2018, FOUNDATION, "foundation_started_within_year", 75)
    )
    found = lines(table, "F2 in specialty training within a year")
    assert [(line.model, line.record) for line in found] == [(37.5, 37.5)]


def test_ccts_are_englands_part_of_the_uks() -> None:
    found = lines(counted((2018, SURGERY, "ccts", 3000)), "CCTs, England's part of the UK")
    assert [(line.year, line.model) for line in found] == [(2018, 6000)]
    assert found[0].record == pytest.approx(6300 * 0.85)


def test_the_first_round_of_spring_belongs_to_the_year_before() -> None:
    table = counted((2020, SURGERY, "advertised_first", 100), (2020, SURGERY, "accepted_first", 99))
    assert [(line.year, line.model) for line in lines(table, "Fill, first round")] == [(2020, 99)]


def test_years_that_were_not_run_are_left_out() -> None:
    assert {line.year for line in records_check(WORLD, NAMES, counted((2021, SURGERY, "o1", 1)), 1.0)} == {2021}


def test_replications_are_averaged() -> None:
    table = pd.concat([counted((2020, SURGERY, "ccts", 4)), counted((2020, SURGERY, "ccts", 8)).assign(replication=1)])
    assert Counts(table, NAMES, 1.0).of("ccts", 2020) == 6


def test_every_group_and_programme_named_exists() -> None:
    for who in (*HEADCOUNTS.values(), *REVIEWED.values()):
        assert set(who.groups) <= set(NAMES.groups)
        assert set(who.programmes) <= set(NAMES.programmes)
    assert Who() in HEADCOUNTS.values()
