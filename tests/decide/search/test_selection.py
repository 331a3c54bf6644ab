"""Selection among finalists: right as often as it says, whatever the differences, and cheaper where they are large."""

import numpy as np
import pytest

from pipeline_sim.decide.search.selection import Selection, select

pytestmark = pytest.mark.unit
REPEATS = 400
ZONE = INDIFFERENCE, CONFIDENCE = 10.0, 0.95
SHARED, OWN = 40.0, 25.0  # standard deviations of what all finalists have in common, and of each alone


def selected(means: list[float], seed: int, most: int = 4000, spread: tuple[float, ...] = ()) -> Selection:
    """Selection among finalists of known means."""
    random = np.random.default_rng(seed)
    common = random.normal(0, SHARED, most)
    own = random.normal(0, 1, (len(means), most)) * np.array(spread or (OWN,) * len(means))[:, None]
    values = np.array(means)[:, None] + common + own
    return select(lambda which, numbers: values[np.ix_(list(which), list(numbers))], len(means), ZONE, most=most)


@pytest.mark.parametrize(
    ("means", "spread"),
    [
        ([10.0, *[0.0] * 9], ()),  # the hardest case that the guarantee covers: all others just at the zone
        ([0.0, 3.0, 6.0, 10.0, 20.0], ()),
        ([20.0, 10.0, *[0.0] * 6], (60.0, 15.0, 15.0, 40.0, 15.0, 15.0, 40.0, 15.0)),
    ],
)
def test_the_best_is_selected_as_often_as_stated(means: list[float], spread: tuple[float, ...]) -> None:
    best = int(np.argmax(means))
    right = sum(selected(means, seed, spread=spread).best == best for seed in range(REPEATS))
    assert right >= CONFIDENCE * REPEATS


@pytest.mark.parametrize("means", [[0.0] * 6, [0.0, 4.0, 8.0, 9.0, 9.5]])
def test_of_equals_and_near_equals_one_within_the_zone_is_selected_and_the_best_is_not_beaten(
    means: list[float],
) -> None:
    found = [selected(means, seed) for seed in range(REPEATS)]
    assert sum(means[each.best] >= max(means) - INDIFFERENCE for each in found) >= CONFIDENCE * REPEATS
    assert sum(int(np.argmax(means)) in each.not_beaten for each in found) >= CONFIDENCE * REPEATS
    assert all(each.best in each.not_beaten for each in found)


def test_finalists_far_behind_leave_at_the_first_look() -> None:
    found = selected([500.0, *[0.0] * 9], 1)
    assert found.settled
    assert found.not_beaten == (0,)
    assert max(found.replications) == 16


def test_a_selection_that_is_stopped_says_so_and_leaves_the_rest_in() -> None:
    found = selected([1.0, 0.0, 0.5], 2, most=24, spread=(200.0,) * 3)
    assert not found.settled
    assert found.not_beaten == (0, 1, 2)
    assert set(found.replications) == {24}


def test_finalists_that_are_one_and_the_same_are_settled_at_once() -> None:
    found = select(lambda which, numbers: np.tile(np.array(numbers, float), (len(which), 1)), 3, ZONE)
    assert found.settled
    assert found.not_beaten == (0, 1, 2)
    assert set(found.replications) == {16}


def test_one_finalist_is_the_best() -> None:
    assert selected([3.0], 1).best == 0
