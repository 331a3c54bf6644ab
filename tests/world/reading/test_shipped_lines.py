"""Edits of files that ship are named by file and line, and only such edits."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.study.comparison.run_study import check_study
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.shipped_lines import LIST, edited_files, listed_lines, shipped_lines

EDITS = (
    ("covid.toml", lambda text: text.replace("knowledge = 0.3", "knowledge = 0", 1), "changed"),
    ("england/posts.csv", lambda text: text.replace(",0.885,", ",0.785,", 1), "line 2 changed"),
    ("evidence/kpi_actuals.csv", lambda text: "".join(text.splitlines(True)[:-1]), "1 line gone"),
    ("england/exams.csv", lambda text: text.replace("0.75,0.6,", "0.74,0.6,", 1), "line 2 changed"),
    ("table_rules.toml", lambda text: text.replace("most = 40", "most = 400", 1), "changed"),
    ("register/influence.csv", lambda text: text.replace(",0,", ",1,", 1), "line 2 changed"),
)
SAME = (
    ("covid.toml", lambda text: f"# a note\n\n{text}"),
    ("england/posts.csv", lambda text: "\ufeff" + text.replace("\n", "\r\n")),
    ("evidence/attrition.csv", lambda text: text.replace(",A,", ',"A",')),
    ("mixes/as_spent.toml", lambda text: f"{text}\n[more]\nx = 1\n"),  # no world here reads it
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    return tmp_path / "configs"


def specs_of(study: Path) -> list[WorldSpec]:
    return list(check_study(load_study(study), study.parent, "batch", 1).worlds.values())


def found(folder: Path) -> list[str]:
    return [str(each) for each in edited_files([load_world(folder / "england.toml", folder / "covid.toml")])]


def test_the_list_is_that_of_the_files_that_ship() -> None:
    assert shipped_lines(CONFIGS / LIST) == dict(listed_lines(CONFIGS)), "renew: python -m tools.render_shipped_lines"


@pytest.mark.parametrize(("name", "edit", "says"), EDITS)
def test_an_edit_is_named(copy: Path, name: str, edit: Callable[[str], str], says: str) -> None:
    (copy / name).write_text(edit((copy / name).read_text()))
    (line,) = found(copy)
    assert line.startswith(f"{copy / name} differs from the file that ships: ")
    assert says in line


def test_a_changed_bit_of_the_posterior_sample_is_named(copy: Path) -> None:
    path = copy / "england" / "posterior.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert found(copy) == [f"{path} differs from the file that ships"]


@pytest.mark.parametrize(("name", "edit"), SAME)
def test_what_says_the_same_is_no_edit(copy: Path, name: str, edit: Callable[[str], str]) -> None:
    (copy / name).write_text(edit((copy / name).read_text()), newline="")
    assert found(copy) == []


def test_a_file_of_the_same_name_elsewhere_is_no_edit(copy: Path, tmp_path: Path) -> None:
    own = tmp_path / "tiny.toml"
    own.write_text(f'extends = ["{(copy / "tiny.toml").as_posix()}"]\nname = "own"\n')
    assert edited_files([load_world(own)]) == []


STUDIES = sorted((CONFIGS.parent / "experiments").glob("*/study.toml"))


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.parent.name)
def test_no_study_that_ships_names_a_file(study: Path) -> None:
    worlds = [world_of(spec) for spec in specs_of(study)]
    assert edited_files(worlds) == []
