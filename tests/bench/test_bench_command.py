"""The command bench: what it refuses, the processes that it starts, and one run at a small size. Asserts no time."""

import json
import math
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.bench import measure, resident_memory
from pipeline_sim.bench.benchmark_plan import BATCH, REFERENCE, Case, LogMode, make_plan
from pipeline_sim.bench.isolated_process import IsolatedProcess
from pipeline_sim.cli import app
from pipeline_sim.study.replication import memory_check
from pipeline_sim.study.study_error import StudyError

LAYERS = (CONFIGS / "england.toml", CONFIGS / "covid.toml")
QUICK = ("bench", "--quick", "--no-peers", *map(str, LAYERS))
PROGRAM = (sys.executable, "-m", "pipeline_sim.cli")


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., str]:
    """Types a command in an empty folder, in this process; the one line that refuses it."""

    def run(*words: str) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["pipeline-sim", *words])
        with pytest.raises(SystemExit) as ended:
            app.main()
        said = capsys.readouterr()
        lines = [line for line in said.err.splitlines() if not line.startswith("compiling")]
        assert (ended.value.code, said.out, len(lines)) == (2, "", 1)
        return lines[0]

    return run


def test_memory_is_read_where_the_system_says_and_where_it_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now, peak = resident_memory.resident_memory()
    assert 10_000_000 < now <= peak
    monkeypatch.setattr(resident_memory, "PROC", tmp_path / "nowhere")
    resident_memory.reset_peak()
    assert resident_memory.resident_memory().now == resident_memory.resident_memory().peak > 10_000_000


def test_a_process_that_names_a_problem_or_ends_is_one_line(tmp_path: Path) -> None:
    case = Case(BATCH, 0.01, LogMode.OFF)
    with (
        pytest.raises(StudyError, match=r"nowhere\.toml"),
        measure.start_case(case, ["nowhere.toml"], ["nowhere.toml"], str(tmp_path)) as child,
    ):
        child.read_answer()
    with (
        pytest.raises(StudyError, match=r"that was measured ended: .*No module named"),
        IsolatedProcess("none", {}) as child,
    ):
        child.read_answer()


def test_a_process_ends_with_its_block() -> None:
    with pytest.raises(KeyboardInterrupt), IsolatedProcess("measured_process", {}) as child:
        raise KeyboardInterrupt
    assert child._process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--engine", "warp"), "no engine warp; known are reference, batch"),
        (("--scales", "0"), "scale is 0, should be above 0 and at most 16"),
        (("--scales", "0.01,17"), "scale is 17, should be above 0 and at most 16"),
        (("--scales", "0.01,big"), "scales are '0.01,big', should be numbers with commas between"),
        (("--scales", "1e-9"), "scale 1e-09 is too small"),
        (("--rounds", "0"), "--rounds"),
        (("--out", "nowhere/x.json"), "cannot write nowhere/x.json: No such file or directory"),
        (("--out", "."), "cannot write .: it is a folder, should be a file"),
    ],
)
def test_what_cannot_be_measured_is_one_line_and_leaves_nothing(
    refused: Callable[..., str], tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    assert says in refused(*QUICK, *words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("engine", "says"), [(BATCH, "at scale 0.01 2 replications"), (REFERENCE, "does not fit")])
def test_a_scale_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch, engine: str, says: str) -> None:
    monkeypatch.setattr(memory_check if engine == BATCH else measure, "free_bytes", lambda: 1000)
    with pytest.raises(StudyError, match=says):
        measure.check(make_plan(engines=[engine], scales=(0.01,)), LAYERS)


@pytest.mark.slow
def test_ctrl_c_ends_the_processes_apart_too(tmp_path: Path) -> None:
    words = [*PROGRAM, *QUICK, "--engine", "reference", "--scales", "0.05", "--out", "x.json"]
    process = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    ends = time.monotonic() + 120
    while not _children(process.pid):
        assert time.monotonic() < ends
        time.sleep(0.05)
    apart = _children(process.pid)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "stopped; nothing was written"
    while any(_is_alive(number) for number in apart):
        assert time.monotonic() < ends + 60
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


def _is_alive(number: str) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _children(number: int) -> list[str]:
    listed = Path(f"/proc/{number}/task/{number}/children")
    if not listed.exists():
        pytest.skip("processes are not listed under /proc here")
    return listed.read_text().split()


@pytest.mark.full
@pytest.mark.slow
def test_a_quick_run_writes_a_file_that_pytest_benchmark_reads(tmp_path: Path) -> None:
    words = [*PROGRAM, "bench", "--quick", "--no-peers", str(CONFIGS / "tiny.toml"), "--scales", "0.1"]
    run = subprocess.run([*words, "--out", "x.json"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "Thresholds" in run.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]
    read = json.loads((tmp_path / "x.json").read_text())
    assert not any(math.isnan(value) for each in read["benchmarks"] for value in each["stats"]["data"])
    door = "from pytest_benchmark.cli import main; main()"
    compared = subprocess.run(
        [sys.executable, "-c", door, "compare", "x.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert compared.returncode == 0, compared.stderr
    assert "batch 0.1, log to Parquet" in compared.stdout
