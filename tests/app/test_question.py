"""Questions: as links, as studies; the numbers of the app are those of the terminal."""

import base64
import json
import zlib
from pathlib import Path

import pytest
from support import CONFIGS, ROOT

from pipeline_sim.app.job_queue import JobQueue
from pipeline_sim.app.mix_input import in_pounds, parse_mix
from pipeline_sim.app.question import PROVISIONAL, STUDY_SIZE, OwnStudy, Question, from_link, link_text, own_study
from pipeline_sim.app.scenario_layer import Scenario
from pipeline_sim.study.comparison.run_study import check_study
from pipeline_sim.study.comparison.scenarios import programmes_of, without_covid
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.mix import MixSection

STUDY = ROOT / "experiments" / "recovery_25m" / "study.toml"
OWN = Scenario(("seventh_wave", "prioritisation_act"), 0.5, 2.0, 1)


def mix(name: str, label: str) -> MixSection:
    """Shipped mix under a label."""
    return in_pounds(parse_mix((CONFIGS / "mixes" / f"{name}.toml").read_text(encoding="utf-8"), label))


TWO = (mix("as_spent", "As spent"), mix("even_split", "<b>Even</b>"))


def study(tmp_path: Path, question: Question, size: str = PROVISIONAL) -> OwnStudy:
    """Study of a question."""
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return own_study(STUDY, question, size, CONFIGS, scratch)


def test_a_link_reopens_the_question() -> None:
    question = Question(TWO, OWN)
    assert from_link(link_text(question)) == question
    assert len(link_text(question)) < 2000


def packed(state: object) -> str:
    """Text of a link."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(state).encode())).decode()


@pytest.mark.parametrize(
    "text",
    [
        "", "x", link_text(Question(TWO))[:-9], "A" * 30_000, packed([1]), packed({"mixes": 3}),
        packed({"mixes": [{}]}),
        packed({"mixes": [{}] * 5}), packed({"mixes": [], "scenario": {"waves": 1e9}}), packed("x" * 10_000_000),
        packed({"mixes": [], "scenario": {"shipped": ["../../etc/passwd"]}}), packed({"mixes": [], "scenario": 3}),
        packed({"mixes": [], "scenario": {"waves": float("nan")}}), packed({"mixes": [], "scenario": {"delay": -1}}),
    ],
)  # fmt: skip
def test_a_damaged_link_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(StudyError):
        from_link(text)


@pytest.mark.parametrize(
    "scenario", [Scenario(), OWN, Scenario(waves=0.5), Scenario(("endogenous_backlog",), recovery=0.0)]
)
def test_a_scenario_has_a_baseline_and_a_world_without_covid_of_its_own(tmp_path: Path, scenario: Scenario) -> None:
    own = study(tmp_path, Question(TWO, scenario), STUDY_SIZE)
    queue = JobQueue(tmp_path / "work", ROOT)
    job = queue.submit(own, "somebody", [["compare"]], "long", "title")
    loaded = load_study(job.folder / "study.toml")
    plan = check_study(loaded, job.folder)
    ranked = programmes_of(loaded, plan.worlds)
    assert [next(w.label for w in loaded.worlds if w.name == name) for name in ranked] == ["As spent", "<b>Even</b>"]
    assert without_covid(loaded, plan.worlds) == "no_covid"
    assert len(plan.worlds) == 6  # each mix is also run without COVID
    assert plan.scenarios.worlds == {} or not scenario.is_recorded


def test_a_name_changes_no_replication_and_two_of_a_kind_are_refused(tmp_path: Path) -> None:
    renamed = TWO[0].model_copy(update={"name": "Another name"})
    names = [set(study(tmp_path, Question((each,))).files) for each in (TWO[0], renamed)]
    assert names[0] == names[1]
    with pytest.raises(StudyError, match="two mixes are the same"):
        study(tmp_path, Question((TWO[0], renamed)))
