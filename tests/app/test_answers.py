"""Screens with a result: their numbers are those of the terminal, to the digit, and a run in the queue makes them."""

import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from support import CONFIGS, ROOT
from support.typed_command import run_command
from support.worlds.tiny_study import app_study

pytest.importorskip("streamlit", reason="the app needs Streamlit: bash install.sh --all")
from streamlit.testing.v1 import AppTest

from pipeline_sim.app.answer_tables import NUMBERS, Result
from pipeline_sim.app.first_look import FIRST, strips, write_first_look
from pipeline_sim.app.job_queue import Job, JobQueue
from pipeline_sim.app.mix_input import in_pounds, parse_mix
from pipeline_sim.app.question import PROVISIONAL, Question, link_text, own_study
from pipeline_sim.app.screens.files_screen import study_zip
from pipeline_sim.app.server import SETTINGS
from pipeline_sim.decide.decision_section import decision_of
from pipeline_sim.records.files.storage import storage_at
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.run_study import check_study, run_study
from pipeline_sim.study.comparison.study_file import load_study

pytestmark = [pytest.mark.slow, pytest.mark.unit]
SCRIPT = "<script>alert('x')</script>"
MIXES = {"as_spent": "As spent", "supervision_exams_release": SCRIPT}
QUESTION = Question(
    tuple(
        in_pounds(parse_mix((CONFIGS / "mixes" / f"{name}.toml").read_text(encoding="utf-8"), label))
        for name, label in MIXES.items()
    )
)


class Answered(NamedTuple):
    """Run with a result, and its first look."""

    study: Path
    queue: JobQueue
    job: Job
    answer: Answer
    first: str


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Answered:
    """Question of two mixes that has been run."""
    home = tmp_path_factory.mktemp("app")
    study = app_study(home / "own")
    (home / "scratch").mkdir()
    own = own_study(study, QUESTION, PROVISIONAL, CONFIGS, home / "scratch")
    queue = JobQueue(home / "work", ROOT)
    job, store = queue.submit(own, "somebody", [], "short", "title"), str(home / "store")
    done = run_command(home, "batch", str(job.folder), "--store", store)
    assert done.returncode == 0, done.stderr
    write_first_look(job.folder, store)
    plan = check_study(load_study(job.folder / "study.toml"), job.folder, store=storage_at(store))
    done = run_command(home, "compare", str(job.folder), "--store", store, "--out", str(job.result))
    assert done.returncode == 0, done.stderr
    return Answered(study, queue, job, run_study(plan), (job.folder / FIRST).read_text(encoding="utf-8"))


def test_the_study_that_is_taken_away_gives_the_same_numbers(answered: Answered, tmp_path: Path) -> None:
    (tmp_path / "configs").symlink_to(CONFIGS)
    zipfile.ZipFile(BytesIO(study_zip(answered.job.folder, "question_x"))).extractall(tmp_path)
    done = run_command(tmp_path, "compare", "experiments/question_x", "--out", "r")
    assert done.returncode == 0, done.stderr
    app, terminal = Result(answered.job.result), Result(tmp_path / "r")
    assert app.manifest["result"] == terminal.manifest["result"]
    for table in ("comparison", "prices", "harm", "chances", "best", "draws", "cells", "who_gains"):
        assert (terminal.folder / f"{table}.csv").read_bytes() == (app.folder / f"{table}.csv").read_bytes()
    brief = (terminal.folder / "brief.html").read_text(encoding="utf-8")
    table = re.search(r"<table id=\"choices\".*?</table>", answered.first, re.DOTALL)
    assert table is not None
    assert table[0] in brief


def test_a_script_in_a_name_stays_text(answered: Answered) -> None:
    shown = answered.first + Result(answered.job.result).section("who")
    assert SCRIPT not in shown
    assert "&lt;script&gt;" in shown


def test_small_numbers_are_suppressed(answered: Answered) -> None:
    result = Result(answered.job.result)
    table = result.who(result.baseline, {"stage": "higher", "office": "London", "training_year": "all"}, "group")
    rows = result.table("cells").query("world == @result.baseline and stage == 'higher' and office == 'London'")
    small = set(rows[(rows["training_year"] == "all") & rows["suppressed"]]["group"])
    assert small
    assert {row.head for row in table.rows if row.cells[1].text == "suppressed"} == small


def test_dots_lie_around_the_mean(answered: Answered) -> None:
    weights = answered.answer.sampling.weights
    for _, gain, dots in strips(answered.answer, "ccts_on_time", False):
        mean = sum(dot * weight for dot, weight in zip(dots, weights / weights.sum(), strict=True))
        assert mean == pytest.approx(gain.mean, rel=0.5, abs=200)


@pytest.fixture
def on_screen(answered: Answered, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    """Function that shows a screen with the question."""
    words = [str(answered.study), str(answered.queue.work), str(CONFIGS), ""]
    monkeypatch.setenv(SETTINGS, json.dumps(words))

    def show(name: str) -> AppTest:
        module = f"pipeline_sim.app.screens.{name}_screen"
        app = AppTest.from_string(f"from {module} import {name}_screen; {name}_screen()", default_timeout=300)
        app.query_params["question"] = link_text(QUESTION)
        app.run()
        assert not app.exception
        assert not app.error
        return app

    return show


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("compare", "Provisional: good for a first look"),
        ("who", "By stage, specialty group, office and year"),
        ("why", "Formula: extensions."),
        ("files", "The same numbers in the terminal"),
        ("decide", "Decide"),
        ("scenario", "The scenario: as recorded."),
    ],
)
def test_a_screen_shows_the_result(on_screen: Callable[[str], AppTest], name: str, says: str) -> None:
    app = on_screen(name)
    kinds = (app.title, app.header, app.subheader, app.text, app.warning, app.info, app.code)
    assert says in "\n".join(str(each.value) for kind in kinds for each in kind)


def test_decisions_are_queued_as_commands_of_the_terminal(
    answered: Answered, on_screen: Callable[[str], AppTest]
) -> None:
    app = on_screen("decide")
    app.slider[0].set_value(40)
    for kind in ("optimise", "value", "robust"):
        app.button(key=f"start-{kind}").click().run()
        assert not app.error
    jobs = answered.queue.jobs(app.session_state.user)
    assert [job.about["command"][0][0] for job in jobs] == ["optimise", "value", "robust"]
    studies = [load_study(job.folder / "study.toml") for job in jobs]
    decision = decision_of(studies[0], "study.toml")
    assert decision.budget == 40_000_000
    assert 40_000_000 not in decision.budgets
    for job, study in zip(jobs, studies, strict=True):
        check_study(study, job.folder)
    for job in jobs:
        answered.queue.cancel(job, app.session_state.user)


def test_every_number_has_a_row_and_is_that_of_the_result(
    answered: Answered, on_screen: Callable[[str], AppTest]
) -> None:
    app, result = on_screen("why"), Result(answered.job.result)
    for name, (table, row) in result.numbers(result.mixes[0]).items():
        app.selectbox[1].select(name).run()
        assert not app.exception
        shown = "".join(each.proto.body for each in app.get("html"))
        value = row[f"{NUMBERS[table][1]}_mean" if table in ("comparison", "prices") else "probability"]
        assert f"<td>{value:.10g}" in shown
