"""The place of a result: what is not ours is never touched, and what a killed run left is cleared away."""

import json
import os
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline_sim.records.files.result_files import write_manifest
from pipeline_sim.records.provenance.result_folder import DRAFT_MARKER, check_replaceable, result_folder
from pipeline_sim.records.records_error import RecordsError


def write_result(folder: Path, text: str) -> None:
    """A result of one file."""
    with result_folder(folder) as draft:
        (draft / "by_year.csv").write_text(text)
        write_manifest(draft, {"engine": "reference", "rules_digest": "0"})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_result_replaces_a_result_and_holds_what_was_written(tmp_path: Path) -> None:
    write_result(tmp_path / "result", "one")
    write_result(tmp_path / "result", "two")
    assert names(tmp_path) == ["result"]
    assert names(tmp_path / "result") == ["by_year.csv", "manifest.json", "ro-crate-metadata.json"]
    assert (tmp_path / "result" / "by_year.csv").read_text() == "two"


def test_the_manifest_of_another_program_makes_no_result(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "manifest.json").write_text(json.dumps({"name": "web app", "files": {}}))
    with pytest.raises(RecordsError, match="is no result of this program"):
        check_replaceable(tmp_path / "app")


def test_a_file_put_into_a_result_is_not_thrown_away(tmp_path: Path) -> None:
    write_result(tmp_path / "result", "one")
    (tmp_path / "result" / "notes.txt").write_text("mine")
    with pytest.raises(RecordsError, match=r"holds notes\.txt, which is not part of the result"):
        write_result(tmp_path / "result", "two")
    assert (tmp_path / "result" / "notes.txt").read_text() == "mine"


def test_what_a_file_manager_leaves_does_not_count(tmp_path: Path) -> None:
    write_result(tmp_path / "result", "one")
    (tmp_path / "result" / ".DS_Store").write_text("")
    write_result(tmp_path / "result", "two")
    assert names(tmp_path / "result") == ["by_year.csv", "manifest.json", "ro-crate-metadata.json"]


@pytest.mark.parametrize("name", [".", "..", ""])
def test_the_folder_one_works_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(RecordsError, match="is the folder you are working in"):
        check_replaceable(Path(name))


def test_a_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda path: path == tmp_path)
    with pytest.raises(RecordsError, match="is a disk of its own"):
        check_replaceable(tmp_path)


def test_a_name_too_long_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="cannot write"):
        write_result(tmp_path / ("x" * 300), "one")


def test_folders_made_on_the_way_go_with_a_failure(tmp_path: Path) -> None:
    def fail() -> None:
        with result_folder(tmp_path / "a" / "b" / "result"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names(tmp_path) == []


def test_a_draft_of_a_killed_run_is_cleared_and_one_in_use_is_not(tmp_path: Path) -> None:
    for name in (".result.aaaaaaaa", ".result.bbbbbbbb"):
        (tmp_path / name).mkdir()
        (tmp_path / name / DRAFT_MARKER).write_text("")
    with FileLock(tmp_path / ".result.bbbbbbbb" / DRAFT_MARKER):
        write_result(tmp_path / "result", "one")
        assert names(tmp_path) == [".result.bbbbbbbb", "result"]
    write_result(tmp_path / "result", "two")
    assert names(tmp_path) == ["result"]


def test_hidden_folders_of_the_user_stay(tmp_path: Path) -> None:
    for name in (".result", ".result.notes", ".result.cccccccc", ".git"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine").write_text("")
    write_result(tmp_path / "result", "one")
    assert names(tmp_path) == [".git", ".result", ".result.cccccccc", ".result.notes", "result"]


def test_a_result_that_had_stepped_aside_comes_back(tmp_path: Path) -> None:
    write_result(tmp_path / "result", "one")
    (tmp_path / "result").rename(tmp_path / ".result.aaaaaaaa.former")

    def fail() -> None:
        with result_folder(tmp_path / "result"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names(tmp_path) == ["result"]
    assert (tmp_path / "result" / "by_year.csv").read_text() == "one"


def test_of_two_at_once_the_later_one_stays_whole(tmp_path: Path) -> None:
    with result_folder(tmp_path / "result") as draft:
        (draft / "by_year.csv").write_text("slow")
        write_manifest(draft, {"engine": "reference", "rules_digest": "0"})
        write_result(tmp_path / "result", "quick")
    assert names(tmp_path) == ["result"]
    assert (tmp_path / "result" / "by_year.csv").read_text() == "slow"


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "result").symlink_to(tmp_path / "disk" / "there")
    write_result(tmp_path / "result", "one")
    assert (tmp_path / "result").is_symlink()
    assert (tmp_path / "disk" / "there" / "by_year.csv").read_text() == "one"
