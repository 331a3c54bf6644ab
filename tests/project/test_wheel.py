"""The program from its wheel alone: the same answers under the same identifiers, without the repository."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from support import ROOT
from support.typed_command import run_command

from pipeline_sim.cli.terminal import default_paths
from pipeline_sim.records.files import shipped_files
from pipeline_sim.study.comparison import named_files
from pipeline_sim.study.comparison.named_files import named_path
from pipeline_sim.study.study_error import StudyError

SOURCES = ("pipeline_sim", "configs", "docs", "experiments", "results/shown")
SMALL = ("--scale", "0.005", "--replications", "2")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with what the wheel puts into site-packages."""
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "LICENSE", "pyproject.toml", "requirements.lock", "setup.py"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, source]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def typed(installed: Path, folder: Path, *words: str) -> str:
    """Output of the program of the wheel, in a folder of its own."""
    command = [sys.executable, "-P", "-m", "pipeline_sim.cli", *words]
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_every_file_that_ships_and_no_other(installed: Path) -> None:
    for name in ("configs", "experiments"):
        ours = {path.relative_to(ROOT) for path in (ROOT / name).rglob("*") if path.is_file()}
        shipped = installed / "pipeline_sim" / "shipped"
        theirs = {path.relative_to(shipped) for path in (shipped / name).rglob("*") if path.is_file()}
        assert ours == theirs
        assert all((ROOT / path).read_bytes() == (shipped / path).read_bytes() for path in ours)


@pytest.mark.slow
def test_the_wheel_gives_the_answers_of_the_clone(installed: Path, tmp_path: Path) -> None:
    """A study by name from an empty folder, and the same from the clone by its path: same identifier, same bytes."""
    typed(installed, tmp_path, "compare", "recovery_25m", *SMALL, "--out", "theirs")
    ours = tmp_path / "ours"
    where = ("--out", str(ours), "--store", str(tmp_path / "theirs.store"))
    assert run_command(ROOT, "compare", "experiments/recovery_25m", *SMALL, *where).returncode == 0
    one, other = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("theirs", "ours"))
    assert {key: one[key] for key in one if one[key] != other[key]}.keys() <= {
        "created", "made_in", "git_revision", "seal",
    }  # fmt: skip
    assert one["files"] == other["files"]


@pytest.mark.slow
def test_commands_of_the_wheel_find_what_ships(installed: Path, tmp_path: Path) -> None:
    assert "shielding" in typed(installed, tmp_path, "describe", "--find", "shielding", "--format", "csv")
    assert "Extensions" in typed(installed, tmp_path, "run", "tiny", "covid", "--scale", "0.2", "--out", "tiny")
    assert "written to own" in typed(installed, tmp_path, "init", "own")
    mix = tmp_path / "own" / "configs" / "mixes" / "as_spent.toml"
    mix.write_text(mix.read_text())  # may be written


def unpacked(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The files of the clone as if they lay elsewhere, within an installed package."""
    for module in (shipped_files, named_files):
        monkeypatch.setattr(module, "SHIPPED", ROOT)
    monkeypatch.setattr(default_paths, "CONFIGS", ROOT / "configs")
    monkeypatch.chdir(folder)


@pytest.mark.parametrize(
    ("kind", "word", "file"),
    [
        ("study", "recovery_25m", "experiments/recovery_25m/study.toml"),
        ("study", "experiments/recovery_25m", "experiments/recovery_25m/study.toml"),
        ("study", "experiments/recovery_25m/study.toml", "experiments/recovery_25m/study.toml"),
        ("world", "england", "configs/england.toml"),
        ("world", "configs/england.toml", "configs/england.toml"),
        ("world", "scenarios/bad_winter", "configs/scenarios/bad_winter.toml"),
    ],
)
def test_a_name_or_a_path_is_found_anywhere(
    kind: str, word: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked(monkeypatch, tmp_path)
    assert named_path(kind, Path(word)) == ROOT / file
    assert shipped_files.kept_path(ROOT / file) == Path(file)
    assert shipped_files.found_path(file) == ROOT / file


def test_a_file_of_ones_own_goes_before_what_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked(monkeypatch, tmp_path)
    assert run_command(tmp_path, "init", ".").returncode == 0
    assert named_path("study", Path("experiments/recovery_25m")) == Path("experiments/recovery_25m/study.toml")
    assert named_path("world", Path("configs/england.toml")) == Path("configs/england.toml")
    again = run_command(tmp_path, "init", ".")
    assert (again.returncode, again.stderr) == (2, "error: configs is there already: name another folder\n")


def test_a_folder_of_that_name_does_not_hide_what_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked(monkeypatch, tmp_path)
    for name in ("recovery_25m", "tiny"):
        (tmp_path / name).mkdir()
    assert named_path("study", Path("recovery_25m")) == ROOT / "experiments/recovery_25m/study.toml"
    assert named_path("world", Path("tiny")) == ROOT / "configs/tiny.toml"


@pytest.mark.parametrize(
    ("kind", "word", "near"), [("study", "recovery", "recovery_25m"), ("world", "englnd", "england")]
)
def test_a_name_mistyped_is_one_line_with_the_nearest(kind: str, word: str, near: str) -> None:
    with pytest.raises(StudyError, match=f"cannot read {word}: no such file, and no {kind} .*'{near}'"):
        named_path(kind, Path(word))
