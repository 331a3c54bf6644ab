"""The commands batch and status: killed or stopped, the same command finishes; what is wrong is one line."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.typed_command import run_command
from support.worlds.tiny_study import written

from pipeline_sim.cli.commands import status
from pipeline_sim.records.files.lock import lock_owner
from pipeline_sim.records.files.storage import FolderStorage
from pipeline_sim.study.comparison import sizing

PROGRAM = [sys.executable, "-m", "pipeline_sim.cli"]
COUNT = 20
STORE = "results/tiny/tiny.store"
FIRST = f"{STORE}/setting=*/world=none-*/000000.parquet"


def last_line(said: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert said.returncode == 0, said.stderr
    return dict(json.loads(said.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """How a run ends that nobody disturbs."""
    return last_line(
        run_command(written(tmp_path_factory.mktemp("whole"), COUNT), "batch", ".", "--json", "--every", "0.1")
    )


@pytest.mark.slow
def test_a_line_an_interval_tells_how_it_stands(uninterrupted: dict[str, object]) -> None:
    assert (uninterrupted["state"], uninterrupted["done"], uninterrupted["wanted"]) == ("finished", COUNT, COUNT)
    assert uninterrupted["best"] == "money"
    assert uninterrupted["gains"]["nothing"] == {"mean": 0.0, "low": 0.0, "high": 0.0, "error": 0.0}  # type: ignore[index]
    assert float(uninterrupted["replications_per_second"]) > 0  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_same_command_finishes_it(tmp_path: Path, uninterrupted: dict[str, object], how: signal.Signals) -> None:
    folder = written(tmp_path, COUNT)
    words = [*PROGRAM, "batch", ".", "--workers", "1"]
    with subprocess.Popen(words, cwd=folder, start_new_session=True, stderr=subprocess.PIPE, text=True) as run:
        while not list(folder.glob(FIRST)) and run.poll() is None:
            time.sleep(0.02)
        os.killpg(run.pid, how)
        _, said = run.communicate()
    if how == signal.SIGTERM:
        assert run.returncode == 130
        assert f"of {COUNT} replications are kept, the same command goes on from there" in said
    stands = run_command(folder, "status", STORE)
    assert (stands.returncode, stands.stderr) == (0, "")
    assert "then it was stopped or killed" in stands.stdout
    ends = last_line(run_command(folder, "batch", ".", "--json"))
    assert ends["dataset"] == uninterrupted["dataset"]
    told = json.loads(run_command(folder, "status", STORE, "--json").stdout)
    assert told["settings"][0]["dataset"] == uninterrupted["dataset"]
    assert set(told["settings"][0]["worlds"].values()) == {COUNT}


def test_no_store_is_one_line(tmp_path: Path) -> None:
    said = run_command(tmp_path, "status", "nowhere")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == (
        "error: nowhere holds no finished replications: name a folder that batch or compare filled\n"
    )


def test_a_damaged_block_is_named_by_status(tmp_path: Path) -> None:
    FolderStorage(tmp_path).write("setting=s0123456789ab/world=none-0123456789ab/000000.parquet", b"PAR1")
    shown = run_command(tmp_path, "status", ".")
    assert shown.returncode == 1
    assert "000000.parquet is damaged" in shown.stderr


def test_whether_a_run_is_alive_is_told() -> None:
    state = {
        **lock_owner(), "state": "running", "done": 3, "wanted": 9, "time": "2026-11-22T09:00:00+00:00",
        "replications_per_second": 0.5, "seconds_left": 12.0,
    }  # fmt: skip
    tell = status.run_text
    assert "is running: 3 of 9 replications" in tell(state)
    assert "about 0 min 12 s left" in tell(state)
    assert "was stopped or killed" in tell({**state, "born": "1"})  # the number was given to another process since
    assert "elsewhere last wrote" in tell({**state, "host": "elsewhere"})
    assert tell({**state, "state": "finished"}).endswith("finished")


@pytest.mark.slow
def test_a_worker_that_is_killed_is_not_missed(tmp_path: Path, uninterrupted: dict[str, object]) -> None:
    pytest.importorskip("distributed")
    folder, dask = written(tmp_path, COUNT), [sys.executable, "-m", "dask"]
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    place = ["--scheduler-file", "scheduler.json"]
    with ExitStack() as stack:

        def started(*words: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen([*dask, *words, *place, "--no-dashboard"], **quiet)  # type: ignore[call-overload]
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process  # type: ignore[no-any-return]

        started("scheduler", "--host", "127.0.0.1", "--port", "0")
        workers = [started("worker", "--nthreads", "1", "--no-nanny") for _ in range(2)]
        while not (folder / "scheduler.json").exists():
            time.sleep(0.1)
        address = json.loads((folder / "scheduler.json").read_text())["address"]
        words = [*PROGRAM, "batch", ".", "--scheduler", address, "--json", "--every", "0.1"]
        with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            for line in run.stdout:
                ends = json.loads(line)
                if ends["done"] >= 3:
                    workers[0].kill()
    assert run.returncode == 0
    assert ends["dataset"] == uninterrupted["dataset"]


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    said = run_command(written(tmp_path), "batch", ".", "--scheduler", "tcp://127.0.0.1:1")
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)
    assert "no scheduler answers at tcp://127.0.0.1:1" in said.stderr
    both = run_command(tmp_path, "batch", ".", "--scheduler", "local", "--processes", "2")
    assert "exclude each other" in both.stderr


def test_a_machine_too_small_for_a_study_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worlds = sizing.WorldSet(0.1, 3.6, 0.2)
    pilot = sizing.PilotRun(0.0, worlds, worlds, bytes_program=10**12, bytes_each=100, bytes_disk=10, gather=0.5)
    monkeypatch.setattr(sizing, "run_pilot", lambda _: pilot)
    said = run_command(written(tmp_path), "plan", ".", "--cores", "4", "--memory", "2")
    assert (said.returncode, said.stdout) == (2, "")
    assert "one replication at a time needs 1,000 GB, there are 2 GB" in said.stderr
