"""The door: what a user types and what comes back, right or wrong. Nothing half-written, ever."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import typer
from support import CONFIGS

from pipeline_sim.cli.terminal import options
from pipeline_sim.engines import ENGINES
from pipeline_sim.records.files.result_files import changed_files, read_events, read_manifest
from pipeline_sim.records.provenance import result_folder
from pipeline_sim.records.records_error import RecordsError

TINY = str(CONFIGS / "tiny.toml")
STUDY = """
name = "tiny"
question = "Does COVID matter here?"
baseline = "plain"
scale = 0.3
replications = 2
seed = 5
[[worlds]]
name = "plain"
label = "Plain"
layers = ["{configs}/tiny.toml", "{configs}/costs.toml"]
[[worlds]]
name = "covid"
label = "COVID"
layers = ["{configs}/tiny.toml", "{configs}/costs.toml", "{configs}/covid.toml"]
"""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run"], "missing argument"),
        (["rum", TINY], "no such command 'rum'"),
        (["run", "nowhere.toml"], "nowhere.toml"),
        (["run", TINY, "--mix", "nowhere.toml"], "nowhere.toml"),
        (["run", TINY, "--scale", "0"], "scale is 0, should be above 0"),
        (["run", TINY, "--scale", "nan"], "scale is nan"),
        (["run", TINY, "--scale", "big"], "--scale"),
        (["run", TINY, "--engine", "warp"], "no engine warp; known are"),
        (["run", TINY, "--replications", "0"], "--replications"),
        (["run", TINY, "--seed", "-1"], "seed is -1"),
        (["run", TINY, "--log", "some"], "--log"),
        (["run", TINY, "--without", "plague"], "no shock or intervention 'plague'"),
        (["run", TINY, "--colour", "red"], "no such option"),
        (["compare", "nowhere.toml"], "cannot read nowhere.toml"),
        (["describe", TINY, "--grade", "D"], "grade is d, should be a, b or c"),
        (["describe", TINY, "--format", "stres"], "no format stres; nearest is stress-des"),
        (["describe", TINY, "--format", "pdf"], "no format pdf; known are table, csv, stress-des"),
        (["describe", TINY, "--format", "stress-des", "--grade", "A"], "are for the list of figures"),
        (["describe", TINY, "--study", "x.toml"], "--study is for the model report: add --format stress-des"),
        (["describe", TINY, "--format", "stress-des", "--study", "nowhere.toml"], "cannot read nowhere.toml"),
        (["trace", "nowhere"], "nowhere"),
    ],
)
def test_what_the_user_can_put_right_is_one_line_and_status_2(typed, words: list[str], says: str) -> None:
    said = typed(*words)
    assert said.status == 2
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert says in said.err.lower()


def test_help_is_shown_when_nothing_is_asked(typed) -> None:
    said = typed()
    assert said.status == 0
    assert all(command in said.out for command in ("run", "compare", "trace", "describe"))


def test_every_engine_of_the_room_is_offered_and_no_other() -> None:
    assert [options.checked_engine(name) for name in ENGINES] == list(ENGINES)
    with pytest.raises(typer.BadParameter, match=f"known are {', '.join(ENGINES)}"):
        options.checked_engine("warp")


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; import pipeline_sim.cli.app; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pandas", "numba", "pyarrow", "pydantic", "scipy", "matplotlib", "simpy"} & set(found)


def test_describe_gives_every_figure_its_source_and_grade(typed, tmp_path: Path) -> None:
    said = typed("describe", TINY)
    assert said.status == 0
    (tmp_path / "told.csv").write_text(said.out)
    table = pd.read_csv(tmp_path / "told.csv")
    assert len(table) > 50
    assert set(table["grade"]) <= {"A", "B", "C"}
    assert table["source"].notna().all()
    assert table["unit"].notna().all()
    graded = typed("describe", TINY, "--grade", "a").out
    assert 1 < len(graded.splitlines()) < len(said.out.splitlines())
    assert "panels.resolve" in typed("describe", TINY, "--find", "resolve").out
    assert typed("describe", TINY, "--format", "csv").out == said.out
    assert typed("describe", TINY, "--format", "table").out.startswith("Tiny: ")


def test_describe_prints_the_model_report_of_a_world_and_a_study(typed, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY.format(configs=CONFIGS))
    said = typed("describe", TINY, "--study", ".", "--format", "stress-des")
    assert (said.status, said.err) == (0, "")
    assert "Printed by `pipeline-sim describe configs/tiny.toml --study . --format stress-des`" in said.out
    assert "Does COVID matter here?" in said.out


@pytest.mark.slow
def test_run_writes_a_result_that_can_be_made_again(typed, tmp_path: Path) -> None:
    words = ("run", TINY, "--scale", "0.3", "--seed", "4", "--check")
    said = typed(*words, "--out", "one")
    assert (said.status, said.err) == (0, "")
    assert "By training year" in said.out
    assert "written to one" in said.out
    one = tmp_path / "one"
    assert changed_files(one) == []
    manifest = read_manifest(one)["worlds"]["Tiny"]
    assert manifest["rows"] == [len(read_events(one / "events-000.parquet")["day"])]
    assert set(pd.read_parquet(one / "measures.parquet")["year"]) == {2018, 2019, 2020, 2021, 2022}
    assert typed(*words, "--out", "other", "--workers", "1").status == 0
    assert read_manifest(tmp_path / "other")["worlds"]["Tiny"]["log_sha256"] == manifest["log_sha256"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]


@pytest.mark.slow
def test_a_result_goes_under_its_digest_and_replaces_itself(typed, tmp_path: Path) -> None:
    words = ("run", TINY, "--scale", "0.1", "--log", "none")
    assert typed(*words).status == 0
    assert typed(*words).status == 0
    assert typed(*words, "--seed", "5").status == 0
    folders = list((tmp_path / "results" / "tiny").iterdir())
    assert len(folders) == 2
    assert all(
        {path.name for path in folder.iterdir()}
        == {"by_year.csv", "manifest.json", "measures.parquet", "ro-crate-metadata.json"}
        for folder in folders
    )


@pytest.mark.slow
def test_a_story_is_told_from_a_result_and_from_a_world(typed) -> None:
    assert typed("run", TINY, "--scale", "0.3", "--seed", "4", "--out", "one").status == 0
    kept = typed("trace", "one", "--like", "surgery ST5")
    assert kept.status == 0
    assert "General Surgery" in kept.out
    number = kept.out.split()[1]
    again = typed("trace", TINY, "--scale", "0.3", "--seed", "4", "--trainee", number)
    assert again.out == kept.out
    assert "there is no doctor 7" in typed("trace", "one", "--trainee", "7").err
    assert "no doctor of this run fits 'astronaut'" in typed("trace", "one", "--like", "astronaut").err
    assert "its replications are 0 to 0" in typed("trace", "one", "--replication", "9").err


@pytest.mark.slow
def test_compare_answers_a_study(typed, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY.format(configs=CONFIGS))
    said = typed("compare", "study.toml", "--out", "answer", "--workers", "1")
    assert (said.status, said.err) == (0, "")
    assert "difference from “Plain”" in said.out
    manifest = json.loads((tmp_path / "answer" / "manifest.json").read_text())
    assert manifest["study"]["replications"] == 2
    assert changed_files(tmp_path / "answer") == []
    table = pd.read_csv(tmp_path / "answer" / "comparison.csv").set_index(["world", "indicator"])
    assert table.loc[("covid", "redeployed_weeks"), "difference_mean"] > 0
    assert typed("trace", "answer").err.startswith("error: answer is a comparison")


def test_a_folder_that_is_no_result_is_never_touched(typed, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    said = typed("run", TINY, "--out", "thesis")
    assert said.status == 2
    assert "is no result of this program" in said.err
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "mine"


def test_a_result_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def write_and_stop() -> None:
        with result_folder.result_folder(tmp_path / "result") as draft:
            (draft / "half").write_text("x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_stop()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RecordsError, match="cannot write"), result_folder.result_folder(tmp_path / "file" / "result"):
        pass


def test_a_pipe_that_closes_is_no_complaint() -> None:
    shell = f"{sys.executable} -m pipeline_sim.cli describe {TINY} | head -1"
    said = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("assumption,value,unit")
    assert said.stderr == ""
