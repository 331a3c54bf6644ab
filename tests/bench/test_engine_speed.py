"""How fast the engines are, and how much memory a run takes. Measured, never asserted.

    pytest tests/bench --benchmark-enable --benchmark-only --benchmark-json=results/speed.json

runs England at a twentieth of its size over nine reported years, with COVID: each engine, and the batch engine with
the log off, in memory and written to Parquet meanwhile, each in a process of its own as `pipeline-sim bench` has it.
Without those options the same code tells a toy world once, in this process.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from support import CONFIGS

from pipeline_sim.bench.benchmark_plan import BATCH, REFERENCE, Case, LogMode
from pipeline_sim.bench.measure import first_replication, start_case
from pipeline_sim.bench.measured_process import MeasuredCase
from pipeline_sim.bench.results import MEGABYTE

ENGLAND, TOY = ([str(CONFIGS / name), str(CONFIGS / "covid.toml")] for name in ("england.toml", "tiny.toml"))
SCALE, TOY_SCALE = 0.05, 0.02
CASES = [Case(REFERENCE, SCALE, LogMode.ROWS), *(Case(BATCH, SCALE, log) for log in LogMode)]
ROUNDS = 3
Play = Callable[[], dict[str, Any]]
Plays = tuple[Play, Play]


@pytest.fixture
def plays(request: pytest.FixtureRequest, benchmark: BenchmarkFixture, tmp_path: Path) -> Iterator[Plays]:
    """What goes before one replication of a case, and the replication, to be timed."""
    case: Case = request.param
    if not benchmark.enabled:
        toy = MeasuredCase(case._replace(scale=TOY_SCALE), TOY, TOY, tmp_path)
        yield toy.collect, lambda: toy.replications(runs=1, collector=True)
        return
    with start_case(case, ENGLAND, TOY, str(tmp_path)) as child:
        found = first_replication(child)
        benchmark.extra_info["peak_megabytes"] = round(found.peak_bytes / MEGABYTE)
        benchmark.extra_info["world_megabytes"] = round(found.world_bytes / MEGABYTE)
        yield lambda: child.request(do="collect"), lambda: child.request(do="replications", runs=1, collector=False)


@pytest.mark.parametrize("plays", CASES, ids=[case.label for case in CASES], indirect=True)
def test_engine_speed(benchmark: BenchmarkFixture, plays: Plays) -> None:
    said: dict[str, Any] = {}
    collect, play = plays
    benchmark.pedantic(lambda: said.update(play()), setup=lambda: collect() and None, rounds=ROUNDS)
    assert said["rows"] > 0
    benchmark.extra_info["rows"] = said["rows"]
    benchmark.extra_info["processor_seconds"] = round(said["processor"], 3)
    benchmark.extra_info["rows_per_second"] = round(said["rows"] / said["processor"])
