"""The example doctor: one doctor in two worlds, chosen by a rule."""

from pathlib import Path

import numpy as np
import pytest
from support.worlds.tiny_study import question

from pipeline_sim.records.event_log import Columns
from pipeline_sim.rules.codes import Event, Outcome, Stage
from pipeline_sim.rules.event_order import FIRST_TRAINEE
from pipeline_sim.study.comparison import example_doctor
from pipeline_sim.study.comparison.example_doctor import (
    GIVEN,
    ExampleDoctor,
    Pair,
    comparison_worlds,
    extension_days,
    find_example_doctor,
    first_candidate,
    with_money,
)
from pipeline_sim.world.schema.names import Names

WHOLE = ("day", "phase", "trainee", "event", "from_code", "to_code", "programme", "grade", "office", "wte", "amount")


def log(*rows: tuple[int, Event, dict[str, int]]) -> Columns:
    """Rows of doctors by number from 0."""
    filled = [{"trainee": FIRST_TRAINEE + who, "event": int(event), **more} for who, event, more in rows]
    return {name: np.array([row.get(name, 0) for row in filled], np.int32) for name in WHOLE}


def extended(who: int, days: int = 182) -> tuple[int, Event, dict[str, int]]:
    return who, Event.EXTENDED, {"amount": days, "from_code": int(Outcome.O10_2)}


def placed(who: int) -> tuple[int, Event, dict[str, int]]:
    return who, Event.SEATED, {"to_code": GIVEN}


def certified(who: int) -> tuple[int, Event, dict[str, int]]:
    return who, Event.COMPLETED, {"from_code": int(Stage.HIGHER)}


def pair(base: Columns, other: Columns) -> Pair:
    names = Names((), (), (), ("higher",), (), (), (), (), (), (), (), (), (), (), 0)
    return Pair(base, other, names)


def test_those_with_a_place_who_are_spared_an_extension_come_first() -> None:
    found = pair(log(extended(0), extended(1), extended(2)), log(placed(1), extended(2, 91), placed(2)))
    kinds = [{doctor - FIRST_TRAINEE for doctor in each.doctors} for each in with_money(found)]
    assert kinds == [{1}, {2}, {0, 1}, {2}]


def test_of_those_whom_the_rule_fits_the_first_with_a_cct_in_both_worlds_is_shown() -> None:
    base = log(extended(0), extended(1), certified(1), extended(2), certified(2))
    found = pair(base, log(placed(0), placed(1), certified(1), placed(2), certified(2)))
    trainee, rule = first_candidate(next(with_money(found)), found)
    assert trainee == FIRST_TRAINEE + 1
    assert "Of 3 doctors" in rule
    assert "2 are in a hospital specialty and are awarded a CCT in both worlds: this is the first" in rule


def test_one_alone_is_told_in_the_singular() -> None:
    found = pair(log(extended(0), extended(1), certified(1)), log(placed(0), placed(1), certified(1)))
    _, rule = first_candidate(next(with_money(found)), found)
    assert rule.endswith("1 is in a hospital specialty and is awarded a CCT in both worlds: this doctor.")


def test_the_programme_that_is_attributed_comes_before_the_world_without_covid(tmp_path: Path) -> None:
    assert comparison_worlds(question(tmp_path)) == ["money", "no_covid"]


def test_the_doctor_of_a_study_is_really_better_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(example_doctor, "MAX_SCALE", 1.0)  # the tiny world whole
    roads = find_example_doctor(question(tmp_path))
    assert roads is not None
    assert better_off(roads)
    assert all(set(rows["trainee"].tolist()) == {roads.trainee} for rows in roads.rows.values())
    assert f"{roads.eligible:,} doctors" in roads.rule or roads.eligible == 1


def better_off(roads: ExampleDoctor) -> bool:
    """Extended in the baseline, and less or not at all in the other world."""
    before, after = (extension_days(rows).get(roads.trainee, 0) for rows in roads.rows.values())
    return before > after
