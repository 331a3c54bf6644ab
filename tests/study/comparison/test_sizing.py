"""What a study will take is what a pilot took, scaled up."""

from pathlib import Path

import pytest
from support.worlds.tiny_study import question

from pipeline_sim.study.comparison.sizing import Machine, PilotRun, WorldSet, run_pilot, study_size

START, OWN, ATTRIBUTED = 36.0, WorldSet(0.36, 3.6, 0.18), WorldSet(0.72, 7.2, 0.36)
FOUND = PilotRun(START, OWN, ATTRIBUTED, bytes_program=400, bytes_each=100, bytes_disk=10, gather=0.5)


def test_replications_add_up(tmp_path: Path) -> None:
    asked = question(tmp_path, replications=1000, attribution=None, repeat_every=0)
    size = study_size(asked, FOUND, Machine(cores=4, bytes_memory=1000))
    work = 1.1 / 4
    assert size == (pytest.approx(1.11), 4, pytest.approx(0.01 + work), pytest.approx(0.02 + work), 700, 10_000)


def test_a_draw_is_prepared_once_for_its_replications(tmp_path: Path) -> None:
    machine = Machine(4, 1000)
    one, two = (
        study_size(question(tmp_path, replications=1000, attribution=None, repeat_every=n), FOUND, machine)
        for n in (0, 1)
    )
    assert one.core_hours - two.core_hours == pytest.approx(500 * OWN.prepare / 3600)
    fixed = study_size(question(tmp_path, replications=1000, attribution=None, parameters="mode"), FOUND, machine)
    assert fixed.core_hours == pytest.approx((START + OWN.prepare + 1000 * OWN.run) / 3600)


def test_what_is_python_is_one_at_a_time_however_many_cores(tmp_path: Path) -> None:
    asked = question(tmp_path, replications=1000, attribution=None, repeat_every=0)
    size = study_size(asked, FOUND, Machine(cores=1000, bytes_memory=10**6))
    assert size.hours == pytest.approx((START + 1000 * (OWN.prepare + OWN.locked)) / 3600)
    assert size.hours_processes == pytest.approx((2 * START + 1000 * FOUND.gather) / 3600)


def test_too_little_memory_makes_it_longer(tmp_path: Path) -> None:
    asked = question(tmp_path, replications=1000, attribution=None, repeat_every=0)
    size = study_size(asked, FOUND, Machine(cores=4, bytes_memory=550))
    assert (size.at_a_time, size.hours, size.bytes_memory) == (2, pytest.approx(0.01 + 1.1 / 2), 500)
    assert study_size(asked, FOUND, Machine(4, 300)).bytes_memory == 400  # one at a time, and that is too much


def test_what_is_attributed_takes_longer(tmp_path: Path) -> None:
    asked = question(tmp_path, replications=1000, repeat_every=0)  # two of them
    size = study_size(asked, FOUND, Machine(4, 1000))
    assert size.core_hours == pytest.approx((START + 998 * 3.96 + 2 * 7.92) / 3600)
    assert size.bytes_disk == round(10 * 1000 + 10 * 2 * len(asked.attribution_worlds) / len(asked.worlds))


def test_a_pilot_is_measured(tmp_path: Path) -> None:
    found = run_pilot(question(tmp_path, scale=0.3))
    assert found.start > 0
    assert min(*found.own, *found.attributed, found.gather) > 0
    assert found.own.locked < found.own.run
    assert 10_000 < found.bytes_disk < 500_000
    assert found.bytes_program > 50e6
