"""Storage in an object store that pyarrow reaches, as s3://bucket/folder, where every write is atomic by nature.

The system releases no lock here: a writer leaves a note and renews it, and an old note is that of a dead writer. Two
that begin in the same second may both go on; they then write the same bytes to the same names.
"""

import json
import queue
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pipeline_sim.records.files.lock import MOST_LETTERS, describe_owner, lock_owner
from pipeline_sim.records.records_error import RecordsError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

NOTE = ".writing.json"
SECONDS_BETWEEN_NOTES, SECONDS_TO_DEATH = 20.0, 90.0
SECONDS_TO_ANSWER = 120.0  # of one request, tries included
TIME_LIMITS = {"connect_timeout": 10.0, "request_timeout": 60.0, "retry_time_limit": timedelta(seconds=30)}
T = TypeVar("T")


class ObjectStorage:
    """Storage in a folder of an object store."""

    def __init__(self, system: "FileSystem", root: str, name: str) -> None:
        self.system, self.root, self.name = system, root, name

    def names(self) -> list[str]:
        from pyarrow.fs import FileSelector, FileType

        chosen = FileSelector(self.root, recursive=True, allow_not_found=True)
        infos = self._try("read", lambda: self.system.get_file_info(chosen))
        paths = [info.path.removeprefix(f"{self.root}/") for info in infos if info.type == FileType.File]
        return sorted(path for path in paths if not path.rsplit("/", 1)[-1].startswith("."))

    def read(self, name: str) -> bytes | None:
        def read() -> bytes | None:
            try:
                with self.system.open_input_file(f"{self.root}/{name}") as file:
                    return bytes(file.read())
            except FileNotFoundError:
                return None

        return self._try("read", read)

    def write(self, name: str, content: bytes) -> None:
        def write() -> None:
            with self.system.open_output_stream(f"{self.root}/{name}") as file:
                file.write(content)

        self._try("write", write)

    def subfolder(self, name: str) -> "ObjectStorage":
        return ObjectStorage(self.system, f"{self.root}/{name}", f"{self.name}/{name}")

    @contextmanager
    def write_lock(self, part: str = "") -> Iterator[Callable[[], None]]:
        note = f".writing-{part}.json" if part else NOTE
        for each in {NOTE, note}:
            self._check_free(each)
        owner, renewed = {**lock_owner(), "token": secrets.token_hex(8)}, [-SECONDS_BETWEEN_NOTES]

        def heartbeat() -> None:
            if time.monotonic() - renewed[0] > SECONDS_BETWEEN_NOTES:
                self.write(note, json.dumps({**owner, "at": time.time()}).encode())
                renewed[0] = time.monotonic()

        heartbeat()
        try:
            yield heartbeat
        finally:
            self._try("write", lambda: self.system.delete_file(f"{self.root}/{note}"))

    def _check_free(self, name: str) -> None:
        note = (self.read(name) or b"{}").decode(errors="replace")[:MOST_LETTERS]
        try:
            renewed = float(json.loads(note).get("at", 0.0))
        except (ValueError, TypeError, AttributeError, OverflowError):
            return
        silent = abs(time.time() - renewed)  # a clock that was set back makes a note old, never young for ever
        if silent < SECONDS_TO_DEATH:
            again = f"if it was killed, try again in {SECONDS_TO_DEATH - silent:.0f} s"
            owner = describe_owner(note)
            raise RecordsError(f"{self.name} is being written {owner}: wait until that has ended; {again}")

    def _try(self, what: str, action: Callable[[], T]) -> T:
        import pyarrow as pa

        try:
            return answer_in_time(action)
        except (OSError, pa.ArrowException) as error:
            raise RecordsError(f"cannot {what} {self.name}: {_first_line(error)}") from None


def answer_in_time(action: Callable[[], T]) -> T:
    """Result of an action on a thread of its own; TimeoutError if it takes too long. Ctrl-C is heard meanwhile."""
    answers: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((True, action()))
        except BaseException as error:
            answers.put((False, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        good, answer = answers.get(timeout=SECONDS_TO_ANSWER)
    except queue.Empty:
        raise TimeoutError(f"no answer within {SECONDS_TO_ANSWER:.0f} s") from None
    if not good:
        raise answer
    return cast(T, answer)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:MOST_LETTERS]


@contextmanager
def _system_stops() -> Iterator[None]:
    """Context in which Ctrl-C and SIGTERM end the process at once: Arrow finds credentials holding Python's lock."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [each for each in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(each) != signal.SIG_IGN]
    before = [(each, signal.signal(each, signal.SIG_DFL)) for each in heard]
    try:
        yield
    finally:
        for each, handler in before:
            signal.signal(each, handler)


def _impatient(system: "FileSystem", root: str) -> tuple["FileSystem", str]:
    """File system that gives up in time, where its kind can."""
    rebuild, given = system.__reduce__()
    options = given[0] if given and isinstance(given[0], dict) else {}
    limits = {key: limit for key, limit in TIME_LIMITS.items() if key in options}
    return (rebuild({**options, **limits}) if limits else system), root


def open_object_storage(address: str) -> ObjectStorage:
    """Object storage at an address; RecordsError if pyarrow knows no such kind."""
    import pyarrow as pa
    from pyarrow.fs import FileSystem

    try:
        with _system_stops():
            system, root = answer_in_time(lambda: _impatient(*FileSystem.from_uri(address)))
    except (OSError, ValueError, pa.ArrowException) as error:
        raise RecordsError(f"cannot reach {address}: {_first_line(error)}") from None
    return ObjectStorage(system, root.rstrip("/"), address.split("?", maxsplit=1)[0].rstrip("/"))
