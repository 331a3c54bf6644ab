"""Plants a bug for the length of a test: one line of one function, luck that remembers, news that is not heard."""

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

Plant = Callable[[pytest.MonkeyPatch], None]


def plant(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, was: str, becomes: str) -> None:
    """Replace `was`, found once in the source of `owner.name`, by `becomes`."""
    source = textwrap.dedent(inspect.getsource(getattr(owner, name)))
    assert source.count(was) == 1, f"{name} does not say {was!r} once: plant the bug elsewhere"
    module = owner if isinstance(owner, ModuleType) else inspect.getmodule(owner)
    assert module is not None
    names: dict[str, Any] = {}
    exec(compile(source.replace(was, becomes), f"<{name} with a bug>", "exec"), vars(module), names)
    monkeypatch.setattr(owner, name, names[name])


def everywhere(monkeypatch: pytest.MonkeyPatch, modules: list[ModuleType], name: str, becomes: Any) -> None:
    """Replace a name in every module that has imported it."""
    for module in modules:
        if hasattr(module, name):
            monkeypatch.setattr(module, name, becomes)


def luck_with_a_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws from one stream in the order of asking."""
    streams: dict[tuple[int, int], Iterator[int]] = {}

    def remembered(seed: int, replication: int, trainee: int, purpose: int, index: int) -> tuple[int, ...]:
        if purpose == 0 and trainee == FIRST_OF_STOCK and index == 0:
            streams[seed, replication] = count()
        turn = next(streams.setdefault((seed, replication), count()))
        return tuple(int(word) for word in np.random.default_rng(turn).integers(0, 1 << 32, 4))

    everywhere(monkeypatch, [shared_state], "draw", remembered)


FIRST_OF_STOCK = 1 << 23


def unheard(cause: Phase) -> Plant:
    """A doctor is not told of what was decided in a phase."""

    def planted(monkeypatch: pytest.MonkeyPatch) -> None:
        told_of = simpy.Process.interrupt

        def interrupt(process: simpy.Process, news: object = None) -> None:
            if news != int(cause):
                told_of(process, news)

        monkeypatch.setattr(simpy.Process, "interrupt", interrupt)

    return planted


def line(owner: object, name: str, was: str, becomes: str) -> Plant:
    """One line is wrong."""
    return lambda monkeypatch: plant(monkeypatch, owner, name, was, becomes)


def luck_that_remembers(purpose: Purpose) -> Plant:
    """Decisions of one kind draw in the order of asking, instead of by doctor and occasion."""

    def planted(monkeypatch: pytest.MonkeyPatch) -> None:
        true, asked = shared_state.SharedState.random_words, count()

        def luck(book: shared_state.SharedState, trainee: int, what: int, index: int) -> tuple[int, int, int, int]:
            return true(book, trainee, what, index + (1000 * next(asked) if what == purpose else 0))

        monkeypatch.setattr(shared_state.SharedState, "random_words", luck)

    return planted
