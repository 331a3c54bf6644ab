"""How fast the reference engine is, and how much memory a run takes. Measured, never asserted.

    pytest tests/benchmarks --benchmark-enable --benchmark-only --benchmark-columns=mean

runs England at a twentieth of its size over nine reported years, with COVID. Otherwise the same code tells a toy world.
"""

import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pipeline_sim.study.prepare import Assumed
from pipeline_sim.study.replicate import Job, run_job

CONFIGS = Path(__file__).parents[2] / "configs"
ENGLAND = Assumed((str(CONFIGS / "england.toml"), str(CONFIGS / "covid.toml")), scale=0.05)
TOY = Assumed((str(CONFIGS / "tiny.toml"), str(CONFIGS / "covid.toml")), scale=0.02)
ENGINE = "reference"
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
MEBIBYTE = 1 << 20


class Measured(NamedTuple):
    """What one replication took; seconds are those of the engine alone."""

    seconds: float
    events: int
    peak_mebibytes: float


def measured(assumed: Assumed) -> Measured:
    """Run one replication; the peak is of this process, so let it be a fresh one."""
    done = run_job(Job(assumed, ENGINE, seed=2021, replication=0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT / MEBIBYTE
    return Measured(done.seconds, done.rows, peak)


def measured_apart(assumed: Assumed) -> Measured:
    """The same in a process of its own; a toy world first, so that no compilation is timed."""
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        alone.submit(measured, TOY).result()
        return alone.submit(measured, assumed).result()


@pytest.mark.unit
def test_reference_speed(benchmark: BenchmarkFixture) -> None:
    run, assumed = (measured_apart, ENGLAND) if benchmark.enabled else (measured, TOY)
    found = benchmark.pedantic(run, args=(assumed,), rounds=1)
    assert found.events > 0
    benchmark.extra_info["engine_seconds"] = round(found.seconds, 2)
    benchmark.extra_info["events"] = found.events
    benchmark.extra_info["events_per_second"] = round(found.events / found.seconds)
    benchmark.extra_info["peak_mebibytes"] = round(found.peak_mebibytes)
    benchmark.extra_info["scale"] = assumed.scale
