"""A sample of the hurried edits of every table that ships: none is silent. `python -m fuzz.table_walk` makes more."""

from collections.abc import Iterator
from random import Random

import pytest

from fuzz import table_walk
from fuzz.table_walk import EDITS, OF_USERS, SECTIONS, Walk, walk
from pipeline_sim.world.loading import check_tables
from pipeline_sim.world.reading.shipped_lines import LIST, EditedFile

SEED, PLACES = 5, 2
SLOW = 2  # edits of tables for which a world is loaded anew each time


@pytest.fixture(scope="module")
def found() -> Iterator[Walk]:
    with walk() as here:
        yield here


def test_every_table_but_those_of_users_is_walked(found: Walk) -> None:
    walked = set(found.tables())
    assert {path.relative_to(found.home).as_posix() for path in found.home.rglob("*.csv")} - walked == {
        *(path.relative_to(found.home).as_posix() for path in (found.home / OF_USERS).glob("*.csv")),
        LIST,
    }


def test_no_hurried_edit_is_silent(found: Walk) -> None:
    chance, made = Random(SEED), []
    for name in found.tables():
        world = name.endswith(SECTIONS) and not name.startswith("evidence/")
        kinds = chance.sample(list(EDITS), SLOW if world else len(EDITS))
        made += [each for edit in kinds for each in found.made(name, edit, chance, 1 if world else PLACES)]
    assert len(made) > 1_000
    assert [each for each in made if each.verdict == "silent"] == []
    assert [each for each in made if each.verdict != "refused" and EDITS[each.edit].refused] == []


def test_an_edit_that_nothing_sees_is_silent(found: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_tables, "check_rows", lambda *_: None)
    monkeypatch.setattr(table_walk, "differences", lambda file, _: EditedFile(file, (), 0))
    made = found.made("evidence/attrition.csv", "ten times", Random(SEED), PLACES)
    assert {each.verdict for each in made} == {"silent"}
