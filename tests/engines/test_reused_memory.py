"""The memory of a replication serves the next: nothing is left in it, and what was handed out does not lie there."""

from collections import deque
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.engines import ENGINES
from pipeline_sim.engines.batch import arena
from pipeline_sim.engines.batch.memory.layout import HEADER_END, Fault, Header
from pipeline_sim.engines.batch.output.tally import CELL_WORDS, MARK_BITS
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law
engine = import_module("pipeline_sim.engines.batch.run_replication")  # the package has a function of that name


def told(book: Rulebook, seed: int) -> EventLog:
    """A replication."""
    log = EventLog()
    ENGINES["batch"](book, seed, 0, log)
    return log


def test_the_next_replication_asks_the_system_for_its_log_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = told(toy_rulebook(3), 1)
    asked: list[int] = []
    lined_up = arena._lined_up
    monkeypatch.setattr(arena, "_read", deque())
    monkeypatch.setattr(arena, "_lined_up", lambda words: asked.append(words) or lined_up(words))
    other = told(toy_rulebook(3), 2)
    assert asked[0] == HEADER_END + len(engine.flattened(engine.Identity(toy_rulebook(3))).at.ravel())
    assert 1 <= len(asked) - 1 <= 3
    assert kept.digest() != other.digest()


def test_a_log_that_nobody_reads_makes_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arena, "_read", deque())
    parts = told(toy_rulebook(3), 1)._parts
    assert not arena._read
    parts.clear()
    left = len(arena._read)
    assert left > 0
    log = told(toy_rulebook(3), 2)
    assert len(arena._read) < left
    assert log.digest() == told(toy_rulebook(3), 2).digest()


def test_one_column_that_is_still_read_keeps_its_part_of_the_log() -> None:
    column = told(toy_rulebook(3), 1)._parts[0]["trainee"]
    as_it_was = column.copy()
    for seed in range(2, 6):
        told(toy_rulebook(3), seed)
    assert np.array_equal(column, as_it_was)


@examples(30)
@given(book=worlds(most_years=3, most_people=5), seed=st.integers(0, 1 << 40))
def test_what_a_run_leaves_is_empty(book: Rulebook, seed: int) -> None:
    told(book, seed)
    left = arena._left[-1]
    for word in (*arena.ZERO_AT_START, Header.TALLY):
        assert not left[word].any()
    of_posts = arena.whole_marks(CELL_WORDS * arena.post_cells(*book.posts.establishment.shape[1:])) >> MARK_BITS
    marks = left[Header.TALLY_LINES].reshape(2, -1)
    assert not marks[:, :of_posts].any()
    assert (marks[:, of_posts:] == -1).all()


def test_every_bucket_is_empty_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[bool] = []
    monkeypatch.setattr(engine, "recycle", lambda one: heads.append(bool(one.memory[Header.HEADS].any())))
    told(toy_rulebook(3), 5)
    assert heads == [False]


def test_a_log_that_was_handed_out_is_not_written_again() -> None:
    first = told(toy_rulebook(3), 1)
    columns = {name: column.copy() for name, column in first.columns().items()}
    for seed in range(2, 6):
        told(toy_rulebook(3), seed)
    assert all(np.array_equal(column, columns[name]) for name, column in first.columns().items())


def test_a_run_that_failed_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    arena._left.clear()
    monkeypatch.setattr(engine, "finish", lambda *_: Fault.RANGE)
    with pytest.raises(Exception, match="too large"):
        told(toy_rulebook(3), 1)
    assert not arena._left
