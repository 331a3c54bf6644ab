"""A relative name means another file in another working folder, also in one process."""

import shutil
from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.study.replication.posterior_sample import load_open_parameters
from pipeline_sim.study.replication.prepare import WorldSpec, prepare, rulebook_digest, world_of
from pipeline_sim.world.world_error import WorldError


def test_a_relative_name_is_read_in_the_folder_of_the_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, digests = WorldSpec(("configs/tiny.toml",)), set[str]()
    for size in (0.02, 0.01):
        folder = tmp_path / str(size)
        shutil.copytree(CONFIGS, folder / "configs")
        file = folder / "configs" / "tiny.toml"
        file.write_text(file.read_text().replace("size = 0.02", f"size = {size}"))
        monkeypatch.chdir(folder)
        assert world_of(spec).size == size
        assert world_of(spec).layers[-1] == file.resolve()
        digests.add(rulebook_digest(prepare(spec).rulebook))
    assert len(digests) == 2


def test_open_parameters_likewise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "open.toml"
    shutil.copy(CONFIGS / "england" / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert load_open_parameters(name).open
    monkeypatch.chdir(tmp_path.parent)
    with pytest.raises(WorldError, match="cannot be read"):
        load_open_parameters(name)
