"""Advisory locks on folders: one writer at a time. The system releases a lock when its process ends, killed or not."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline_sim.records.files.checked_files import open_regular
from pipeline_sim.records.records_error import RecordsError, file_errors

SECONDS_TO_WAIT = 2.0  # for one who only looks whether a lock is free
MOST_LETTERS = 1000  # of a record that somebody else may have written
LOCK, RECORD = ".lock", ".json"  # who holds a lock is told beside it: some systems let no one else read it


@contextmanager
def locked_folder(folder: Path, part: str = "") -> Iterator[None]:
    """Lock on a folder until the block is left: exclusive or, with a part, beside writers of other parts.

    RecordsError names the process that has it.
    """
    own = folder / (f"{LOCK}-{part}" if part else LOCK)
    others = [folder / LOCK] if part else sorted(set(folder.glob(f"{LOCK}-*")) - set(folder.glob(f"{LOCK}-*{RECORD}")))
    with ExitStack() as stack, file_errors("write", own):
        stack.enter_context(taken(own))
        for other in others:  # after its own, so that of two that begin together at least one is refused
            with taken(other):
                pass
        number = open_regular(own.with_name(f"{own.name}{RECORD}"), os.O_WRONLY | os.O_CREAT)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.truncate(0)
            file.write(json.dumps(lock_owner()))
        kept = stack.pop_all()
    with kept:
        yield


@contextmanager
def taken(path: Path) -> Iterator[FileLock]:
    """Lock on a file; RecordsError names the process that has it."""
    lock = try_lock(path, SECONDS_TO_WAIT)
    if lock is None:
        owner = describe_holder(path.with_name(f"{path.name}{RECORD}"))
        raise RecordsError(f"{path.parent} is being written {owner}: wait until that has ended")
    try:
        yield lock
    finally:
        lock.release()


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Lock that makes processes of a machine wait for each other; none where the folder cannot be locked."""
    with ExitStack() as stack:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(file_lock(folder / LOCK))
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


def file_lock(path: Path) -> FileLock:
    """Lock on a file, not yet taken; OSError if it is a link, a pipe or a file that has another name as well."""
    if os.path.lexists(path):  # to lock a file is to empty it
        os.close(open_regular(path, os.O_RDWR))
    return FileLock(path, thread_local=False)


def try_lock(path: Path, seconds: float = 0.0) -> FileLock | None:
    """Lock on a file, until it is released or its process ends; None if another keeps it for so many seconds."""
    lock = file_lock(path)
    try:
        lock.acquire(timeout=seconds)
    except Timeout:
        return None
    return lock


def describe_holder(record: Path) -> str:
    """Holder of a lock in words, from the record beside it."""
    try:
        with os.fdopen(open_regular(record, os.O_RDONLY), encoding="utf-8", errors="replace") as file:
            return describe_owner(file.read(MOST_LETTERS))
    except OSError:
        return "by another process"


def describe_owner(text: str) -> str:
    """Owner record of a lock in words."""
    try:
        owner = json.loads(text[:MOST_LETTERS])
        return f"by process {owner['process']} on {owner['host']} since {owner['since']}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return "by another process"
