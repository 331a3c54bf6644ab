"""Faults planted in the code for the length of a test; a fault whose place in the code is not found fails the test."""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from itertools import count
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import simpy

from pipeline_sim.engines.reference import shared_state
from pipeline_sim.rules.codes import Phase, Purpose

Fault = Callable[[pytest.MonkeyPatch], None]
FIRST_OF_STOCK = 1 << 23


def plant(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, was: str, becomes: str) -> None:
    """Replace `was`, which must stand once in the source of `owner.name`, by `becomes`."""
    source = textwrap.dedent(inspect.getsource(getattr(owner, name)))
    assert source.count(was) == 1, f"{name} has {was!r} {source.count(was)} times, not once: plant the fault elsewhere"
    module = owner if isinstance(owner, ModuleType) else inspect.getmodule(owner)
    assert module is not None
    names: dict[str, Any] = {}
    exec(compile(source.replace(was, becomes), f"<{name} with a fault>", "exec"), vars(module), names)
    monkeypatch.setattr(owner, name, names[name])


def source_fault(owner: object, name: str, was: str, becomes: str) -> Fault:
    """A fault in the source of one function: `was` is replaced by `becomes`."""
    return lambda monkeypatch: plant(monkeypatch, owner, name, was, becomes)


def missed_interrupt(cause: Phase) -> Fault:
    """A fault of doctors: they miss what was decided about them in a phase."""

    def fault(monkeypatch: pytest.MonkeyPatch) -> None:
        original = simpy.Process.interrupt

        def interrupt(process: simpy.Process, news: object = None) -> None:
            if news != int(cause):
                original(process, news)

        monkeypatch.setattr(simpy.Process, "interrupt", interrupt)

    return fault


def sequential_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of random numbers: all come from one stream, in the order of the draws."""
    streams: dict[tuple[int, int], Iterator[int]] = {}

    def next_draw(seed: int, replication: int, trainee: int, purpose: int, index: int) -> tuple[int, ...]:
        if purpose == 0 and trainee == FIRST_OF_STOCK and index == 0:
            streams[seed, replication] = count()
        turn = next(streams.setdefault((seed, replication), count()))
        return tuple(int(word) for word in np.random.default_rng(turn).integers(0, 1 << 32, 4))

    monkeypatch.setattr(shared_state, "draw", next_draw)


def sequential_draws_for(purpose: Purpose) -> Fault:
    """A fault of random numbers: decisions of one kind take them in turn, not by doctor and occasion."""

    def fault(monkeypatch: pytest.MonkeyPatch) -> None:
        original, turns = shared_state.SharedState.random_words, count()

        def luck(book: shared_state.SharedState, trainee: int, what: int, index: int) -> tuple[int, int, int, int]:
            return original(book, trainee, what, index + (1000 * next(turns) if what == purpose else 0))

        monkeypatch.setattr(shared_state.SharedState, "random_words", luck)

    return fault
