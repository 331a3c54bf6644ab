"""SimPy's heap breaks ties by insertion. Here the order is data, so insertion never decides."""

import random
from collections.abc import Iterator

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st
from support.run_and_read import run_log
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.engines.reference import scheduled_turn, shared_state
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law


def unordered(seed: int) -> Iterator[int]:
    """Numbers that never repeat and never tell who came first."""
    words = random.Random(seed)
    used = set()
    while True:
        word = words.getrandbits(60)
        if word not in used:
            used.add(word)
            yield word


def shuffled(seed: int) -> type[simpy.Environment]:
    """An environment whose ties fall at random."""

    class Shuffled(simpy.Environment):
        def __init__(self) -> None:
            super().__init__()
            self._eid = unordered(seed)

    return Shuffled


def told_in_another_order(book: Rulebook, seed: int) -> str:
    """Digest of the log when insertion is shuffled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_state, "Environment", shuffled(seed))
        return run_log(book).digest()


@examples(12)
@given(book=worlds(most_years=4), seed=st.integers(0, 9999))
def test_insertion_never_decides(book: Rulebook, seed: int) -> None:
    assert told_in_another_order(book, seed) == run_log(book).digest()


def test_it_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock that knows neither phase nor trainee insertion does decide: the shuffle is a real one."""
    monkeypatch.setattr(scheduled_turn, "turn_key", lambda phase, trainee: 0)
    book = toy_rulebook(3, 2, 4)
    digests = {told_in_another_order(book, seed) for seed in range(4)}
    assert len(digests) > 1
