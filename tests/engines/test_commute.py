"""Within a phase trainees commute: the same doctors due in any order, the offices' books read in any order, one log.

Numbers of trainees stand in the engine's priorities so that a run can be repeated; here they are replaced by luck, in
every phase of every day anew. What is scarce is handed out in an explicit order, and without it the shuffle is seen.
"""

import random
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fault_planting import plant
from support.run_and_read import run_log
from support.worlds.busy_worlds import scarce_world
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import changed, ints, thresholds

from pipeline_sim.engines.reference import intervention_places, panel, scheduled_turn, supervision_slots, transfer
from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law
PHASE_BITS = 31


def any_turn(words: random.Random) -> Callable[[int, int], int]:
    """Priorities that keep the phases in order, and nothing else."""
    return lambda phase, trainee: phase << PHASE_BITS | words.getrandbits(PHASE_BITS)


def any_roster(words: random.Random) -> Callable[[SharedState, int], Iterable[Doctor]]:
    """An office's doctors in an order that is nobody's."""

    def at_work(shared: SharedState, office: int) -> Iterable[Doctor]:
        doctors = list(shared.rosters[office].values())
        words.shuffle(doctors)
        return doctors

    return at_work


def told_in_any_order(book: Rulebook, seed: int) -> EventLog:
    """The log when every phase of every day is shuffled."""
    words = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduled_turn, "turn_key", any_turn(words))
        patch.setattr(SharedState, "at_work", any_roster(words))
        return run_log(book)


@examples(15)
@given(book=worlds(most_years=4, most_people=5), seed=st.integers(0, 9999))
def test_within_a_phase_trainees_commute(book: Rulebook, seed: int) -> None:
    assert told_in_any_order(book, seed).digest() == run_log(book).digest()


def test_the_shuffle_is_a_real_one() -> None:
    """Rows are written in another order, and only the log puts them back into its own."""
    logs = [run_log(scarce_world()), told_in_any_order(scarce_world(), 1), told_in_any_order(scarce_world(), 2)]
    assert len({bytes(log._rows) for log in logs}) == 3
    assert len({log.digest() for log in logs}) == 1


def with_places() -> Rulebook:
    """The busy world with fewer places on a course than there are doctors."""
    book = scarce_world()
    months, offices = book.calendar.month_start.shape[0] - 1, book.posts.establishment.shape[2]
    zeros = ("domain", "displaced", "sits", "attempts", "order", "least_gap", "finds")
    seats = {name: ints([0]) for name in zeros} | {name: thresholds([0]) for name in ("clears", "raises")}
    kind = {"seats": ints([[[1] * offices] * months]), "gate": ints([-1]), "time": ints([5000])}
    ranks = {"rank": ints([[0] * len(book.programmes.stage)]), "groups": ints([[1] * 4])}
    return changed(book, seats={**seats, **kind, **ranks, "dose": ints([[5000] * 12])})


ORDERS = {
    "panel": (panel.Panel, "order", "return -critical, doctor.asked, doctor.number", "return 0, 0, 0"),
    "placement": (
        supervision_slots.PlacementDesk,
        "allocate",
        "key=lambda d: (self.rank(d, day), d.number)",
        "key=lambda d: 0",
    ),
    "transfer": (
        transfer.TransferWindow,
        "decide_transfers",
        "key=lambda request: request[:2]",
        "key=lambda request: 0",
    ),
    "seats": (intervention_places.PlaceDesk, "give_kind", "key=lambda pair: pair[0]", "key=lambda pair: 0"),
}


def digests() -> set[str]:
    """Of logs told in two orders."""
    book = with_places()
    return {told_in_any_order(book, seed).digest() for seed in range(2)}


def test_what_is_scarce_goes_by_an_explicit_order() -> None:
    assert len(digests()) == 1


@pytest.mark.parametrize("office", ORDERS)
def test_without_it_trainees_would_not_commute(office: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, *ORDERS[office])
    assert len(digests()) == 2
