"""Where a store lies: whole files or none, one writer, one line for what cannot be; on disk and in an object store."""

import contextlib
import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline_sim.records.files import object_storage as far
from pipeline_sim.records.files.object_storage import ObjectStorage
from pipeline_sim.records.files.storage import FolderStorage, InMemoryStorage, Storage, storage_at
from pipeline_sim.records.records_error import RecordsError

HOLDER = """
import sys, time
from pathlib import Path
from pipeline_sim.records.files.storage import FolderStorage
with FolderStorage(Path(sys.argv[1])).write_lock():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(params=["folder", "memory", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """One of each kind, empty."""
    if request.param == "bucket":
        found = storage_at(request.getfixturevalue("bucket"))
        return found.subfolder(tmp_path.name)
    return InMemoryStorage() if request.param == "memory" else FolderStorage(tmp_path / "store")


def test_what_is_written_is_read(place: Storage) -> None:
    assert (place.names(), place.read("a/b.parquet")) == ([], None)
    place.write("a/b.parquet", b"one")
    place.write("a/b.parquet", b"two")
    place.subfolder("a").write("c/d", b"")
    assert place.names() == ["a/b.parquet", "a/c/d"]
    assert place.subfolder("a").names() == ["b.parquet", "c/d"]
    assert (place.read("a/b.parquet"), place.subfolder("a").read("c/d")) == (b"two", b"")
    with place.write_lock() as beat:
        beat()
        place.write("e", b"three")
    assert place.names() == ["a/b.parquet", "a/c/d", "e"]


@pytest.mark.parametrize("place", ["folder", "bucket"], indirect=True)
def test_one_writer_at_a_time(place: Storage) -> None:
    with (
        place.write_lock(),
        pytest.raises(RecordsError, match=r"is being written by process \d+ on"),
        place.write_lock(),
    ):
        pass
    with place.write_lock():
        pass


def test_the_lock_of_a_killed_writer_is_open(tmp_path: Path) -> None:
    place = FolderStorage(tmp_path)
    (tmp_path / "world").mkdir()
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RecordsError, match=f"by process {other.pid} on"), place.write_lock():
            pass
        (tmp_path / "world" / ".000000.parquet.a1b2c3d4").write_bytes(b"half")
        other.kill()
        other.wait()
    with place.write_lock():
        assert list((tmp_path / "world").iterdir()) == []  # what a killed writer left behind


@pytest.mark.parametrize("place", ["bucket"], indirect=True)
def test_an_old_note_is_a_dead_writers(place: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    for at, free in ((now - 30, False), (now - 200, True), (now + 200, True), (None, True)):
        place.write(far.NOTE, json.dumps({"at": at, "process": 1, "host": "h", "since": "then"}).encode())
        with (
            contextlib.nullcontext() if free else pytest.raises(RecordsError, match="by process 1 on h"),
            place.write_lock(),
        ):
            pass


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left"),
        (OSError(errno.EROFS, "Read-only file system"), "Read-only file system"),
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
    ],
)
def test_a_disk_that_fails_leaves_what_there_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError, says: str
) -> None:
    place = FolderStorage(tmp_path)
    place.write("a/b", b"before")

    def fail(*_: object) -> None:
        raise problem

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(RecordsError, match=f"cannot write .*b: {says}"):
        place.write("a/b", b"after")
    monkeypatch.undo()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]
    assert place.read("a/b") == b"before"


def test_what_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="cannot reach abc://x"):
        storage_at("abc://x")
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordsError, match=r"cannot write .*below: Not a directory"):
        FolderStorage(tmp_path / "file").write("below/a", b"")


@pytest.mark.parametrize("place", ["bucket"], indirect=True)
def test_a_bucket_that_is_not_there_is_one_line(place: ObjectStorage) -> None:
    elsewhere = ObjectStorage(place.system, "no-such-bucket/study", "s3://no-such-bucket/study")
    with pytest.raises(RecordsError, match="cannot write s3://no-such-bucket/study: "):
        elsewhere.write("a", b"")
