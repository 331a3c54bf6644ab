"""Who issued an identifier; what was never issued, mistyped, edited by one byte, added or lost is named and refused."""

import json
import shutil
from pathlib import Path

import pytest
from support.issued_results import FILES, write_result

from pipeline_sim.records.files.manifest_seal import sealed_text
from pipeline_sim.records.files.result_files import MANIFEST
from pipeline_sim.records.provenance.identifiers import Identifier
from pipeline_sim.records.provenance.lookup import find_result
from pipeline_sim.records.provenance.manifest import load_manifest
from pipeline_sim.records.records_error import RecordsError

NEVER = Identifier("F", 1, "7777777").text


def flipped(path: Path, at: int) -> None:
    """One byte of a file is other."""
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    path.write_bytes(bytes(content))


def test_every_item_leads_to_its_result(tmp_path: Path) -> None:
    texts = write_result(tmp_path / "one" / "result")
    write_result(tmp_path / "other", "0123456")
    assert [text[0] for text in texts] == ["R", "F", "T", "D"]
    for text in texts:
        wanted, found = find_result(text.lower(), tmp_path)
        assert wanted.text == text
        assert found.folder == tmp_path / "one" / "result"
        assert find_result(text, found.folder)[1].folder == found.folder


def test_one_never_issued_is_refused_and_the_nearest_named(tmp_path: Path) -> None:
    write_result(tmp_path / "result")
    with pytest.raises(RecordsError, match=rf"{NEVER} was never issued by a result in \S+ \(1 looked at\)$"):
        find_result(NEVER, tmp_path)
    other = Identifier("F", 2, "k7m3q4d").text
    with pytest.raises(RecordsError, match=rf"{other} was never issued .*; nearest is F1-k7m3-q4dt"):
        find_result(other, tmp_path)


def test_a_mistyped_one_is_told_from_one_never_issued(tmp_path: Path) -> None:
    write_result(tmp_path / "result")
    with pytest.raises(RecordsError, match=r"F1-k7m3-q4ct is mistyped: .*; nearest is F1-k7m3-q4dt"):
        find_result("F1-k7m3-q4ct", tmp_path)
    with pytest.raises(RecordsError, match="'mixes' is not an identifier"):
        find_result("mixes", tmp_path)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("at", [0, 17, -1])
def test_a_byte_of_any_file_is_named(tmp_path: Path, name: str, at: int) -> None:
    texts = write_result(tmp_path / "result")
    flipped(tmp_path / "result" / name, at)
    for text in texts:
        with pytest.raises(RecordsError, match=rf"is not as written: {name} was changed \(sha256 \w{{12}}…, written"):
            find_result(text, tmp_path)


def test_a_byte_of_the_manifest_counts_wherever_it_stands(tmp_path: Path) -> None:
    texts = write_result(tmp_path / "result")
    path = tmp_path / "result" / MANIFEST
    content = path.read_bytes()
    for at in range(0, len(content), 5):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :])
        with pytest.raises(RecordsError, match=r"result/manifest\.json (is not|has no seal)"):
            load_manifest(path)
    with pytest.raises(RecordsError, match=r"never issued .*result/manifest\.json is not JSON"):
        find_result(texts[1], tmp_path)


def test_a_space_more_in_the_manifest_shows(tmp_path: Path) -> None:
    texts = write_result(tmp_path / "result")
    path = tmp_path / "result" / MANIFEST
    path.write_text(path.read_text() + " ")
    with pytest.raises(RecordsError, match="its checksum does not match"):
        find_result(texts[1], tmp_path)


def test_files_added_and_lost_are_each_named(tmp_path: Path) -> None:
    texts = write_result(tmp_path / "result")
    (tmp_path / "result" / "mixes.csv").unlink()
    (tmp_path / "result" / "notes.txt").write_text("mine")
    (tmp_path / "result" / ".DS_Store").write_text("")
    with pytest.raises(RecordsError, match=r"not as written: mixes\.csv is missing; notes\.txt was added$"):
        find_result(texts[1], tmp_path)


def test_two_that_say_the_same_are_one(tmp_path: Path) -> None:
    texts = write_result(tmp_path / "one")
    write_result(tmp_path / "two")
    assert find_result(texts[1], tmp_path)[1].folder == tmp_path / "one"


def test_two_that_say_different_things_are_refused(tmp_path: Path) -> None:
    _, figure, *others = write_result(tmp_path / "one")
    write_result(tmp_path / "two", files={"figures/mixes.svg": b"<svg>two dots</svg>\n"})
    with pytest.raises(RecordsError, match=r"different things in .*one and .*two: choose one with --results"):
        find_result(figure, tmp_path)
    assert find_result(figure, tmp_path / "two")[1].folder == tmp_path / "two"
    for text in others:
        assert find_result(text, tmp_path)


def test_links_are_followed_and_may_go_round(tmp_path: Path) -> None:
    texts = write_result(tmp_path / "disk" / "result")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "linked").symlink_to(tmp_path / "disk")
    (tmp_path / "disk" / "back").symlink_to(tmp_path / "results")
    assert find_result(texts[1], tmp_path / "results")[1].folder == tmp_path / "results" / "linked" / "result"


def test_a_manifest_kept_alone_is_enough_and_a_folder_is_rather_taken(tmp_path: Path) -> None:
    texts = write_result(tmp_path / "result")
    (tmp_path / "a").mkdir()
    shutil.copyfile(tmp_path / "result" / MANIFEST, tmp_path / "a" / "study.manifest.json")
    assert find_result(texts[1], tmp_path)[1].has_files
    assert not find_result(texts[1], tmp_path / "a")[1].has_files


def test_manifests_of_others_do_not_count_and_damaged_ones_are_named(tmp_path: Path) -> None:
    texts = write_result(tmp_path / "result")
    for name, text in {"web": '{"name": "web app"}', "old": '{"files": {}, "engine": "batch"}', "list": "[]"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / MANIFEST).write_text(text)
    assert find_result(texts[1], tmp_path)
    with pytest.raises(RecordsError, match=r"\(1 looked at\)$"):
        find_result(NEVER, tmp_path)
    (tmp_path / "old" / MANIFEST).write_text("{")
    with pytest.raises(RecordsError, match=r"old/manifest\.json is not JSON: damaged or not a manifest$"):
        find_result(NEVER, tmp_path)


@pytest.mark.parametrize(("key", "value"), [("items", 3), ("files", {"a": 1}), ("command", None), ("made_in", {})])
def test_a_sealed_manifest_of_another_shape_is_refused(tmp_path: Path, key: str, value: object) -> None:
    texts = write_result(tmp_path / "result")
    path = tmp_path / "result" / MANIFEST
    path.write_text(sealed_text({**json.loads(path.read_text()), key: value}))
    with pytest.raises(RecordsError, match=rf"is not the manifest of a result: {key}.* is missing or wrong"):
        find_result(texts[1], tmp_path)


def test_no_folder_of_results_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"there is no folder .*nowhere: name the one that holds the results"):
        find_result("F1-k7m3-q4dt", tmp_path / "nowhere")
