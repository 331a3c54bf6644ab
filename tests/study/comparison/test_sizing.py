"""What a study will take is what two of its replications took, put up."""

from pathlib import Path

import pytest
from support.worlds.tiny_study import question

from pipeline_sim.study.comparison.sizing import Machine, PilotRun, run_pilot, study_size

pytestmark = pytest.mark.unit
FOUND = PilotRun(seconds=3.6, seconds_attributed=7.2, bytes_program=400, bytes_each=100, bytes_disk=10)


def test_replications_add_up(tmp_path: Path) -> None:
    asked = question(tmp_path, replications=1000, attribution=None)
    size = study_size(asked, FOUND, Machine(cores=4, bytes_memory=1000))
    assert size == (1.0, 4, 0.25, 700, 10_000)


def test_too_little_memory_makes_it_longer(tmp_path: Path) -> None:
    asked = question(tmp_path, replications=1000, attribution=None)
    size = study_size(asked, FOUND, Machine(cores=4, bytes_memory=550))
    assert (size.at_a_time, size.hours, size.bytes_memory) == (2, 0.5, 500)
    assert study_size(asked, FOUND, Machine(4, 300)).bytes_memory == 400  # one at a time, and that is too much


def test_what_is_attributed_takes_longer(tmp_path: Path) -> None:
    asked = question(tmp_path, replications=1000)  # two of them
    size = study_size(asked, FOUND, Machine(4, 1000))
    assert size.core_hours == pytest.approx((998 * 3.6 + 2 * 7.2) / 3600)
    assert size.bytes_disk == round(10 * 1000 + 10 * 2 * len(asked.attribution_worlds) / len(asked.worlds))


def test_two_replications_are_measured(tmp_path: Path) -> None:
    found = run_pilot(question(tmp_path, scale=0.3))
    assert found.seconds > 0
    assert 10_000 < found.bytes_disk < 500_000
    assert found.bytes_program > 50e6
