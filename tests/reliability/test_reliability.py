"""The trials of reliability: a run that cannot write is reported as such, and one that can is not."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.typed_command import run_command

from pipeline_sim.study.comparison.study_file import load_study
from reliability import fault_injection
from reliability.trials import PROGRAM, Workspace, run_with_fault


def test_the_study_of_the_trials_is_in_order() -> None:
    workspace = Workspace(1)
    assert [world.name for world in load_study(workspace.folder / "study.toml").worlds] == ["none", "money"]


def test_memory_is_that_of_a_process(tmp_path: Path) -> None:
    assert 10e6 < fault_injection.memory_of(os.getpid()) < 64e9
    assert fault_injection.memory_of(-1) == 0


class InProcessWorkspace(Workspace):
    """Workspace that runs commands in this process where they need none of their own."""

    def run(self, *words: str, **how: Any) -> "subprocess.CompletedProcess[str]":
        return super().run(*words, **how) if how else run_command(self.folder, *self.words(*words)[len(PROGRAM) :])


@pytest.mark.slow
def test_a_run_that_cannot_write_is_found_out() -> None:
    workspace = InProcessWorkspace(2)
    whole = workspace.digest("--store", "whole")
    found = run_with_fault("files", workspace, [], whole, lambda: None, preexec_fn=fault_injection.no_large_files)
    assert found == ("files", "“File too large”, store intact, afterwards dataset equal", True)
    assert not run_with_fault("nothing", workspace, [], whole, lambda: None).holds
