"""Search for the result that issued an identifier, and the check that it is still as it was written."""

import os
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.records.files.checked_files import inside
from pipeline_sim.records.files.manifest_seal import SEAL
from pipeline_sim.records.files.result_files import MANIFEST, file_digest, read_json
from pipeline_sim.records.files.shipped_files import found_path
from pipeline_sim.records.provenance.identifiers import RESULT, Identifier, read_identifier
from pipeline_sim.records.provenance.manifest import Manifest, load_manifest
from pipeline_sim.records.provenance.research_crate import CRATE
from pipeline_sim.records.records_error import RecordsError

IGNORED = {".DS_Store", "desktop.ini", "Thumbs.db", CRATE}  # left by file managers; made of the manifest
MANIFEST_SUFFIX = f".{MANIFEST}"  # of a manifest that is kept without its folder
MOST_NAMED = 8  # on a line
DIGITS_SHOWN = 12  # of a checksum
MISSING, EDITED = "is not here", "was edited since"
SIMILARITY = 0.7  # of the nearest identifier, at least


class Result(NamedTuple):
    """Result in a folder, or its manifest alone."""

    path: Path
    manifest: Manifest

    @property
    def folder(self) -> Path:
        """Folder of the manifest."""
        return self.path.parent

    @property
    def has_files(self) -> bool:
        """Whether the files of the result are there, not the manifest alone."""
        return self.path.name == MANIFEST

    @property
    def place(self) -> Path:
        """Path to name in messages."""
        return self.folder if self.has_files else self.path


class ResultsFound(NamedTuple):
    """Results found in a folder and below."""

    results: list[Result]
    damaged: list[str]  # a message for each manifest that cannot be trusted

    @property
    def issued(self) -> list[str]:
        """Identifiers of all results."""
        return [text for result in self.results for text in result.manifest.items]


def find_result(text: str, root: Path) -> tuple[Identifier, Result]:
    """Identifier as typed and the result below `root` that issued it; of a result's folder, that of the result.

    RecordsError if none did, if it is not as it was written, or if two results disagree.
    """
    if (Path(text) / MANIFEST).is_file():
        root = Path(text)
        items = load_manifest(root / MANIFEST).items
        text = next((each for each, item in items.items() if item.kind == RESULT), text)
    below = results_below(root)
    try:
        wanted = read_identifier(text)
    except RecordsError as problem:
        raise RecordsError(f"{problem}{_nearest(text, below)}") from None
    issuers = [result for result in below.results if wanted.text in result.manifest.items]
    if not issuers:
        damaged = f"; {below.damaged[0]}" if below.damaged else _nearest(wanted.text, below)
        looked = f"{len(below.results)} looked at"
        raise RecordsError(f"{wanted.text} was never issued by a result in {root} ({looked}){damaged}")
    for result in issuers:
        check_intact(result)
        check_unambiguous(wanted.text, issuers[0], result)
    return wanted, min(issuers, key=lambda result: not result.has_files)


def results_below(root: Path) -> ResultsFound:
    """Results of a folder and of all below it, except hidden ones and those without identifiers."""
    results, damaged = [], []
    for path in manifests(root):
        try:
            results.append(Result(path, load_manifest(path)))
        except RecordsError as problem:
            if not _is_foreign(path):
                damaged.append(str(problem))
    return ResultsFound(results, damaged)


def manifests(root: Path) -> Iterator[Path]:
    """Paths of all manifests, in the order of names; RecordsError if there is no such folder."""
    if not root.is_dir():
        raise RecordsError(f"there is no folder {root}: name the one that holds the results with --results")
    seen = set()
    for place, folders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:  # reached by a link before: links may form a cycle
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(files) if name == MANIFEST or name.endswith(MANIFEST_SUFFIX))


def _is_foreign(path: Path) -> bool:
    """Whether a manifest is of another program, or of a version that issued no identifiers."""
    try:
        content = read_json(path)
    except RecordsError:
        return False
    return not isinstance(content, dict) or not {"items", SEAL} & content.keys()


def _nearest(text: str, results: ResultsFound) -> str:
    close = get_close_matches(text, results.issued, n=1, cutoff=SIMILARITY)
    return f"; nearest is {close[0]}" if close else ""


def check_intact(result: Result) -> None:
    """Check that no file of a result was changed, is missing, or was added; RecordsError names each."""
    if not result.has_files:
        return
    unexpected = unexpected_files(result.folder, result.manifest.files)
    if wrong := [*changed_or_missing(result), *(f"{name} was added" for name in unexpected)]:
        raise RecordsError(f"{result.folder} is not as written: {join_first(wrong)}")


def join_first(texts: Sequence[str]) -> str:
    """First texts joined on one line, and how many more there are."""
    more = f"; and {len(texts) - MOST_NAMED} more" if len(texts) > MOST_NAMED else ""
    return "; ".join(texts[:MOST_NAMED]) + more


def changed_or_missing(result: Result) -> list[str]:
    """Files of the manifest that are changed or missing, a sentence each."""
    wrong = []
    for name, written in result.manifest.files.items():
        path = inside(result.folder, name)
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif (now := file_digest(path)) != written:
            wrong.append(f"{name} was changed (sha256 {now[:DIGITS_SHOWN]}…, written was {written[:DIGITS_SHOWN]}…)")
    return wrong


def unexpected_files(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Names of files in a result folder that are no part of the result."""
    paths = (path for path in sorted(folder.rglob("*")) if not path.is_dir() and path.name not in IGNORED)
    return [name for name in (path.relative_to(folder).as_posix() for path in paths) if name not in {MANIFEST, *files}]


def check_unambiguous(text: str, one: Result, other: Result) -> None:
    """Check that two results agree on an identifier; RecordsError if not."""
    if one.manifest.places(text) != other.manifest.places(text):
        both = f"{one.place} and {other.place}"
        raise RecordsError(f"{text} stands for different things in {both}: choose one with --results")


def changed_inputs(result: Result) -> dict[str, str]:
    """Input files of a result that are MISSING or EDITED since."""
    changes = {}
    for name, digest in result.manifest.inputs.items():
        path = found_path(name)
        if not path.is_file():
            changes[name] = MISSING
        elif file_digest(path) != digest:
            changes[name] = EDITED
    return changes
