"""The commands value and robust: a whole run of a small study, and complaints of one line."""

import json
from pathlib import Path

import pandas as pd
import pytest
from support import CONFIGS, ROOT
from support.typed_command import run_command
from test_compare import written

from pipeline_sim.cli.commands.decide.value import LAYERS
from pipeline_sim.decide.information.value_study import check_groups, load_questions
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.schema.sourced_value import Figure

QUESTIONS = ROOT / "configs" / "decision.toml"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("value . --draws 99", "--draws is 99, should be 100 or more: fewer are inconclusive"),
        ("robust . --draws 0", "--draws is 0, should be 100 or more"),
        ("value . --mix nonsense", "--mix nonsense: no mix of that name"),
        ("robust . --by happiness", "--by happiness: should be extensions_avoided"),
        ("robust . --scenario nonsense", "--scenario nonsense: no scenario of that name"),
        ("robust elsewhere.toml", "cannot read elsewhere.toml"),
        ("robust . --out study.toml", "exists and is no result"),
    ],
)
def test_what_cannot_be_asked_is_one_line(tmp_path: Path, words: str, says: str) -> None:
    said = run_command(written(tmp_path), *words.split(), "--workers", "1")
    assert said.returncode == 2
    assert says in said.stderr
    assert said.stderr.count("error:") == 1
    assert not list(tmp_path.glob("results/tiny/*/finding.txt"))


@pytest.mark.unit
def test_figures_as_stated_pose_no_question(tmp_path: Path) -> None:
    path = written(tmp_path) / "study.toml"
    path.write_text(path.read_text().replace("year = 2021", 'year = 2021\nparameters = "mode"'))
    for command in ("value", "robust"):
        said = run_command(tmp_path, command, ".")
        assert said.returncode == 2
        assert "parameters are as stated: without draws nothing is uncertain" in said.stderr


@pytest.mark.slow
def test_both_commands_write_results_that_can_be_verified(tmp_path: Path) -> None:
    folder = written(tmp_path)
    said = run_command(folder, "value", ".", "--draws", "100", "--workers", "1")
    assert said.returncode == 0, said.stderr
    assert "--draws is 100: right from about 200" in said.stderr
    out = next(folder.glob("results/tiny/*/worth.csv")).parent
    finding = (out / "finding.txt").read_text()
    assert "Without further evidence choose" in finding
    assert "Provisional" not in finding
    worth = pd.read_csv(out / "worth.csv")
    assert (worth["kind"] == "figure").sum() == 20
    assert worth["kind"].iloc[-1] == "everything"
    page = (out / "decision.html").read_text()
    assert finding.splitlines()[0] in page
    assert "data:image/svg" in page
    assert "<table" in page
    words = ["robust", ".", "--draws", "100", "--by", "pounds", "--workers", "1"]
    said = run_command(folder, *words)
    assert said.returncode == 0, said.stderr
    assert "Choose “" in said.stdout
    home = next(folder.glob("results/tiny/*/robustness.csv")).parent
    assert set(pd.read_csv(home / "robustness.csv")["choice"]) == {"No programme", "Money", "Nothing bought"}
    for each, name in ((out, "value_of_information"), (home, "regret")):
        assert (each / "figures" / f"{name}.png").stat().st_size > 5000
        items = json.loads((each / "manifest.json").read_text())["items"]
        said = run_command(folder, "verify", next(key for key in items if key.startswith("F")))
        assert said.returncode == 0, said.stderr
        assert "is identical, bit for bit" in said.stdout


@pytest.mark.unit
def test_questions_of_the_project() -> None:
    questions = load_questions(QUESTIONS)
    labels = [group.label for group in questions.groups]
    for name, place in {"costs.extension.month": 0, "interventions.places.coaching.unit_cost": 0,
                        "interventions.places.coaching.dose": 1, "interventions.weather.supervised-lists.lead": 2,
                        "shocks.surge.peak": 3, "panels.minor": 4, "exams[mrcp-1].pass_first": 5}.items():  # fmt: skip
        group = questions.group_of(name)
        assert group is not None
        assert labels.index(group.label) == place
    assert isinstance(questions.trial.spread, Figure)


@pytest.mark.unit
def test_a_wrong_key_of_the_questions_is_named(tmp_path: Path) -> None:
    path = tmp_path / "decision.toml"
    path.write_text(QUESTIONS.read_text().replace("trials = true", 'trials = "yes"'))
    with pytest.raises(StudyError, match=r"decision\.toml: groups\[1\]\.trials: "):
        load_questions(path)


@pytest.mark.unit
def test_a_pattern_that_no_figure_matches_is_refused(tmp_path: Path) -> None:
    layers = [CONFIGS / name for name in LAYERS]
    check_groups(QUESTIONS, load_questions(QUESTIONS), [load_world(layers[0]), load_world(*layers)])
    path = tmp_path / "decision.toml"
    path.write_text(QUESTIONS.read_text().replace('"shocks.*"', '"shocks.*", "competence.minr"'))
    with pytest.raises(StudyError, match=r"COVID and the backlog took: no figure is 'competence\.minr'; nearest is 'c"):
        check_groups(path, load_questions(path), [load_world(*layers)])
