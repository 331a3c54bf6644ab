"""Speed of the programs of the reduced pipeline, run in turn at the same size.

Programs take turns within a round, so that other load on the machine affects all of them; a ratio is to the C++ twin
of the same round. The compiled programs use memory laid out before and are timed from the first day to the last, with
the log written; the Python ones from building the model to the list of events. A program that cannot be run here is
named with the reason, and nothing fails.
"""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from importlib import import_module, util
from typing import NamedTuple

from pipeline_sim.bench.reduced import numba_model
from pipeline_sim.bench.reduced.cpp_twin import TwinError, twin
from pipeline_sim.bench.reduced.reduced_spec import Row, Spec
from pipeline_sim.bench.reduced.work_arrays import arena

Play = Callable[[], int]  # one run, ready to be timed; returns the number of events
TWIN, BATCH = "C++ twin", "Numba batch"
COMPILED = (TWIN, BATCH)
OBJECTS = {"plain Python": "plain_model", "SimPy": "simpy_model", "salabim": "salabim_model"}
COLLECTOR_OFF = ", collector off"
ALL = (*COMPILED, *(name + collector for name in OBJECTS for collector in ("", COLLECTOR_OFF)))
SMALL = 50  # divides the size for the programs in which a trainee is an object
TINY = Spec(years=1, entrants=26, slots=10)


class Peer(NamedTuple):
    """Times of one program."""

    name: str
    seconds: list[float]  # of each round
    events: int  # of one run
    ratios: list[float]  # time of an event, to the twin's in the same round; empty without a twin

    @property
    def median(self) -> float:
        """Median seconds of a round."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Spread: slowest round less fastest, as a share of the median."""
        return (max(self.seconds) - min(self.seconds)) / self.median

    @property
    def events_per_second(self) -> float:
        """Median events per second."""
        return self.events / self.median

    @property
    def ratio(self) -> float:
        """Median time of an event to that of the twin; nan without a twin."""
        return statistics.median(self.ratios) if self.ratios else float("nan")


def unavailable_programs() -> dict[str, str]:
    """Programs that cannot be run here, and why."""
    why = {}
    try:
        twin()
    except TwinError as error:
        why[TWIN] = str(error)
    if util.find_spec("salabim") is None:
        why |= {name: "salabim is not installed; the extra `bench` has it" for name in ALL if "salabim" in name}
    return why


def prepare_program(name: str, spec: Spec) -> Play:
    """Program ready to be timed: compiled, imported, its memory laid out, run once."""
    if name in COMPILED:
        play = twin() if name == TWIN else numba_model.play
        memory = arena(spec, room=arena(spec, room=0).run(play))
        return lambda: memory.run(play)
    program, off = name.removesuffix(COLLECTOR_OFF), name.endswith(COLLECTOR_OFF)
    run: Callable[[Spec], list[Row]] = import_module(f"pipeline_sim.bench.reduced.{OBJECTS[program]}").run
    run(TINY)
    return lambda: run_with_collector(run, spec, off)


def run_with_collector(run: Callable[[Spec], list[Row]], spec: Spec, off: bool) -> int:
    """Run a Python program with the garbage collector on or off; returns the number of events."""
    if off:
        gc.disable()
    try:
        return len(run(spec))
    finally:
        gc.enable()


def measure(spec: Spec, names: Sequence[str] = ALL, rounds: int = 5) -> list[Peer]:
    """Times of every program that can be run here, `rounds` times in turn, in the order of `names`."""
    missing = unavailable_programs()
    plays = {name: prepare_program(name, spec) for name in names if name not in missing}
    seconds: dict[str, list[float]] = {name: [] for name in plays}
    events = dict.fromkeys(plays, 0)
    for _ in range(rounds):
        for name, play in plays.items():
            gc.collect()
            begin = time.perf_counter()
            events[name] = play()
            seconds[name].append(time.perf_counter() - begin)
    return [Peer(name, seconds[name], events[name], ratios(name, seconds, events)) for name in plays]


def ratios(name: str, seconds: dict[str, list[float]], events: dict[str, int]) -> list[float]:
    """Time of an event of a program, to the twin's, round by round."""
    if TWIN not in seconds:
        return []
    scale = events[TWIN] / events[name]
    return [scale * one / twin for one, twin in zip(seconds[name], seconds[TWIN], strict=True)]
