"""The trials of reliability are what they say: a run that cannot write fails, and one that can is told apart."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.typed_command import typed

from pipeline_sim.study.comparison.study_file import load_study
from tests.reliability import fault_injection
from tests.reliability.trials import PROGRAM, Desk, harmed


@pytest.mark.unit
def test_the_study_of_the_trials_is_in_order() -> None:
    desk = Desk(1)
    assert [world.name for world in load_study(desk.folder / "study.toml").worlds] == ["none", "money"]


@pytest.mark.unit
def test_memory_is_that_of_a_process(tmp_path: Path) -> None:
    assert 10e6 < fault_injection.memory_of(os.getpid()) < 64e9
    assert fault_injection.memory_of(-1) == 0


class Here(Desk):
    """Types in this process what needs none of its own."""

    def typed(self, *words: str, **how: Any) -> "subprocess.CompletedProcess[str]":
        return super().typed(*words, **how) if how else typed(self.folder, *self.words(*words)[len(PROGRAM) :])


@pytest.mark.slow
def test_a_run_that_cannot_write_is_found_out() -> None:
    desk = Here(2)
    whole = desk.digest("--store", "whole")
    found = harmed("files", desk, [], whole, lambda: None, preexec_fn=fault_injection.no_large_files)
    assert found == ("files", "“File too large”, store intact, afterwards dataset equal", True)
    assert not harmed("nothing", desk, [], whole, lambda: None).holds
