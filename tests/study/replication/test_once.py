"""Results by key: made once, kept while held, made side by side for different keys, and again after an error."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline_sim.study.replication.once import Once

PATIENCE = 20.0  # seconds, after which a test fails instead of waiting for ever


def test_two_keys_are_made_side_by_side() -> None:
    both_at_work = threading.Barrier(2, timeout=PATIENCE)  # broken, and so an error, if one waits for the other

    def make(key: str) -> str:
        both_at_work.wait()
        return key.upper()

    once = Once(make)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda key: once.of(key).result(), ("a", "b"))) == ["A", "B"]


def test_two_threads_that_want_the_same_make_it_once() -> None:
    begun, may_end, made = threading.Event(), threading.Event(), []

    def make(key: str) -> object:
        made.append(key)
        begun.set()
        assert may_end.wait(PATIENCE)
        return object()

    once = Once(make)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(once.of, "a")
        assert begun.wait(PATIENCE)
        second = once.of("a")  # returns while the other is at work
        assert not second.done()
        may_end.set()
        assert second.result(PATIENCE) is first.result(PATIENCE).result()
    assert made == ["a"]


def test_an_error_is_that_of_its_key_alone_and_not_kept() -> None:
    failing = threading.Event()
    failing.set()

    def make(key: str) -> str:
        if key == "bad" and failing.is_set():
            raise ValueError(key)
        return key

    once = Once(make)
    held = once.of("bad")
    with pytest.raises(ValueError, match="bad"):
        held.result()
    assert once.of("good").result() == "good"
    failing.clear()
    assert once.of("bad").result() == "bad"


def test_only_what_is_held_and_the_latest_is_kept() -> None:
    made: list[str] = []
    once = Once(lambda key: made.append(key) or key)
    held = once.of("a")
    for key in ("b", "b", "a", "c"):
        once.of(key)
    gc.collect()
    assert made == ["a", "b", "c"]
    del held
    gc.collect()
    once.of("c")
    once.of("a")
    assert made == ["a", "b", "c", "a"]
