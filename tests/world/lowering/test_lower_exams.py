"""Exams in the Rulebook: gates, parts, sittings and their places."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pipeline_sim.rules.codes import CERTAIN, NEVER
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.tables import Timeline


def test_gates_name_exam_and_grades(world: World, book: Rulebook) -> None:
    practice = world.programme_index("general-practice")
    assert book.exams.gate[practice].tolist() == [world.exam_index("akt"), world.exam_index("clinical-skills"), -1, -1]
    assert book.exams.gate_from[practice].tolist()[:2] == [1, 2]
    assert book.exams.gate_by[practice].tolist()[:2] == [2, 2]


def test_sittings_and_their_places(world: World, people: Population, timeline: Timeline) -> None:
    akt, dates = world.exam_index("akt"), world.dates
    share = timeline.sitting_places.copy()
    share[akt, dates.day(date(2020, 4, 1)) : dates.day(date(2020, 8, 1))] = 0
    share[akt, dates.day(date(2020, 10, 1)) :] = 0.5
    exams = lower(world, people, replace(timeline, sitting_places=share)).exams
    sittings = {month: dates.day(date(2020, month, 15)) for month in (1, 4, 7, 10)}
    assert exams.next_sitting[akt, dates.day(date(2020, 3, 1))] == sittings[4]
    assert exams.next_sitting[akt, sittings[1]] == sittings[1]
    assert exams.next_sitting[akt, dates.days] == NEVER
    places = {month: exams.places[akt, dates.month_of[day]] for month, day in sittings.items()}
    assert places == {1: CERTAIN, 4: 0, 7: 0, 10: CERTAIN // 2}
    assert (np.delete(exams.places, akt, 0) == CERTAIN).all()


def test_parts_of_an_exam_follow_each_other(world: World, book: Rulebook) -> None:
    part, exams = world.exam_index("mrcs"), book.exams
    core = world.programme_index("core-surgical")
    gate = exams.gate[core].tolist().index(part)
    assert [world.exams[part + k].id for k in range(exams.parts[core, gate])] == ["mrcs-a", "mrcs-b"]
    assert exams.result_days[part : part + 2].tolist() == [39, 25]
    assert exams.entry_days[part] == 42
    assert not exams.entry_days[world.exam_index("atls")]
    assert (exams.spread_days[world.exam_index("atls")], exams.spread_days[part]) == (607, 0)
    assert exams.held[part] == pytest.approx(0.55 * CERTAIN, abs=1)
    second = world.exam_index("frcs") + 1
    assert (exams.after_grades[second], exams.after_days[second]) == (1, 121)
