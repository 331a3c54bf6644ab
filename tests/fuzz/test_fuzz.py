"""A few dozen damaged inputs of every kind in each run of the tests; `python -m fuzz` tries thousands."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import CONFIGS, ROOT

from fuzz.__main__ import tried
from fuzz.inputs import KINDS, is_silent
from pipeline_sim.cli.terminal import console

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
INPUTS = 8  # of each kind
CASES = [("result", 100063)]  # kind and seed of inputs that were once faults


@pytest.mark.slow
def test_damaged_input_is_answered_in_lines() -> None:
    words = [sys.executable, "-m", "fuzz", "--inputs", str(INPUTS), "--fresh", "32", "--hours", "1"]
    done = subprocess.run(words, cwd=ROOT / "tests", capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{INPUTS * len(KINDS)} inputs from seed 1, 2 alone as well, 0 findings" in done.stdout


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_what_was_once_a_fault_is_none(kind: str, seed: int) -> None:
    assert tried(kind, seed)[0] is None


def test_a_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "harmless", lambda text: text[10**6])
    assert "IndexError" in str(tried("result", 1)[0])


def test_an_edit_that_no_line_names_is_found(tmp_path: Path) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    file = tmp_path / "configs" / "covid.toml"
    file.write_text(f"# a comment\n{file.read_text()}")
    assert not is_silent(tmp_path, "")
    file.write_text(file.read_text().replace('note = "', 'note = "Own ', 1))
    assert is_silent(tmp_path, "")
    assert not is_silent(tmp_path, "note: configs/covid.toml differs from the file that ships: line 9 changed")
