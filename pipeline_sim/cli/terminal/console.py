"""The terminal as commands use it: texts, one-line errors, progress, Ctrl-C, and where compiled code is cached."""

import atexit
import codecs
import csv
import io
import os
import re
import shutil
import stat
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline_sim.cli.terminal.signals import GOES_ON, INTERRUPTED, KEPT, NOTHING, STOPPED, keep, set_handlers
from pipeline_sim.records.files.harmless_text import harmless, harmless_cell, spelt_character

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

USER_ERROR, FAULT = 2, 70
SECONDS_BEFORE_BAR, SECONDS_BETWEEN_LINES = 2.0, 30.0
SPELT, ANY = "pipeline_sim.spelt", re.compile(".", re.DOTALL)
PLAIN = {
    "£": "GBP ",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "×": "x",
    "·": ".",
}
MIN_PART_DONE = 0.05  # before the time left is estimated: the first part may include compiling


class StoppedEarlyError(Exception):
    """Ctrl-C after part of the work was finished and saved; the message says which."""


def console(error: bool = False) -> "Console":
    """Console for plain text on stdout or stderr; 200 columns wide where that is a pipe, so that lines stay whole."""
    from rich.console import Console

    class HarmlessConsole(Console):
        """Console that prints the texts of others without their control characters."""

        def render_str(self, text: str, **how: Any) -> "Text":
            return super().render_str(harmless(text), **how)

    file = sys.stderr if error else sys.stdout
    return HarmlessConsole(file=file, width=None if file.isatty() else 200, highlight=False, markup=False, emoji=False)


@contextmanager
def resumable() -> Iterator[None]:
    """Block in which replications are stored; at Ctrl-C StoppedEarlyError says how many are kept, if any."""
    from pipeline_sim.study.study_error import InterruptedRunError

    keep(GOES_ON)
    try:
        yield
    except InterruptedRunError as stopped:
        if not stopped.finished:
            keep(NOTHING)
            raise KeyboardInterrupt from None
        saved = f"stopped; {len(stopped.finished)} finished replications are kept"
        raise StoppedEarlyError(f"{saved}, the same command goes on from there") from None


def one_line_errors(command: Callable[[], object]) -> int:
    """Exit status of a command; what the user can correct becomes one line on stderr and status 2.

    A fault of the program is one line as well, with the file that has its trace, and status 70.
    """
    import typer

    from pipeline_sim.records.records_error import RecordsError
    from pipeline_sim.study.study_error import StudyError
    from pipeline_sim.world.world_error import WorldError

    try:
        status = command()
        sys.stdout.flush()
    except _option_errors() as problem:
        return _print_error(problem.format_message())
    except (WorldError, RecordsError, StudyError) as problem:
        return _print_error(str(problem))
    except OSError as problem:
        return _print_error(f"{problem.filename or 'cannot write'}: {problem.strerror or problem}")
    except MemoryError:
        return _print_error("too little memory: try a smaller --scale or fewer --workers")
    except StoppedEarlyError as stopped:
        print_line(str(stopped))
        return STOPPED
    except (typer.Abort, KeyboardInterrupt):
        status = STOPPED
    except Exception as fault:
        if not INTERRUPTED.is_set():
            return _print_fault(fault)
        status = STOPPED  # Ctrl-C inside Numba's compiler comes out as an error of the function that lacks its code
    if status == STOPPED:  # typer also turns Ctrl-C into this status
        print_line(f"stopped; {KEPT[-1] if KEPT else 'nothing was written'}")
    return status if isinstance(status, int) else 0


def _print_fault(fault: Exception) -> int:
    """One line about a fault of the program, whose trace goes to a file; status 70."""
    trace = f"{' '.join(sys.argv)}\n{''.join(traceback.format_exception(fault))}"
    try:
        with tempfile.NamedTemporaryFile(prefix="pipeline-sim-", suffix=".txt", delete=False) as file:
            file.write(trace.encode(errors="replace"))
        place = file.name
    except OSError:  # the disk may be full
        frame = traceback.extract_tb(fault.__traceback__)[-1]
        place = f"its place, {Path(frame.filename).name} line {frame.lineno}"
    print_line(f"fault of pipeline_sim, please report it with {place}: {type(fault).__name__}: {str(fault)[:200]}")
    return FAULT


def _option_errors() -> Any:
    """Base class of typer's errors for a wrong option; found by name, because some versions contain their own click."""
    import typer

    return next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def prepare_terminal() -> None:
    """Set-up of streams and signals: letters the terminal lacks are spelt; SIGTERM and SIGHUP act like Ctrl-C."""
    codecs.register_error(SPELT, spelt)
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()  # none where they are closed
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELT)
    set_handlers()


def spelt(error: UnicodeError) -> tuple[str, int]:
    """Letters that a stream cannot write: in plain ones, or by their number."""
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    return "".join(PLAIN.get(each) or ANY.sub(spelt_character, each) for each in letters), error.end


def prepare_cache() -> None:
    """Cache folder of compiled code, which is run: temporary where the usual one cannot be written or trusted.

    StudyError if it was named.
    """
    from pipeline_sim.study.study_error import StudyError

    named = os.environ.get("PIPELINE_SIM_CACHE")
    place = named or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    problem = "should be a folder that can be written" if not _can_be_made(place) else _untrusted(place)
    if not problem:
        return
    if named:
        raise StudyError(f"PIPELINE_SIM_CACHE is {named}, {problem}")
    folder = tempfile.mkdtemp(prefix="pipeline_sim.")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PIPELINE_SIM_CACHE"] = folder
    os.environ.setdefault("MPLCONFIGDIR", folder)


def _can_be_made(folder: str) -> bool:
    """True if a folder can be written, or could be created."""
    while not os.path.lexists(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder) or os.curdir
    return folder[0] != "~" and os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def _untrusted(place: str) -> str:
    """What is wrong with the machine code in a cache: another user may have written it; empty if nothing is."""
    if not hasattr(os, "getuid"):
        return ""
    for folder, inner, files in os.walk(os.path.join(place, "pipeline_sim")):
        for path in (folder, *(os.path.join(folder, name) for name in (*inner, *files))):
            about = os.lstat(path)
            if about.st_uid not in (os.getuid(), 0):
                return f"whose {path} is another user's: name a folder of your own"
            if about.st_mode & stat.S_IWOTH and not stat.S_ISLNK(about.st_mode):
                return f"whose {path} anybody may write: chmod -R o-w it once you trust it, or remove it"
    return ""


def warn(line: str) -> None:
    """Warning on stderr."""
    print_line(f"warning: {line}")


def print_line(text: str) -> None:
    """One line on stderr, whatever the text contains."""
    print(harmless(" ".join(text.split())), file=sys.stderr, flush=True)


def _print_error(problem: str) -> int:
    print_line(f"error: {problem}")
    return USER_ERROR


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """Progress on stderr with the time left: a bar on a terminal after two seconds, else a line every half minute.

    Yields a function to call with the part done, 0 to 1.
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
        if not bar.live.is_started and time.monotonic() - started > SECONDS_BEFORE_BAR:
            bar.start()
        bar.update(task, completed=part)

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()


@contextmanager
def _lines(what: str) -> Iterator[Callable[[float], None]]:
    began = printed = time.monotonic()

    def report(part: float) -> None:
        nonlocal printed
        now = time.monotonic()
        if now - printed >= SECONDS_BETWEEN_LINES and MIN_PART_DONE <= part < 1:
            printed = now
            left = time_left((now - began) * (1 - part) / part)
            print_line(f"{what}: {part:.0%} done, {left}")

    yield report


def print_rows(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], max_cell: int | None) -> None:
    """Print rows as CSV or, where `max_cell` is given, as a table whose cells after the first are cut to that width."""
    if max_cell is None:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(map(harmless_cell, row) for row in rows)
        return
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for name, *cells in rows:
        table.add_row(name, *(cell if len(cell) <= max_cell else f"{cell[: max_cell - 1]}…" for cell in cells))
    console().print(table)


def time_left(seconds: float) -> str:
    """Estimate of the time left, in minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"about {minutes} min {rest:02d} s left"


def print_written(folder: Path, result: str) -> None:
    """Print the folder of a result and its identifier."""
    from pipeline_sim.records.provenance.identifiers import RESULT, Identifier

    identifier = Identifier(RESULT, 0, result).text
    console().print(f"written to {folder}", soft_wrap=True)
    listing = f"pipeline-sim explain {folder} lists those of figures and tables"
    console().print(f"identifier {identifier}; {listing}", soft_wrap=True)


def print_if_compiling() -> None:
    """Print a note if the engine has to be compiled, as at the first run of a version."""
    from pipeline_sim.base.compiler.jit import cache_folder

    if not any(cache_folder().rglob("*.nbi")):
        print("compiling the engine, once for this version: about half a minute", file=sys.stderr)
