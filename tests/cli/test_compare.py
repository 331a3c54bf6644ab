"""The command compare at a small desk: sizes, one-line complaints, and a run that was killed goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.typed_command import run_command
from support.worlds.tiny_study import written

from pipeline_sim.cli.terminal import console
from pipeline_sim.report import figures

BLOCKS = "tiny.store/setting=*/world=*/*.parquet"
FIRST_BLOCK, SECOND_BLOCK = (f"tiny.store/setting=*/world=none-*/{first}.parquet" for first in ("000000", "000016"))
PROGRAM = [sys.executable, "-m", "pipeline_sim.cli", "compare"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--precision", "0"), "precision is 0.0, should be above 0"),
        (("--precision", "nan"), "precision is nan, should be above 0"),
        (("--parameters", "drawn"), "'drawn'"),
        (("--scale", "-1"), "scale is -1, should be above 0"),
        (("--replications", "0"), "greater than or equal to 1"),
        (("--engine", "abacus"), "no engine abacus"),
    ],
)
def test_what_cannot_be_is_one_line(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    said = run_command(written(tmp_path), "compare", ".", *words)
    assert said.returncode == 2
    assert says in said.stderr
    assert said.stderr.count("\n") == 1
    assert not (tmp_path / "results").exists()


def test_no_full_size_is_said(tmp_path: Path) -> None:
    path = written(tmp_path) / "study.toml"
    path.write_text("\n".join(line for line in path.read_text().splitlines() if not line.startswith("full")))
    assert "has no full size: add full =" in run_command(tmp_path, "compare", ".", "--full").stderr


@pytest.mark.slow
def test_a_killed_comparison_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path, replications=34)
    with subprocess.Popen([*PROGRAM, ".", "--out", "out", "--workers", "1"], cwd=folder, start_new_session=True) as run:
        while not list(folder.glob(SECOND_BLOCK)) and run.poll() is None:
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGKILL)
    full = {path: path.stat().st_mtime_ns for path in folder.glob(FIRST_BLOCK)}
    assert full
    assert not (folder / "out").exists()
    monkeypatch.setattr(figures, "pictures", lambda *_: [])  # to draw them takes longer than to run it
    assert run_command(folder, "compare", ".", "--out", "out").returncode == 0
    after = {path: path.stat().st_mtime_ns for path in folder.glob(BLOCKS)}
    assert {path.name for path in after} == {"000000.parquet", "000016.parquet", "000032.parquet"}
    assert full.items() <= after.items()
    (folder / "elsewhere").mkdir()
    assert run_command(folder, "compare", ".", "--out", "elsewhere/out").returncode == 0
    for name in ("comparison.csv", "by_year.csv", "prices.csv"):
        assert (folder / "out" / name).read_bytes() == (folder / "elsewhere" / "out" / name).read_bytes()


def test_without_a_terminal_there_are_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 10.0, 31.0, 40.0, 62.0])
    monkeypatch.setattr(console.time, "monotonic", lambda: next(clock))
    with console.progress_bar("two worlds") as report:
        for part in (0.1, 0.25, 0.3, 0.5):
            report(part)
    assert capsys.readouterr().err.splitlines() == [
        "two worlds: 25% done, about 1 min 33 s left",
        "two worlds: 50% done, about 1 min 02 s left",
    ]


def test_the_files_of_a_scenario_are_inputs(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "quiet.toml").write_text("[shocks.redeployment]\nenabled = false\n")
    with (folder / "study.toml").open("a") as study:
        study.write('[[scenarios]]\nname = "quiet"\nlabel = "Quiet"\nlayers = ["quiet.toml"]\n')
    said = run_command(folder, "compare", "study.toml", "--out", "out", "--workers", "1")
    assert said.returncode == 0
    manifest = json.loads((folder / "out" / "manifest.json").read_text())
    assert any(name.endswith("quiet.toml") for name in manifest["inputs"])
    assert "quiet.toml" in manifest["worlds"]["money.quiet"]["layer_sha256"]
