"""The commands validate and calibrate at a small desk: what they leave, and one-line complaints."""

import json
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from support.typed_command import run_command
from support.worlds.tiny_study import written

from pipeline_sim.study.fit.posterior import PILED, piled_up
from pipeline_sim.study.replication.posterior_sample import load_sample

HEAD = """
study = "study.toml"
worlds = { covid = "none", no_covid = "no_covid", as_spent = "money" }
"""
TARGET = """
[[targets]]
id = "{id}"
topic = "Reviews"
quantity = "ARCP outcome 3"
population = "tiny"
period = "2018/19"
value = {value}
unit = "% of outcomes"
source = {{ file = "found.csv", where = {{ id = "{id}" }} }}
publisher = "by hand"
grade = "{grade}"
tolerance = {tolerance}
because = "by hand"
role = "{role}"
{more}
model = {{ kind = "counts", measures = ["o3"], of = ["o1", "o2", "o3", "o6"], per = 100.0, years = [{year}] }}
"""
OPENED = """
topics = ["Reviews"]
[[open]]
name = "standard"
figures = ["competence.standard"]
[[open]]
name = "major gap"
figures = ["panels.major"]
"""


def desk(folder: Path) -> Path:
    """A study, targets with their evidence, and open parameters, all of the tiny world."""
    written(folder)
    rows = (("near", 5.0, 50.0, "test", 2018), ("far", 90.0, 1.0, "test", 2018), ("fitted", 3.6, 0.8, "fit", 2018))
    later, guessed = ("later", 5.0, 50.0, "test", 2020), ("guessed", 90.0, 1.0, "test", 2018)
    text = HEAD + "".join(
        TARGET.format(id=name, value=value, tolerance=tolerance, role=role, year=year, more=more, grade=grade)
        for (name, value, tolerance, role, year), more, grade in [
            (guessed, "", "C"),
            *((row, "", "A") for row in rows),
            (later, 'before = "fitted"', "A"),
        ]
    )
    (folder / "targets.toml").write_text(text)
    cells = [f"{name},{value:g}" for name, value, *_ in (*rows, later, guessed)]
    (folder / "found.csv").write_text("\n".join(["id,value", *cells]) + "\n")
    (folder / "open.toml").write_text(OPENED)
    return folder


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    """The whole result `out`, reproduced and compared bit for bit."""
    items = json.loads((folder / "out" / "manifest.json").read_text())["items"]
    whole = next(name for name, item in items.items() if item["kind"] == "R")
    return run_command(folder, "verify", whole, "--results", "out")


def test_validate_leaves_a_page_and_tables_and_shows_failures_first(tmp_path: Path) -> None:
    words = ("validate", "--targets", "targets.toml", "--scale", "1", "--replications", "2", "--out", "out")
    done = run_command(desk(tmp_path), *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.index("Not met") < done.stdout.index("held out for testing: 2 of 3 met")
    assert "3 of 4 published figures are met; of the 3 held out for testing, 2 are." in done.stdout
    found = pd.read_csv(tmp_path / "out" / "targets.csv")
    assert found["id"].iloc[0] == "far"
    assert found["passes"].tolist()[:4] == [False, True, True, True]
    assert found["id"].iloc[4] == "guessed"
    assert found.loc[4, ["passes", "sure", "passes_from", "passes_to", "widths_off"]].isna().all()
    assert pd.read_csv(tmp_path / "out" / "hindcast.csv")["id"].tolist() == ["later", "later"]
    page = (tmp_path / "out" / "validation.html").read_text()
    assert "What is not met" in page
    assert "1 assumption beside the model" in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("https://www.w3.org", "")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {"validation.html", "targets.csv", "figures/targets.svg"} <= set(manifest["files"])
    again = verified(tmp_path)
    assert again.returncode == 0, again.stdout


@pytest.mark.full
def test_calibrate_leaves_a_sample_that_a_study_draws_from_and_resumes(tmp_path: Path) -> None:
    desk(tmp_path)
    sizes = ("--targets", "targets.toml", "--open", "open.toml", "--scale", "1", "--points", "64")
    words = ("calibrate", *sizes, "--later", "256", "--waves", "2", "--out", "out")
    done = run_command(tmp_path, *words)
    assert done.returncode == 0, done.stderr
    assert "worth" in done.stdout
    found = load_sample(str(tmp_path / "out" / "posterior.parquet"))
    assert [each.name for each in found.made.open] == ["standard", "major gap"]
    assert len(pd.read_csv(tmp_path / "out" / "parameters.csv")) == len(found.names)
    assert pd.read_csv(tmp_path / "out" / "fit.csv")["id"].tolist() == ["fitted"]
    assert 20 <= found.effective_size <= len(found.weights) <= 256
    assert verified(tmp_path).returncode == 0
    runs = sorted((tmp_path / ".calibration").rglob("*.npz"))
    runs[0].unlink()
    before = (tmp_path / "out" / "posterior.parquet").read_bytes()
    assert run_command(tmp_path, *words).returncode == 0
    assert (tmp_path / "out" / "posterior.parquet").read_bytes() == before
    study = (tmp_path / "study.toml").read_text()
    (tmp_path / "study.toml").write_text(f'posterior = "out/posterior.parquet"\n{study}')
    drawn = run_command(tmp_path, "validate", "--targets", "targets.toml", "--scale", "1", "--draws", "4", "--out", "v")
    assert drawn.returncode == 0, drawn.stderr
    assert "of 4 draws pass" in drawn.stdout
    passing = pd.read_csv(tmp_path / "v" / "draws.csv")["passes"]
    assert f"{passing.sum()} of {len(passing)} draws pass" in drawn.stdout
    assert found.made.note.splitlines()[0] in done.stdout
    ends = piled_up(found.positions, found.weights)
    assert sum("against its range" in line for line in drawn.stdout.splitlines()) == (ends > PILED).any(axis=1).sum()
    held = (tmp_path / "study.toml").read_text()
    (tmp_path / "study.toml").write_text(f'held = ["life"]\n{held}')
    refused = run_command(tmp_path, "validate", "--targets", "targets.toml", "--scale", "1", "--out", "w")
    assert refused.returncode == 2
    assert "was made with life." in refused.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("validate", "--role", "tset"), "--role is 'tset', should be one of test, fit, input; nearest is 'test'"),
        (("validate", "--role", "judge"), "--role is 'judge', should be one of test, fit, input\n"),
        (("validate", "--targets", "none.toml"), "none.toml: cannot be read"),
        (("validate", "--scale", "0"), "scale is 0"),
        (("validate", "--targets", "targets.toml", "--role", "input"), "targets.toml: no target has the role input"),
        (("validate", "--targets", "study.toml"), "unknown key"),
        (("calibrate", "--open", "study.toml"), "unknown key"),
        (("calibrate", "--points", "3"), "64"),
        (("validate", "--targets", "targets.toml", "--out", "study.toml"), "study.toml"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    done = run_command(desk(tmp_path), *words)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert says in done.stderr
    assert not (tmp_path / "results").exists()


def test_calibrate_fits_to_the_topics_that_it_is_given(tmp_path: Path) -> None:
    (desk(tmp_path) / "other.toml").write_text(OPENED.replace("Reviews", "Review"))
    done = run_command(tmp_path, "calibrate", "--targets", "targets.toml", "--open", "other.toml")
    assert done.returncode == 2
    assert (
        "other.toml: topics: targets.toml has no target of the role fit in the world covid on 'Review'" in done.stderr
    )
    assert "nearest is 'Reviews'" in done.stderr


def test_calibrate_leaves_out_differences_between_worlds(tmp_path: Path) -> None:
    targets = desk(tmp_path) / "targets.toml"
    targets.write_text(targets.read_text().replace('role = "fit"', 'role = "fit"\nworld = "lost"'))
    done = run_command(tmp_path, "calibrate", "--targets", "targets.toml", "--open", "open.toml")
    assert "targets.toml has no target of the role fit in the world covid on" in done.stderr
