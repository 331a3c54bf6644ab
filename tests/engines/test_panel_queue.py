"""A doctor whose grade is served waits in post for the panel: nothing but its decision brings him on."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from support.worlds.busy_worlds import scarce_world
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import changed

from pipeline_sim.engines.reference import panel
from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.engines.reference.simulation import Simulation
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law


def who_wait(book: Rulebook) -> Iterator[Doctor]:
    """Doctors at work on the last day whose grade is not going to end by itself."""
    shared = SharedState(book, 1, 0, EventLog(True))
    Simulation(shared).open(None)
    shared.env.run()
    for roster in shared.rosters:
        yield from (doctor for doctor in roster.values() if doctor.at_work and doctor.progress_due == NEVER)


def forgotten(book: Rulebook) -> list[int]:
    """Of these, numbers of those who neither wait for a panel nor have a review ahead."""
    return [each.number for each in who_wait(book) if not each.queued and each.review_due == NEVER]


@examples(30)
@given(book=worlds())
def test_who_waits_has_a_panel_ahead(book: Rulebook) -> None:
    assert forgotten(book) == []


def late_panels() -> Rulebook:
    """The busy world, in which no panel meets in the last year."""
    book = scarce_world()
    capacity = book.panels.capacity.copy()
    capacity[-52:] = 0
    return changed(book, panels={"capacity": capacity})


def test_there_are_some_who_wait() -> None:
    assert any(doctor.queued for doctor in who_wait(late_panels()))
    assert forgotten(late_panels()) == []


def test_a_decision_that_does_not_call_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "schedule_grade_end_and_review", lambda *_: None)
    assert forgotten(scarce_world()) != []
