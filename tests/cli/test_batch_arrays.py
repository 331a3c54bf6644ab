"""Parts of a batch, run side by side as jobs of an array: nothing central, the same dataset as one process."""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from support.typed_command import run_command
from support.worlds.tiny_study import written

from pipeline_sim.records.files.lock import locked_folder
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.execution.fill_store import WHOLE, Share

COUNT, STORE = 40, "results/tiny/tiny.store"  # three blocks


def last(said: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert said.returncode == 0, said.stderr
    return dict(json.loads(said.stdout.splitlines()[-1]))


@pytest.mark.slow
def test_parts_side_by_side_one_of_them_killed_give_the_dataset_of_one_process(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    whole = last(run_command(written(tmp_path / "one", COUNT), "batch", ".", "--json"))
    (tmp_path / "parts").mkdir()
    folder = written(tmp_path / "parts", COUNT)
    program = [sys.executable, "-m", "pipeline_sim.cli", "batch", ".", "--workers", "1", "--json", "--array"]
    jobs = [subprocess.Popen([*program, f"{part}/3"], cwd=folder, stdout=subprocess.DEVNULL) for part in (1, 2, 3)]
    while not list(folder.glob(f"{STORE}/setting=*/.lock-3-of-3.json")) and jobs[2].poll() is None:
        time.sleep(0.02)
    jobs[2].kill()
    assert [job.wait() for job in jobs][:2] == [0, 0]
    blocks = {path.name for path in folder.glob(f"{STORE}/*/world=none-*/*.parquet")}
    assert blocks >= {"000000.parquet", "000016.parquet"}
    assert not list(folder.glob(f"{STORE}/*/_*.json"))
    joined = last(run_command(folder, "batch", ".", "--json"))
    assert joined["dataset"] == whole["dataset"]
    assert run_command(folder, "status", STORE).returncode == 0
    done = last(run_command(folder, "batch", ".", "--array", "2/3", "--json"))
    assert (done["array"], done["done"], done["wanted"]) == ([2, 3], 16, 16)


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_every_replication_is_in_one_part(of: int) -> None:
    parts = [Share(number, of) for number in range(of)]
    for replication in range(200):
        assert sum(part.has(replication) for part in parts) == 1
    assert sum(part.size(200) for part in parts) == 200
    assert WHOLE.size(7) == 7


def test_parts_go_beside_each_other_but_not_beside_the_whole(tmp_path: Path) -> None:
    with ExitStack() as parts:
        for part in ("1-of-2", "2-of-2"):
            parts.enter_context(locked_folder(tmp_path, part))
        for taken in ("", "1-of-2"):
            with pytest.raises(RecordsError, match="is being written by process"), locked_folder(tmp_path, taken):
                pass
    with (
        locked_folder(tmp_path),
        pytest.raises(RecordsError, match="is being written by process"),
        locked_folder(tmp_path, "1-of-2"),
    ):
        pass


@pytest.mark.parametrize("text", ["3", "0/2", "3/2", "a/b", "-1/2"])
def test_a_part_mistyped_is_one_line(text: str, tmp_path: Path) -> None:
    said = run_command(written(tmp_path, COUNT), "batch", ".", f"--array={text}")
    assert (said.returncode, said.stderr) == (
        2, f"error: --array is {text}, should be a part and how many there are, as 3/8\n",
    )  # fmt: skip
