"""The batch engine checks no index. Here all its memory lies between fences, and no world makes it write on one."""

from collections import deque
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import changed, ints, thresholds, toy_rulebook

from pipeline_sim.engines import ENGINES
from pipeline_sim.engines.batch import arena
from pipeline_sim.engines.batch.flatten import tables
from pipeline_sim.engines.batch.memory.layout import MOST_HEADED
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law
engine = import_module("pipeline_sim.engines.batch.run_replication")  # the package has a function of that name
FENCE, PAINT = 1 << 12, 0xA5  # bytes on either side of an array, and what stands in them


class Fenced:
    """NumPy, but for zeros, which lie between two fences."""

    def __init__(self) -> None:
        self.grounds: list[npt.NDArray[np.uint8]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def zeros(self, shape: int | tuple[int, ...], dtype: Any) -> npt.NDArray[Any]:
        """Zeros, with a fence before the first byte and one after the last."""
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        ground = np.full(size + 2 * FENCE, PAINT, np.uint8)
        ground[FENCE : FENCE + size] = 0
        self.grounds.append(ground)
        return ground[FENCE : FENCE + size].view(dtype).reshape(shape)

    def broken(self) -> list[int]:
        """Sizes in bytes of the arrays beside which somebody has written."""
        fences = ((ground, np.concatenate([ground[:FENCE], ground[-FENCE:]])) for ground in self.grounds)
        return [len(ground) - 2 * FENCE for ground, fence in fences if (fence != PAINT).any()]


@pytest.fixture
def fenced(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fenced]:
    """The batch engine on fenced ground."""
    numpy = Fenced()
    monkeypatch.setattr(arena, "np", numpy)
    monkeypatch.setattr(arena, "_lined_up", lambda words: numpy.zeros(words, np.int64))
    monkeypatch.setattr(arena, "_left", deque(maxlen=0))
    monkeypatch.setattr(arena, "_read", deque(maxlen=0))
    yield numpy
    numpy.grounds.clear()


def test_no_world_makes_it_write_outside(fenced: Fenced) -> None:
    @examples(150)
    @given(book=worlds(most_years=4, most_people=5), seed=st.integers(0, 1 << 48))
    def stays_inside(book: Rulebook, seed: int) -> None:
        fenced.grounds.clear()
        ENGINES["batch"](book, seed, 0, EventLog())
        assert len(fenced.grounds) > 20
        assert fenced.broken() == []

    stays_inside()


def hopeless(people: int = 6) -> Rulebook:
    """Far too much is asked, and each extension is so short that the next review is due again within days."""
    book = toy_rulebook(3, 1, people, programmes={"standard": ints([1300] * 4), "allowance_days": ints([9000] * 4)})
    incomplete = thresholds(np.ones(book.panels.incomplete.shape))
    soon = {"incomplete": incomplete, "resolve_days": 1, "lead_first": 200, "lead_spread": 0}
    return changed(book, panels=soon, extensions={"step_days": 7})


def test_who_asks_again_and_again_does_not_fill_the_queue(fenced: Fenced) -> None:
    """Asked for anew before the queue was cleared of the last time, a review once took one more place every week."""
    ENGINES["batch"](hopeless(), 1, 0, EventLog())
    assert fenced.broken() == []


@pytest.mark.parametrize("listed", [20, 60, 300])
def test_a_bucket_with_more_entries_than_the_list_has_room_for(
    fenced: Fenced, monkeypatch: pytest.MonkeyPatch, listed: int
) -> None:
    """Doctors whose plans change stand in a bucket more than once; what is too long for the list ends the attempt."""
    expected = EventLog()
    ENGINES["batch"](hopeless(40), 1, 0, expected)
    guess = arena.first_guess
    monkeypatch.setattr(engine, "first_guess", lambda book: guess(book)._replace(doctors=listed, log=listed))
    fenced.grounds.clear()
    log = EventLog()
    ENGINES["batch"](hopeless(40), 1, 0, log)
    assert fenced.broken() == []
    assert log.digest() == expected.digest()


def test_a_fence_that_is_trodden_down_is_seen() -> None:
    numpy = Fenced()
    first, second = numpy.zeros(5, np.int32), numpy.zeros((2, 3), np.int64)
    assert numpy.broken() == []
    np.lib.stride_tricks.as_strided(second, (7,), (8,))[6] = 1
    assert numpy.broken() == [48]
    assert not first.any()


def test_more_chunks_than_a_head_can_name_are_refused() -> None:
    book = toy_rulebook()
    with pytest.raises(RecordsError, match="smaller --scale"):
        arena.lay_out(book, tables(book), arena.Room(1, MOST_HEADED + 1, 1), 0, 0, False)
