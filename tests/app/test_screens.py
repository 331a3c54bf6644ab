"""The screens without a browser: what they show, refuse and keep."""

import json
from pathlib import Path

import pytest
from support import CONFIGS, ROOT
from support.typed_command import run_command

pytest.importorskip("streamlit", reason="the app needs Streamlit: bash install.sh --all")
from streamlit.testing.v1 import AppTest

from pipeline_sim.app import server
from pipeline_sim.app.server import SETTINGS

STUDY = ROOT / "experiments" / "recovery_25m" / "study.toml"
PAGE = str(ROOT / "pipeline_sim" / "app" / "page.py")


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """App in an empty folder."""
    monkeypatch.setenv(SETTINGS, json.dumps([str(STUDY), str(tmp_path), str(CONFIGS), ""]))
    return AppTest.from_file(PAGE, default_timeout=300)


def texts(app: AppTest) -> str:
    """All that a screen says."""
    assert not app.exception
    kinds = (app.title, app.header, app.text, app.info, app.success, app.warning, app.error, app.caption, app.code)
    return "\n".join(str(each.value) for kind in kinds for each in kind)


def pressed(app: AppTest, label: str) -> AppTest:
    """App after a button."""
    next(each for each in app.button if each.label == label).click()
    return app.run()


def test_a_mix_is_built_summed_scaled_and_kept_in_the_address(app: AppTest) -> None:
    assert "No mix yet" in texts(app.run())
    pressed(app, "Add this mix")
    assert "The lines have all of £25m" in texts(app)
    app.number_input[0].set_value(3.0).run()
    assert "The lines have £26m of £25m: £1m too much." in texts(app)
    app.slider[0].set_value(30.0).run()
    assert "£4m is left to give" in texts(app)
    pressed(app, "Scale the lines to the budget")
    assert "The lines have all of £30m" in texts(app)
    app.text_input[0].set_value('<script>alert("x")</script>').run()
    question = app.session_state.question
    assert question.mixes[0].name == '<script>alert("x")</script>'
    address = dict(app.query_params)
    fresh = AppTest.from_file(PAGE, default_timeout=300)
    fresh.query_params["question"] = address["question"]
    fresh.run()
    assert fresh.session_state.question == question
    assert fresh.session_state.user != app.session_state.user
    app.slider[0].set_value(60.0).run()
    pressed(app, "Scale the lines to the budget")
    assert "of “Advanced paediatric life support courses” cannot be spent, because its ceiling is" in texts(app)


def test_lines_come_and_go_and_five_mixes_are_refused(app: AppTest) -> None:
    pressed(app.run(), "Add this mix")
    lines = len(app.session_state.question.mixes[0].lines)
    pressed(app, "Add this line")
    assert len(app.session_state.question.mixes[0].lines) == lines + 1
    pressed(app, "Remove this line")
    assert len(app.session_state.question.mixes[0].lines) == lines
    for _ in range(4):
        pressed(app, "Add this mix")
    assert "as many as can be compared" in texts(app)
    names = [mix.name for mix in app.session_state.question.mixes]
    assert names == ["As spent", "As spent 2", "As spent 3", "As spent 4"]
    pressed(app, "Remove this mix")
    assert len(app.session_state.question.mixes) == 3


def test_a_name_fetches_no_picture(app: AppTest) -> None:
    pressed(app.run(), "Add this mix")
    app.text_input[0].set_value("![x](http://example.org/x.png)").run()
    app.run()
    assert app.radio[0].options == [r"\!\[x\]\(http\:\/\/example\.org\/x\.png\)"]


def test_a_damaged_link_is_said_on_the_page(app: AppTest) -> None:
    app.query_params["question"] = "eJxdamaged"
    assert "the link is damaged or cut short" in texts(app.run())


def test_without_streamlit_one_line_says_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    done = run_command(tmp_path, "app")
    assert (done.returncode, done.stdout) == (2, "")
    assert "which is not installed: in the folder of the project, bash install.sh --all" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_taken_port_and_a_folder_in_use_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    from pipeline_sim.app.job_queue import try_lock

    with socket.socket() as taken:
        taken.bind((server.ADDRESS, 0))
        taken.listen()
        done = run_command(tmp_path, "app", "--port", str(taken.getsockname()[1]), "--no-browser")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "give another with --port" in done.stderr
    with (tmp_path / "results" / "app" / "app.lock").open("a") as lock:
        assert try_lock(lock)
        done = run_command(tmp_path, "app", "--no-browser")
        assert "an app uses results/app already" in done.stderr
    assert "cannot read nowhere.toml" in run_command(tmp_path, "app", "nowhere.toml").stderr
