"""Where the files of a store lie: a folder, an object store that pyarrow reaches, or memory. A file is whole or absent.

Names are relative, with `/` between their parts. RecordsError says in one line what could not be read or written.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from pipeline_sim.records.files.lock import locked_folder
from pipeline_sim.records.files.result_files import write_whole
from pipeline_sim.records.records_error import RecordsError

LEFTOVERS = (".[0-9]*.parquet.*", "._*.json.*")  # of a writer that was killed
Beat = Callable[[], None]  # called now and then by who holds a place


class Place(Protocol):
    """What a store needs of the place where it lies."""

    @property
    def name(self) -> str:
        """As a user would type it."""

    def names(self) -> list[str]:
        """All files, in order; none if there is nothing."""

    def read(self, name: str) -> bytes | None:
        """Content of a file; None if there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Put a file there in one step, in place of what it was."""

    def below(self, name: str) -> "Place":
        """A folder of this place."""

    def held(self) -> AbstractContextManager[Beat]:
        """Keeps others who want to write out; RecordsError if somebody is writing."""


class Folder:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        return str(self.path)

    def names(self) -> list[str]:
        files: list[str] = []
        for folder, below, found in os.walk(self.path, onerror=_refuse):
            below[:] = sorted(each for each in below if not each.startswith("."))
            files += [(Path(folder) / each).relative_to(self.path).as_posix() for each in found if each[0] != "."]
        return sorted(files)

    def read(self, name: str) -> bytes | None:
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RecordsError(f"cannot read {self.path / name}: {error.strerror or error}") from None

    def write(self, name: str, content: bytes) -> None:
        path = self.path / name
        make_folder(path.parent)
        write_whole(path, lambda file: file.write(content))
        settle(path.parent)

    def below(self, name: str) -> "Folder":
        return Folder(self.path / name)

    @contextmanager
    def held(self) -> Iterator[Beat]:
        make_folder(self.path)
        with locked_folder(self.path):
            for pattern in LEFTOVERS:
                for leftover in self.path.rglob(pattern):
                    leftover.unlink(missing_ok=True)
            yield lambda: None


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise RecordsError(f"cannot read {error.filename}: {error.strerror or error}")


def make_folder(path: Path) -> None:
    """Make a folder and those above it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordsError(f"cannot write {path}: {error.strerror or error}") from None


def settle(folder: Path) -> None:
    """Have the names of a folder on disk, where the system can: a rename alone may be lost with the power."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


class Memory:
    """A place that ends with the program."""

    name = "memory"

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def names(self) -> list[str]:
        return sorted(self.files)

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    def write(self, name: str, content: bytes) -> None:
        self.files[name] = content

    def below(self, name: str) -> Place:
        return _Part(self, name)

    @contextmanager
    def held(self) -> Iterator[Beat]:
        yield lambda: None


class _Part:
    """A folder of memory."""

    def __init__(self, whole: Memory, name: str) -> None:
        self.whole, self.name = whole, name

    def names(self) -> list[str]:
        start = f"{self.name}/"
        return [name.removeprefix(start) for name in self.whole.names() if name.startswith(start)]

    def read(self, name: str) -> bytes | None:
        return self.whole.read(f"{self.name}/{name}")

    def write(self, name: str, content: bytes) -> None:
        self.whole.write(f"{self.name}/{name}", content)

    def below(self, name: str) -> Place:
        return _Part(self.whole, f"{self.name}/{name}")

    def held(self) -> AbstractContextManager[Beat]:
        return self.whole.held()


def place_of(where: str) -> Place:
    """A folder, or what an address such as s3://bucket/folder names."""
    if "://" in where:
        from pipeline_sim.records.files.object_storage import far_place

        return far_place(where)
    return Folder(Path(where))
