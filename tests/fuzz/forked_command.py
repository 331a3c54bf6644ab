"""Commands run in a fork of this process, which has imported the program: a twentieth of the time of a fresh one."""

import fcntl
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.cli import app

MOST_SAID = 1 << 20  # bytes on stderr
KILLED = -int(signal.SIGKILL)
LOADED = ("dask", "matplotlib.pyplot", "numpy", "pandas", "pyarrow.parquet", "rich.progress", "rich.table")
MODULES = (
    "study.comparison.run_study", "study.comparison.study_manifest", "study.comparison.sizing", "study.fit.targets",
    "report.files.write_answer", "report.text.doctor_story", "records.provenance.lookup",
    "engines.batch.run_replication", "world.reading.shipped_lines",
)  # fmt: skip


class Answer(NamedTuple):
    """What a command said: status, negative where a signal ended it, streams, seconds by processor and clock."""

    returncode: int
    stdout: str
    stderr: str
    processor: float
    clock: float


def load_program() -> None:
    """Import all that commands import, once: forks find it."""
    for name in app.COMMANDS:
        app.load_command(name)
    for name in (*LOADED, *(f"pipeline_sim.{module}" for module in MODULES)):
        import_module(name)


def forked(
    folder: Path, *words: str, seconds: float = 60, before: Callable[[], None] = lambda: None, out: Path | None = None
) -> Answer:
    """Answer of a command line run in a folder; killed after so many seconds, by status `KILLED`.

    before: called in the fork first; out: file for what is printed, a temporary one by default.
    """
    with tempfile.TemporaryFile() as printed, _said() as (reader, writer):
        began = time.monotonic()
        process = os.fork()
        if process == 0:
            _become(folder, words, before, (printed.fileno() if out is None else out, writer))
        watched = os.pidfd_open(process)
        if not select.select([watched], [], [], max(0, seconds))[0]:
            os.kill(process, signal.SIGKILL)
        os.close(watched)
        _, status, used = os.wait4(process, 0)
        clock = time.monotonic() - began
        with suppress(OSError):
            os.killpg(process, signal.SIGKILL)  # what it started
        printed.seek(0)
        texts = (text.decode(errors="replace") for text in (printed.read(), _waiting(reader)))
        processor = used.ru_utime + used.ru_stime
        return Answer(os.waitstatus_to_exitcode(status), *texts, processor, clock)


@contextmanager
def _said() -> Iterator[tuple[int, int]]:
    """Ends of a pipe for stderr: a limit on the size of files does not hold for it."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, MOST_SAID)
    try:
        yield reader, writer
    finally:
        os.close(reader)
        os.close(writer)


def _waiting(reader: int) -> bytes:
    """What waits in a pipe, whether or not it is still open."""
    os.set_blocking(reader, False)
    try:
        return os.read(reader, MOST_SAID)
    except BlockingIOError:
        return b""


def _become(folder: Path, words: tuple[str, ...], before: Callable[[], None], streams: tuple[int | Path, int]) -> None:
    """Run a command line in this process, and end it."""
    status: object = 99
    try:
        os.setsid()
        os.chdir(folder)
        out, said = streams
        opened = out if isinstance(out, int) else os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        for number, file in ((1, opened), (2, said)):
            os.dup2(file, number)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
        sys.argv = ["pipeline-sim", *words]
        before()
        app.main()
    except SystemExit as ended:
        status = ended.code
    except BaseException as problem:
        print(f"Traceback: {type(problem).__name__}: {problem}", file=sys.stderr)
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                status = status or 120  # as Python ends where stdout cannot be written
        os._exit(status if isinstance(status, int) else int(bool(status)))


def limited_files(size: int) -> Callable[[], None]:
    """Call that keeps a process from writing files beyond a size, as a full disk does."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def fresh(folder: Path, *words: str, first: str = "") -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, which runs a line of Python first."""
    lines = f"import sys\nsys.argv[0] = 'pipeline-sim'{first}\nfrom pipeline_sim.cli import main\nmain()"
    whole = [sys.executable, "-c", lines, *words]
    return subprocess.run(whole, cwd=folder, capture_output=True, encoding="utf-8", check=False)
