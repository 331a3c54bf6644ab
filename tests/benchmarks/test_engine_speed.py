"""How fast the engines are, and how much memory a run takes. Measured, never asserted.

    pytest tests/benchmarks --benchmark-enable --benchmark-only --benchmark-json=results/speed.json

runs England at a twentieth of its size over nine reported years, with COVID; seconds, events and memory stand under
`extra_info` in the file. Without those options the same code tells a toy world once.
"""

import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pipeline_sim.engines import ENGINES
from pipeline_sim.study.prepare import Assumed
from pipeline_sim.study.replicate import Job, run_job

CONFIGS = Path(__file__).parents[2] / "configs"
ENGLAND = Assumed((str(CONFIGS / "england.toml"), str(CONFIGS / "covid.toml")), scale=0.05)
TOY = Assumed((str(CONFIGS / "tiny.toml"), str(CONFIGS / "covid.toml")), scale=0.02)
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
MEBIBYTE = 1 << 20


class Measured(NamedTuple):
    """What one replication took; seconds are those of the engine alone."""

    seconds: float
    events: int
    peak_mebibytes: float


def measured(assumed: Assumed, engine: str) -> Measured:
    """Run one replication; the peak is of this process, so let it be a fresh one."""
    done = run_job(Job(assumed, engine, seed=2021, replication=0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT / MEBIBYTE
    return Measured(done.seconds, done.rows, peak)


def measured_apart(assumed: Assumed, engine: str) -> Measured:
    """The same in a process of its own; a toy world first, so that no compilation is timed."""
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        alone.submit(measured, TOY, engine).result()
        return alone.submit(measured, assumed, engine).result()


@pytest.mark.unit
@pytest.mark.parametrize("engine", ENGINES)
def test_engine_speed(benchmark: BenchmarkFixture, engine: str) -> None:
    run, assumed = (measured_apart, ENGLAND) if benchmark.enabled else (measured, TOY)
    found = benchmark.pedantic(run, args=(assumed, engine), rounds=1)
    assert found.events > 0
    benchmark.extra_info["engine_seconds"] = round(found.seconds, 2)
    benchmark.extra_info["events"] = found.events
    benchmark.extra_info["events_per_second"] = round(found.events / found.seconds)
    benchmark.extra_info["peak_mebibytes"] = round(found.peak_mebibytes)
    benchmark.extra_info["scale"] = assumed.scale
