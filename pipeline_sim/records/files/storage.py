"""Storage of a replication store: a folder, an object store that pyarrow reaches, or memory. Writes are atomic.

File names are relative, with `/` between their parts. RecordsError says in one line what could not be read or written.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from pipeline_sim.records.files.checked_files import inside, read_regular
from pipeline_sim.records.files.lock import locked_folder
from pipeline_sim.records.files.result_files import write_atomically
from pipeline_sim.records.records_error import file_errors

LEFTOVERS = (".[0-9]*.parquet.*", "._*.json.*")  # of a writer that was killed
Heartbeat = Callable[[], None]  # called now and then by the holder of a write lock


class Storage(Protocol):
    """Interface of a storage: what a replication store needs of the folder it is kept in."""

    @property
    def name(self) -> str:
        """Address, as a user would type it."""

    def names(self) -> list[str]:
        """Names of all files, sorted; none if there is nothing."""

    def read(self, name: str) -> bytes | None:
        """Content of a file; None if there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file atomically, in place of any former one."""

    def subfolder(self, name: str) -> "Storage":
        """Storage of a folder within this one."""

    def write_lock(self, part: str = "") -> AbstractContextManager[Heartbeat]:
        """Exclusive lock for writing all, or a part that others leave alone; RecordsError if another process has it."""


class FolderStorage:
    """Storage in a folder of this machine, or a mounted one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        return str(self.path)

    def names(self) -> list[str]:
        files: list[str] = []
        for folder, inner, here in os.walk(self.path, onerror=_refuse):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            files += [(Path(folder) / name).relative_to(self.path).as_posix() for name in here if name[0] != "."]
        return sorted(files)

    def read(self, name: str) -> bytes | None:
        path = inside(self.path, name)
        return read_regular(path) if os.path.lexists(path) else None

    def write(self, name: str, content: bytes) -> None:
        path = inside(self.path, name)
        make_folder(path.parent)
        write_atomically(path, lambda file: file.write(content))
        sync_folder(path.parent)

    def subfolder(self, name: str) -> "FolderStorage":
        return FolderStorage(inside(self.path, name))

    @contextmanager
    def write_lock(self, part: str = "") -> Iterator[Heartbeat]:
        make_folder(self.path)
        with locked_folder(self.path, part):
            for pattern in () if part else LEFTOVERS:
                for leftover in self.path.rglob(pattern):
                    leftover.unlink(missing_ok=True)
            yield lambda: None


def _refuse(error: OSError) -> None:
    with file_errors("read", error.filename), suppress(FileNotFoundError):
        raise error


def make_folder(path: Path) -> None:
    """Make a folder and its parents; RecordsError if that fails."""
    with file_errors("write", path):
        path.mkdir(parents=True, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Flush the entries of a folder to disk where the system can: a rename alone may be lost in a power cut."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class InMemoryStorage:
    """Storage in memory, which ends with the program."""

    def __init__(self, name: str = "memory", prefix: str = "", files: dict[str, bytes] | None = None) -> None:
        self.name, self._prefix, self.files = name, prefix, {} if files is None else files

    def names(self) -> list[str]:
        return sorted(name.removeprefix(self._prefix) for name in self.files if name.startswith(self._prefix))

    def read(self, name: str) -> bytes | None:
        return self.files.get(self._prefix + name)

    def write(self, name: str, content: bytes) -> None:
        self.files[self._prefix + name] = content

    def subfolder(self, name: str) -> "InMemoryStorage":
        return InMemoryStorage(f"{self._prefix}{name}", f"{self._prefix}{name}/", self.files)

    @contextmanager
    def write_lock(self, part: str = "") -> Iterator[Heartbeat]:
        yield lambda: None


def storage_at(where: str) -> Storage:
    """Storage at a folder, or at an address such as s3://bucket/folder; RecordsError if there is no such kind."""
    if "://" in where:
        from pipeline_sim.records.files.object_storage import open_object_storage

        return open_object_storage(where)
    return FolderStorage(Path(where))
