"""The page on own records and own experts: its commands do what it says, with the fictitious examples."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from support import CONFIGS, ROOT
from support.typed_command import run_command

PAGE = (ROOT / "docs" / "your_own_records.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\npipeline-sim ([^`]+)```", PAGE)
WORDS = [shlex.split(line.removeprefix("pipeline-sim ")) for block in BLOCKS for line in block.splitlines()]
SMALL = {"validate": ("--scale", "0.02", "--replications", "2"), "compare": ("--scale", "0.01", "--replications", "4")}


@pytest.mark.slow
def test_the_commands_of_the_page_run(tmp_path: Path) -> None:
    said = {}
    assert [words[0] for words in WORDS] == [
        "evidence",
        "evidence",
        "validate",
        "calibrate",
        "elicit",
        "elicit",
        "compare",
    ]
    for words in WORDS:
        if words[0] == "calibrate":
            continue  # takes hours; that it takes figures of one's own is tested with a quick world
        done = run_command(tmp_path, *words, *SMALL.get(words[0], ()))
        assert (done.returncode, words) == (0, words), done.stderr
        said[" ".join(words[:2])] = done.stdout
        for name, example in ("records.csv", "example_records.csv"), ("panel.toml", "example_panel.toml"):
            if words[-1] in (name, "--form"):
                shutil.copy(CONFIGS / "own" / example, tmp_path / name)
        shutil.copy(CONFIGS / "own" / "example_panel.csv", tmp_path)
    shown = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert shown[1] in said["elicit panel.toml"]
    assert "fit" in said["validate --targets"]
    report = next(tmp_path.glob("results/*/*/report.html")).read_text(encoding="utf-8")
    assert "udgement of Fictitious panel of deans (an example), 2026-11-20" in report


def test_the_form_asks_about_what_influences_the_answer_and_replaces_nothing(tmp_path: Path) -> None:
    assert run_command(tmp_path, "elicit", "p.toml", "--form", "--entries", "1").returncode == 0
    rows = (tmp_path / "p.csv").read_text().splitlines()
    assert rows[0].startswith("expert,figure,question,unit,lowest,p25,p50,p75,highest")
    assert all(".clears," in row or ".raises," in row for row in rows[1:])
    again = run_command(tmp_path, "elicit", "p.toml", "--form")
    assert (again.returncode, "p.toml is there already" in again.stderr) == (2, True)
    empty = run_command(tmp_path, "elicit", "p.toml")
    assert (empty.returncode, "no row has numbers" in empty.stderr) == (2, True)


def test_a_panel_is_named_where_figures_are_listed(tmp_path: Path) -> None:
    layers = [str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid", "interventions")]
    panel = str(CONFIGS / "own" / "example_panel.toml")
    assert run_command(tmp_path, "elicit", panel, "--out", "layer.toml").returncode == 0
    for command in ("describe", "register"):
        said = run_command(tmp_path, command, *layers, "layer.toml", "--find", "exam-support.raises").stdout
        (row,) = [line for line in said.splitlines() if line.startswith("interventions.places.exam-support.raises")]
        assert ",elicited," in row
        assert "fictitious-panel-of-deans" in row
