"""Parity notices: a bug is planted in the reference engine alone, and the first row that differs is the right one.

The batch engine stays true. What differs first is said beforehand, by thinking: the event, what is the matter, and in
quiet worlds the day and the numbers. A bug that both engines share is none of parity's: that is for laws and cases.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from support.engine_agreement import assert_parity, disagreement, disagreement_text
from support.fault_planting import Fault, missed_interrupt, sequential_draws, sequential_draws_for, source_fault
from support.intervention_place_laws import with_kind
from support.run_and_read import Row, rows, run_log
from support.worlds.busy_worlds import scarce_world, scarce_world_with_ample_panels
from support.worlds.deterministic_world import deterministic_world
from support.worlds.toy_rulebook import changed, ints, thresholds, toy_rulebook

from pipeline_sim.engines import ENGINES
from pipeline_sim.engines.reference import (
    career,
    intervention_places,
    learning,
    panel,
    recruitment,
    redeployment,
    shared_state,
    supervision_slots,
    transfer,
)
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.log_difference import DifferenceKind
from pipeline_sim.report.text.log_row import log_rows
from pipeline_sim.rules.codes import Event, Phase, Purpose
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.diagnostics import engine_parity
from pipeline_sim.study.diagnostics.engine_parity import Disagreement

World = Callable[[], Rulebook]
SEED = 1


class Seen(NamedTuple):
    """What must be the matter with the first row that differs."""

    kind: DifferenceKind
    events: tuple[Event, ...]
    columns: tuple[str, ...] = ()  # those that differ, where a row is told otherwise


def changed_in(columns: str, *events: Event) -> Seen:
    """The same turn, told otherwise."""
    return Seen(DifferenceKind.CHANGED, events, tuple(columns.split()))


def only_in_reference(*events: Event) -> Seen:
    """The engine with the bug tells of something that did not happen."""
    return Seen(DifferenceKind.ONLY_IN_ONE, events)


def only_in_batch(*events: Event) -> Seen:
    """The engine with the bug misses something."""
    return Seen(DifferenceKind.ONLY_IN_OTHER, events)


def first_rows(found: Disagreement) -> tuple[Row | None, Row | None]:
    """The row of the reference engine and that of the batch engine."""
    one, other = (next((Row(*row) for row in log_rows(there)), None) for there in found.there)
    return one, other


def crowded() -> Rulebook:
    """No posts at all in foundation, so that every F1 doctor who starts is counted above them."""
    book = scarce_world()
    establishment = book.posts.establishment.copy()
    establishment[:, 0] = 0
    return changed(book, posts={"establishment": establishment})


def misread() -> Rulebook:
    """Offices that misread gaps by up to a hundred days hand out places to those furthest behind, and find gaps."""
    return with_kind(with_kind(changed(scarce_world(), seats={"reading_error": 100_000}), 2, dose=5000), 1, finds=1)


def whole_days(**rooms: dict[str, object]) -> Rulebook:
    """One F1 doctor who learns in one domain exactly what is asked, and for whom a day missed is a day behind."""
    plain = deterministic_world(2, 1, programmes={"weight": ints([[1000, 0, 0, 0]] * 4), "standard": ints([1000] * 4)})
    return changed(plain, **rooms)


def called_up() -> Rulebook:
    """The same doctor is on a ward, where this domain is not taught, from day 140 to day 168."""
    pull = np.zeros((104, 4, 1))
    pull[20] = 1
    return whole_days(redeployment={"pull": thresholds(pull), "weeks": ints([4] * 16)})


BUGS: dict[str, tuple[Fault, World, Seen]] = {
    "order of a panel": (
        source_fault(panel.Panel, "order", "return -critical, doctor.asked, doctor.number", "return 0, 0, 0"),
        scarce_world,
        Seen(DifferenceKind.ONLY_IN_ONE, (Event.REVIEWED,)),
    ),
    "order of placements": (
        source_fault(
            supervision_slots.PlacementDesk,
            "allocate",
            "key=lambda d: (self.rank(d, day), d.number)",
            "key=lambda d: 0",
        ),
        scarce_world,
        changed_in("to_code", Event.PLACED),
    ),
    "order of starts": (
        source_fault(recruitment.Recruitment, "start_promised", "sorted(waiting)", "sorted(waiting, reverse=True)"),
        crowded,
        changed_in("amount", Event.STARTED),
    ),
    "not told of a call to the wards": (missed_interrupt(Phase.REDEPLOY), scarce_world, only_in_batch(Event.RETURNED)),
    "not told of a transfer": (missed_interrupt(Phase.TRANSFER), scarce_world, only_in_batch(Event.ROTATED)),
    "a panel without a limit": (
        source_fault(panel.Panel, "meet", "[:room]", ""),
        scarce_world,
        only_in_reference(Event.REVIEWED),
    ),
    "places by the true gap": (
        source_fault(intervention_places.PlaceDesk, "readings_of", "read_balance(b, error, doctor.found)", "b"),
        misread,
        only_in_reference(Event.SEATED),
    ),
    "a gap found and forgotten": (
        source_fault(intervention_places.PlaceDesk, "give_place", "doctor.found = 1", "pass"),
        misread,
        changed_in("amount", Event.SEATED),
    ),
    "a panel with one chair more": (
        source_fault(panel.Panel, "meet", "[:room]", "[: room + 1]"),
        scarce_world,
        only_in_reference(Event.REVIEWED),
    ),
    "a slot kept by one who has left": (
        source_fault(shared_state.SharedState, "leave_office", "self.release_slot(doctor)", "doctor.supervised = 0"),
        scarce_world,
        changed_in("to_code", Event.PLACED),
    ),
    "a post kept by one who was released": (
        source_fault(panel.Panel, "release", "self.shared.leave_post(doctor)", "pass"),
        scarce_world,
        only_in_batch(Event.ADVERTISED),
    ),
    "a transfer to where no post is free": (
        source_fault(transfer.TransferWindow, "has_room", "< posts", "< posts + 1"),
        scarce_world,
        only_in_reference(Event.TRANSFERRED),
    ),
    "on to the next grade without a review": (
        source_fault(career.Career, "finish_grade", "not arcp.passes(doctor.outcome)", "False"),
        scarce_world,
        only_in_reference(Event.PROGRESSED, Event.COMPLETED),
    ),
    "a tie that falls to the higher number": (
        source_fault(panel.Panel, "order", "doctor.asked, doctor.number", "doctor.asked, -doctor.number"),
        scarce_world,
        Seen(DifferenceKind.ONLY_IN_OTHER, (Event.REVIEWED,)),
    ),
}


@pytest.mark.parametrize("bug", BUGS)
def test_the_first_row_that_differs_is_the_one_the_bug_wrote(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, world, seen = BUGS[bug]
    plant(monkeypatch)
    assert_seen(world(), seen)


def assert_seen(book: Rulebook, seen: Seen) -> None:
    """Parity finds the row that a reader of both logs would find, and it is of the kind that was foreseen."""
    logs = {name: run_log(book, SEED, engine=name) for name in ENGINES}  # told once, read by both
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_parity, "log_of", lambda engine, *_: logs[engine].columns())
        found = disagreement(book, SEED)
    assert found is not None
    wrong, true = first_rows(found)
    difference = found.difference
    assert (wrong, true) == by_hand(*logs.values())
    assert difference.kind == seen.kind, disagreement_text(found)
    assert set(seen.columns) >= set(difference.columns) or difference.kind != DifferenceKind.CHANGED, disagreement_text(
        found
    )
    telling = true if difference.kind == DifferenceKind.ONLY_IN_OTHER else wrong
    assert telling is not None
    assert telling.event in seen.events, disagreement_text(found)


def by_hand(*told_by_each: EventLog) -> tuple[Row | None, Row | None]:
    """The first two rows that differ, read one by one."""
    logs = [rows(log) for log in told_by_each]
    pairs = (pair for pair in zip(*logs, strict=False) if pair[0] != pair[1])
    shorter = min(map(len, logs))
    ends = [log[shorter] if len(log) > shorter else None for log in logs]
    return next(pairs, (ends[0], ends[1]))


DECIDES = {
    Purpose.PERSON: (Event.ENTERED,),
    Purpose.PEOPLE: (Event.ENTERED,),
    Purpose.PLACE: (Event.PLACED,),
    Purpose.EXAM: (Event.EXAM_PASSED, Event.EXAM_FAILED),
    Purpose.REVIEW: (Event.REVIEWED,),
    Purpose.YEAR: (Event.RESIGNED, Event.AWAY),
    Purpose.ABSENCE: (Event.AWAY,),
    Purpose.OOP: (Event.AWAY,),
    Purpose.TRANSFER: (Event.TRANSFERRED,),
    Purpose.REDEPLOY: (Event.REDEPLOYED,),
    Purpose.REVALIDATE: (Event.REVALIDATED,),
    Purpose.RETURN: (Event.RETURNED,),
    Purpose.GRACE: (Event.COMPLETED,),
}


@pytest.mark.parametrize("purpose", DECIDES, ids=lambda purpose: purpose.name.lower())
def test_luck_with_a_memory_shows_first_in_what_it_decides(purpose: Purpose, monkeypatch: pytest.MonkeyPatch) -> None:
    sequential_draws_for(purpose)(monkeypatch)
    found = disagreement(scarce_world(), SEED)
    assert found is not None
    assert {row.event for row in first_rows(found) if row is not None} & set(DECIDES[purpose]), disagreement_text(found)


def test_luck_with_one_memory_for_all_shows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sequential_draws(monkeypatch)
    found = disagreement(scarce_world(), SEED)
    assert found is not None
    assert [row.day for row in first_rows(found) if row is not None] == [0, 0]


def numbers(bug: Fault, book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Event, int | None, int | None]:
    """Day, event and amounts of the first row that differs: the engine with the bug first; None where it has no row."""
    assert_parity(book, SEED)
    bug(monkeypatch)
    found = disagreement(book, SEED)
    assert found is not None
    wrong, true = first_rows(found)
    if found.difference.kind == DifferenceKind.ONLY_IN_OTHER:
        assert true is not None
        return true.day, Event(true.event), None, true.amount
    assert wrong is not None
    return wrong.day, Event(wrong.event), wrong.amount, None if true is None else true.amount


def test_a_prefix_sum_read_a_day_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of four readings loses a day: at two changeovers, before the panel, and at the census of day 363."""
    was = "book.opportunity_sum.item(*place, day)"
    bug = source_fault(learning, "earned_and_taken", was, was.replace("day)", "day - 1)"))
    assert numbers(bug, whole_days(), monkeypatch) == (363, Event.CENSUS, 4, 0)


def test_a_call_to_the_wards_that_does_not_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The 28 days since the changeover of day 112 count as ward days too: 56 days behind, two steps and not one."""
    bug = source_fault(redeployment.RedeploymentDesk, "redeploy", "accrue_learning(self.shared, doctor, day)", "pass")
    day, event, wrong, true = numbers(bug, called_up(), monkeypatch)
    assert (event, wrong, true) == (Event.EXTENDED, 182, 91)
    assert 224 < day < 364


def test_a_ward_that_teaches_another_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core programme learns half of this domain there: an F1 doctor 14 days behind, not 28, is not extended."""
    was = "book.ward_share.item(doctor.programme, domain)"
    bug = source_fault(learning, "earned_and_taken", was, was.replace("programme,", "programme + 1,"))
    assert numbers(bug, called_up(), monkeypatch) == (287, Event.REVIEWED, None, 3)


def test_a_call_to_the_wards_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody comes back on day 168, as was planned for after 28 days."""
    bug = source_fault(
        redeployment.RedeploymentDesk, "redeploy", "doctor.returns_due = day + DAYS_PER_WEEK * weeks", "pass"
    )
    assert numbers(bug, called_up(), monkeypatch) == (168, Event.RETURNED, None, 28)


def test_not_told_of_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first thing in the diary of a new F1 doctor is the changeover of day 112, and it does not come."""
    assert numbers(missed_interrupt(Phase.START), whole_days(), monkeypatch) == (112, Event.ROTATED, None, 0)


@pytest.mark.parametrize(
    "world", [scarce_world, scarce_world_with_ample_panels, crowded, misread, whole_days, called_up, toy_rulebook]
)
def test_without_a_bug_the_engines_agree(world: World) -> None:
    assert_parity(world(), SEED)
