"""The laws notice: each bug is planted, and the law that is named for it breaks. Without the bug it holds."""

from collections.abc import Callable

import numpy as np
import pytest
from support.fault_planting import missed_interrupt, sequential_draws, source_fault
from support.log_laws import (
    extensions_stay_within_the_allowance,
    heads_add_up,
    leave_lasts_as_planned,
    nobody_is_forgotten,
    only_the_passed_go_on,
)
from support.paired_world_laws import one_more_changes_no_other, placebo_changes_nothing
from support.run_and_read import rows, rows_of, run_log
from support.scarcity_laws import panels_have_room, panels_keep_the_order, posts_are_held_once, slots_are_given_once
from support.worlds.busy_worlds import late_evidence_world, scarce_world, scarce_world_with_ample_panels
from support.worlds.deterministic_world import deterministic_world
from support.worlds.toy_rulebook import changed, ints, toy_rulebook

from pipeline_sim.engines.reference import career, intervention_places, learning, panel, shared_state, transfer
from pipeline_sim.rules.codes import Event, Phase
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law


def own(law: Callable[[Rulebook, list], str], world: Callable[[], Rulebook]) -> Callable[[], str]:
    """A law of one log, read in a world."""
    return lambda: law(world(), rows(run_log(world())))


def one_more() -> str:
    """One graduate more in the last place of the last office."""
    book = toy_rulebook(3, 2, 3)
    graduates = book.posts.graduates.copy()
    graduates[0, 1, 1] += 1
    return one_more_changes_no_other(book, changed(book, posts={"graduates": graduates}))


def placebo() -> str:
    """Places that give nothing, where many stand near the line."""
    return placebo_changes_nothing(toy_rulebook(4, 2, 12, programmes={"standard": ints([1000] * 4)}))


def days_lost() -> str:
    """Half of the days of one stretch are lost: the gap says exactly how many."""
    offered = np.full(729, 1000)
    offered[0], offered[201:251] = 0, 0
    book = deterministic_world(2, 1, programmes={"weight": ints([[1000, 0, 0, 0]] * 4), "standard": ints([1000] * 4)})
    sums = ints(np.broadcast_to(offered.cumsum(), book.competence.opportunity_sum.shape))
    behind = rows_of(rows(run_log(changed(book, competence={"opportunity_sum": sums}))), Event.CENSUS)[0].amount
    return "" if behind == 50 else f"{behind} days behind, not 50"


def slow_world() -> Rulebook:
    """Whom the curriculum asks much of, and is extended in core and again in higher training."""
    slow = {"standard": ints([1300] * 4), "allowance_days": ints([9000, 364, 9000, 364])}
    return toy_rulebook(9, 2, 20, programmes=slow)


BUGS = {
    "luck with a memory": (sequential_draws, one_more),
    "a panel in the order of arrival": (
        source_fault(panel.Panel, "order", "return -critical, doctor.asked, doctor.number", "return 0, 0, 0"),
        own(panels_keep_the_order, scarce_world),
    ),
    "a panel without a limit": (
        source_fault(panel.Panel, "meet", "[:room]", ""),
        own(panels_have_room, scarce_world),
    ),
    "not told of a start": (missed_interrupt(Phase.START), own(nobody_is_forgotten, scarce_world_with_ample_panels)),
    "not told of a call to the wards": (missed_interrupt(Phase.REDEPLOY), own(leave_lasts_as_planned, scarce_world)),
    "a prefix sum read a day early": (
        source_fault(
            learning,
            "earned_and_taken",
            "book.opportunity_sum.item(*place, day)",
            "book.opportunity_sum.item(*place, day - 1)",
        ),
        days_lost,
    ),
    "a slot kept by one who has left": (
        source_fault(shared_state.SharedState, "leave_office", "self.release_slot(doctor)", "doctor.supervised = 0"),
        own(slots_are_given_once, scarce_world),
    ),
    "core's extensions forgotten in higher training": (
        source_fault(
            career.Career, "start", "arcp.allowance_brought(self.shared.stage(doctor), doctor.allowance_used)", "0"
        ),
        own(extensions_stay_within_the_allowance, slow_world),
    ),
    "an extension longer than what is left": (
        source_fault(panel.Panel, "judge", "arcp.extension_given(outcome, length, left)", "length"),
        own(extensions_stay_within_the_allowance, scarce_world),
    ),
    "a post kept by one who was released": (
        source_fault(panel.Panel, "release", "self.shared.leave_post(doctor)", "pass"),
        own(posts_are_held_once, scarce_world),
    ),
    "a transfer to where no post is free": (
        source_fault(transfer.TransferWindow, "has_room", "< posts", "< posts + 1"),
        own(posts_are_held_once, scarce_world),
    ),
    "a head counted in the office left": (
        source_fault(transfer.TransferWindow, "move", "Event.TRANSFERRED, was, target", "Event.TRANSFERRED, was, was"),
        own(heads_add_up, scarce_world),
    ),
    "on to the next grade without a review": (
        source_fault(career.Career, "finish_grade", "not arcp.passes(doctor.outcome)", "False"),
        own(only_the_passed_go_on, scarce_world),
    ),
    "a place that settles, and so rounds": (
        source_fault(
            intervention_places.PlaceDesk,
            "give_place",
            "domain, dose = self.read",
            f"from {learning.__name__} import accrue_learning as accrue\n    accrue(self.shared, doctor, day)\n"
            "    domain, dose = self.read",
        ),
        placebo,
    ),
    "undecided evidence forgotten on leave": (
        source_fault(career.Career, "ask_for_review", "doctor.second_look = 0", "pass"),
        own(nobody_is_forgotten, late_evidence_world),
    ),
}


@pytest.mark.parametrize("bug", BUGS)
def test_the_law_breaks(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planted, breach = BUGS[bug]
    planted(monkeypatch)
    assert breach() != ""


@pytest.mark.parametrize("breach", {id(breach): breach for _, breach in BUGS.values()}.values())
def test_the_law_holds_without_the_bug(breach: Callable[[], str]) -> None:
    assert breach() == ""
