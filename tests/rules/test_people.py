"""Attributes of a doctor: every combination has a group of its own, and the log's number gives the three back."""

import numpy as np
import pytest

from pipeline_sim.records.people_counts import group_of
from pipeline_sim.rules import people
from pipeline_sim.rules.codes import Qualified

AGES = (18, 24, 25, 28, 29, 64, 99)


def test_every_combination_has_a_group_of_its_own() -> None:
    found = {(q, w, a): people.people_group(q, w, a) for q in Qualified for w in (0, 1) for a in (20, 25, 29)}
    assert sorted(found.values()) == list(range(people.GROUPS_OF_PEOPLE))
    for (place, woman, _), group in found.items():
        assert people.qualified_in(group) == place
        assert people.is_woman(group) == woman
    assert len(Qualified) == people.PLACES


@pytest.mark.parametrize(("age", "band"), [(18, 0), (24, 0), (25, 1), (28, 1), (29, 2), (99, 2)])
def test_a_band_begins_on_its_birthday(age: int, band: int) -> None:
    assert people.age_band(age) == band


def test_the_number_in_the_log_gives_the_group() -> None:
    everyone = [(place, woman, age) for place in Qualified for woman in (0, 1) for age in AGES]
    told = np.array([people.attributes(*one) for one in everyone], np.int32)
    assert len(set(told.tolist())) == len(everyone)
    assert group_of(told).tolist() == [people.people_group(*one) for one in everyone]
