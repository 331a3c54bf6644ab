"""Every command whose answer rests on files that ship says, before it runs, which of them were edited."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from support import CONFIGS
from support.typed_command import run_command
from support.worlds.tiny_study import written

from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading import shipped_lines
from pipeline_sim.world.schema.world import World

WORLD = "configs/covid.toml"
BEST, TARGETS = "experiments/best_25m", ("--targets", "configs/evidence/targets.toml")
LAYERS, RECORDS = ("configs/tiny.toml", WORLD), str(CONFIGS / "own" / "example_records.csv")
COMMANDS = (
    ("run", *LAYERS), ("trace", *LAYERS), ("describe", *LAYERS), ("warmup", *LAYERS), ("register", *LAYERS),
    ("plan", "."), ("compare", "."), ("batch", "."), ("sensitivity", "."), ("value", "."), ("robust", "."),
    ("validate", *TARGETS), ("calibrate", *TARGETS), ("optimise", BEST),
    ("elicit", "panel.toml", "--form", "--world", LAYERS[0], "--world", WORLD),
    ("evidence", "add", RECORDS, "--role", "test", "--to", "own", "--beside", TARGETS[1]),
    ("interventions", "--world", LAYERS[0], "--world", WORLD, "--world", "configs/interventions.toml"),
)  # fmt: skip


@pytest.fixture(scope="module")
def edited_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with studies, and a copy of the folder configs of which one line was edited."""
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(CONFIGS, folder / "configs")
    text = (folder / WORLD).read_text()
    (folder / WORLD).write_text(text.replace('note = "', 'note = "Own ', 1))
    study = written(folder) / "study.toml"
    study.write_text(study.read_text().replace(f"{CONFIGS}/", "configs/"))
    shutil.copytree(CONFIGS.parent / "experiments", folder / "experiments")
    return folder


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_edited_files_are_named_before_anything_runs(
    words: tuple[str, ...], edited_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shipped_lines.edited_files

    def stop(worlds: Iterable[World]) -> None:
        raise StudyError("; ".join(map(str, found(worlds))))

    monkeypatch.setattr(shipped_lines, "edited_files", stop)
    said = run_command(edited_folder, *words)
    assert said.returncode == 2
    assert said.stderr.splitlines()[-1].startswith(f"error: {WORLD} differs from the file that ships: line ")
