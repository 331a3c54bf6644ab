"""Files that a command is given, looked at before anything reads them: what would stall or deceive a reader is refused.

Looked at are the words of the command line that are files, and all that these name, directly or not. What is wrong in
another way is left to whoever reads the file, who can say it better.
"""

import os
import stat
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline_sim.cli.terminal.options import STUDY_FILE
from pipeline_sim.records.files.harmless_text import CONTROL, harmless
from pipeline_sim.study.study_error import StudyError

MOST_BYTES, LONGEST_TEXT, LONGEST_LINE = 64 << 20, 10_000, 100_000
DEEPEST, MOST_WAYS, LARGEST = 30, 1000, 1 << 63  # of tables and of files, ways to a file, size of a whole number
NAMES_FILES, LAYERS, TABLE = (".toml", ".csv"), "extends", ".csv"
SIZE = f"should be at most {MOST_BYTES >> 20} MB"


def check_typed_files(words: Iterable[str]) -> None:
    """Check the files among some words; StudyError names the first that cannot be read safely, and why."""
    looked_at: dict[str, int] = {}
    for word in words:
        if "\0" in word:
            raise StudyError("a word of the command has a character of number 0, which no name of a file has")
        for name in {word, word.partition("=")[2], word.rpartition("@")[0]} - {""}:
            with suppress(OSError):
                path = Path(name)
                _look_at(path / STUDY_FILE if path.is_dir() else path, looked_at, 0)


def _look_at(path: Path, looked_at: dict[str, int], depth: int) -> int:
    """Number of ways to read a file and its layers, each read as often as it is named; 0 where there is no file."""
    real = os.path.realpath(path)
    if real in looked_at or not os.path.exists(real):
        return looked_at.get(real, 0)
    looked_at[real] = 0  # while it is looked at: a circle is told by the reader
    if depth > DEEPEST:
        raise StudyError(f"{path}: is named by a file that is named by a file, and so on, over {DEEPEST} times")
    tree = _checked(path, os.stat(real)) or {}
    named = {name: _look_at(path.parent / name, looked_at, depth + 1) for name in _files_in(path, tree)}
    layers = tree.get(LAYERS)
    ways = 1 + sum(named.get(str(name), 0) for name in (layers if isinstance(layers, list) else ()))
    if ways > MOST_WAYS:
        raise StudyError(f"{path}: {LAYERS}: files that extend each other would be read over {MOST_WAYS} times")
    looked_at[real] = ways
    return ways


def _checked(path: Path, about: os.stat_result) -> dict[str, Any] | None:
    """Tree of a TOML file; None for any other."""
    if not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
        raise StudyError(f"{path}: is a pipe or a device, should be a file")
    if path.suffix not in NAMES_FILES or stat.S_ISDIR(about.st_mode):
        return None
    if about.st_size > MOST_BYTES:
        raise StudyError(f"{path}: has {about.st_size >> 20} MB, {SIZE}")
    text = path.read_text(encoding="utf-8-sig", errors="ignore")
    if path.suffix == TABLE:
        for number, line in enumerate(text.split("\n"), 1):
            _check_text(f"{path}, line {number}", line.rstrip("\r"), LONGEST_LINE)
        return None
    from pipeline_sim.world.reading.layers import parsed_toml  # whoever reads the file does not parse it again

    try:
        return parsed_toml(text)
    except tomllib.TOMLDecodeError:
        return None
    except RecursionError:
        raise StudyError(f"{path}: its tables and lists are nested too deeply") from None
    except ValueError as problem:
        raise StudyError(f"{path}: not valid TOML: {problem}") from None


def _files_in(path: Path, tree: object, depth: int = 0) -> Iterator[str]:
    """Names of files anywhere in a tree, whose texts and numbers are checked."""
    if depth > DEEPEST:
        raise StudyError(f"{path}: its tables and lists are nested over {DEEPEST} deep")
    if isinstance(tree, dict):
        yield from _files_in(path, [*tree, *tree.values()], depth)
    elif isinstance(tree, list):
        for each in tree:
            yield from _files_in(path, each, depth + 1)
    elif isinstance(tree, str):
        _check_text(str(path), tree, LONGEST_TEXT)
        if tree.endswith(NAMES_FILES):
            yield tree
    elif isinstance(tree, int) and abs(tree) >= LARGEST:
        raise StudyError(f"{path}: {str(tree)[:20]}… is too large a number")


def _check_text(where: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise StudyError(f"{where}: '{text[:20]}…' has {len(text):,} characters, should have at most {longest:,}")
    if found := CONTROL.search(text):
        near = harmless(text[max(0, found.start() - 20) : found.end() + 20])
        raise StudyError(f"{where}: '{near}' has a control character (U+{ord(found[0]):04X})")
