"""Advisory locks on folders: one writer at a time. The system releases a lock when its process ends, killed or not."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pipeline_sim.records.files.checked_files import open_regular
from pipeline_sim.records.records_error import RecordsError, file_errors

LOCK, MOST_LETTERS = ".lock", 1000


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Exclusive lock on a folder until the block is left; RecordsError names the process that has it."""
    with ExitStack() as stack:
        with file_errors("write", folder / LOCK):
            number = open_regular(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_APPEND)
            file = stack.enter_context(os.fdopen(number, "a+", encoding="utf-8"))
            if try_lock(file) is False:
                file.seek(0)
                owner = describe_holder(file.read(MOST_LETTERS))
                raise RecordsError(f"{folder} is being written {owner}: wait until that has ended")
            file.truncate(0)
            file.write(json.dumps(lock_owner()))
            file.flush()
        yield


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Lock that makes processes of a machine wait for each other; none where the folder cannot be locked."""
    with ExitStack() as stack:
        with suppress(ImportError, OSError):
            import fcntl

            folder.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(os.fdopen(open_regular(folder / LOCK, os.O_WRONLY | os.O_CREAT), "a"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lock_owner() -> dict[str, object]:
    """Owner record of a lock: this process, its start, its host and the time now."""
    return {
        "process": os.getpid(),
        "born": process_start(os.getpid()),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def process_start(process: int) -> str | None:
    """Start of a process, in clock ticks since boot (process numbers are used again); None if unknown."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return None


def is_alive(owner: Mapping[str, object]) -> bool | None:
    """Whether the process of an owner record still runs; None if it is on another machine or cannot be known."""
    if owner.get("host") != socket.gethostname() or owner.get("born") is None:
        return None
    process = owner.get("process")
    return process_start(process) == owner["born"] if isinstance(process, int) else None


def try_lock(file: IO[Any]) -> bool | None:
    """Lock an open file until it is closed or its process ends; False if another has it, None without such locks."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        return None
    except BlockingIOError:
        return False
    return True


def describe_holder(text: str) -> str:
    """Description of the owner record in a lock file, in words."""
    try:
        owner = json.loads(text[:MOST_LETTERS])
        return f"by process {owner['process']} on {owner['host']} since {owner['since']}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return "by another process"
