"""What the commands share: where they print, how they fail, how they show progress, where results go."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

USER_CAN_PUT_RIGHT, STOPPED = 2, 130
SECONDS_BEFORE_A_BAR = 2.0


def console(error: bool = False) -> "Console":
    """The terminal; wide when there is none, so that a pipe gets whole lines."""
    from rich.console import Console

    file = sys.stderr if error else sys.stdout
    return Console(file=file, width=None if file.isatty() else 200, highlight=False)


def one_line_errors(command: Callable[[], object]) -> int:
    """Run a command; the exit status. Whatever the user can put right becomes one line on stderr."""
    import typer

    from pipeline_sim.records.errors import RecordsError
    from pipeline_sim.study.errors import StudyError
    from pipeline_sim.world.errors import WorldError

    try:
        status = command()
    except _option_errors() as problem:
        return _complain(problem.format_message())
    except (WorldError, RecordsError, StudyError) as problem:
        return _complain(str(problem))
    except (typer.Abort, KeyboardInterrupt):
        status = STOPPED
    if status == STOPPED:  # also what typer makes of Ctrl-C by itself
        print("stopped; nothing was written", file=sys.stderr)
    return status if isinstance(status, int) else 0


def _option_errors() -> Any:
    """What typer raises for a wrong option. Some versions bring their own click, so the class is found by its name."""
    import typer

    return next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def _complain(problem: str) -> int:
    print(f"error: {' '.join(problem.split())}", file=sys.stderr)
    return USER_CAN_PUT_RIGHT


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """A bar with the time left on stderr, shown once something takes over two seconds; hand it the part done."""
    import time

    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console(error=True), transient=True)
    task, started = bar.add_task(what, total=1.0), time.monotonic()

    def report(part: float) -> None:
        if sys.stderr.isatty() and not bar.live.is_started and time.monotonic() - started > SECONDS_BEFORE_A_BAR:
            bar.start()
        bar.update(task, completed=part)

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()


def say_if_compiling() -> None:
    """Tell the user why the first run after an installation or an edit takes longer."""
    from pipeline_sim.base.jit import cache_folder

    if not any(cache_folder().rglob("*.nbi")):
        print("compiling the rules, once (about 20 s)", file=sys.stderr)


@contextmanager
def result_folder(folder: Path) -> Iterator[Path]:
    """A folder beside the wanted one that takes its place only when everything in it is written."""
    from pipeline_sim.records.errors import RecordsError
    from pipeline_sim.records.store import MANIFEST

    if folder.exists() and not (folder / MANIFEST).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise RecordsError(f"{folder} exists and is no result of this program: name another folder with --out")
    draft: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        draft.chmod(0o755)
        yield draft
        _take_place(draft, folder)
    except OSError as error:
        raise RecordsError(f"cannot write {folder}: {error.strerror or error}") from None
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)


def _take_place(draft: Path, folder: Path) -> None:
    """Rename the draft to the folder; a former result steps aside and goes only then."""
    former = draft.with_name(f"{draft.name}.former")
    with suppress(FileNotFoundError):
        folder.rename(former)
    draft.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
