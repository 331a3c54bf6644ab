"""One writer at a time: a lock on a folder that the system itself lets go when the writer ends, killed or not."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipeline_sim.records.records_error import RecordsError

LOCK = ".lock"


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Hold a folder until the block is left; RecordsError names who holds it."""
    path = folder / LOCK
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("a+", encoding="utf-8"))
            _lock(file, folder)
            file.truncate(0)
            file.write(json.dumps(holder()))
            file.flush()
        except OSError as error:
            raise RecordsError(f"cannot write {path}: {error.strerror or error}") from None
        yield


@contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """One process of a machine after another; at once where there are no locks or the folder cannot be written."""
    with ExitStack() as stack:
        with suppress(ImportError, OSError):
            import fcntl

            folder.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context((folder / LOCK).open("a"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def holder() -> dict[str, object]:
    """Who is writing, for others to be told."""
    return {
        "process": os.getpid(),
        "born": born_at(os.getpid()),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def born_at(process: int) -> str | None:
    """When a process of this machine began, in ticks since it was switched on: numbers of processes are used again."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return None


def is_alive(holder: Mapping[str, object]) -> bool | None:
    """True if who is told of still runs; None if that is on another machine, or cannot be known here."""
    if holder.get("host") != socket.gethostname() or holder.get("born") is None:
        return None
    return born_at(int(str(holder["process"]))) == holder["born"]


def _lock(file: IO[str], folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # no such locks here
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise RecordsError(f"{folder} is being written {told(file.read())}: wait until that has ended") from None


def told(text: str) -> str:
    """Who holds a place, in words."""
    try:
        held = json.loads(text)
        return f"by process {held['process']} on {held['host']} since {held['since']}"
    except (ValueError, KeyError, TypeError):
        return "by another process"
