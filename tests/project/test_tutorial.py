"""The tutorial's eight questions are answered by its commands, two at most and with one new file at most."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT
from support.typed_command import run_command

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\d)\. .*?\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
SAID = {  # a part of what the last command of each section prints
    "1": "“As spent” ", "2": "“North” ", "3": "£40m", "4": "econd wave", "5": "world_label",
    "6": "spent_gbp", "7": "prices.csv, amount_mean", "8": "results/more",
}  # fmt: skip


def commands(section: str) -> list[str]:
    """Command lines of a section."""
    return [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]


def typed(folder: Path, line: str) -> str:
    """Output of a command line in a folder; fails if it does not succeed."""
    if line.startswith("pipeline-sim "):
        done = run_command(folder, *line.split()[1:])
    else:
        line = line.replace("python", sys.executable, 1) if line.startswith("python") else line
        done = subprocess.run(line, shell=True, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{line}: {done.stderr}"
    return done.stdout


@pytest.mark.unit
def test_each_question_takes_two_commands_and_one_new_file_at_most() -> None:
    assert list(SECTIONS) == list(SAID)
    for section in SECTIONS.values():
        lines = commands(section)
        assert 1 <= len(lines) <= 2
        assert sum("mixes new" in line for line in lines) <= 1


@pytest.mark.unit
@pytest.mark.parametrize(
    "smaller",
    [
        pytest.param(("--scale 0.005 --replications 2", "--scale 0.005 --replications 4"), marks=pytest.mark.slow),
        pytest.param((), marks=pytest.mark.full),
    ],
)
def test_the_commands_answer_the_questions(smaller: tuple[str, ...], tmp_path: Path) -> None:
    """At a smaller size, and as the page has them."""
    for number, section in SECTIONS.items():
        for line in commands(section):
            for replications, size in zip((4, 8), smaller, strict=False):
                line = line.replace(f"--scale 0.02 --replications {replications}", size)  # noqa: PLW2901
            if not line.startswith("Rscript") or shutil.which("Rscript"):
                said = typed(tmp_path, line)
        assert SAID[number] in said, number
    made = json.loads((tmp_path / "results" / "more" / "manifest.json").read_text())["made_in"]
    assert made["reused"]
    assert {each.name for each in tmp_path.iterdir()} == {"north.toml", "results"}
