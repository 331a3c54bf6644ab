"""Which result issued an identifier, and whether that result is still as it was written."""

import os
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.records.files.result_files import MANIFEST, file_digest, read_json
from pipeline_sim.records.provenance.identifiers import Identifier, read_identifier
from pipeline_sim.records.provenance.manifest import Manifest, read_sealed
from pipeline_sim.records.provenance.manifest_seal import SEAL
from pipeline_sim.records.records_error import RecordsError

LITTER = {".DS_Store", "desktop.ini", "Thumbs.db"}  # left by file managers
KEPT = f".{MANIFEST}"  # end of the name of a manifest that is kept without its folder
FEW = 8  # that are named on a line
SHOWN = 12  # hex digits of a sum that are shown
AWAY, EDITED = "is not here", "was edited since"
LIKE = 0.7  # how near a name must be to be called the nearest


class Result(NamedTuple):
    """A manifest that was found."""

    path: Path
    manifest: Manifest

    @property
    def folder(self) -> Path:
        """Where the result lies."""
        return self.path.parent

    @property
    def has_files(self) -> bool:
        """False where the manifest was kept alone."""
        return self.path.name == MANIFEST

    @property
    def place(self) -> Path:
        """What to call it."""
        return self.folder if self.has_files else self.path


class Found(NamedTuple):
    """All that stands below a folder."""

    results: list[Result]
    damaged: list[str]  # manifests that cannot be trusted, each as a complaint

    @property
    def issued(self) -> list[str]:
        """Every identifier."""
        return [text for result in self.results for text in result.manifest.items]


def issuer(text: str, root: Path) -> tuple[Identifier, Result]:
    """The result below a folder that issued an identifier; RecordsError if none did or it is not as it was written."""
    found = results_below(root)
    try:
        wanted = read_identifier(text)
    except RecordsError as problem:
        raise RecordsError(f"{problem}{_nearest(text, found)}") from None
    issuers = [result for result in found.results if wanted.text in result.manifest.items]
    if not issuers:
        damaged = f"; {found.damaged[0]}" if found.damaged else _nearest(wanted.text, found)
        looked = f"{len(found.results)} looked at"
        raise RecordsError(f"{wanted.text} was never issued by a result in {root} ({looked}){damaged}")
    for result in issuers:
        check_whole(result)
        check_same(wanted.text, issuers[0], result)
    return wanted, min(issuers, key=lambda result: not result.has_files)


def results_below(root: Path) -> Found:
    """Results of a folder and of all below it, but for hidden ones; those without identifiers do not count."""
    results, damaged = [], []
    for path in manifests(root):
        try:
            results.append(Result(path, read_sealed(path)))
        except RecordsError as problem:
            if not _is_foreign(path):
                damaged.append(str(problem))
    return Found(results, damaged)


def manifests(root: Path) -> Iterator[Path]:
    """Every manifest, in the order of the names; RecordsError where there is no such folder."""
    if not root.is_dir():
        raise RecordsError(f"there is no folder {root}: name the one that holds the results with --results")
    seen = set()
    for place, folders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:  # reached by a link before: links may go round in a circle
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(files) if name == MANIFEST or name.endswith(KEPT))


def _is_foreign(path: Path) -> bool:
    """True for a manifest of another program, or of a version that issued no identifiers."""
    try:
        content = read_json(path)
    except RecordsError:
        return False
    return not isinstance(content, dict) or not {"items", SEAL} & content.keys()


def _nearest(text: str, found: Found) -> str:
    close = get_close_matches(text, found.issued, n=1, cutoff=LIKE)
    return f"; nearest is {close[0]}" if close else ""


def check_whole(result: Result) -> None:
    """Refuses a folder in which a file was changed, is missing, or was added; each is named."""
    if not result.has_files:
        return
    wrong = [*changed(result), *added(result)]
    if wrong:
        raise RecordsError(f"{result.folder} is not as written: {few(wrong)}")


def few(texts: Sequence[str]) -> str:
    """The first texts on one line, and how many more there are."""
    more = f"; and {len(texts) - FEW} more" if len(texts) > FEW else ""
    return "; ".join(texts[:FEW]) + more


def changed(result: Result) -> list[str]:
    """What is wrong with the files that the manifest names."""
    wrong = []
    for name, wanted in result.manifest.files.items():
        path = result.folder / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif (found := file_digest(path)) != wanted:
            wrong.append(f"{name} was changed (sha256 {found[:SHOWN]}…, written was {wanted[:SHOWN]}…)")
    return wrong


def added(result: Result) -> list[str]:
    """Files that the manifest does not name."""
    return [f"{name} was added" for name in strangers(result.folder, result.manifest.files)]


def strangers(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Files of a result folder that are no part of the result."""
    ours = {MANIFEST, *files}
    found = (path for path in sorted(folder.rglob("*")) if not path.is_dir() and path.name not in LITTER)
    return [name for name in (path.relative_to(folder).as_posix() for path in found) if name not in ours]


def check_same(text: str, one: Result, other: Result) -> None:
    """Refuses an identifier under which two results say different things."""
    if one.manifest.places(text) != other.manifest.places(text):
        both = f"{one.place} and {other.place}"
        raise RecordsError(f"{text} stands for different things in {both}: choose one with --results")


def edited(result: Result) -> dict[str, str]:
    """Files that a result was made from and that are no longer what they were, and what became of them."""
    found = {}
    for name, digest in result.manifest.inputs.items():
        if not Path(name).is_file():
            found[name] = AWAY
        elif file_digest(Path(name)) != digest:
            found[name] = EDITED
    return found
