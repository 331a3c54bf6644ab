"""What the commands share: where they print, how they fail, how they show progress."""

import atexit
import io
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

USER_CAN_PUT_RIGHT, STOPPED = 2, 130
SECONDS_BEFORE_A_BAR, SECONDS_BETWEEN_LINES = 2.0, 30.0
ENOUGH_TO_TELL = 0.05  # part done before the time left is guessed: the first part may hold compiling


class StoppedEarlyError(Exception):
    """Ctrl-C after something was finished and kept; says what."""


def console(error: bool = False) -> "Console":
    """The terminal; wide when there is none, so that a pipe gets whole lines. Texts are printed as they stand."""
    from rich.console import Console

    file = sys.stderr if error else sys.stdout
    return Console(file=file, width=None if file.isatty() else 200, highlight=False, markup=False, emoji=False)


def one_line_errors(command: Callable[[], object]) -> int:
    """Run a command; the exit status. Whatever the user can put right becomes one line on stderr."""
    import typer

    from pipeline_sim.records.records_error import RecordsError
    from pipeline_sim.study.study_error import StudyError
    from pipeline_sim.world.world_error import WorldError

    try:
        status = command()
        sys.stdout.flush()
    except _option_errors() as problem:
        return _complain(problem.format_message())
    except (WorldError, RecordsError, StudyError) as problem:
        return _complain(str(problem))
    except OSError as problem:
        return _complain(f"{problem.filename or 'cannot write'}: {problem.strerror or problem}")
    except MemoryError:
        return _complain("too little memory: try a smaller --scale or fewer --workers")
    except StoppedEarlyError as kept:
        print(str(kept), file=sys.stderr)
        return STOPPED
    except (typer.Abort, KeyboardInterrupt):
        status = STOPPED
    if status == STOPPED:  # also what typer makes of Ctrl-C by itself
        print("stopped; nothing was written", file=sys.stderr)
    return status if isinstance(status, int) else 0


def _option_errors() -> Any:
    """What typer raises for a wrong option. Some versions bring their own click, so the class is found by its name."""
    import typer

    return next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def make_ready() -> None:
    """Letters that the terminal has not become `?`; a request to stop or a closed terminal is heard like Ctrl-C."""
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()  # none where they are closed
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:  # not under nohup
                signal.signal(number, signal.default_int_handler)


def keep_compiled_rules() -> None:
    """Where the cache cannot be written, compiled rules are kept for this run only; StudyError if it was asked for."""
    from pipeline_sim.study.study_error import StudyError

    asked = os.environ.get("PIPELINE_SIM_CACHE")
    if _can_be_made(asked or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")):
        return
    if asked:
        raise StudyError(f"PIPELINE_SIM_CACHE is {asked}, should be a folder that can be written")
    folder = tempfile.mkdtemp(prefix="pipeline_sim.")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PIPELINE_SIM_CACHE"] = folder
    os.environ.setdefault("MPLCONFIGDIR", folder)


def _can_be_made(folder: str) -> bool:
    """True if a folder is there and can be written, or could be made."""
    while not os.path.lexists(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder) or os.curdir
    return folder[0] != "~" and os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def complain(line: str) -> None:
    """Something that is put right without the user, but not without being told."""
    print(f"warning: {line}", file=sys.stderr, flush=True)


def _complain(problem: str) -> int:
    print(f"error: {' '.join(problem.split())}", file=sys.stderr)
    return USER_CAN_PUT_RIGHT


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """What is done and the time left, on stderr, once something takes over two seconds; hand it the part done.

    On a terminal a bar; elsewhere a line every half minute.
    """
    with _bar(what) if sys.stderr.isatty() else _lines(what) as report:
        yield report


@contextmanager
def _bar(what: str) -> Iterator[Callable[[float], None]]:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console(error=True), transient=True)
    task, started = bar.add_task(what, total=1.0), time.monotonic()

    def report(part: float) -> None:
        if not bar.live.is_started and time.monotonic() - started > SECONDS_BEFORE_A_BAR:
            bar.start()
        bar.update(task, completed=part)

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()


@contextmanager
def _lines(what: str) -> Iterator[Callable[[float], None]]:
    began = told = time.monotonic()

    def report(part: float) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= SECONDS_BETWEEN_LINES and ENOUGH_TO_TELL <= part < 1:
            told = now
            left = round((now - began) * (1 - part) / part)
            print(
                f"{what}: {part:.0%} done, about {left // 60} min {left % 60:02d} s left", file=sys.stderr, flush=True
            )

    yield report


def say_written(folder: Path, result: str) -> None:
    """Where a result is and what it is called."""
    from pipeline_sim.records.provenance.identifiers import RESULT, Identifier

    name = Identifier(RESULT, 0, result).text
    console().print(f"written to {folder}", soft_wrap=True)
    console().print(f"identifier {name}; pipeline-sim explain {name} lists those of figures and tables", soft_wrap=True)


def say_if_compiling() -> None:
    """Tell the user why the first run after an installation or an edit takes longer."""
    from pipeline_sim.base.compiler.jit import cache_folder

    if not any(cache_folder().rglob("*.nbi")):
        print("compiling the engine, once for this version: about half a minute", file=sys.stderr)
