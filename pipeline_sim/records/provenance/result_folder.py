"""Result folders: written beside, moved into place when whole. Refuses to replace anything but a result."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pipeline_sim.records.files.lock import try_lock
from pipeline_sim.records.files.result_files import MANIFEST, read_manifest
from pipeline_sim.records.provenance.lookup import unexpected_files
from pipeline_sim.records.provenance.research_crate import write_crate
from pipeline_sim.records.records_error import RecordsError, file_errors

DRAFT_MARKER = ".unfinished"  # in a draft, locked while a process writes there
MADE_HERE = {"files", "engine", "rules_digest"}  # keys of a manifest that only this program writes
ELSEWHERE = "name another folder with --out"


@contextmanager
def result_folder(folder: Path) -> Iterator[Path]:
    """Draft folder that takes the place of `folder` when the block ends without an error; RecordsError if it cannot."""
    with ExitStack() as stack:
        with file_errors("write", folder):
            check_replaceable(folder)
            place = Path(os.path.realpath(folder))
            stack.callback(_remove_empty, [parent for parent in place.parents if not parent.exists()])
            place.parent.mkdir(parents=True, exist_ok=True)
            clear_leftovers(place)
            draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
            stack.callback(shutil.rmtree, draft, ignore_errors=True)
            draft.chmod(0o755)
            in_use = stack.enter_context(ExitStack())
            with suppress(OSError):  # some disks have no locks
                lock = try_lock(draft / DRAFT_MARKER)
                in_use.callback(lock.release if lock else lambda: None)
        yield draft
        with file_errors("write", folder):
            with suppress(PermissionError):  # of Windows, as long as it is locked
                (draft / DRAFT_MARKER).unlink(missing_ok=True)
            in_use.close()
            (draft / DRAFT_MARKER).unlink(missing_ok=True)
            if (draft / MANIFEST).is_file():
                write_crate(draft)
            _take_place(draft, place)


def check_replaceable(folder: Path) -> None:
    """Check that a folder may be replaced: absent, empty or a result of this program; RecordsError otherwise."""
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
    others = unexpected_files(folder, manifest["files"])
    if others:
        raise RecordsError(f"{folder} holds {others[0]}, which is not part of the result: move it, or {ELSEWHERE}")


def clear_leftovers(place: Path) -> None:
    """Remove drafts whose run was killed; a result that had only been set aside comes back."""
    pattern = re.compile(rf"\.{re.escape(place.name)}\.[a-z0-9_]{{8}}(\.former)?")
    for path in sorted(place.parent.iterdir()):
        match = pattern.fullmatch(path.name)
        if not match or not path.is_dir():
            continue
        if match[1] and not place.exists() and (path / MANIFEST).is_file():
            path.rename(place)
        elif match[1] or _is_abandoned(path / DRAFT_MARKER):
            shutil.rmtree(path, ignore_errors=True)


def _is_abandoned(marker: Path) -> bool:
    """Whether a marker is of a draft that no process writes any more."""
    with suppress(OSError):
        lock = try_lock(marker) if marker.is_file() else None
        if lock is not None:
            lock.release()
            return True
    return False


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _take_place(draft: Path, folder: Path) -> None:
    """Rename the draft to the folder; a former result is set aside first and removed last."""
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
