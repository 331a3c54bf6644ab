"""Where a result goes: a folder that appears whole or not at all, and takes nothing of the user's with it."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pipeline_sim.records.files.result_files import MANIFEST, read_manifest
from pipeline_sim.records.provenance.lookup import strangers
from pipeline_sim.records.records_error import RecordsError

UNFINISHED = ".unfinished"  # stands in a draft, locked for as long as somebody writes there
MADE_HERE = {"files", "engine", "rules_digest"}  # keys of a manifest that only this program writes
ELSEWHERE = "name another folder with --out"


@contextmanager
def result_folder(folder: Path) -> Iterator[Path]:
    """A folder beside the wanted one that takes its place only when everything in it is written."""
    with ExitStack() as stack:
        with _one_line(folder):
            check_place(folder)
            place = Path(os.path.realpath(folder))
            stack.callback(_remove_empty, [parent for parent in place.parents if not parent.exists()])
            place.parent.mkdir(parents=True, exist_ok=True)
            clear_leftovers(place)
            draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
            stack.callback(shutil.rmtree, draft, ignore_errors=True)
            draft.chmod(0o755)
            marker = stack.enter_context((draft / UNFINISHED).open("wb"))
            _lock(marker.fileno())
        yield draft
        with _one_line(folder):
            (draft / UNFINISHED).unlink()
            _take_place(draft, place)


@contextmanager
def _one_line(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordsError(f"cannot write {folder}: {error.strerror or error}") from None


def check_place(folder: Path) -> None:
    """Refuses a place that is not ours to replace."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RecordsError(f"{folder} exists and is no result of this program: {ELSEWHERE}")
    if Path.cwd().is_relative_to(os.path.realpath(folder)):
        raise RecordsError(f"{folder} is the folder you are working in: {ELSEWHERE}")
    if os.path.ismount(folder):
        raise RecordsError(f"{folder} is a disk of its own, which cannot be replaced: name a folder in it with --out")
    if any(folder.iterdir()):
        _check_result(folder)


def _check_result(folder: Path) -> None:
    try:
        manifest = read_manifest(folder)
    except RecordsError:
        manifest = {}
    if not manifest.keys() >= MADE_HERE:
        raise RecordsError(f"{folder} exists and is no result of this program: {ELSEWHERE}")
    others = strangers(folder, manifest["files"])
    if others:
        raise RecordsError(f"{folder} holds {others[0]}, which is not part of the result: move it, or {ELSEWHERE}")


def clear_leftovers(place: Path) -> None:
    """Remove drafts whose run was killed; a result that had only stepped aside comes back."""
    pattern = re.compile(rf"\.{re.escape(place.name)}\.[a-z0-9_]{{8}}(\.former)?")
    for path in sorted(place.parent.iterdir()):
        found = pattern.fullmatch(path.name)
        if not found or not path.is_dir():
            continue
        if found[1] and not place.exists() and (path / MANIFEST).is_file():
            path.rename(place)
        elif found[1] or _is_abandoned(path / UNFINISHED):
            shutil.rmtree(path, ignore_errors=True)


def _is_abandoned(marker: Path) -> bool:
    """True if a draft stands there and nobody writes in it any more."""
    try:
        with marker.open("rb") as file:
            return _lock(file.fileno())
    except OSError:
        return False


def _lock(number: int) -> bool:
    """Lock an open file until it is closed or its process ends; False if another has it or locks are not to be had."""
    try:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _take_place(draft: Path, folder: Path) -> None:
    """Rename the draft to the folder; a former result steps aside and goes only then."""
    former = draft.with_name(f"{draft.name}.former")
    with suppress(FileNotFoundError):
        folder.rename(former)
    try:
        draft.rename(folder)
    except OSError:
        with suppress(OSError):
            former.rename(folder)
        raise
    shutil.rmtree(former, ignore_errors=True)
