"""The clock of the reduced pipeline: who is measured, what is said of who is not, and the measurement itself.

    pytest tests/bench --benchmark-enable --benchmark-only

runs the compiled programs at full size and all of them at a fiftieth; nothing asserts a time.
"""

import gc
import math
from importlib import resources

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pipeline_sim.bench.reduced import cpp_twin, run_peers
from pipeline_sim.bench.reduced.reduced_spec import Spec, sized
from pipeline_sim.bench.reduced.run_peers import (
    ALL,
    BATCH,
    COMPILED,
    TINY,
    TWIN,
    Peer,
    measure,
    prepare_program,
    unavailable_programs,
)


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a C++ compiler."""
    monkeypatch.setattr(cpp_twin, "compiler", lambda: None)
    monkeypatch.setattr(run_peers, "twin", cpp_twin.twin.__wrapped__)


def test_programs_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []
    monkeypatch.setattr(run_peers, "prepare_program", lambda name, spec: lambda: turns.append(name) or 1)
    monkeypatch.setattr(run_peers, "unavailable_programs", lambda: {"salabim": "not here"})
    found = measure(TINY, ("SimPy", "salabim", BATCH), rounds=3)
    assert turns == ["SimPy", BATCH] * 3
    assert [(peer.name, len(peer.seconds), peer.events) for peer in found] == [("SimPy", 3, 1), (BATCH, 3, 1)]


def test_a_ratio_is_of_the_time_of_an_event_in_the_same_round() -> None:
    seconds, events = {TWIN: [1.0, 2.0, 4.0], "SimPy": [30.0, 20.0, 10.0]}, {TWIN: 100, "SimPy": 10}
    assert run_peers.ratios("SimPy", seconds, events) == [300.0, 100.0, 25.0]
    peer = Peer("SimPy", seconds["SimPy"], 10, [300.0, 100.0, 25.0])
    assert (peer.median, peer.ratio, peer.spread, peer.events_per_second) == (20.0, 100.0, 1.0, 0.5)


@pytest.mark.usefixtures("no_compiler")
def test_a_missing_compiler_is_said_and_nothing_fails() -> None:
    assert "no C++ compiler found" in unavailable_programs()[TWIN]
    (batch,) = measure(TINY, COMPILED, rounds=1)
    assert batch.name == BATCH
    assert math.isnan(batch.ratio)


def test_a_source_that_does_not_compile_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    if cpp_twin.compiler() is None:
        pytest.skip("no C++ compiler found")
    (tmp_path / "broken.cpp").write_text("int play() { return }\n", encoding="utf-8")
    monkeypatch.setattr(cpp_twin, "SOURCE", tmp_path / "broken.cpp")
    with pytest.raises(cpp_twin.TwinError, match=r"could not compile broken\.cpp: .*error"):
        cpp_twin.build_library()


def test_a_missing_salabim_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_peers.util, "find_spec", lambda name: None)
    assert [name for name in unavailable_programs() if "salabim" in name] == [name for name in ALL if "salabim" in name]


def test_the_collector_is_on_again_afterwards() -> None:
    def broken(spec: Spec) -> list[tuple[int, int, int, int, int]]:
        assert not gc.isenabled()
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        run_peers.run_with_collector(broken, TINY, off=True)
    assert gc.isenabled()


def test_the_source_of_the_twin_comes_with_the_package() -> None:
    assert resources.files("pipeline_sim.bench.reduced").joinpath("cpp_twin.cpp").is_file()


@pytest.mark.parametrize("name", ALL)
def test_speed(benchmark: BenchmarkFixture, name: str) -> None:
    """Each program on its own."""
    if name in unavailable_programs():
        pytest.skip(unavailable_programs()[name])
    full = Spec() if name in COMPILED else sized(Spec(), run_peers.SMALL)
    events = benchmark.pedantic(prepare_program(name, full if benchmark.enabled else TINY), rounds=3, warmup_rounds=1)
    benchmark.extra_info["events"] = events
    if benchmark.enabled:
        benchmark.extra_info["events_per_second"] = round(events / benchmark.stats.stats.median)


@pytest.mark.full
@pytest.mark.parametrize(("names", "divisor"), [(COMPILED, 1), (ALL, run_peers.SMALL)], ids=["compiled", "all"])
def test_speed_in_turn(benchmark: BenchmarkFixture, names: tuple[str, ...], divisor: int) -> None:
    """All in turn: ratios to the twin that what else the machine does cannot shift."""
    spec, rounds = (sized(Spec(), divisor), 5) if benchmark.enabled else (TINY, 1)
    found = benchmark.pedantic(measure, args=(spec, names, rounds), rounds=1)
    assert {peer.name for peer in found} == set(names) - set(unavailable_programs())
    benchmark.extra_info["peers"] = [peer._asdict() for peer in found]
    benchmark.extra_info["absent"] = unavailable_programs()
