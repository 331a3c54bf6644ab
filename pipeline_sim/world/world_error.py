"""How a world file is refused: one line with the file, the key, what stands there and what would be right."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

KeyPath = tuple[str | int, ...]
FEW = 16  # names that are all listed where none is near


class WorldError(Exception):
    """A world that cannot be used. Its text is one line."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, if any is like it."""
    found = get_close_matches(str(word), [str(name) for name in known], n=1, cutoff=0.5)
    return found[0] if found else None


def hint(word: str, known: Iterable[str]) -> str:
    """Ends a complaint about a word: the known word nearest to it, else all of them if they are few, else nothing."""
    names = [str(name) for name in known]
    close = nearest(word, names) if word else None
    if close:
        return f"; nearest is '{close}'"
    return f"; known are {', '.join(names)}" if 0 < len(names) <= FEW else ""


def shown_path(path: KeyPath) -> str:
    """A key path as one would write it: `exams[2].pass_first`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "(top)"


def shown_value(value: Any) -> str:
    """A value on one line, shortened."""
    text = " ".join((str(value) if isinstance(value, date) else repr(value)).split())
    return text if len(text) <= 60 else text[:57] + "..."


def world_error(file: Path | str, path: KeyPath, problem: str, known: Iterable[str] = (), word: str = "") -> WorldError:
    """The error for a key of a file; names the known word nearest to `word`, or all of them if they are few."""
    return WorldError(" ".join(f"{file}: {shown_path(path)}: {problem}{hint(word, known)}".split()))
