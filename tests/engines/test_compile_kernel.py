"""Compiling on two processors: the second process does its half, or the first does without it."""

import os
import sys
import time
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import pipeline_sim
from pipeline_sim.base.compiler.jit import address_of, compile_for, entry, is_ready
from pipeline_sim.base.compiler.pointers import call_at, int64_at

ready = import_module("pipeline_sim.engines.batch.compile_kernel")


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing is compiled, two processors are there, and the second process says which program it found."""
    monkeypatch.setattr(ready, "is_ready", lambda function: False)
    monkeypatch.setattr(ready, "processors", lambda: 2)
    told = tmp_path / "told"
    say = f"import pipeline_sim; open({str(told)!r}, 'w').write(pipeline_sim.__file__)"
    monkeypatch.setattr(ready, "SECOND", say)
    return told


def test_the_second_process_finds_the_same_program(cold: Path) -> None:
    with ready.second_process():
        pass
    assert cold.read_text() == pipeline_sim.__file__


@pytest.mark.parametrize(("name", "answer"), [("processors", lambda: 1), ("is_ready", lambda function: True)])
def test_there_is_none_with_one_processor_or_nothing_to_compile(
    cold: Path, monkeypatch: pytest.MonkeyPatch, name: str, answer: object
) -> None:
    monkeypatch.setattr(ready, name, answer)
    with ready.second_process():
        pass
    assert not cold.exists()


def test_where_none_can_be_started_the_first_goes_on(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(cold.with_name("nowhere")))
    with ready.second_process():
        pass
    assert not cold.exists()


def test_it_does_not_outlive_a_stop(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = cold.with_name("number")
    asleep = f"import os, time; open({str(number)!r}, 'w').write(f'{{os.getpid()}} '); time.sleep(600)"
    monkeypatch.setattr(ready, "SECOND", asleep)

    def stopped() -> None:
        with ready.second_process():
            while not (number.exists() and number.read_text().endswith(" ")):
                time.sleep(0.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text()), 0)


def test_what_it_did_not_do_is_done_here(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setattr(ready, "SECOND", "raise SystemExit(1)")
    monkeypatch.setattr(ready, "compile_for", lambda function, *arguments: done.append(function))
    ready.compile_engine()
    assert done == [ready.run_days, ready.run_round, ready.counted, ready.offices_act, ready.arrive]


def test_an_entry_is_called_by_its_address() -> None:
    @entry
    def difference(address: int, first: int, second: int) -> None:
        int64_at(address)[1] = int64_at(address)[0] * (first - second)

    @entry
    def call(address: int) -> None:
        m = int64_at(address)
        call_at(m[2], m, 9, 2)

    words = np.array([3, 0, address_of(difference, 0, 0, 0)])
    compile_for(call, 0)
    assert is_ready(difference)
    call(words.ctypes.data)
    assert words[1] == 21


def test_an_entry_that_fails_says_so_to_who_called_it_by_its_address() -> None:
    @entry
    def half(address: int, first: int, second: int) -> None:
        int64_at(address)[1] = 1
        if first > second:
            raise MemoryError

    @entry
    def call(address: int, first: int) -> int:
        m = int64_at(address)
        return call_at(m[0], m, first, 5)

    words = np.array([address_of(half, 0, 0, 0), 0])
    compile_for(call, 0, 0)
    assert [call(words.ctypes.data, first) for first in (4, 6)] == [0, 1]
