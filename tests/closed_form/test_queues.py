"""What is scarce: a queue of reviews that all fall due at once, and slots for some."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.run_and_read import rows, rows_of, run_log
from support.worlds.deterministic_world import constant_opportunity, deterministic_world
from support.worlds.random_worlds import examples
from support.worlds.toy_rulebook import for_all_people, ints

from pipeline_sim.base.calendar import DAYS_PER_WEEK as WEEK
from pipeline_sim.rules.codes import Event


@examples(20)
@given(people=st.integers(1, 30), capacity=st.integers(1, 9))
def test_the_kth_review_waits_for_those_before(people: int, capacity: int) -> None:
    """All are due on day 336, a panel day: the k-th is decided k // c weeks later."""
    book = deterministic_world(3, people)
    rooms = {"capacity": np.full_like(book.panels.capacity, capacity), "lead_spread": 0}
    read = rows(run_log(deterministic_world(3, people, panels=rooms)))
    first = {row.trainee: row for row in reversed(rows_of(read, Event.REVIEWED))}
    late = [row.amount for row in sorted(first.values(), key=lambda row: (row.day, row.trainee))]
    assert late == [WEEK * (k // capacity) for k in range(people)]
    full, rest = divmod(people, capacity)
    assert sum(late) == WEEK * (capacity * full * (full - 1) // 2 + rest * full)


@examples(20)
@given(people=st.integers(1, 20), slots=st.integers(0, 25))
def test_slots_go_to_as_many_as_there_are(people: int, slots: int) -> None:
    book = deterministic_world(2, people)
    rooms = {"slots": np.full_like(book.placements.slots, slots)}
    read = rows(run_log(deterministic_world(2, people, placements=rooms)))
    placed = [row.to_code for row in rows_of(read, Event.PLACED) if row.day == 0]
    assert len(placed) == people
    assert placed.count(0) == max(0, people - slots)


@pytest.mark.parametrize("quality", [0, 250, 800, 1000])
def test_without_a_slot_learning_is_slower(quality: int) -> None:
    """363 days of which nobody is supervised: behind by 363 x (1 - quality)."""
    rooms = {"slots": np.zeros_like(deterministic_world(2).placements.slots), "unsupervised_share": ints([quality] * 4)}
    census = gap_after_a_year(placements=rooms)
    assert census == 363 * (1000 - quality) // 1000


@examples(30)
@given(pace=st.integers(50, 150), offered=st.integers(0, 12), standard=st.integers(500, 1200))
def test_competence_is_days_times_pace_less_standard(pace: int, offered: int, standard: int) -> None:
    """In parts per thousand of a day: pace in tens and opportunity in hundreds, so that nothing is rounded."""
    competence = {
        "pace": ints(for_all_people([10 * pace] * 1024)),
        "opportunity_sum": constant_opportunity(deterministic_world(2), 100 * offered),
    }
    behind = gap_after_a_year(competence=competence, programmes=one_domain(standard))
    assert behind == max(0, 363 * (standard - pace * offered)) // 1000


@pytest.mark.parametrize(("weeks", "taught"), [(1, 500), (10, 0), (20, 1000), (4, 250)])
def test_a_ward_teaches_its_share(weeks: int, taught: int) -> None:
    """Everyone is pulled in week 3; the rest of each day is lost."""
    pull = np.zeros_like(deterministic_world(2).redeployment.pull)
    pull[3] = 1 << 32
    behind = gap_after_a_year(
        redeployment={"pull": pull, "weeks": ints([weeks] * 16)},
        competence={"ward_share": ints([[taught, 0, 0, 0]] * 4)},
    )
    assert behind == WEEK * weeks * (1000 - taught) // 1000


@pytest.mark.parametrize(("first", "last"), [(0, 1), (0, 10), (111, 113), (100, 300), (362, 363)])
def test_days_without_opportunity_are_lost_one_by_one(first: int, last: int) -> None:
    """Nothing is offered on days first .. last - 1, wherever changeovers and reviews cut the year."""
    offered = np.full(729, 1000)
    offered[first + 1 : last + 1] = 0
    offered[0] = 0
    sums = ints(np.broadcast_to(offered.cumsum(), deterministic_world(2).competence.opportunity_sum.shape))
    assert gap_after_a_year(competence={"opportunity_sum": sums}) == last - first


def one_domain(standard: int) -> dict[str, np.ndarray]:
    """Everything is asked in one domain."""
    return {"weight": ints([[1000, 0, 0, 0]] * 4), "standard": ints([standard] * 4)}


def gap_after_a_year(**rooms: dict[str, np.ndarray]) -> int:
    """Whole days behind at the first census, 363 days after the start."""
    book = deterministic_world(2, 1, **{"programmes": one_domain(1000), **rooms})
    (first, *_) = rows_of(rows(run_log(book)), Event.CENSUS)
    return first.amount
