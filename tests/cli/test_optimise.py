"""The command `optimise`: a whole answer in the tiny world, and one line for a question that cannot be answered."""

import json
from pathlib import Path

import pytest
from support import CONFIGS
from support.typed_command import run_command
from support.worlds import tiny_study

pytestmark = pytest.mark.unit
WORLDS = """
name = "tiny"
question = "What should be bought?"
baseline = "none"
scale = 1.0
replications = 4
repeat_every = 1
seed = 7
year = 2021
"""
DECISION = """
[decision]
budget = 5_000_000
indifference = 20
interventions = ["simulation", "protected-supervision"]
starts = [2021-05-01]
last = 2022-04-30
orders = ["nearest_to_line", "largest_gap"]
budgets = [2_000_000]
"""


def write_study(folder: Path, decision: str = DECISION) -> Path:
    tiny_study.study(folder)
    layers = json.dumps([str(CONFIGS / f"{name}.toml") for name in tiny_study.LAYERS])
    worlds = [f'[[worlds]]\nname = "none"\nlabel = "No programme"\nlayers = {layers}']
    worlds += [f'[[worlds]]\nname = "money"\nlabel = "Money"\nlayers = {layers}\nmix = "money.toml"']
    (folder / "study.toml").write_text("\n".join([WORLDS, *worlds, decision]))
    return folder / "study.toml"


@pytest.mark.slow
def test_a_quick_answer_is_provisional_whole_and_the_same_again(tmp_path: Path) -> None:
    write_study(tmp_path)
    done = [run_command(tmp_path, "optimise", "study.toml", "--quick", "--out", name) for name in ("one", "two")]
    assert [each.returncode for each in done] == [0, 0], done[0].stderr
    assert done[0].stdout.startswith("Provisional")
    pages = [(tmp_path / name / "decision.html").read_text(encoding="utf-8") for name in ("one", "two")]
    assert pages[0] == pages[1]
    assert "thousands of pounds by intervention and NHS region" in pages[0]
    assert {each.name for each in (tmp_path / "one").iterdir()} >= {
        "manifest.json",
        "budgets.csv",
        "finalists.csv",
        "mixes",
    }
    assert "mean" not in (tmp_path / "one" / "finalists.csv").read_text(encoding="utf-8")  # of draws that chose them
    mix = next((tmp_path / "one" / "mixes").iterdir())
    shown = run_command(tmp_path, "mixes", "show", str(mix))
    assert shown.returncode == 0, shown.stderr


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ("", "has no section [decision]"),
        (
            DECISION + "least = { simulation = 9_000_000 }",
            "constraints clash: least sums to £9m, above the budget of £5m",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_one_line(tmp_path: Path, decision: str, words: str) -> None:
    write_study(tmp_path, decision)
    done = run_command(tmp_path, "optimise", "study.toml", "--quick", "--out", "out")
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()
