"""Ctrl-C, a closed terminal and a kill: nothing is left behind, or what was finished is kept."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.cli.terminal import console
from pipeline_sim.records.files.result_files import changed_files

TINY = str(CONFIGS / "tiny.toml")
PROGRAM = [sys.executable, "-m", "pipeline_sim.cli"]


@pytest.fixture
def hears_everything() -> Iterator[None]:
    """Children hear a closed terminal even if the tests themselves were started to ignore it, as under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.slow
@pytest.mark.usefixtures("hears_everything")
@pytest.mark.parametrize(
    ("replications", "number"),
    [("1", signal.SIGINT), ("4", signal.SIGINT), ("1", signal.SIGTERM), ("1", signal.SIGHUP)],
)
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, replications: str, number: int) -> None:
    long = ("--scale", "4")  # on a fast machine a smaller world may be through before it is stopped
    words = [*PROGRAM, "run", TINY, "--engine", "reference", "--replications", replications, *long]
    process = subprocess.Popen(
        words,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _wait_for_a_draft(tmp_path)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (out, err) == ("", "stopped; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["batch", "reference"])
def test_ctrl_c_keeps_what_was_finished(tmp_path: Path, engine: str) -> None:
    words = [*PROGRAM, "run", TINY, "--engine", engine, "--replications", "3000", "--scale", "0.2", "--out", "kept"]
    process = subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    ends = time.monotonic() + 240
    first = {f"events-{number:03d}.parquet" for number in range(6)}  # a slow worker may still be at the very first
    while not first <= {path.name for path in tmp_path.glob(".kept.*/events-*")}:
        assert time.monotonic() < ends
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    said = re.search(r"stopped; the first (\d+) of 3000 replications are kept", err)
    assert said, err
    kept = tmp_path / f"kept-first-{said[1]}"
    assert str(kept.name) in out
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]
    assert changed_files(kept) == []
    assert len(list(kept.glob("events-*.parquet"))) == int(said[1])


def _wait_for_a_draft(folder: Path) -> None:
    ends = time.monotonic() + 60
    while not list(folder.glob("results/*/.*")):
        assert time.monotonic() < ends
        time.sleep(0.05)
    time.sleep(2.5)


@pytest.mark.parametrize("interrupted", [True, False])
def test_an_error_that_ctrl_c_causes_in_the_compiler_is_a_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], interrupted: bool
) -> None:
    def fail() -> None:
        raise RuntimeError("no compiled object yet")

    monkeypatch.setattr(console, "INTERRUPTED", threading.Event())
    if not interrupted:
        assert console.one_line_errors(fail) == 70
        return
    console.INTERRUPTED.set()
    assert console.one_line_errors(fail) == 130
    assert capsys.readouterr().err == "stopped; nothing was written\n"
