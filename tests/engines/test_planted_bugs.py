"""The laws notice: each bug is planted, and the law that is named for it breaks. Without the bug it holds."""

from collections.abc import Callable

import numpy as np
import pytest
from support.fault_planting import line, luck_with_a_memory, unheard
from support.log_laws import heads_add_up, leave_lasts_as_planned, nobody_is_forgotten, only_the_passed_go_on
from support.paired_world_laws import one_more_changes_no_other, placebo_changes_nothing
from support.run_and_read import of, rows, told
from support.scarcity_laws import panels_have_room, panels_keep_the_order, posts_are_held_once, slots_are_given_once
from support.worlds.busy_worlds import busy, roomy, undecided
from support.worlds.deterministic_world import quiet
from support.worlds.toy_rulebook import changed, ints, toybook

from pipeline_sim.engines.reference import career, intervention_places, learning, panel, shared_state, transfer
from pipeline_sim.rules.codes import Event, Phase
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law


def own(law: Callable[[Rulebook, list], str], world: Callable[[], Rulebook]) -> Callable[[], str]:
    """A law of one log, read in a world."""
    return lambda: law(world(), rows(told(world())))


def one_more() -> str:
    """One graduate more in the last place of the last office."""
    book = toybook(3, 2, 3)
    graduates = book.posts.graduates.copy()
    graduates[0, 1, 1] += 1
    return one_more_changes_no_other(book, changed(book, posts={"graduates": graduates}))


def placebo() -> str:
    """Places that give nothing, where many stand near the line."""
    return placebo_changes_nothing(toybook(4, 2, 12, programmes={"standard": ints([1000] * 4)}))


def days_lost() -> str:
    """Half of the days of one stretch are lost: the gap says exactly how many."""
    offered = np.full(729, 1000)
    offered[0], offered[201:251] = 0, 0
    book = quiet(2, 1, programmes={"weight": ints([[1000, 0, 0, 0]] * 4), "standard": ints([1000] * 4)})
    sums = ints(np.broadcast_to(offered.cumsum(), book.competence.opportunity_sum.shape))
    behind = of(rows(told(changed(book, competence={"opportunity_sum": sums}))), Event.CENSUS)[0].amount
    return "" if behind == 50 else f"{behind} days behind, not 50"


BUGS = {
    "luck with a memory": (luck_with_a_memory, one_more),
    "a panel in the order of arrival": (
        line(panel.Panel, "order", "return -critical, doctor.asked, doctor.number", "return 0, 0, 0"),
        own(panels_keep_the_order, busy),
    ),
    "a panel without a limit": (
        line(panel.Panel, "meet", "[:room]", ""),
        own(panels_have_room, busy),
    ),
    "not told of a start": (unheard(Phase.START), own(nobody_is_forgotten, roomy)),
    "not told of a call to the wards": (unheard(Phase.REDEPLOY), own(leave_lasts_as_planned, busy)),
    "a prefix sum read a day early": (
        line(
            learning,
            "earned_and_taken",
            "book.opportunity_sum.item(*place, day)",
            "book.opportunity_sum.item(*place, day - 1)",
        ),
        days_lost,
    ),
    "a slot kept by one who has left": (
        line(shared_state.SharedState, "leave_office", "self.release_slot(doctor)", "doctor.supervised = 0"),
        own(slots_are_given_once, busy),
    ),
    "a post kept by one who was released": (
        line(panel.Panel, "release", "self.shared.leave_post(doctor)", "pass"),
        own(posts_are_held_once, busy),
    ),
    "a transfer to where no post is free": (
        line(transfer.TransferWindow, "has_room", "< posts", "< posts + 1"),
        own(posts_are_held_once, busy),
    ),
    "a head counted in the office left": (
        line(transfer.TransferWindow, "move", "Event.TRANSFERRED, was, target", "Event.TRANSFERRED, was, was"),
        own(heads_add_up, busy),
    ),
    "on to the next grade without a review": (
        line(career.Career, "finish_grade", "if not arcp.passes(doctor.outcome):", "if False:"),
        own(only_the_passed_go_on, busy),
    ),
    "a place that settles, and so rounds": (
        line(
            intervention_places.PlaceDesk,
            "give_place",
            "domain, dose = self.read",
            "from pipeline_sim.engines.reference.learning import accrue_learning as accrue; "
            "accrue(self.shared, doctor, day); domain, dose = self.read",
        ),
        placebo,
    ),
    "undecided evidence forgotten on leave": (
        line(career.Career, "ask_for_review", "doctor.second_look = 0", "pass"),
        own(nobody_is_forgotten, undecided),
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
