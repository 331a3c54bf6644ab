"""Advisory locks on folders: one writer at a time. The system releases a lock when its process ends, killed or not."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline_sim.records.records_error import RecordsError, file_errors

LOCK, HOLDER = ".lock", ".lock.json"  # who holds a lock is told beside it: some systems let no one else read it


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Exclusive lock on a folder until the block is left; RecordsError names the process that has it."""
    with ExitStack() as stack:
        with file_errors("write", folder / LOCK):
            lock = try_lock(folder / LOCK)
            if lock is None:
                owner = describe_holder(folder / HOLDER)
                raise RecordsError(f"{folder} is being written {owner}: wait until that has ended")
            stack.callback(lock.release)
            (folder / HOLDER).write_text(json.dumps(lock_owner()), encoding="utf-8")
        yield


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Lock that makes processes of a machine wait for each other; none where the folder cannot be locked."""
    with ExitStack() as stack:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(folder / LOCK))
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
    return process_start(int(str(owner["process"]))) == owner["born"]


def try_lock(path: Path) -> FileLock | None:
    """Lock on a file, until it is released or its process ends; None if another has it."""
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return None
    return lock


def describe_holder(record: Path) -> str:
    """Holder of a lock in words, from the record beside it."""
    try:
        return describe_owner(record.read_text(encoding="utf-8"))
    except OSError:
        return "by another process"


def describe_owner(text: str) -> str:
    """Owner record of a lock in words."""
    try:
        owner = json.loads(text)
        return f"by process {owner['process']} on {owner['host']} since {owner['since']}"
    except (ValueError, KeyError, TypeError):
        return "by another process"
